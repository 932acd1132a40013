import Foundation
import Switchback
internal import SwitchbackTestingBindings

extension SwitchbackClient {
    /// A client that goes by another clock than the device's: for a test of a session that expires, or of
    /// a login that takes too long.
    ///
    /// Throws `SwitchbackError.Code.configuration`, as the client of the app does.
    public convenience init(
        _ config: SwitchbackConfig, platform: Platform, clock: any DeviceClock
    ) throws {
        let timing = Timing(
            now: { clock.now.date }, sleep: { try await clock.sleep(until: clock.now.uptime + $0) })
        try self.init(config, platform: platform, timing: timing) {
            try clientForTests(config: $0, platform: $1, clock: GeneratedClock(clock))
        }
    }
}

/// A clock of a test's, as the core knows it.
private final class GeneratedClock: SwitchbackTestingBindings.Clock {
    private let clock: any DeviceClock

    init(_ clock: any DeviceClock) {
        self.clock = clock
    }

    func now() throws -> Now {
        let now = clock.now
        return Now(
            wall: Int64(now.date.timeIntervalSince1970.rounded(.down)), uptime: now.uptime.components.seconds)
    }
}
