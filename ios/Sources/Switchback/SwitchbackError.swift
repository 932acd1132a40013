import Foundation
internal import SwitchbackBindings

/// What went wrong, by what to do next. No error holds a token, code, verifier or claim.
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
    /// What to do next. A later version may know more of them.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The network or the service was not there: make the same call again, after
        /// ``SwitchbackError/retryAfter`` where it is set. Nobody is logged out by it.
        public static let tryAgain = Code("try_again")
        /// The session is over: log the person in again. ``SwitchbackError/reason`` says why.
        public static let loginRequired = Code("login_required")
        /// The store cannot be read **yet** (before the first unlock of a phone). Nobody is logged
        /// out: wait, and make the same call again.
        public static let storeLocked = Code("store_locked")
        /// The store does not work: look at ``SwitchbackError/detail``.
        public static let store = Code("store")
        /// The configuration is wrong, or this call cannot work with it: change it.
        public static let configuration = Code("configuration")
        /// The service broke the protocol: report it to the service.
        /// ``SwitchbackError/detail`` names the rule.
        public static let protocolViolation = Code("protocol")
        /// A mistake in Switchback itself: please report it. Nothing that was stored is lost.
        public static let internalError = Code("internal")

        /// The stable text, `try_again` for example.
        public let rawValue: String

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The ``rawValue``.
        public var description: String { rawValue }

        /// Lets `catch SwitchbackError.Code.tryAgain` be written.
        public static func ~= (code: Code, error: any Error) -> Bool {
            (error as? SwitchbackError)?.code == code
        }
    }

    /// What to do next: stable, for crash reporters and for `catch`.
    public let code: Code
    /// What of that it is, where there is more than one: `revoked` of `login_required`, `full` of
    /// `store`, the name of the rule of `protocol`. Stable as well.
    public let detail: String?
    /// How long to wait before the same call, where the service said so.
    public let retryAfter: Duration?
    /// Why the session is over, where it is.
    public let reason: SessionEnd?
    /// What happened and what to do, in English, for a developer and a log.
    public let debugDescription: String

    /// Whether the same call may be made again as it is.
    public var isRetryable: Bool { code == .tryAgain || code == .storeLocked }

    init(
        _ code: Code, detail: String? = nil, retryAfter: Duration? = nil, reason: SessionEnd? = nil,
        _ debugDescription: String
    ) {
        self.code = code
        self.detail = detail
        self.retryAfter = retryAfter
        self.reason = reason
        self.debugDescription = debugDescription
    }

    init(_ generated: SwitchbackBindings.SwitchbackError) {
        let says = generated.localizedDescription
        switch generated {
        case .tryAgain(_, let seconds, _):
            self.init(.tryAgain, retryAfter: seconds.map { .seconds($0) }, says)
        case .loginRequired(let reason, _):
            let end = SessionEnd(reason)
            self.init(.loginRequired, detail: end.code, reason: end, says)
        case .storeLocked: self.init(.storeLocked, says)
        case .store(let reason): self.init(.store, detail: StoreError(reason).code.rawValue, says)
        case .configuration: self.init(.configuration, Self.inSwift(says))
        case .protocol(_, let rule, _): self.init(.protocolViolation, detail: rule, says)
        case .internal: self.init(.internalError, says)
        }
    }

    /// What the core says, with the names that are to be changed as they are written in Swift.
    private static func inSwift(_ text: String) -> String {
        let names = ["`test_service`": "`isTestService`", "`client_id`": "`clientID`"]
        return names.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
    }

    /// What the person may be told, in the language of this device where Switchback has it.
    public var userMessage: String { UserMessage.text(messageKey, in: nil) }

    /// What the person may be told, in a language (BCP 47, `sv` or `de-AT` for example); in English
    /// where Switchback does not have it.
    public func userMessage(language: String) -> String {
        UserMessage.text(messageKey, in: language)
    }

    var messageKey: String {
        reason.map { "end.\($0.code)" } ?? "error.\(code)"
    }
}

extension SwitchbackError: LocalizedError, CustomStringConvertible, CustomDebugStringConvertible {
    /// What the person may be told: ``userMessage``.
    public var errorDescription: String? { userMessage }

    /// The code with its detail, and what happened: for a developer and a log.
    public var description: String {
        let name = detail.map { "\(code).\($0)" } ?? code.rawValue
        return "\(name): \(debugDescription)"
    }
}

/// Does this, and throws errors as ``SwitchbackError``.
func translated<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
        return try await work()
    } catch let error as SwitchbackBindings.SwitchbackError {
        throw SwitchbackError(error)
    }
}
