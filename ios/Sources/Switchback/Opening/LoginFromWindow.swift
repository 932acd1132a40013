#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    public import UIKit

    @available(iOSApplicationExtension, unavailable)
    extension SwitchbackClient {
        /// `logIn(_:from:under:)` with a purpose only. In direct mode most services require
        /// a scope, too.
        @discardableResult
        public func logIn(
            _ purpose: Purpose, from window: UIWindow?, under session: Session? = nil
        ) async throws -> LoginOutcome {
            try await logIn(LoginRequest(purpose), from: window, under: session)
        }

        /// Logs a person in, as `logIn(_:under:)` does. It opens the identity app, or else a page of the
        /// provider on top of this window.
        ///
        /// If the person comes back without the link, the outcome is ``LoginOutcome/pending(_:)``: the login
        /// still waits. Call ``reopen(_:onOtherDevice:from:)`` or ``cancelLogin(_:)``, or do nothing; if the link
        /// comes later, its outcome is in ``events``.
        /// - Parameters:
        ///   - request: The parameters of the login.
        ///   - window: The window that the person sees; `nil` for the active one. An app with one window, and
        ///     SwiftUI, need not name it.
        ///   - session: In mediated mode, a session of the same person under which the login begins.
        @discardableResult
        public func logIn(
            _ request: LoginRequest, from window: UIWindow?, under session: Session? = nil
        ) async throws -> LoginOutcome {
            try await logIn(request, under: session, opener: try opener(request.purpose, window))
        }

        /// Opens a pending login again, with a fresh URL if the old one is used, and waits for its outcome.
        /// - Parameters:
        ///   - id: The login of ``LoginOutcome/pending(_:)``.
        ///   - onOtherDevice: Opens the provider's page and not the identity app: the person can then use the
        ///     identity app of another device, if the page offers that.
        ///   - window: The window that the person sees; `nil` for the active one.
        /// - Returns: `nil` if the login is not pending any more: its outcome was returned or is in ``events``.
        public func reopen(
            _ id: AttemptID, onOtherDevice: Bool, from window: UIWindow? = nil
        ) async throws -> LoginOutcome? {
            guard let login = try await pendingLogins().first(where: { $0.id == id }) else { return nil }
            let opener = try opener(login.purpose, window, onOtherDevice: onOtherDevice)
            return try await reopen(login, opener: opener)
        }

        /// An app's own opener, and that of a fake, need no window.
        private func opener(
            _ purpose: Purpose, _ window: UIWindow?, onOtherDevice: Bool = false
        ) throws -> any AttemptOpener {
            guard let device = opener as? DeviceOpener else {
                return try opener.forAttempt(purpose, of: self)
            }
            return try device.opener(for: purpose, of: self, in: window, onOtherDevice: onOtherDevice)
        }

        /// Checks whether a login will come back to this app on this device, without opening anything. Each
        /// login does the same check, and its timeline has the result.
        ///
        /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the provider does not have this
        /// purpose.
        public func checkLinks(_ purpose: Purpose = .login) throws -> LinkCheck {
            let options = (opener as? DeviceOpener)?.options ?? SwitchbackOptions()
            return try LoginPlan(purpose, self, options).check
        }
    }

    extension SwitchbackClient {
        /// Takes the universal link of a `scene(_:continue:)` or `application(_:continue:restorationHandler:)`,
        /// as `handle(_:)` does.
        @discardableResult
        public func handle(_ userActivity: NSUserActivity) -> Bool {
            guard userActivity.activityType == NSUserActivityTypeBrowsingWeb,
                let link = userActivity.webpageURL
            else { return false }
            return handle(link)
        }

        /// Takes the links of a `scene(_:openURLContexts:)`, which have a custom scheme, as `handle(_:)`
        /// does. Returns whether one of them leads to this client.
        @discardableResult
        @MainActor
        public func handle(_ contexts: Set<UIOpenURLContext>) -> Bool {
            contexts.reduce(false) { isOurs, context in handle(context.url) || isOurs }
        }

        /// Takes the links that have started the app, in `scene(_:willConnectTo:options:)`: after a cold start
        /// UIKit does not call the other functions of the delegate.
        @discardableResult
        @MainActor
        public func handle(_ options: UIScene.ConnectionOptions) -> Bool {
            let isOurs = handle(options.urlContexts)
            return options.userActivities.reduce(isOurs) { isOurs, activity in handle(activity) || isOurs }
        }
    }
#endif
