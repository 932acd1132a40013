import Foundation
import Switchback
import TestSupport
import UIKit
import XCTest

@testable import Switchback

/// Background tasks with `UIApplication` and `ProcessInfo`.
final class BackgroundTaskTests: XCTestCase {
    override func setUp() {
        system.restart()
    }

    override func tearDown() {
        system.restart()
    }

    /// Each kind of background tasks, ready for work.
    private func kinds(patience: TimeInterval = limit) async -> [any BackgroundTasks] {
        let ofApp = ApplicationBackgroundTasks(patience: patience)
        await MainActor.run {}
        return [ofApp, ExtensionBackgroundTasks(patience: patience)]
    }

    func testWorkHasABackgroundTaskUntilItEnds() async throws {
        for tasks in await kinds() {
            system.restart()
            try await onAnotherThread {
                let work = try tasks.begin {}
                XCTAssertEqual(system.held, 1)
                try tasks.end(work)
            }
            try await nothingIsHeld()
            XCTAssertEqual(system.record.description, "1 begun, 1 ended")
        }
    }

    func testTheEndOfTheTimeEndsTheWorkBeforeTheSuspension() async throws {
        for tasks in await kinds() {
            let (told, suspended) = (AwaitedEvent("the work was told"), AwaitedEvent("a suspension"))
            system.restart { suspended.happens() }
            let work = try await onAnotherThread { try tasks.begin { told.happens() } }
            async let handler: Void = MainActor.run { system.expire() }
            try await told.happened()
            XCTAssertEqual(suspended.times, 0)
            try await onAnotherThread { try tasks.end(work) }
            await handler
            try await suspended.happened()
            XCTAssertEqual(system.record.description, "1 begun, 1 ended, 1 suspended")
        }
    }

    func testATaskWhoseWorkDoesNotEndIsEndedOnce() async throws {
        for tasks in await kinds(patience: 0) {
            let suspended = AwaitedEvent("a suspension")
            system.restart { suspended.happens() }
            let work = try await onAnotherThread { try tasks.begin {} }
            await MainActor.run { system.expire() }
            try await suspended.happened()
            try await onAnotherThread { try tasks.end(work) }
            XCTAssertEqual(system.record.ended, 1)
            XCTAssertEqual(system.record.endedUnknown, 0)
        }
    }

    func testWorkIsGivenUpIfTheSystemGivesNoTimeInTheBackground() async throws {
        for tasks in await kinds() {
            let told = AwaitedEvent("the work was told")
            system.restart()
            system.enterBackground()
            system.refuse()
            try await onAnotherThread { try tasks.end(try tasks.begin { told.happens() }) }
            XCTAssertEqual(told.times, 1)
            XCTAssertEqual(system.record.description, "1 refused")
        }
    }

    func testWorkGoesOnIfUIKitGivesNoTaskInTheForeground() async throws {
        let (tasks, told) = (await kinds()[0], AwaitedEvent("the work was told"))
        system.refuse()
        let error = try await thrown { try await onAnotherThread { try tasks.begin { told.happens() } } }
        XCTAssertEqual((error as? StoreError)?.code.rawValue, "unavailable")
        XCTAssertEqual(told.times, 0)
    }

    /// A SwiftUI app makes its client before `UIApplicationMain` runs, and no call may wait for the main
    /// thread.
    func testBeforeTheMainThreadRunsAnActivityTakesItsPlace() async throws {
        let held = try await MainActor.run {
            let (tasks, begun) = (ApplicationBackgroundTasks(), AwaitedEvent("the work began"))
            Thread.detachNewThread {
                guard let work = try? tasks.begin(expired: {}) else { return }
                begun.happens()
                try? tasks.end(work)
            }
            try begun.wait()
            return system.record.begun
        }
        XCTAssertEqual(held, 1)
        try await nothingIsHeld()
    }

    private func nothingIsHeld() async throws {
        try await within("an assertion is still held") {
            while system.held > 0 { await Task.yield() }
        }
    }
}

private let system = ProcessAssertions.shared

/// Runs this on a thread that may block, as the core does.
func onAnotherThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
