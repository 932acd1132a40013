import Foundation

/// The time, and a way to wait: the system's, or a test's.
package struct Timing: Sendable {
    let now: @Sendable () -> Date
    let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    static let system = Timing(now: { Date() }, sleep: { try await Task.sleep(for: $0) })

    /// Returns at this time, or when the task is cancelled.
    func sleep(until moment: Date) async throws {
        while case let left = moment.timeIntervalSince(now()), left > 0 {
            try await sleep(.seconds(left))
        }
    }
}

extension Date {
    init(epoch seconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(seconds))
    }
}
