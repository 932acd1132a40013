import Foundation

/// Opens one login, and notices that the person comes back without the link.
protocol AttemptOpener: Sendable {
    /// Opens the login. Returns `nil` if something is open, or else why nothing could be opened.
    func open(_ login: BegunLogin) async -> LoginFailure?
    /// Returns when the person has come back without the link. An opener that cannot notice it
    /// never returns, until the task is cancelled.
    func awaitReturn() async
    /// Takes what is open off the screen: the link is here, or the login has ended.
    func close() async
}

/// An opener that makes an ``AttemptOpener`` for each login.
protocol LoginOpener: URLOpener {
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` if the provider does not have this
    /// purpose.
    func opener(for purpose: Purpose, of client: SwitchbackClient) throws -> any AttemptOpener
}

extension URLOpener {
    func forAttempt(_ purpose: Purpose, of client: SwitchbackClient) throws -> any AttemptOpener {
        try (self as? any LoginOpener)?.opener(for: purpose, of: client) ?? URLAttemptOpener(opener: self)
    }
}

/// An app's own opener: it opens a URL, and notices nothing.
private struct URLAttemptOpener: AttemptOpener {
    let opener: any URLOpener

    func open(_ login: BegunLogin) async -> LoginFailure? {
        await opener.open(login.url) ? nil : LoginFailure(.notOpened, attempt: login.id)
    }

    func awaitReturn() async {
        let never: Guarded<Void> = Guarded(())
        _ = await never.first { _ -> Void? in nil }
    }

    func close() async {}
}
