import Foundation

/// The failure of a test helper.
package struct TestFailure: LocalizedError, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package var errorDescription: String? { description }
}

/// The timeout of each wait. Only a call that hangs takes as long.
package let limit: TimeInterval = 20

/// A value behind a lock, for several threads.
package final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    package init(_ value: Value) {
        self.value = value
    }

    package func with<Result>(_ use: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try use(&value)
    }
}

/// An event that is counted. Threads and tasks can wait for it.
package final class AwaitedEvent: @unchecked Sendable {
    private let what: String
    private let condition = NSCondition()
    private var count = 0
    private var waiting: [(times: Int, CheckedContinuation<Void, Never>)] = []

    package init(_ what: String) {
        self.what = what
    }

    package func happens() {
        condition.lock()
        count += 1
        let reached = waiting.filter { $0.times <= count }
        waiting.removeAll { $0.times <= count }
        condition.broadcast()
        condition.unlock()
        for (_, continuation) in reached { continuation.resume() }
    }

    package var times: Int {
        condition.lock()
        defer { condition.unlock() }
        return count
    }

    /// Waits, on a thread that may block.
    package func wait(times: Int = 1) throws {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: limit)
        while count < times {
            guard condition.wait(until: deadline) else { throw TestFailure("no event: \(what)") }
        }
    }

    /// Waits, in a task.
    package func happened(times: Int = 1) async throws {
        try await within("no event: \(what)") {
            await withCheckedContinuation { continuation in
                self.condition.lock()
                let isThere = self.count >= times
                if !isThere { self.waiting.append((times, continuation)) }
                self.condition.unlock()
                if isThere { continuation.resume() }
            }
        }
    }
}

/// The result of this call, or an error after the timeout. The call then continues, because it may not
/// be cancellable.
@discardableResult
package func within<Value: Sendable>(
    _ otherwise: String, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let told = Locked(false)
    let isFirst: @Sendable () -> Bool = {
        told.with { was in
            defer { was = true }
            return !was
        }
    }
    return try await withCheckedThrowingContinuation { continuation in
        let late = Task {
            try await Task.sleep(nanoseconds: UInt64(limit * 1_000_000_000))
            if isFirst() { continuation.resume(throwing: TestFailure(otherwise)) }
        }
        Task {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            late.cancel()
            if isFirst() { continuation.resume(with: result) }
        }
    }
}

/// The error of this call. It must throw.
package func thrown<Value>(_ work: () async throws -> Value) async throws -> any Error {
    do {
        _ = try await work()
    } catch {
        return error
    }
    throw TestFailure("nothing was thrown")
}
