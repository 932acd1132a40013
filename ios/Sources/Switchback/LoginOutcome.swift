/// What became of a login. There are these three and will be no others: none of them is an error.
public enum LoginOutcome: Hashable, Sendable {
    /// The person is logged in. What was asked for and not granted is ``Session/deniedScopes``.
    case loggedIn(Session)
    /// The person declined in the identity app.
    case declined
    /// Nobody is logged in, for another reason.
    case failed(LoginFailure)

    /// Its stable name: `logged_in`, `declined`, or that of the failure, `expired` for example.
    public var code: String {
        switch self {
        case .loggedIn: "logged_in"
        case .declined: "declined"
        case .failed(let failure): failure.code.rawValue
        }
    }

    /// What the person may be told, in the language of this device where Switchback has it.
    public var userMessage: String { userMessage(in: nil) }

    /// What the person may be told, in a language (BCP 47, `sv` or `de-AT` for example); in English
    /// where Switchback does not have it.
    public func userMessage(language: String) -> String {
        userMessage(in: language)
    }

    private func userMessage(in language: String?) -> String {
        switch self {
        case .loggedIn, .declined: UserMessage.text("outcome.\(code)", in: language)
        case .failed(let failure): failure.userMessage(in: language)
        }
    }
}
