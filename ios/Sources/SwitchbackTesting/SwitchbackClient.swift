import Foundation
import Switchback
internal import SwitchbackTestingBindings

extension SwitchbackClient {
    /// A client that takes the time from this clock, for a test of a session that expires, or of a login
    /// that takes too long. In everything else it is a real client.
    ///
    /// Throws `SwitchbackError.Code.configuration` if the configuration is wrong.
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

/// The test's clock, as an object for the native library.
private final class GeneratedClock: SwitchbackTestingBindings.Clock {
    private let clock: any DeviceClock

    init(_ clock: any DeviceClock) {
        self.clock = clock
    }

    func now() throws -> Now {
        let now = clock.now
        return Now(
            wall: Int64(now.date.timeIntervalSince1970.rounded(.down)),
            uptime: Int64(wholeSeconds: now.uptime))
    }
}
