import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// The assertion that all work of a process shares.
final class SharedAssertionTests: XCTestCase {
    func testWorkThatOverlapsSharesOneAssertion() throws {
        let system = System()
        let shared = system.assertion()
        let first = try shared.begin {}
        let second = try shared.begin {}
        shared.end(first)
        XCTAssertEqual(system.counts, [1, 0])
        shared.end(second)
        XCTAssertEqual(system.counts, [1, 1])
        shared.end(second)
        shared.end(77)
        XCTAssertEqual(system.counts, [1, 1])
        shared.end(try shared.begin {})
        XCTAssertEqual(system.counts, [2, 2])
    }

    func testTheHandlerReturnsAfterTheWorkHasEnded() throws {
        let (system, told) = (System(), AwaitedEvent("the work was told"))
        let shared = system.assertion(patience: limit)
        let works = try (0..<3).map { _ in try shared.begin { told.happens() } }
        let handler = system.expires()
        try told.wait(times: 3)
        XCTAssertEqual(system.counts, [1, 0])
        for work in works { shared.end(work) }
        try handler.wait()
        XCTAssertEqual(system.counts, [1, 1])
    }

    func testTheHandlerGivesUpIfTheWorkDoesNotEnd() throws {
        let (system, told) = (System(), AwaitedEvent("the work was told"))
        let shared = system.assertion(patience: 0)
        let work = try shared.begin { told.happens() }
        try system.expires().wait()
        XCTAssertEqual([told.times] + system.counts, [1, 1, 1])
        shared.end(work)
        XCTAssertEqual(system.counts, [1, 1])
        // The next work has another assertion.
        shared.end(try shared.begin {})
        XCTAssertEqual(system.counts, [2, 2])
    }

    /// The core takes its lock once more, to record that it was interrupted.
    func testWorkThatBeginsDuringTheHandlerIsToldAndSharesTheAssertion() throws {
        let (system, told) = (System(), AwaitedEvent("the work was told"))
        let shared = system.assertion(patience: limit)
        let first = try shared.begin { told.happens() }
        let handler = system.expires()
        try told.wait()
        let second = try shared.begin { told.happens() }
        XCTAssertEqual(told.times, 2)
        shared.end(second)
        XCTAssertEqual(system.counts, [1, 0])
        shared.end(first)
        try handler.wait()
        XCTAssertEqual(system.counts, [1, 1])
    }

    func testTheHandlerMayComeBeforeTheAnswer() throws {
        let (system, told) = (System(expiresWhileItAnswers: true), AwaitedEvent("the work was told"))
        let shared = system.assertion(patience: 0)
        shared.end(try shared.begin { told.happens() })
        XCTAssertEqual([told.times] + system.counts, [1, 1, 1])
    }

    func testRefusedWorkIsTold() throws {
        let (system, told) = (System(answer: .refused), AwaitedEvent("the work was told"))
        let shared = system.assertion()
        shared.end(try shared.begin { told.happens() })
        XCTAssertEqual([told.times] + system.counts, [1, 1, 0])
    }

    func testAfterAnErrorTheNextWorkAsksAgain() throws {
        let system = System(failsFirst: true)
        let shared = system.assertion()
        XCTAssertThrowsError(try shared.begin {})
        shared.end(try shared.begin {})
        XCTAssertEqual(system.counts, [2, 1])
    }

    func testManyThreadsReleaseEachAssertionOnce() throws {
        let system = System()
        let shared = system.assertion()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<200 {
                if let work = try? shared.begin({}) { shared.end(work) }
            }
        }
        XCTAssertEqual(system.counts[0], system.counts[1])
        XCTAssertEqual(system.released.times, Set(system.releasedNumbers.read { $0 }).count)
    }
}

/// A system that gives assertions, and counts.
private final class System: Sendable {
    enum Answer { case taken, refused }

    let released = AwaitedEvent("an assertion is released")
    let releasedNumbers = Guarded<[Int]>([])
    private let handlers = Guarded<[@Sendable () -> Void]>([])
    private let answer: Answer
    private let expiresWhileItAnswers: Bool
    private let failsFirst: Bool

    init(answer: Answer = .taken, expiresWhileItAnswers: Bool = false, failsFirst: Bool = false) {
        self.answer = answer
        self.expiresWhileItAnswers = expiresWhileItAnswers
        self.failsFirst = failsFirst
    }

    /// How often an assertion was taken and released.
    var counts: [Int] { [handlers.read { $0.count }, released.times] }

    func assertion(patience: TimeInterval = 0) -> SharedAssertion {
        SharedAssertion(patience: patience) { [self] handler in
            let number = handlers.update { handlers in
                handlers.append(handler)
                return handlers.count
            }
            if failsFirst, number == 1 { throw StoreError.unavailable("no") }
            if expiresWhileItAnswers { handler() }
            guard answer == .taken else { return .refused }
            return .taken { [self] in
                releasedNumbers.update { $0.append(number) }
                released.happens()
            }
        }
    }

    /// Calls the last handler on another thread. The event happens when the handler has returned.
    func expires() -> AwaitedEvent {
        let returned = AwaitedEvent("the handler returns")
        let handler = handlers.read { $0.last }
        Thread.detachNewThread {
            handler?()
            returned.happens()
        }
        return returned
    }
}
