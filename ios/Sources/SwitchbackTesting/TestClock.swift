import Foundation
import Switchback

/// The clock of a client in a test, and a way to wait for a time. A test can move a ``TestClock``.
public protocol DeviceClock: Sendable {
    /// The time. It is read from any thread, and must return at once.
    var now: DeviceTime { get }
    /// Returns when the device has this uptime, in seconds. Throws `CancellationError` if the task is cancelled
    /// before.
    func sleep(until uptime: TimeInterval) async throws
}

/// The time on the two clocks of a device.
public struct DeviceTime: Hashable, Sendable {
    /// The wall clock, which a person can set. Switchback reads whole seconds.
    public var date: Date
    /// The time since the device started, including sleep, in seconds. It never decreases. Switchback
    /// reads whole seconds.
    public var uptime: TimeInterval

    /// The time on both clocks.
    public init(date: Date, uptime: TimeInterval) {
        self.date = date
        self.uptime = uptime
    }
}

/// A clock that a test moves. Otherwise its time does not change. A task that waits for a time continues
/// when the clock reaches it.
public final class TestClock: DeviceClock {
    private let time: Guarded<DeviceTime>

    /// A clock with this time, on a device with an uptime of 1,000 seconds.
    public init(at date: Date) {
        time = Guarded(DeviceTime(date: date, uptime: 1_000))
    }

    /// The time.
    public var now: DeviceTime { time.read { $0 } }

    /// Advances both clocks by this time, in seconds.
    public func advance(by seconds: TimeInterval) {
        time.update { time in
            time.date += seconds
            time.uptime += seconds
        }
    }

    /// Sets the wall clock, as a person can do it. The uptime does not change.
    public func set(to date: Date) {
        time.update { $0.date = date }
    }

    /// Returns when a test has moved the clock to this uptime, in seconds. Throws `CancellationError` if the
    /// task is cancelled before.
    public func sleep(until uptime: TimeInterval) async throws {
        let isReached = await time.first { $0.uptime >= uptime ? true : nil }
        guard isReached != nil else { throw CancellationError() }
    }
}
