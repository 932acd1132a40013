import Foundation

/// The assertions that keep this process running, of `UIApplication` and `ProcessInfo` together.
///
/// In the background the system suspends a process that has none. When the time in the background is
/// over, the system calls the handler of each assertion. It then suspends the process if each was
/// ended, and kills the process otherwise:
/// https://developer.apple.com/documentation/uikit/extending-your-app-s-background-execution-time
package final class ProcessAssertions: @unchecked Sendable {
    package static let shared = ProcessAssertions()

    /// What happened, as counts.
    package struct Record: CustomStringConvertible, Sendable {
        package var begun = 0
        package var ended = 0
        /// The assertions that the system did not give.
        package var refused = 0
        /// UIKit writes this to the log: "no background task exists with identifier …, or it may have
        /// already been ended".
        package var endedUnknown = 0
        package var suspended = 0
        /// A handler returned, and its assertion was not ended.
        package var killed = 0

        /// The counts that are not zero.
        package var description: String {
            let counts = [
                (begun, "begun"), (ended, "ended"), (refused, "refused"), (endedUnknown, "ended unknown"),
                (suspended, "suspended"), (killed, "killed"),
            ]
            return counts.filter { $0.0 > 0 }.map { "\($0) \($1)" }.joined(separator: ", ")
        }
    }

    private struct State {
        var handlers: [Int: @Sendable () -> Void] = [:]
        var last = 0
        var isInBackground = false
        var isTimeOver = false
        var record = Record()
        var onSuspension: (@Sendable () -> Void)?
    }

    private let lock = NSLock()
    private var state = State()

    private func with<Value>(_ use: (inout State) -> Value) -> Value {
        lock.withLock { use(&state) }
    }

    /// The number of a new assertion; `nil` if running in the background is not possible.
    func take(_ handler: @escaping @Sendable () -> Void) -> Int? {
        with { state in
            guard !state.isTimeOver else {
                state.record.refused += 1
                return nil
            }
            state.last += 1
            state.record.begun += 1
            state.handlers[state.last] = handler
            return state.last
        }
    }

    func release(_ number: Int) {
        let suspension = with { state -> (@Sendable () -> Void)? in
            guard state.handlers.removeValue(forKey: number) != nil else {
                state.record.endedUnknown += 1
                return nil
            }
            state.record.ended += 1
            return state.handlers.isEmpty && state.isTimeOver ? Self.suspend(&state) : nil
        }
        suspension?()
    }

    var isInBackground: Bool { with { $0.isInBackground } }

    private static func suspend(_ state: inout State) -> (@Sendable () -> Void)? {
        state.record.suspended += 1
        return state.onSuspension
    }

    // MARK: - For tests

    /// A new process in the foreground.
    package func restart(onSuspension: (@Sendable () -> Void)? = nil) {
        with { state in
            state = State()
            state.onSuspension = onSuspension
        }
    }

    package var record: Record { with { $0.record } }
    package var held: Int { with { $0.handlers.count } }

    /// The app is in the background, with time left.
    package func enterBackground() {
        with { $0.isInBackground = true }
    }

    /// The system gives no more assertions.
    package func refuse() {
        with { $0.isTimeOver = true }
    }

    /// The app is in the foreground, and not suspended.
    package func enterForeground() {
        with { state in
            state.isInBackground = false
            state.isTimeOver = false
        }
    }

    /// The time in the background is over. Call this where the system calls the handlers of an app, on
    /// the main thread. `onSuspension` is called at the moment of the suspension, once.
    package func expire() {
        let handlers = with { state -> [(Int, @Sendable () -> Void)] in
            state.isInBackground = true
            state.isTimeOver = true
            return state.handlers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        guard !handlers.isEmpty else {
            with { Self.suspend(&$0) }?()
            return
        }
        for (_, handler) in handlers { handler() }
        // An assertion whose handler has returned must have been ended.
        with { state in
            if handlers.contains(where: { state.handlers[$0.0] != nil }) { state.record.killed += 1 }
        }
    }
}
