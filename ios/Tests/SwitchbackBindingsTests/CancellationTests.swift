import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// Cancelling a task throws `CancellationError` at any time, and loses no result.
final class CancellationTests: XCTestCase {
    func testACancelledTaskDoesNothing() async throws {
        let app = try phone(ScriptedTransport.unreachable).app
        let ready = AwaitedEvent("the task begins")
        let task = Task {
            try? ready.wait()
            return try await app.begin(request: LoginRequest(purpose: .login))
        }
        task.cancel()
        ready.happens()
        let error = try await thrown { try await task.value }
        XCTAssertTrue(error is CancellationError, "\(error)")
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending.count, 0)
    }

    func testACancelledCallReturnsAtOnce() async throws {
        let (app, store) = try phone(ScriptedTransport.unreachable)
        let hangs = AwaitedEvent("a call of the store")
        let release = AwaitedEvent("the store may answer")
        store.does { _, _ in
            hangs.happens()
            try release.wait()
        }
        let task = Task { try await app.sessions() }
        try await hangs.happened()
        task.cancel()
        // While the store still hangs.
        let error = try await within("the cancelled call did not return") {
            try await thrown { try await task.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        store.does(nil)
        release.happens()
    }

    func testCancellationAfterTheResponseKeepsTheResult() async throws {
        let app = try phone(ScriptedTransport.unreachable).app
        let answered = AwaitedEvent("there is an answer")
        let cancelled = AwaitedEvent("the task is cancelled")
        let task = Task {
            let sessions = try await app.sessions()
            answered.happens()
            try? cancelled.wait()
            return sessions
        }
        try await answered.happened()
        task.cancel()
        cancelled.happens()
        let sessions = try await task.value
        XCTAssertEqual(sessions, [])
    }

    /// Cancels thousands of calls, each at another time. Each call ends with its result or with
    /// `CancellationError`. A continuation that is resumed twice crashes; a lost one never ends.
    func testCancellingAtAnyMomentEndsTheCall() async throws {
        let app = try phone(ScriptedTransport.unreachable).app
        let (answers, cancellations) = (Locked(0), Locked(0))
        try await within("a call did not end") {
            for round in 0..<50 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        let task = Task {
                            do {
                                _ = try await app.sessions()
                                answers.with { $0 += 1 }
                            } catch is CancellationError {
                                cancellations.with { $0 += 1 }
                            }
                        }
                        group.addTask {
                            // Later each time: from before the first poll to after the response.
                            for _ in 0..<(number * round / 20) { await Task.yield() }
                            task.cancel()
                            try await task.value
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
        let counted = (answers.with { $0 }, cancellations.with { $0 })
        XCTAssertEqual(counted.0 + counted.1, 5_000)
        XCTAssertGreaterThan(counted.0, 0, "no call was late enough to have an answer")
        XCTAssertGreaterThan(counted.1, 0, "no call was cancelled")
    }

    func testARefreshContinuesWithoutItsCaller() async throws {
        let phone = try await TestPhone()
        let isHeld = Locked(false)
        let (sent, release) = (AwaitedEvent("the refresh is sent"), AwaitedEvent("its answer may come"))
        let network = sessionTransport()
        let http = ScriptedTransport { request, completion in
            if isHeld.with({ $0 }) {
                sent.happens()
                try? release.wait()
            }
            try network.start(request: request, completion: completion)
        }
        let session = try await phone.loggedIn(try phone.app(http: http))
        let old = try await session.accessToken().expose()
        try await phone.advance(50)
        isHeld.with { $0 = true }
        let events = session.events()
        let caller = Task { try await session.accessToken() }
        try await sent.happened()
        caller.cancel()
        let error = try await within("the cancelled call did not return") {
            try await thrown { try await caller.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        isHeld.with { $0 = false }
        release.happens()
        let change = try await within("there was no refresh") { try await events.next(after: 0) }
        XCTAssertEqual(change.event, .refreshed(expiresAt: try XCTUnwrap(session.expiresAt())))

        // Another process finds the new token.
        let next = try await phone.app().session(id: session.id()).accessToken().expose()
        XCTAssertNotEqual(next, old)
        let refreshes = try await phone.sandbox.counted("refreshes")
        XCTAssertEqual(refreshes, 1)
        try await phone.sandbox.hasNoFindings()
    }

    /// The change comes while its listener is being cancelled: this listener or the next one gets
    /// it.
    func testCancellingNextLosesNoChange() async throws {
        let number = Locked(0)
        let http = ScriptedTransport { _, completion in
            let next = number.with { number in
                number += 1
                return number
            }
            completion.succeed(response: tokens(next, expiresIn: 1_000 + next))
        }
        let app = try phone(http).app
        let login = try await app.begin(request: LoginRequest(purpose: .login))
        let state = try XCTUnwrap(parameters(login.url)["state"])
        let id = try await app.complete(url: "\(TestPhone.redirectUri)?code=c&state=\(state)").session()
        let session = try await app.session(id: id)
        let events = session.events()
        var token = try await session.accessToken()
        var cancelled = 0
        var last: Int64 = 0
        for round in 0..<500 {
            let seen = last
            let waiting = Task { try await events.next(after: seen) }
            let refused = token.expose()
            let refresh = Task { try await session.accessTokenAfter(refused: refused) }
            if round % 2 == 0 {
                // As soon as the listener waits.
                while events.last() != .refreshed(expiresAt: start + 1_002 + Int64(round)) {
                    await Task.yield()
                }
            } else {
                for _ in 0..<round { await Task.yield() }
            }
            waiting.cancel()
            token = try await refresh.value
            let expected = SessionEvent.refreshed(expiresAt: start + 1_002 + Int64(round))
            switch await waiting.result {
            case .success(let changed):
                last = changed.number
                XCTAssertEqual(changed.event, expected)
            case .failure(is CancellationError):
                cancelled += 1
                let changed = try await within("the event of round \(round) was lost") {
                    try await events.next(after: seen)
                }
                last = changed.number
                XCTAssertEqual(changed.event, expected)
            case .failure(let error): throw error
            }
        }
        XCTAssertGreaterThan(cancelled, 0, "no call was cancelled")
    }

    private func phone(_ http: any HttpTransport) throws -> (app: Client, store: HookedStore) {
        let store = HookedStore()
        let config = Config(
            provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: TestPhone.redirectUri)
        let platform = Platform(store: store, http: http)
        let clock = TestClock(epochSeconds: start)
        return (try clientForTests(config: config, platform: platform, clock: clock), store)
    }
}

private let start: Int64 = 1_700_000_000
