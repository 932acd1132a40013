import Foundation
import TestSupport
import UIKit
import XCTest

@testable import Switchback

/// The system suspends an app at each call that the core makes to the platform: of the store, the
/// transport, the lock and the background tasks. At the moment of the suspension the app holds no lock,
/// and afterwards a session answers, or has ended with its reason.
final class SuspensionTests: XCTestCase {
    override func tearDown() {
        ProcessAssertions.shared.restart()
    }

    /// The calls of one life: a login, a refresh and a logout. The value of ``SwitchbackClient/current``
    /// is read besides, as often as there is time for it: that is `list`.
    private static let calls: [SuspendableDevice.Call: Int] = [
        .get: 16, .put: 6, .delete: 1, .send: 2, .answer: 2, .begin: 9, .end: 9,
    ]

    func testAfterAShortSuspensionAtAnyCallTheLoginAndTheSessionContinue() async throws {
        let ends = try await suspendAtEachCall(of: Self.calls, with: .lockFile, sleeping: 0)
        XCTAssertGreaterThanOrEqual(ends.values.reduce(0, +), 45 + 1)
        // At these calls a code or a refresh token is on its way, and its answer is lost.
        let others = ends.filter { $0.key != "logged out" }
        XCTAssertLessThanOrEqual(others.values.reduce(0, +), 4, "\(ends)")
    }

    func testAfterALongSuspensionAtAnyCallTheSessionAnswersOrHasEndedWithItsReason() async throws {
        let calls = Self.calls.merging([.enter: 7, .leave: 7]) { _, new in new }
        let ends = try await suspendAtEachCall(of: calls, with: .processLock, sleeping: 100)
        XCTAssertGreaterThanOrEqual(ends.values.reduce(0, +), 59 + 1)
        // Besides, the code expires if the suspension comes before its exchange.
        XCTAssertLessThanOrEqual(ends["rotation_interrupted"] ?? 0, 2, "\(ends)")
        XCTAssertGreaterThanOrEqual(ends["logged out"] ?? 0, 45, "\(ends)")
    }

    /// Returns how often a life ended so.
    private func suspendAtEachCall(
        of calls: [SuspendableDevice.Call: Int], with lock: Life.Lock, sleeping seconds: Int64
    ) async throws -> [String: Int] {
        let phone = try await Phone()
        let whole = try Life(phone, lock, suspendedAt: nil, sleeping: 0)
        try await whole.run()
        var counted = whole.device.calls
        XCTAssertGreaterThan(counted.removeValue(forKey: .list) ?? 0, 0)
        XCTAssertEqual(counted, calls)
        var ends: [String: Int] = [:]
        for point in 1...whole.device.calls.values.reduce(0, +) {
            let life = try Life(phone, lock, suspendedAt: point, sleeping: seconds)
            try await life.run()
            let (record, text) = (ProcessAssertions.shared.record, "call \(point): \(life.end)")
            XCTAssertEqual(life.device.locksHeld, [0], text)
            XCTAssertEqual([record.suspended, record.killed, record.endedUnknown], [1, 0, 0], text)
            XCTAssertEqual(record.begun, record.ended, text)
            XCTAssertTrue(life.isAllowed, "\(text) \(life.uses)")
            ends[life.end, default: 0] += 1
        }
        return ends
    }
}

/// A person logs in, the access token expires and is refreshed, and the person logs out.
private final class Life: @unchecked Sendable {
    enum Lock { case lockFile, processLock }

    /// How many codes and refresh tokens the service accepted, and how many it refused.
    struct Uses: Equatable {
        var codes = 0
        var refreshes = 0
        var refused = 0
    }

    let device: SuspendableDevice
    private(set) var end = ""
    private(set) var uses = Uses()
    private let phone: Phone
    private let folder: Folder
    private let app: SwitchbackClient
    private let opened = Guarded<URL?>(nil)
    private let isSuspended: Bool
    private let seconds: Int64

