internal import SwitchbackBindings

/// Why a login came to nothing.
public struct LoginFailure: Hashable, Sendable, CustomStringConvertible {
    /// What happened. A later version may know more of them.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The service refused: the provider, or the backend. ``LoginFailure/oauthError`` has its
        /// own words.
        public static let refused = Code("refused")
        /// An earlier process ended after it had sent the code, or its answer was lost: a new login
        /// is all that is needed.
        public static let interrupted = Code("interrupted")
        /// The link did not come in time.
        public static let expired = Code("expired")
        /// The person approved, and the backend does not know this login any more (mediated mode).
        public static let forgotten = Code("forgotten")
        /// Somebody else logged in than was asked for: that login was dropped, and the session from
        /// before is as it was.
        public static let otherPerson = Code("other_person")
        /// The link does not lead to this client's redirect URI: it is somebody else's.
        public static let notOurs = Code("not_ours")
        /// The link leads here and cannot be read.
        public static let malformed = Code("malformed")
        /// No login waits for this link: it was given up, begun on another device, or the link is
        /// forged.
        public static let unknown = Code("unknown")
        /// The login was completed before, and its session is gone.
        public static let replayed = Code("replayed")
        /// Neither the identity app nor a browser could be opened.
        public static let notOpened = Code("not_opened")

        /// The stable text, `expired` for example.
        public let rawValue: String

        init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The ``rawValue``.
        public var description: String { rawValue }
    }

    /// What happened: stable, for crash reporters and for what to do next.
    public let code: Code
    /// What the service said, where it refused.
    public let oauthError: OAuthError?
    /// What happened, in English, for a developer and a log.
    public let description: String
    private let messageKey: String

    /// A failure, for previews and tests.
    public init(_ code: Code, oauthError: OAuthError? = nil) {
        self.init(code, oauthError, Self.words(code))
    }

    private init(_ code: Code, _ oauthError: OAuthError?, _ description: String) {
        let said = oauthError.map { " (\($0))" } ?? ""
        self.code = code
        self.oauthError = oauthError
        self.description = "\(code): \(description)\(said)"
        messageKey = "failure.\(code)"
    }

    /// The error that a link's completion ended with, where no call waits for it.
    init(_ error: SwitchbackError) {
        code = Code(error.code.rawValue)
        oauthError = nil
        description = error.description
        messageKey = error.messageKey
    }

    init(malformed reason: MalformedLink) {
        self.init(.malformed, nil, "the link cannot be read: \(Self.words(reason))")
    }

    /// What the person may be told, in the language of this device where Switchback has it.
    public var userMessage: String { userMessage(in: nil) }

    /// What the person may be told, in a language (BCP 47, `sv` or `de-AT` for example); in English
    /// where Switchback does not have it.
    public func userMessage(language: String) -> String {
        userMessage(in: language)
    }

    func userMessage(in language: String?) -> String {
        UserMessage.text(messageKey, in: language)
    }

    private static func words(_ code: Code) -> String {
        switch code {
        case .refused: "the service refused the login"
        case .interrupted: "the login was interrupted after its code was sent: log in again"
        case .expired: "the link did not come in time: log in again"
        case .forgotten: "the backend does not know this login any more: log in again"
        case .otherPerson: "another person logged in than was asked for"
        case .notOurs: "the link does not lead to this client's redirect URI"
        case .malformed: "the link cannot be read"
        case .unknown: "no login of this store waits for this link"
        case .replayed: "the login was completed before, and its session is gone"
        case .notOpened: "the opener says that nothing was opened"
        default: "the login came to nothing"
        }
    }

    private static func words(_ reason: MalformedLink) -> String {
        switch reason {
        case .tooLong: "it is longer than 16 KiB"
        case .encoding: "its percent-encoding is broken"
        case .notUtf8: "a parameter is not UTF-8"
        case .twice: "a parameter stands there twice"
        case .codeAndError: "it has a code and an error together"
        case .noAnswer: "it has neither a code nor an error"
        case .noState: "it has no state"
        case .fragment: "its parameters are behind a #"
        }
    }
}

/// An OAuth error (RFC 6749 §4.1.2.1 and §5.2): what a service says when it refuses.
public struct OAuthError: Hashable, Sendable, CustomStringConvertible {
    /// The code, `invalid_scope` for example.
    public let code: String
    /// The server's own words, for a developer and not for the person.
    public let message: String?

    /// An error, for previews and tests.
    public init(code: String, message: String? = nil) {
        self.code = code
        self.message = message
    }

    init(_ generated: SwitchbackBindings.OAuthError) {
        self.init(code: generated.code, message: generated.description)
    }

    /// The code, and the server's own words where there are some.
    public var description: String {
        message.map { "\(code): \($0)" } ?? code
    }
}
