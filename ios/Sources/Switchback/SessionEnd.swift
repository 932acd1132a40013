internal import SwitchbackBindings

/// Why a session is over. A later version may know more of them.
public struct SessionEnd: Hashable, Sendable, CustomStringConvertible {
    /// Somebody logged out here.
    public static let loggedOut = SessionEnd("logged_out")
    /// The service ended it: the person logged out there, or was idle for too long.
    public static let revoked = SessionEnd("revoked")
    /// The access token is over, and there is no refresh token.
    public static let expired = SessionEnd("expired")
    /// The service refused a refresh token whose first answer was lost: the app was ended, or the
    /// connection broke, between sending and storing.
    public static let rotationInterrupted = SessionEnd("rotation_interrupted")
    /// The service answered a refresh with the tokens of another person, which were dropped.
    public static let otherPerson = SessionEnd("other_person")
    /// The service's backend does not accept the session any more.
    public static let endedByBackend = SessionEnd("ended_by_backend")
    /// What was stored of it is damaged. It was set aside in the store.
    public static let damaged = SessionEnd("damaged")
    /// There is no such session in this store.
    public static let noSession = SessionEnd("no_session")

    /// Its stable name, `revoked` for example.
    public let code: String

    private init(_ code: String) {
        self.code = code
    }

    init(_ generated: SwitchbackBindings.SessionEnd) {
        switch generated {
        case .loggedOut: self = .loggedOut
        case .revoked: self = .revoked
        case .expired: self = .expired
        case .rotationInterrupted: self = .rotationInterrupted
        case .otherPerson: self = .otherPerson
        case .endedByBackend: self = .endedByBackend
        case .damaged: self = .damaged
        case .noSession: self = .noSession
        }
    }

    /// What the person may be told, in the language of this device where Switchback has it.
    public var userMessage: String { UserMessage.text("end.\(code)", in: nil) }

    /// What the person may be told, in a language (BCP 47, `sv` or `de-AT` for example); in English
    /// where Switchback does not have it.
    public func userMessage(language: String) -> String {
        UserMessage.text("end.\(code)", in: language)
    }

    /// Its ``code``.
    public var description: String { code }
}
