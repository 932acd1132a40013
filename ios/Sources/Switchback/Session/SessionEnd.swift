internal import SwitchbackBindings

/// Why a session ended. A later version may add reasons.
public struct SessionEnd: Hashable, Sendable, CustomStringConvertible {
    /// The person logged out in this app.
    public static let loggedOut = SessionEnd("logged_out")
    /// The service ended the session: the person logged out there, or was idle for too long.
    public static let revoked = SessionEnd("revoked")
    /// The access token has expired, and there is no refresh token.
    public static let expired = SessionEnd("expired")
    /// The service refused a refresh token that had been sent before, and whose first response
    /// was lost: the app ended, or the connection broke, before the response was stored.
    public static let rotationInterrupted = SessionEnd("rotation_interrupted")
    /// The service answered a refresh with the tokens of another person. They were dropped.
    public static let otherPerson = SessionEnd("other_person")
    /// The service's backend does not accept the session any more.
    public static let endedByBackend = SessionEnd("ended_by_backend")
    /// The session's entry in the store is damaged. Switchback moved it to a separate key.
    public static let damaged = SessionEnd("damaged")
    /// This store has no such session.
    public static let noSession = SessionEnd("no_session")

    /// A stable text, for example `revoked`.
    public let rawValue: String

    private init(_ rawValue: String) {
        self.rawValue = rawValue
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

    /// What to show to the person, in the language of this device; in English if Switchback does
    /// not have it.
    public var userMessage: String { UserMessage.text("end.\(rawValue)", in: nil) }

    /// What to show to the person in this language (BCP 47, for example `sv` or `de-AT`); in
    /// English if Switchback does not have it.
    public func userMessage(language: String) -> String {
        UserMessage.text("end.\(rawValue)", in: language)
    }

    /// Its ``rawValue``.
    public var description: String { rawValue }
}
