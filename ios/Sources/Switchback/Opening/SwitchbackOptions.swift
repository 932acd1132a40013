#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    /// What an app can choose for ``SwitchbackClient/init(_:options:)``. Each has a default.
    public struct SwitchbackOptions: Sendable {
        /// Stores the tokens; by default the keychain (``KeychainStore``).
        public var store: (any SecureStore)?
        /// Sends HTTP requests; by default `URLSession` (``URLSessionTransport``).
        public var transport: (any HTTPTransport)?
        /// For an app whose extensions use the same sessions: the app group that they share. It separates
        /// their entries in the keychain, and its folder has their lock.
        public var appGroup: String?
        /// Whether a page of the provider forgets its cookies when it is closed. `SFSafariViewController`
        /// cannot do that.
        public var isEphemeral: Bool
        /// Whether a page of the provider appears in `SFSafariViewController` and not in
        /// `ASWebAuthenticationSession`. The person must then tap a link on the page to come back.
        public var prefersSafariView: Bool
        /// The entitlement `com.apple.developer.associated-domains`, for example
        /// `["applinks:app.example", "webcredentials:app.example"]`. iOS does not tell an app its own
        /// entitlement; with this copy, ``SwitchbackClient/checkLinks(_:)`` can check it.
        public var associatedDomains: [String]?
        /// What to do if the person removed the app and installed it again: the keychain still has the
        /// sessions of the earlier installation.
        public var sessionsOfEarlierInstallation: FirstRun.Sessions
        /// A test replaces it.
        var deviceFacts = DeviceFacts.ofSystem

        /// The options; the default values suit most apps.
        public init(
            store: (any SecureStore)? = nil, transport: (any HTTPTransport)? = nil, appGroup: String? = nil,
            isEphemeral: Bool = false, prefersSafariView: Bool = false, associatedDomains: [String]? = nil,
            sessionsOfEarlierInstallation: FirstRun.Sessions = .wipe
        ) {
            self.store = store
            self.transport = transport
            self.appGroup = appGroup
            self.isEphemeral = isEphemeral
            self.prefersSafariView = prefersSafariView
            self.associatedDomains = associatedDomains
            self.sessionsOfEarlierInstallation = sessionsOfEarlierInstallation
        }

        @available(iOSApplicationExtension, unavailable)
        fileprivate func platform() throws -> Platform {
            Platform(
                store: store ?? KeychainStore(accessGroup: appGroup), opener: DeviceOpener(options: self),
                transport: transport ?? URLSessionTransport(),
                lockFile: try appGroup.map { try LockFile(appGroup: $0) },
                background: ApplicationBackgroundTasks(),
                firstRun: try FirstRun(sessions: sessionsOfEarlierInstallation, appGroup: appGroup))
        }
    }

    @available(iOSApplicationExtension, unavailable)
    extension SwitchbackClient {
        /// A client for an app on iOS. It opens the identity app or a page of the provider, and stores the
        /// sessions in the keychain. It sends nothing, and reads and writes only a folder of the app.
        ///
        /// An app with its own opener, and an extension, use ``init(_:platform:)``.
        ///
        /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the configuration is wrong, or if
        /// the app does not have ``SwitchbackOptions/appGroup``.
        public convenience init(
            _ config: SwitchbackConfig, options: SwitchbackOptions = SwitchbackOptions()
        ) throws {
            try self.init(config, platform: try options.platform())
        }
    }
#endif
