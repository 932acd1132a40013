internal import SwitchbackBindings

/// Why a login failed.
public struct LoginFailure: Hashable, Sendable, CustomStringConvertible {
    /// A kind of failure. A later version may add kinds.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The provider or the backend refused the login. ``LoginFailure/oauthError`` is its
        /// error.
        public static let refused = Code("refused")
        /// The provider's answer was lost, or the process ended after it had sent the code. The
        /// person can log in again.
        public static let interrupted = Code("interrupted")
        /// The link came too late, or did not come in time.
        public static let expired = Code("expired")
        /// The person approved, but the backend has no record of this login any more (mediated
        /// mode).
        public static let forgotten = Code("forgotten")
        /// Another person logged in than ``LoginRequest/person`` requires. That login was
        /// dropped, and the earlier session is unchanged.
        public static let otherPerson = Code("other_person")
        /// The link does not lead to a redirect URI of this client.
        public static let notOurs = Code("not_ours")
        /// The link leads to this client, but cannot be read.
        public static let malformed = Code("malformed")
        /// This store has no attempt for the link: it was cancelled or begun on another device,
        /// or the link is forged.
        public static let unknown = Code("unknown")
        /// The login was completed before, and its session has ended.
        public static let replayed = Code("replayed")
        /// Neither the identity app nor a browser could be opened.
        public static let notOpened = Code("not_opened")

        /// A stable text, for example `expired`.
        public let rawValue: String

        init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The ``rawValue``.
        public var description: String { rawValue }
    }

    /// The kind of failure: stable, for crash reports and for decisions of the app.
    public let code: Code
    /// The service's error, if it sent one.
    public let oauthError: OAuthError?
    /// What happened and what to do, in English, for developers and logs.
    public let message: String
    /// The attempt that failed: see ``LoginOutcome/attempt``.
    public let attempt: AttemptID?
    private let messageKey: String

    /// A failure, for previews and tests.
    public init(_ code: Code, oauthError: OAuthError? = nil, attempt: AttemptID? = nil) {
        self.init(code, oauthError, Self.words(code), attempt)
    }

    private init(_ code: Code, _ oauthError: OAuthError?, _ message: String, _ attempt: AttemptID?) {
        let said = oauthError.map { " (\($0))" } ?? ""
        self.code = code
        self.oauthError = oauthError
        self.message = message + said
        self.attempt = attempt
        messageKey = "failure.\(code)"
    }

    /// The error of a completion that no call waits for.
    init(_ error: SwitchbackError, attempt: AttemptID?) {
        code = Code(error.code.rawValue)
        oauthError = nil
        message = error.message
        self.attempt = attempt
        messageKey = error.messageKey
    }

    /// Whether the link belongs to no login of this store.
    var isOfNoLogin: Bool { [.malformed, .unknown, .notOurs].contains(code) }

    init(malformed reason: MalformedLink) {
        self.init(.malformed, nil, "the link cannot be read: \(Self.words(reason))", nil)
    }

    init(notOpened reasons: [String], attempt: AttemptID) {
        let message = "nothing could be opened: \(reasons.joined(separator: "; "))"
        self.init(.notOpened, nil, message, attempt)
    }

    /// The code, and the ``message``.
    public var description: String { "\(code): \(message)" }

    /// What to show to the person, in the language of this device; in English if Switchback does
    /// not have it.
    public var userMessage: String { userMessage(in: nil) }

    /// What to show to the person in this language (BCP 47, for example `sv` or `de-AT`); in
    /// English if Switchback does not have it.
    public func userMessage(language: String) -> String {
        userMessage(in: language)
    }

    func userMessage(in language: String?) -> String {
        UserMessage.text(messageKey, in: language)
    }

    private static func words(_ code: Code) -> String {
        switch code {
        case .refused: "the provider or the backend refused the login"
        case .interrupted:
            "the response to the code was lost, and the code cannot be sent again: log in again"
        case .expired: "the login took longer than loginTimeout: log in again"
        case .forgotten: "the backend has no record of this login any more: log in again"
        case .otherPerson: "another person logged in than LoginRequest.person: that login was dropped"
        case .notOurs: "the link does not lead to a redirect URI of this client"
        case .malformed: "the link leads to this client, but cannot be read"
        case .unknown: "this store has no attempt for the link, for example because it was cancelled"
        case .replayed: "the login was completed before, and its session has ended: log in again"
        case .notOpened: "the opener could open neither the identity app nor a browser"
        default: "the login failed"
        }
    }

    private static func words(_ reason: MalformedLink) -> String {
        switch reason {
        case .tooLong: "it is longer than 16 KiB"
        case .encoding: "its percent-encoding is broken"
        case .notUtf8: "a parameter is not UTF-8"
        case .twice: "it contains a parameter twice"
        case .codeAndError: "it has a code and an error together"
        case .noAnswer: "it has neither a code nor an error"
        case .noState: "it has no state"
        case .fragment: "its parameters are in the fragment, after a #"
        }
    }
}

/// The error that an OAuth server sent (RFC 6749 §4.1.2.1 and §5.2).
public struct OAuthError: Hashable, Sendable, CustomStringConvertible {
    /// The code, for example `invalid_scope`.
    public let code: String
    /// The server's text, for developers and not for the person.
    public let message: String?

    /// An error, for previews and tests.
    public init(code: String, message: String? = nil) {
        self.code = code
        self.message = message
    }

    init(_ generated: SwitchbackBindings.OAuthError) {
        self.init(code: generated.code, message: generated.description)
    }

    /// The code, and the server's text if there is one.
    public var description: String {
        message.map { "\(code): \($0)" } ?? code
    }
}
