import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// The system's clocks, and lengths of time that an app may have computed.
final class TimingTests: XCTestCase {
    func testASleepThatIsOverReturnsAtOnce() async throws {
        let past: [TimeInterval] = [0, -1, -.infinity, .nan]
        for seconds in past {
            try await within("the sleep of \(seconds) s did not return") {
                try await Timing.system.sleep(seconds)
            }
        }
    }

    func testAVeryLongSleepWaitsUntilItIsCancelled() async throws {
        let mostNanoseconds = TimeInterval(UInt64.max) / 1_000_000_000
        let long: [TimeInterval] = [.infinity, .greatestFiniteMagnitude, mostNanoseconds]
        for seconds in long {
            let isOver = Locked(false)
            let sleeping = Task {
                defer { isOver.with { $0 = true } }
                try await Timing.system.sleep(seconds)
            }
            await Task.yield()
            XCTAssertFalse(isOver.with { $0 })
            sleeping.cancel()
            let error = try await within("the sleep was not cancelled") {
                try await thrown { try await sleeping.value }
            }
            XCTAssertTrue(error is CancellationError, "\(error)")
        }
    }

    func testTheUptimeIsThatOfTheKernelWithTheTimeAsleep() throws {
        let before = Timing.uptime()
        // The first number is the uptime: https://man7.org/linux/man-pages/man5/proc_uptime.5.html
        let text = try String(contentsOfFile: "/proc/uptime", encoding: .utf8)
        let kernel = try XCTUnwrap(text.split(separator: " ").first.flatMap { TimeInterval($0) })
        let after = Timing.uptime()
        // The kernel's number has two decimals.
        XCTAssertLessThanOrEqual(before - 0.01, kernel)
        XCTAssertLessThanOrEqual(kernel, after)
    }

    func testWholeSecondsHaveNoFractionAndDoNotOverflow() {
        let numbers: [(TimeInterval, Int64)] = [
            (1.9, 1), (-1.9, -1), (86_400, 86_400), (.infinity, .max), (-.infinity, .min), (.nan, .min),
            (1e30, .max),
        ]
        for (seconds, whole) in numbers { XCTAssertEqual(Int64(wholeSeconds: seconds), whole) }
    }
}
