import Foundation
internal import SwitchbackBindings

/// Which program talks to the provider.
///
/// There is no property for a client secret: everyone who has an app can read what is in it. If
/// the provider requires a secret, the service's backend holds it (RFC 8252 §8.5).
public struct Mode: Hashable, Sendable {
    let generated: SwitchbackBindings.Mode

    /// The app talks to the provider, as a public client. Not every provider allows that.
    /// - Parameter clientID: The client id of the app's registration.
    public static func direct(clientID: String) -> Mode {
        Mode(generated: .direct(clientId: clientID))
    }

    /// The service's backend talks to the provider. It holds the client secret and the provider's
    /// tokens. The app has a session with the backend.
    public static func mediated(_ backend: Backend) -> Mode {
        Mode(generated: .mediated(backend: backend.generated))
    }
}

/// The service's backend.
public struct Backend: Hashable, Sendable {
    let generated: SwitchbackBindings.Backend

    /// A backend that is made with Switchback.
    /// - Parameter baseURL: The base URL of its routes, for example
    ///   `https://service.example/truid`.
    public static func switchback(baseURL: URL) -> Backend {
        Backend(generated: .switchback(baseUrl: baseURL.absoluteString))
    }

    /// A backend that the service wrote itself. A session cannot use a route whose URL is missing
    /// here.
    /// - Parameters:
    ///   - startURL: Where a login starts. It is a text and not a `URL`, because it may contain
    ///     `{purpose}`, which is replaced by ``Purpose/rawValue``.
    ///   - userInfo: Where ``Session/userInfo()`` is read.
    ///   - presentation: Where ``Session/presentation(_:)`` is read.
    ///   - logOut: Where the person logs out.
    public static func custom(
        startURL: String, userInfo: URL? = nil, presentation: URL? = nil, logOut: URL? = nil
    ) -> Backend {
        Backend(
            generated: .custom(
                startUrl: startURL, userInfo: userInfo?.absoluteString,
                presentation: presentation?.absoluteString, logOut: logOut?.absoluteString))
    }
}
