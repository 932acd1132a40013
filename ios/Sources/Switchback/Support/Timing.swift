import Foundation

/// The time, and a way to wait: the system's, or a test's.
package struct Timing: Sendable {
    let now: @Sendable () -> Date
    /// Waits for this long, in seconds.
    let sleep: @Sendable (TimeInterval) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (TimeInterval) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    static let system = Timing(now: { Date() }, sleep: sleepBySystem)

    /// The longest single sleep, in seconds.
    private static let longestSleep: TimeInterval = 30

    /// `Task.sleep(for:)` needs iOS 16. `Task.sleep(nanoseconds:)` may not count the time in which the device
    /// sleeps, and a very large number of nanoseconds overflows. So this sleeps in pieces, until ``uptime()``
    /// says that the time is over.
    private static func sleepBySystem(_ seconds: TimeInterval) async throws {
        let end = uptime() + seconds
        while case let left = end - uptime(), left > 0 {
            try await Task.sleep(nanoseconds: UInt64((min(left, longestSleep) * 1_000_000_000).rounded(.up)))
        }
    }

    /// The time since the device started, including the time in which it slept, in seconds. It never
    /// decreases, and a person cannot set it.
    ///
    /// These are the clocks that `ContinuousClock` reads, which needs iOS 16
    /// (https://github.com/swiftlang/swift/blob/main/stdlib/public/Concurrency/Clock.cpp). Apple requires a
    /// reason for `systemUptime` and `mach_absolute_time()`, and those clocks stop while the device sleeps.
    static func uptime() -> TimeInterval {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC_RAW, &time)
        #else
            clock_gettime(CLOCK_BOOTTIME, &time)
        #endif
        return TimeInterval(time.tv_sec) + TimeInterval(time.tv_nsec) / 1_000_000_000
    }

    /// Returns at this time, or when the task is cancelled.
    func sleep(until moment: Date) async throws {
        while case let left = moment.timeIntervalSince(now()), left > 0 {
            try await sleep(left)
        }
    }
}

extension Int64 {
    /// These seconds without their fraction; the nearest number if there is none so large or so small.
    package init(wholeSeconds seconds: TimeInterval) {
        self = Int64(exactly: seconds.rounded(.towardZero)) ?? (seconds > 0 ? .max : .min)
    }
}

extension Date {
    init(epoch seconds: Int64) {
        self.init(timeIntervalSince1970: TimeInterval(seconds))
    }
}
