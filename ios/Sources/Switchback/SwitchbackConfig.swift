import Foundation
internal import SwitchbackBindings

/// What an app says about itself, once. ``SwitchbackClient/init(_:platform:)`` checks it, and every
/// complaint says what to change.
public struct SwitchbackConfig: Hashable, Sendable {
    /// The service that the person logs in with.
    public var provider: Provider
    /// Who talks to it.
    public var mode: Mode
    /// Where the identity app sends the person back to, exactly as it is registered: a universal
    /// link of this app. In mediated mode it is on the backend's own origin.
    public var redirectURI: URL
    /// The redirect URIs of the purposes that have one of their own; the others have
    /// ``redirectURI``.
    public var redirectURIs: [Purpose: URL]
    /// Whether the service knows this client as a test service, which may use `http` and custom
    /// schemes in its redirect URI. Provider and backend may then be reached by `http` at a private
    /// address or `*.local`, too.
    public var isTestService: Bool
    /// How long a login may take, a day at most, in whole seconds. A link that comes later is
    /// ``LoginFailure/Code-swift.struct/expired``.
    public var loginTimeout: Duration
    /// An access token that lives for less than this is refreshed before it is given out, but no
    /// token before three quarters of its life are over. In whole seconds.
    public var refreshSkew: Duration

    /// A configuration; what is left out is what most apps take.
    public init(
        provider: Provider, mode: Mode, redirectURI: URL, redirectURIs: [Purpose: URL] = [:],
        isTestService: Bool = false, loginTimeout: Duration = .seconds(600),
        refreshSkew: Duration = .seconds(30)
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
            testService: isTestService, loginTimeout: loginTimeout.components.seconds,
            refreshSkew: refreshSkew.components.seconds,
            redirectUris: Dictionary(uniqueKeysWithValues: uris))
    }
}
