import Foundation
import Switchback
import SwitchbackTesting
import TestSupport
import XCTest

/// The clock for an app's tests, through the public API.
final class TestClockTests: XCTestCase {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    func testAdvanceMovesBothClocks() {
        let clock = TestClock(at: start)
        let uptime = clock.now.uptime
        for _ in 0..<2 { clock.advance(by: 0.5) }
        XCTAssertEqual(clock.now, DeviceTime(date: start + 1, uptime: uptime + 1))
    }

    func testSetMovesTheWallClockOnly() {
        let clock = TestClock(at: start)
        let uptime = clock.now.uptime
        clock.set(to: start - 86_400)
        XCTAssertEqual(clock.now, DeviceTime(date: start - 86_400, uptime: uptime))
    }

    func testSleepReturnsAtItsTime() async throws {
        let clock = TestClock(at: start)
        let end = clock.now.uptime + 2
        let isOver = Locked(false)
        let waiting = Task {
            try await clock.sleep(until: end)
            isOver.with { $0 = true }
        }
        clock.advance(by: 1)
        await Task.yield()
        XCTAssertFalse(isOver.with { $0 })
        clock.advance(by: 1)
        try await within("the call still waits") { try await waiting.value }
        // A time in the past needs no wait.
        try await clock.sleep(until: end)
    }

    func testACancelledSleepThrows() async throws {
        let clock = TestClock(at: start)
        let waiting = Task { try await clock.sleep(until: clock.now.uptime + 1) }
        waiting.cancel()
        let error = try await within("the call still waits") { try await thrown { try await waiting.value } }
        XCTAssertTrue(error is CancellationError, "\(error)")
    }

    func testALoginExpiresByTheTestClock() async throws {
        let clock = TestClock(at: start)
        let opened = AwaitedEvent("the login was opened")
        let opener = ClosureOpener { _ in
            opened.happens()
            return true
        }
        let config = SwitchbackConfig(
            provider: .truid(), mode: .direct(clientID: "c"), redirectURI: Phone.redirectURI,
            loginTimeout: 60)
        let platform = Platform(store: MemoryStore(), opener: opener)
        let client = try SwitchbackClient(config, platform: platform, clock: clock)
        let call = Task { try await client.logIn(.login) }
        try await opened.happened()
        let pending = try await client.pendingLogins()
        XCTAssertEqual(pending.map(\.startedAt), [start])
        clock.advance(by: 60)
        let outcome = try await within("the login did not expire") { try await call.value }
        XCTAssertEqual(outcome.code, "expired")
    }

    func testAWrongConfigurationThrows() throws {
        let config = SwitchbackConfig(
            provider: .truid(), mode: .direct(clientID: ""), redirectURI: Phone.redirectURI)
        let platform = Platform(store: MemoryStore(), opener: ClosureOpener { _ in true })
        XCTAssertThrowsError(try SwitchbackClient(config, platform: platform, clock: TestClock(at: start))) {
            XCTAssertEqual(($0 as? SwitchbackError)?.code, .configuration, "\($0)")
        }
    }
}
