import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

private let canary = "c4nary"

/// Errors that the protocols do not declare, of each kind that Swift has.
private enum Undeclared: Error, CustomStringConvertible {
    case failed(String)
    var description: String { "\(canary) in a description" }
}

private enum Plain: Error {
    case failed(String)
}

private struct Described: LocalizedError {
    let said: String
    var errorDescription: String? { said }
}

private let undeclared: [(any Error, String)] = [
    (Undeclared.failed(canary), "Undeclared"), (Plain.failed(canary), "Plain"),
    (Described(said: canary), "Described"),
    (NSError(domain: canary, code: 7, userInfo: [NSLocalizedDescriptionKey: canary]), "NSError"),
]

/// Stores, transports, locks and logs that break their contract.
final class MisbehavingTests: XCTestCase {
    // Undeclared errors.

    func testAnUndeclaredStoreErrorShowsOnlyItsType() async throws {
        for (error, type) in undeclared {
            let (app, store) = try phone()
            store.does { _, _ in throw error }
            let told = try await switchbackError { try await app.sessions() }
            XCTAssertEqual(
                told, .store(reason: .unavailable(reason: "it threw \(type), which it does not declare")))
            XCTAssertFalse("\(told) \(told.localizedDescription)".contains(canary))
        }
    }

    func testAnUndeclaredTransportErrorShowsOnlyItsType() async throws {
        for (error, type) in undeclared {
            let http = ScriptedTransport { _, _ in throw error }
            let reason = try await lost(through: http)
            XCTAssertTrue(reason.contains("it threw \(type), which it does not declare"), reason)
            XCTAssertFalse(reason.contains(canary), reason)
            XCTAssertEqual(http.requests.count, 1, "what may have arrived is not sent again")
        }
        let declared = ScriptedTransport { _, _ in throw TransportError.notSent(reason: "no network") }
        let reason = try await lost(through: declared)
        XCTAssertEqual(reason, "the server was not reached: no network")
    }

    func testALockThatCannotBeEnteredIsAStoreError() async throws {
        for (error, reason) in [
            (StoreError.unavailable(reason: "no such file") as any Error, "no such file"),
            (Plain.failed(canary), "it threw Plain, which it does not declare"),
        ] {
            let app = try phone(section: HookedLock(in: .enter) { _ in throw error }).app
            let told = try await switchbackError {
                try await app.begin(request: LoginRequest(purpose: .login))
            }
            XCTAssertEqual(told, .store(reason: .unavailable(reason: reason)))
        }
    }

    func testALockThatFailsLaterStopsNothing() async throws {
        for call in [HookedLock.Call.leave, .withdraw, .isGone, .begin, .end] {
            let section = HookedLock(in: call) { _ in throw Plain.failed(canary) }
            let (app, _) = try phone(section: section, http: ScriptedTransport(always: tokens(1)))
            let session = try await loggedIn(app)
            let token = try await session.accessToken()
            XCTAssertEqual(token.expose(), "A1", "\(call)")
        }
    }

    func testALogThatThrowsIsIgnored() async throws {
        final class Sink: LogSink {
            let called = AwaitedEvent("the log has a line")
            func log(line: LogLine) throws {
                called.happens()
                throw Plain.failed(canary)
            }
        }
        let sink = Sink()
        setLog(sink: sink)
        defer { setLog(sink: nil) }
        _ = try await loggedIn(try phone(http: ScriptedTransport(always: tokens(1))).app)
        try await sink.called.happened(times: 3)
    }

    // Calls that hang.

