import Foundation
import Switchback

/// What time it is on a device, and how to wait there: for a client in a test. ``TestClock`` is one that
/// the test moves.
public protocol DeviceClock: Sendable {
    /// What time it is. It is asked from any thread, and must answer at once.
    var now: DeviceTime { get }
    /// Returns when the device has been running for this long. Throws `CancellationError` where the task
    /// is cancelled before.
    func sleep(until uptime: Duration) async throws
}

/// A moment, by both clocks that a device has.
public struct DeviceTime: Hashable, Sendable {
    /// By the wall clock, which a person can set. Switchback reads whole seconds.
    public var date: Date
    /// Since the device was started, also while it slept: nobody can set that. Switchback reads whole
    /// seconds.
    public var uptime: Duration

    /// A moment.
    public init(date: Date, uptime: Duration) {
        self.date = date
        self.uptime = uptime
    }
}

/// A clock that stands still until a test moves it. Whoever waits for a moment goes on when it is reached.
public final class TestClock: DeviceClock {
    private let time: Guarded<DeviceTime>

    /// A clock that stands at this moment, on a device that was started a while ago.
    public init(at date: Date) {
        time = Guarded(DeviceTime(date: date, uptime: .seconds(1_000)))
    }

    /// What time it is.
    public var now: DeviceTime { time.read { $0 } }

    /// Lets time go by.
    public func advance(by duration: Duration) {
        time.update { time in
            time.date += duration / .seconds(1)
            time.uptime += duration
        }
    }

    /// Sets the wall clock, as a person may do it. No time goes by.
    public func set(to date: Date) {
        time.update { $0.date = date }
    }

    /// Returns when a test has moved the clock to this time. Throws `CancellationError` where the task is
    /// cancelled before.
    public func sleep(until uptime: Duration) async throws {
        let isReached = await time.first { $0.uptime >= uptime ? true : nil }
        guard isReached != nil else { throw CancellationError() }
    }
}
