import Foundation
import Security

/// https://developer.apple.com/documentation/localauthentication/lacontext
///
/// It is not `Sendable` here, so that code that compiles here compiles with each SDK.
open class LAContext {
    private let state = Locked(State())

    public init() {}

    /// https://developer.apple.com/documentation/localauthentication/lacontext/interactionnotallowed
    public var interactionNotAllowed: Bool {
        get { state.with { $0.interactionNotAllowed } }
        set { state.with { $0.interactionNotAllowed = newValue } }
    }

    /// An empty text hides the button:
    /// https://developer.apple.com/documentation/localauthentication/lacontext/localizedfallbacktitle
    public var localizedFallbackTitle: String? {
        get { state.with { $0.localizedFallbackTitle } }
        set { state.with { $0.localizedFallbackTitle = newValue } }
    }

    /// Whether the policy can be evaluated now:
    /// https://developer.apple.com/documentation/localauthentication/lacontext/canevaluatepolicy(_:error:)
    public func canEvaluatePolicy(_ policy: LAPolicy, error: UnsafeMutablePointer<NSError?>?) -> Bool {
        guard let code = impossible(policy) else { return true }
        error?.pointee = NSError(domain: LAErrorDomain, code: code.rawValue)
        return false
    }

    /// Asks the person. The reason must not be empty, else there is an exception. An invalid context fails, and a
    /// context that was evaluated before does not ask again:
    /// https://developer.apple.com/documentation/localauthentication/lacontext/evaluatepolicy(_:localizedreason:reply:)
    public func evaluatePolicy(
        _ policy: LAPolicy, localizedReason: String, reply: @escaping @Sendable (Bool, (any Error)?) -> Void
    ) {
        precondition(!localizedReason.isEmpty, "NSInvalidArgumentException: the reason is empty")
        // The reply comes once, from the person or from `invalidate`.
        let answer = Answer(state, policy, reply)
        if let code = impossible(policy) { return answer.give(code) }
        if interactionNotAllowed { return answer.give(.notInteractive) }
        state.with { $0.waiting = answer }
        DeviceOwner.ask(policy) { answer.give($0) }
    }

    /// The same for `await`. Swift makes it of the function above.
    public func evaluatePolicy(_ policy: LAPolicy, localizedReason: String) async throws -> Bool {
        try await withCheckedThrowingContinuation { continuation in
            evaluatePolicy(policy, localizedReason: localizedReason) { isDone, error in
                if let error {
                    continuation.resume(throwing: error)
                } else {
                    continuation.resume(returning: isDone)
                }
            }
        }
    }

    /// Ends an evaluation, which then fails with `appCancel`. Later evaluations fail with `invalidContext`:
    /// https://developer.apple.com/documentation/localauthentication/lacontext/invalidate()
    public func invalidate() {
        let waiting = state.with { state in
            (state.isValid, state.evaluated) = (false, [])
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.give(.appCancel)
    }

    private func impossible(_ policy: LAPolicy) -> LAError.Code? {
        let device = Keychain.shared.settings
        if !state.with({ $0.isValid }) { return .invalidContext }
        if !device.hasPasscode { return .passcodeNotSet }
        let needsBiometry = policy == .deviceOwnerAuthenticationWithBiometrics
        return needsBiometry && device.biometrySet == nil ? .biometryNotEnrolled : nil
    }
}

private struct State {
    var interactionNotAllowed = false
    var localizedFallbackTitle: String?
    var isValid = true
    var evaluated: Set<LAPolicy> = []
    var waiting: Answer?
}

/// The answer of one evaluation: only the first counts.
private final class Answer: Sendable {
    private let isGiven = Locked(false)
    private let state: Locked<State>
    private let policy: LAPolicy
    private let reply: @Sendable (Bool, (any Error)?) -> Void

    init(
        _ state: Locked<State>, _ policy: LAPolicy, _ reply: @escaping @Sendable (Bool, (any Error)?) -> Void
    ) {
        (self.state, self.policy, self.reply) = (state, policy, reply)
    }

    func give(_ failure: LAError.Code?) {
        let isFirst = isGiven.with { isGiven in
            defer { isGiven = true }
            return !isGiven
        }
        guard isFirst else { return }
        if failure == nil { state.with { _ = $0.evaluated.insert(policy) } }
        reply(failure == nil, failure.map { LAError($0) })
    }
}

// MARK: - For tests

extension LAContext: AuthenticationContext {
    package func satisfies(_ access: SecAccessControl) -> Bool {
        let evaluated = state.with { $0.isValid ? $0.evaluated : [] }
        if access.flags.contains(.biometryCurrentSet) {
            return evaluated.contains(.deviceOwnerAuthenticationWithBiometrics)
        }
        return !evaluated.isEmpty
    }
}

/// The person who holds the device.
package enum DeviceOwner {
    package typealias Reply = @Sendable (LAError.Code?) -> Void
    private static let script = Locked<@Sendable (LAPolicy, @escaping Reply) -> Void>({ $1(nil) })
    private static let asked = Locked<[LAPolicy]>([])

    /// What the person does when the device asks: `nil` authenticates. The reply may come later, or never.
    package static func set(_ answer: @escaping @Sendable (LAPolicy, @escaping Reply) -> Void) {
        script.with { $0 = answer }
    }

    /// The policies that the person was asked for.
    package static var questions: [LAPolicy] { asked.with { $0 } }

    package static func reset() {
        set { $1(nil) }
        asked.with { $0 = [] }
    }

    static func ask(_ policy: LAPolicy, _ reply: @escaping Reply) {
        asked.with { $0.append(policy) }
        script.with { $0 }(policy, reply)
    }
}

/// A value behind a lock.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func with<Result>(_ use: (inout Value) -> Result) -> Result {
        lock.withLock { use(&value) }
    }
}
