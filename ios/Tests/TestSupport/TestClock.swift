package import SwitchbackTesting

/// A clock that stands still until it is moved.
package final class TestClock: Clock {
    private let reading: Locked<Now>

    package init(at wall: Int64) {
        reading = Locked(Now(wall: wall, uptime: 1_000))
    }

    package func now() throws -> Now {
        reading.with { $0 }
    }

    package func advance(_ seconds: Int64) {
        reading.with { $0 = Now(wall: $0.wall + seconds, uptime: $0.uptime + seconds) }
    }
}
