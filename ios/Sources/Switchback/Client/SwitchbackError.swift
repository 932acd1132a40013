import Foundation
internal import SwitchbackBindings

/// The error that Switchback's calls throw. Its ``code`` says what to do next. It never contains
/// a token, code, verifier or claim.
///
/// ```swift
/// do {
///     try await session.presentation(.name)
/// } catch SwitchbackError.Code.tryAgain {
///     // The same call again, later.
/// } catch let error as SwitchbackError {
///     show(error.userMessage)
/// }
/// ```
public struct SwitchbackError: Error, Hashable, Sendable {
    /// What to do next. A later version may add codes.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The network or the service was not available: make the same call again, after
        /// ``SwitchbackError/retryAfter`` if it is set. The person is still logged in.
        public static let tryAgain = Code("try_again")
        /// The session has ended: let the person log in again. ``SwitchbackError/reason`` says
        /// why it ended.
        public static let loginRequired = Code("login_required")
        /// The store cannot be read **yet** (before the first unlock of a phone). The person is
        /// still logged in. Wait, and make the same call again.
        public static let storeLocked = Code("store_locked")
        /// The store failed: ``SwitchbackError/detail`` says how.
        public static let store = Code("store")
        /// The configuration is wrong, or does not allow this call:
        /// ``SwitchbackError/message`` says what to change.
        public static let configuration = Code("configuration")
        /// The service broke the protocol. ``SwitchbackError/detail`` names the rule: report it
        /// to the service.
        public static let protocolViolation = Code("protocol")
        /// The backend does not begin this signing (mediated mode), and refuses the same request
        /// again. ``SwitchbackError/detail`` says why: `unknown_signing` (it has no signing with this
        /// id), `signing_closed` (a person has signed, or the time is over), `other_person` (it is for
        /// another person). Ask the service for another signing.
        public static let signingUnavailable = Code("signing_unavailable")
        /// An error in Switchback itself: please report it. No stored data is lost.
        public static let internalError = Code("internal")

        /// A stable text, for example `try_again`.
        public let rawValue: String

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The ``rawValue``.
        public var description: String { rawValue }

        /// Makes `catch SwitchbackError.Code.tryAgain` work.
        public static func ~= (code: Code, error: any Error) -> Bool {
            (error as? SwitchbackError)?.code == code
        }
    }

    /// What to do next: stable, for crash reports and for `catch`.
    public let code: Code
    /// A more exact stable text, if there is one: why the session ended (`revoked`), why the
    /// store failed (`full`), which rule of the protocol the service broke, or why the backend does
    /// not begin the signing (`signing_closed`).
    public let detail: String?
    /// How long to wait before the same call, in seconds, if the service said so.
    public let retryAfter: TimeInterval?
    /// Why the session ended, if it did.
    public let reason: SessionEnd?
    /// What happened and what to do, in English, for developers and logs.
    public let message: String

    /// Whether the app may make the same call again, unchanged.
    public var isRetryable: Bool { code == .tryAgain || code == .storeLocked }

    init(
        _ code: Code, detail: String? = nil, retryAfter: TimeInterval? = nil, reason: SessionEnd? = nil,
        _ message: String
    ) {
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
        self.reason = reason
        self.message = message
    }

    init(_ generated: SwitchbackBindings.SwitchbackError) {
        let message = generated.localizedDescription
        switch generated {
        case .tryAgain(_, let seconds, _):
            self.init(.tryAgain, retryAfter: seconds.map { TimeInterval($0) }, message)
        case .loginRequired(let reason, _):
            let end = SessionEnd(reason)
            self.init(.loginRequired, detail: end.rawValue, reason: end, message)
        case .storeLocked: self.init(.storeLocked, message)
        case .store(let reason): self.init(.store, detail: StoreError(reason).code.rawValue, message)
        case .configuration: self.init(.configuration, message)
        case .protocol(_, let rule, _): self.init(.protocolViolation, detail: rule, message)
        case .signingUnavailable(let why, _): self.init(.signingUnavailable, detail: why, message)
        case .internal: self.init(.internalError, message)
        }
    }

    /// What to show to the person, in the language of this device; in English if Switchback does
    /// not have it.
    public var userMessage: String { UserMessage.text(messageKey, in: nil) }

    /// What to show to the person in this language (BCP 47, for example `sv` or `de-AT`); in
    /// English if Switchback does not have it.
    public func userMessage(language: String) -> String {
        UserMessage.text(messageKey, in: language)
    }

    var messageKey: String {
        reason.map { "end.\($0.rawValue)" } ?? "error.\(code)"
    }
}

extension SwitchbackError: LocalizedError, CustomStringConvertible {
    /// What to show to the person: ``userMessage``.
    public var errorDescription: String? { userMessage }

    /// The code with its detail, and the ``message``.
    public var description: String {
        let name = detail.map { "\(code).\($0)" } ?? code.rawValue
        return "\(name): \(message)"
    }
}

/// Runs the call, and turns its errors into ``SwitchbackError``.
func translated<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
        return try await work()
    } catch let error as SwitchbackBindings.SwitchbackError {
        throw SwitchbackError(error)
    }
}

/// As ``translated(_:)``, for a call that does not wait.
func translatedAtOnce<Value>(_ work: () throws -> Value) throws -> Value {
    do {
        return try work()
    } catch let error as SwitchbackBindings.SwitchbackError {
        throw SwitchbackError(error)
    }
}
