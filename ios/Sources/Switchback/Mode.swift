import Foundation
internal import SwitchbackBindings

/// Who talks to the service.
///
/// There is no place for a client secret: whatever is in an app can be read by everyone who has
/// the app. A provider that demands a secret needs the service's backend in between
/// (RFC 8252 §8.5).
public struct Mode: Hashable, Sendable {
    let generated: SwitchbackBindings.Mode

    /// The app itself, as a public client. Not every service allows that: its documentation says
    /// so.
    /// - Parameter clientID: The client id that the service was registered with.
    public static func direct(clientID: String) -> Mode {
        Mode(generated: .direct(clientId: clientID))
    }

    /// The service's backend, which holds the client secret and the provider's tokens. The app has
    /// a session with the backend.
    public static func mediated(_ backend: Backend) -> Mode {
        Mode(generated: .mediated(backend: backend.generated))
    }
}

/// The service's backend.
public struct Backend: Hashable, Sendable {
    let generated: SwitchbackBindings.Backend

    /// One that is made with Switchback.
    /// - Parameter baseURL: Where its routes are.
    public static func switchback(baseURL: URL) -> Backend {
        Backend(generated: .switchback(baseUrl: baseURL.absoluteString))
    }

    /// One of the service's own.
    /// - Parameters:
    ///   - startURL: Where a login starts. A text and no `URL`, since it may hold `{purpose}`, in
    ///     whose place the service's name of the purpose is put.
    ///   - userInfo: Where user info is read, if anywhere.
    ///   - presentation: Where a presentation is read, if anywhere.
    ///   - logOut: Where the person logs out, if anywhere.
    public static func custom(
        startURL: String, userInfo: URL? = nil, presentation: URL? = nil, logOut: URL? = nil
    ) -> Backend {
        Backend(
            generated: .custom(
                startUrl: startURL, userInfo: userInfo?.absoluteString,
                presentation: presentation?.absoluteString, logOut: logOut?.absoluteString))
    }
}