    func testAHangingStoreStopsNoOtherCaller() async throws {
        let (app, store) = try phone()
        let (hangs, release) = (AwaitedEvent("the store hangs"), AwaitedEvent("the store continues"))
        let first = Locked(true)
        store.does { _, _ in
            let isFirst = first.with { was in
                defer { was = false }
                return was
            }
            guard isFirst else { return }
            hangs.happens()
            try release.wait()
        }
        let stuck = Task { try await app.sessions() }
        try await hangs.happened()
        let other = try await within("another caller hung, too") { try await app.pendingLogins() }
        XCTAssertEqual(other.count, 0)
        stuck.cancel()
        let error = try await within("the cancelled call did not return") {
            try await thrown { try await stuck.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        release.happens()
    }

    func testAHangingTransportStopsNoOtherCaller() async throws {
        let (hangs, release) = (AwaitedEvent("the transport hangs"), AwaitedEvent("the call did not end"))
        let http = ScriptedTransport { _, completion in
            hangs.happens()
            try? release.wait()
            completion.succeed(response: tokens(1))
        }
        let app = try phone(http: http).app
        let stuck = Task { try await loggedIn(app) }
        try await hangs.happened()
        let pending = try await within("another caller hung, too") { try await app.pendingLogins() }
        XCTAssertLessThanOrEqual(pending.count, 1)
        stuck.cancel()
        let error = try await within("the cancelled call did not return") {
            try await thrown { try await stuck.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        release.happens()
    }

    func testAHangingLockStopsNoOtherCaller() async throws {
        let (hangs, release) = (AwaitedEvent("the section hangs"), AwaitedEvent("the call did not end"))
        let section = HookedLock(in: .enter) { _ in
            hangs.happens()
            try? release.wait()
        }
        let app = try phone(section: section, http: ScriptedTransport(always: tokens(1))).app
        let stuck = Task { try await loggedIn(app) }
        try await hangs.happened()
        XCTAssertTrue(app.accepts(url: TestPhone.redirectUri))
        let sessions = try await within("another caller hung, too") { try await app.sessions() }
        XCTAssertEqual(sessions, [])
        stuck.cancel()
        let error = try await within("the cancelled call did not return") {
            try await thrown { try await stuck.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        release.happens()
    }

    func testAHangingLogDelaysOnlyTheLog() async throws {
        final class Sink: LogSink {
            let (called, release) = (AwaitedEvent("the log has a line"), AwaitedEvent("the log continues"))
            func log(line: LogLine) throws {
                called.happens()
                try? release.wait()
            }
        }
        let sink = Sink()
        setLog(sink: sink)
        defer {
            sink.release.happens()
            setLog(sink: nil)
        }
        let app = try phone(http: ScriptedTransport(always: tokens(1))).app
        try await within("the log delayed a login") { _ = try await loggedIn(app) }
        try await sink.called.happened()
    }

    // Calls of the client from inside a callback.

    func testATransportMayCallTheClient() async throws {
        let client = Locked<Client?>(nil)
        let http = ScriptedTransport { _, completion in
            guard let app = client.with({ $0 }) else { throw TestFailure("there is no client") }
            XCTAssertTrue(app.accepts(url: "\(TestPhone.redirectUri)?code=c&state=s"))
            Task {
                _ = try await app.pendingLogins()
                completion.succeed(response: tokens(1))
            }
        }
        let app = try phone(http: http).app
        client.with { $0 = app }
        let session = try await within("there is a deadlock") { try await loggedIn(app) }
        XCTAssertNil(session.ended())
        client.with { $0 = nil }
    }

    func testAStoreMayMakeSynchronousCalls() async throws {
        let (app, store) = try phone(http: ScriptedTransport(always: tokens(1)))
        store.does { _, _ in
            guard !app.accepts(url: "https://other.example"), app.clockOffset() == nil else {
                throw TestFailure("another answer")
            }
        }
        let session = try await within("there is a deadlock") { try await loggedIn(app) }
        XCTAssertNil(session.ended())
        store.does(nil)
    }

    func testALockMayMakeSynchronousCalls() async throws {
        for call in HookedLock.Call.allCases {
            let client = Locked<Client?>(nil)
            let section = HookedLock(in: call) { _ in
                guard let app = client.with({ $0 }), app.clockOffset() == nil else {
                    throw TestFailure("no client")
                }
            }
            let app = try phone(section: section, http: ScriptedTransport(always: tokens(1))).app
            client.with { $0 = app }
            let session = try await within("there is a deadlock") { try await loggedIn(app) }
            XCTAssertNil(session.ended(), "\(call)")
            client.with { $0 = nil }
        }
    }

    /// The system ends the background time while `begin` still runs.
    func testBackgroundTimeMayExpireDuringBegin() async throws {
        for isOnAnotherThread in [false, true] {
            let section = HookedLock(in: .begin) { expiry in
                guard let expiry else { throw TestFailure("no expiry") }
                expiry.expired()
                expiry.expired()
                if isOnAnotherThread { Thread.detachNewThread { expiry.expired() } }
            }
            let http = ScriptedTransport(always: tokens(1))
            let app = try phone(section: section, http: http).app
            let error = try await within("the call did not end") {
                try await switchbackError { try await loggedIn(app) }
            }
            guard case .tryAgain = error else { throw TestFailure("another error: \(error)") }
            XCTAssertEqual(http.requests.count, 0, "nothing is sent that could not be finished")
        }
    }

    func testALogMayCallTheClient() async throws {
        final class Sink: LogSink {
            let app: Client
            let called = AwaitedEvent("the log has called back")
            init(_ app: Client) { self.app = app }
            func log(line: LogLine) throws {
                _ = app.accepts(url: "https://other.example")
                called.happens()
            }
        }
        let app = try phone(http: ScriptedTransport(always: tokens(1))).app
        let sink = Sink(app)
        setLog(sink: sink)
        defer { setLog(sink: nil) }
        _ = try await loggedIn(app)
        try await sink.called.happened(times: 3)
    }

    // Responses from another thread, twice, or never.

    func testATransportMayRespondFromAnotherThread() async throws {
        let http = ScriptedTransport { _, completion in
            Thread.detachNewThread { completion.succeed(response: tokens(1)) }
        }
        let session = try await loggedIn(try phone(http: http).app)
        let token = try await session.accessToken()
        XCTAssertEqual(token.expose(), "A1")
    }

    func testTheFirstResponseCounts() async throws {
        let http = ScriptedTransport { _, completion in
            completion.succeed(response: tokens(1))
            completion.succeed(response: tokens(2))
            completion.fail(error: .lost(reason: "twice"))
            throw TransportError.lost(reason: "and then it throws")
        }
        let session = try await loggedIn(try phone(http: http).app)
        let token = try await session.accessToken()
        XCTAssertEqual(token.expose(), "A1")
    }

    func testAResponseAfterCancellationIsIgnored() async throws {
        let kept = Locked<HttpCompletion?>(nil)
        let asked = AwaitedEvent("a request")
        let http = ScriptedTransport { _, completion in
            kept.with { $0 = completion }
            asked.happens()
        }
        let app = try phone(http: http).app
        let caller = Task { try await loggedIn(app) }
        try await asked.happened()
        caller.cancel()
        let error = try await thrown { try await caller.value }
        XCTAssertTrue(error is CancellationError, "\(error)")
        let completion = try XCTUnwrap(kept.with { $0 })
        completion.succeed(response: tokens(1))
        completion.fail(error: .tooLong)
    }

    func testAReleasedRequestIsLost() async throws {
        let reason = try await lost(through: ScriptedTransport { _, _ in })
        XCTAssertTrue(reason.contains("dropped the request without an answer"), reason)
    }

    func testAResponseOver1MiBIsRejected() async throws {
        let http = ScriptedTransport(
            always: HttpResponse(status: 200, headers: [], body: Data(count: 1 << 20 + 1)))
        let error = try await switchbackError { try await loggedIn(try phone(http: http).app) }
        XCTAssertEqual(
            error,
            .protocol(endpoint: "the token endpoint", rule: "TooLong", what: "the body is longer than 1 MiB"))
    }
}

// Helpers.

private func phone(
    section: HookedLock? = nil, http: any HttpTransport = ScriptedTransport.unreachable
) throws -> (app: Client, store: HookedStore) {
    let store = HookedStore()
    let config = Config(
        provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: TestPhone.redirectUri)
    let platform = Platform(store: store, http: http, processLock: section, background: section)
    return (try Client(config: config, platform: platform), store)
}

private func loggedIn(_ app: Client) async throws -> Session {
    let login = try await app.begin(request: LoginRequest(purpose: .login))
    let state = parameters(login.url)["state"] ?? "none"
    let completion = try await app.complete(url: "\(TestPhone.redirectUri)?code=c&state=\(state)")
    return try await app.session(id: try completion.session())
}

/// The outcome of a login whose code gets no response.
private func lost(through http: ScriptedTransport) async throws -> String {
    let app = try phone(http: http).app
    let error = try await switchbackError { try await loggedIn(app) }
    guard case .tryAgain(_, _, let reason?) = error else { throw TestFailure("another error: \(error)") }
    return reason
}

/// A lock with a hook before one of its calls.
private final class HookedLock: ProcessLock, BackgroundTasks {
    enum Call: CaseIterable {
        case enter, leave, announce, withdraw, isGone, begin, end
    }

    private let inner = TestLock()
    private let tasks = Tasks()
    private let call: Call
    private let does: @Sendable (Expiry?) throws -> Void

    init(in call: Call, _ does: @escaping @Sendable (Expiry?) throws -> Void) {
        self.call = call
        self.does = does
    }

    private func happens(_ now: Call, _ expiry: Expiry? = nil) throws {
        if now == call { try does(expiry) }
    }

    func enter() throws {
        try happens(.enter)
        try inner.enter()
    }

    func leave() throws {
        try inner.leave()
        try happens(.leave)
    }

    func announce(owner: String) throws { try happens(.announce) }
    func withdraw(owner: String) throws { try happens(.withdraw) }

    func isGone(owner: String) throws -> Bool {
        try happens(.isGone)
        return false
    }

    func begin(expiry: Expiry) throws -> Int64 {
        try happens(.begin, expiry)
        return try tasks.begin(expiry: expiry)
    }

    func end(task: Int64) throws {
        try tasks.end(task: task)
        try happens(.end)
    }
}
