/// The outcome of a login: one of exactly these four. None of them is an error. Later versions
/// may add a ``LoginFailure/Code-swift.struct``, but no outcome.
public enum LoginOutcome: Hashable, Sendable {
    /// The person is logged in. ``Session/deniedScopes`` lists the data that was not granted.
    case loggedIn(Session)
    /// The person declined in the identity app. `case .declined:` matches it. The
    /// attempt is `nil` only in previews and tests.
    case declined(attempt: AttemptID? = nil)
    /// The person came back to the app without the link. That is no refusal: the person may go
    /// back to the identity app, and its link still completes the login. The outcome is then in
    /// ``SwitchbackClient/events``. Only the library's own opener on iOS notices this.
    ///
    /// The app can open the login again, or drop it with ``SwitchbackClient/cancelLogin(_:)``.
    case pending(PendingLogin)
    /// The login failed.
    case failed(LoginFailure)

    /// A stable text for statistics and crash reports: `logged_in`, `declined`, `pending`, or
    /// the failure's code.
    public var code: String {
        switch self {
        case .loggedIn: "logged_in"
        case .declined: "declined"
        case .pending: "pending"
        case .failed(let failure): failure.code.rawValue
        }
    }

    /// The attempt of this login. `SwitchbackClient.timeline` says what happened
    /// in it, also after the person declined or the login failed. `nil` if the link belongs to no
    /// attempt in this store.
    public var attempt: AttemptID? {
        switch self {
        case .loggedIn(let session): AttemptID(rawValue: session.id.rawValue)
        case .declined(let attempt): attempt
        case .pending(let login): login.id
        case .failed(let failure): failure.attempt
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
        case .loggedIn, .declined, .pending: UserMessage.text("outcome.\(code)", in: language)
        case .failed(let failure): failure.userMessage(in: language)
        }
    }
}
