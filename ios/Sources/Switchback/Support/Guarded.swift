import Foundation

/// A value behind a lock. Tasks can wait until it changes.
package final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value
    private var changes = 0
    private var tickets = 0
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]

    package init(_ value: Value) {
        self.value = value
    }

    /// Uses the value, and wakes no waiting task.
    package func read<Result>(_ use: (inout Value) -> Result) -> Result {
        lock.withLock { use(&value) }
    }

    /// Changes the value, and wakes all waiting tasks.
    @discardableResult
    package func update<Result>(_ change: (inout Value) -> Result) -> Result {
        let (result, woken) = lock.withLock {
            let result = change(&value)
            changes += 1
            defer { waiting = [:] }
            return (result, waiting)
        }
        for continuation in woken.values { continuation.resume() }
        return result
    }

    /// Returns the first result of `pick` that is not `nil`; `nil` if the task is cancelled
    /// before.
    package func first<Result>(_ pick: (inout Value) -> Result?) async -> Result? {
        while true {
            let (found, seen) = lock.withLock { (pick(&value), changes) }
            if let found { return found }
            if Task.isCancelled { return nil }
            await change(after: seen)
        }
    }

    /// Returns when the value has changed since `seen`, or the task is cancelled.
    private func change(after seen: Int) async {
        let ticket = lock.withLock {
            tickets += 1
            return tickets
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // If the task is cancelled later, it finds its ticket here.
                let isOver = lock.withLock {
                    guard changes == seen, !Task.isCancelled else { return true }
                    waiting[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let woken = lock.withLock { waiting.removeValue(forKey: ticket) }
            woken?.resume()
        }
    }
}
