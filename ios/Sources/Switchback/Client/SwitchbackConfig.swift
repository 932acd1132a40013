import Foundation
internal import SwitchbackBindings

/// What an app configures once. ``SwitchbackClient/init(_:platform:)`` checks it. An error
/// message says what to change.
public struct SwitchbackConfig: Hashable, Sendable {
    /// The service that the person logs in with.
    public var provider: Provider
    /// Which program talks to the provider.
    public var mode: Mode
    /// Where the identity app sends the person back to: a universal link of this app, exactly as
    /// it is registered. In mediated mode it is on the backend's own origin.
    public var redirectURI: URL
    /// The redirect URIs of the purposes that have a separate one; all others use
    /// ``redirectURI``.
    public var redirectURIs: [Purpose: URL]
    /// Whether the client is registered with the provider as a test service, which may use `http`
    /// and custom schemes in its redirect URI. It may then also use `http` to reach the provider
    /// and the backend at a private address or at `*.local`.
    public var isTestService: Bool
    /// How long a login may take, in seconds: 1 to 86,400, a day. Fractions are ignored. A link
    /// that arrives later results in ``LoginFailure/Code-swift.struct/expired``.
    public var loginTimeout: TimeInterval
    /// An access token that expires within this time, in seconds, is refreshed before the client
    /// returns it, but not before three quarters of its lifetime are over. 0 to 86,400, a day.
    /// Fractions are ignored.
    public var refreshSkew: TimeInterval

    /// A configuration. The default values suit most apps.
    public init(
        provider: Provider, mode: Mode, redirectURI: URL, redirectURIs: [Purpose: URL] = [:],
        isTestService: Bool = false, loginTimeout: TimeInterval = 600,
        refreshSkew: TimeInterval = 30
    ) {
        self.provider = provider
        self.mode = mode
        self.redirectURI = redirectURI
        self.redirectURIs = redirectURIs
        self.isTestService = isTestService
        self.loginTimeout = loginTimeout
        self.refreshSkew = refreshSkew
    }

    var generated: SwitchbackBindings.Config {
        let uris = redirectURIs.map { ($0.key.generated, $0.value.absoluteString) }
        return SwitchbackBindings.Config(
            provider: provider.generated, mode: mode.generated, redirectUri: redirectURI.absoluteString,
            testService: isTestService, loginTimeout: Int64(wholeSeconds: loginTimeout),
            refreshSkew: Int64(wholeSeconds: refreshSkew),
            redirectUris: Dictionary(uniqueKeysWithValues: uris))
    }
}
