/// The outcome of a login: one of exactly these three. None of them is an error. Later versions
/// may add a ``LoginFailure/Code-swift.struct``, but no outcome.
public enum LoginOutcome: Hashable, Sendable {
    /// The person is logged in. ``Session/deniedScopes`` lists the data that was not granted.
    case loggedIn(Session)
    /// The person declined in the identity app.
    case declined
    /// The login failed.
    case failed(LoginFailure)

    /// A stable text for statistics and crash reports: `logged_in`, `declined`, or the failure's
    /// code.
    public var code: String {
        switch self {
        case .loggedIn: "logged_in"
        case .declined: "declined"
        case .failed(let failure): failure.code.rawValue
        }
    }

    /// What to show to the person, in the language of this device; in English if Switchback does
    /// not have it.
    public var userMessage: String { userMessage(in: nil) }

    /// What to show to the person in this language (BCP 47, for example `sv` or `de-AT`); in
    /// English if Switchback does not have it.
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
