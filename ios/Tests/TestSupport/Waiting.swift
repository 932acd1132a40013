import Foundation

/// What a test says when something is not as it must be.
package struct Wrong: LocalizedError, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }

    package var errorDescription: String? { description }
}

/// No wait is longer than that. Nothing here takes as long: it is for what hangs.
package let limit: TimeInterval = 20

/// A value that several threads use.
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

/// Something that happens so many times, and is waited for: by threads, and by tasks.
package final class Happening: @unchecked Sendable {
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

    /// For a thread that may wait.
    package func wait(times: Int = 1) throws {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: limit)
        while count < times {
            guard condition.wait(until: deadline) else { throw Wrong("it did not happen: \(what)") }
        }
    }

    /// For a task.
    package func happened(times: Int = 1) async throws {
        try await within("it did not happen: \(what)") {
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

/// What this gives, or an error where it takes too long. It goes on then, whatever it is: it
/// may be what cannot be cancelled.
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
            if isFirst() { continuation.resume(throwing: Wrong(otherwise)) }
        }
        Task {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            late.cancel()
            if isFirst() { continuation.resume(with: result) }
        }
    }
}

/// What this throws. It must throw.
package func thrown<Value>(_ work: () async throws -> Value) async throws -> any Error {
    do {
        _ = try await work()
    } catch {
        return error
    }
    throw Wrong("nothing was thrown")
}