    /// Whether the service got each code and refresh token once, or the end says why not.
    var isAllowed: Bool {
        switch end {
        // After a long suspension the second access token has expired, too.
        case "logged out": uses.codes == 1 && (1...2).contains(uses.refreshes) && uses.refused == 0
        // The answer was lost, so the core sent the token once more, and the service refused it.
        case "rotation_interrupted": uses == Uses(codes: 1, refreshes: 1, refused: 1)
        case "login interrupted": uses.codes <= 1 && uses.refreshes == 0
        case "login refused": uses.codes == 0 && uses.refreshes == 0 && uses.refused >= 1
        default: false
        }
    }

    init(_ phone: Phone, _ lock: Lock, suspendedAt point: Int?, sleeping seconds: Int64) throws {
        self.phone = phone
        self.seconds = seconds
        isSuspended = point != nil
        folder = try Folder()
        device = SuspendableDevice(
            folder.url, ApplicationBackgroundTasks(patience: limit), suspendedAt: point)
        let opener = ClosureOpener { [opened] url in
            opened.update { $0 = url }
            return true
        }
        var platform = Platform(store: device, opener: opener, transport: device, background: device)
        switch lock {
        case .lockFile: platform.lockFile = LockFile(folder: folder.url, name: "switchback")
        case .processLock: platform.processLock = device
        }
        app = try SwitchbackClient(phone.config, platform: platform, clock: phone.time)
    }

    func run() async throws {
        await MainActor.run {}
        let before = try await used()
        let (device, phone, seconds) = (device, phone, seconds)
        let resumed = Task {
            try await device.suspension.happened()
            defer { device.resume() }
            if seconds > 0 { try await phone.advance(seconds) }
        }
        end = try await live()
        if isSuspended {
            // If there were fewer calls than before.
            await device.suspendAfterTheLastCall()
            try await resumed.value
        } else {
            resumed.cancel()
        }
        try await within("a background task did not end") {
            while ProcessAssertions.shared.held > 0 { await Task.yield() }
        }
        let after = try await used()
        uses = Uses(
            codes: after.codes - before.codes, refreshes: after.refreshes - before.refreshes,
            refused: after.refused - before.refused)
    }

    private func live() async throws -> String {
        do {
            let outcome = try await logIn()
            if case .failed(let failure) = outcome { return "login \(failure.code)" }
            let session = try outcome.session()
            try await phone.advance(60)
            _ = try await retrying { try await session.accessToken() }
            _ = try await retrying { try await session.accessToken() }
            _ = try await retrying { try await session.logOut() }
            return "logged out"
        } catch let error as SwitchbackError {
            return error.reason?.rawValue ?? error.description
        }
    }

    private func logIn() async throws -> LoginOutcome {
        let (app, opened) = (app, opened)
        let failed = Guarded<(any Error)?>(nil)
        let waiting = Task {
            do {
                _ = try await self.retrying { try await app.logIn(everything) }
            } catch {
                failed.update { $0 = error }
                opened.update { _ in }
            }
        }
        defer { waiting.cancel() }
        let url = try await within("no URL was opened") {
            await opened.first { url in failed.read { $0 } == nil ? url.map { $0.absoluteString } : "" }
        }
        if let error = failed.read({ $0 }) { throw error }
        let link = link(try await phone.sandbox.approve(try XCTUnwrap(url)))
        return try await retrying { try await app.complete(link) }
    }

    private func retrying<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        for _ in 0..<5 {
            do {
                return try await within("a call did not end", work)
            } catch let error as SwitchbackError where error.isRetryable {
                try await phone.advance(1)
            }
        }
        return try await within("a call did not end", work)
    }

    private func used() async throws -> Uses {
        let counters = try await phone.sandbox.control("GET", "/counters")
        func count(_ name: String) throws -> Int { try XCTUnwrap(counters[name] as? Int) }
        return Uses(
            codes: try count("code_exchanges"), refreshes: try count("refreshes"),
            refused: try count("refused_token_requests"))
    }
}
