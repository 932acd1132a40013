import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

private let canary = "c4nary"

/// What nobody declared, in the shapes that Swift has.
private enum Undeclared: Error, CustomStringConvertible {
    case failed(String)
    var description: String { "\(canary) is what it says of itself" }
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

/// Stores, transports, sections and logs of an app's that do what they must not.
final class MisbehavingTests: XCTestCase {
    // They throw.

    func testOfWhatAStoreThrowsUndeclaredOnlyTheTypeIsTold() async throws {
        for (error, type) in undeclared {
            let (app, store) = try world()
            store.does { _, _ in throw error }
            let told = try await switchbackError { try await app.sessions() }
            XCTAssertEqual(
                told, .store(reason: .unavailable(reason: "it threw \(type), which it does not declare")))
            XCTAssertFalse("\(told) \(told.localizedDescription)".contains(canary))
        }
    }

    func testWhatATransportThrowsIsToldByItsName() async throws {
        for (error, type) in undeclared {
            let http = Scripted { _, _ in throw error }
            let reason = try await lost(through: http)
            XCTAssertTrue(reason.contains("it threw \(type), which it does not declare"), reason)
            XCTAssertFalse(reason.contains(canary), reason)
            XCTAssertEqual(http.requests.count, 1, "what may have arrived is not sent again")
        }
        let declared = Scripted { _, _ in throw TransportError.notSent(reason: "no network") }
        let reason = try await lost(through: declared)
        XCTAssertEqual(reason, "the server was not reached: no network")
    }

    func testASectionThatCannotBeEnteredIsAStoreThatFails() async throws {
        for (error, reason) in [
            (StoreError.unavailable(reason: "no such file") as any Error, "no such file"),
            (Plain.failed(canary), "it threw Plain, which it does not declare"),
        ] {
            let app = try world(section: SectionThat(in: .enter) { _ in throw error }).app
            let told = try await switchbackError {
                try await app.begin(request: LoginRequest(purpose: .login))
            }
            XCTAssertEqual(told, .store(reason: .unavailable(reason: reason)))
        }
    }

    func testASectionThatFailsLaterHindersNothing() async throws {
        for call in [SectionThat.Call.leave, .withdraw, .isGone, .begin, .end] {
            let section = SectionThat(in: call) { _ in throw Plain.failed(canary) }
            let (app, _) = try world(section: section, http: Scripted(always: tokens(1)))
            let session = try await loggedIn(app)
            let token = try await session.accessToken()
            XCTAssertEqual(token.expose(), "A1", "\(call)")
        }
    }

    func testALogThatThrowsIsNotHeard() async throws {
        final class Sink: LogSink {
            let called = Happening("the log has a line")
            func log(line: LogLine) throws {
                called.happens()
                throw Plain.failed(canary)
            }
        }
        let sink = Sink()
        setLog(sink: sink)
        defer { setLog(sink: nil) }
        _ = try await loggedIn(try world(http: Scripted(always: tokens(1))).app)
        try await sink.called.happened(times: 3)
    }

    // They hang.

    func testAStoreThatHangsKeepsNobodyElse() async throws {
        let (app, store) = try world()
        let (hangs, release) = (Happening("the store hangs"), Happening("the store goes on"))
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
        let other = try await within("it hung as well") { try await app.pendingLogins() }
        XCTAssertEqual(other.count, 0)
        stuck.cancel()
        let error = try await within("the caller was not let go") {
            try await thrown { try await stuck.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        release.happens()
    }

    func testATransportThatHangsKeepsNobodyElse() async throws {
        let (hangs, release) = (Happening("the transport hangs"), Happening("it goes on"))
        let http = Scripted { _, completion in
            hangs.happens()
            try? release.wait()
            completion.succeed(response: tokens(1))
        }
        let app = try world(http: http).app
        let stuck = Task { try await loggedIn(app) }
        try await hangs.happened()
        let pending = try await within("it hung as well") { try await app.pendingLogins() }
        XCTAssertLessThanOrEqual(pending.count, 1)
        stuck.cancel()
        let error = try await within("the caller was not let go") {
            try await thrown { try await stuck.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        release.happens()
    }

    func testASectionThatHangsKeepsNobodyElse() async throws {
        let (hangs, release) = (Happening("the section hangs"), Happening("it goes on"))
        let section = SectionThat(in: .enter) { _ in
            hangs.happens()
            try? release.wait()
        }
        let app = try world(section: section, http: Scripted(always: tokens(1))).app
        let stuck = Task { try await loggedIn(app) }
        try await hangs.happened()
        XCTAssertTrue(app.accepts(url: World.redirectUri))
        let sessions = try await within("it hung as well") { try await app.sessions() }
        XCTAssertEqual(sessions, [])
        stuck.cancel()
        let error = try await within("the caller was not let go") {
            try await thrown { try await stuck.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        release.happens()
    }

    func testALogThatHangsDelaysNothingButTheLog() async throws {
        final class Sink: LogSink {
            let (called, release) = (Happening("the log has a line"), Happening("the log goes on"))
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
        let app = try world(http: Scripted(always: tokens(1))).app
        try await within("the log delays a login") { _ = try await loggedIn(app) }
        try await sink.called.happened()
    }

    // They call back.

    func testATransportMayCallBack() async throws {
        let client = Locked<Client?>(nil)
        let http = Scripted { _, completion in
            guard let app = client.with({ $0 }) else { throw Wrong("there is no client") }
            XCTAssertTrue(app.accepts(url: "\(World.redirectUri)?code=c&state=s"))
            Task {
                _ = try await app.pendingLogins()
                completion.succeed(response: tokens(1))
            }
        }
        let app = try world(http: http).app
        client.with { $0 = app }
        let session = try await within("it waits for itself") { try await loggedIn(app) }
        XCTAssertNil(session.ended())
        client.with { $0 = nil }
    }

    func testAStoreMayAskWhatAnswersAtOnce() async throws {
        let (app, store) = try world(http: Scripted(always: tokens(1)))
        store.does { _, _ in
            guard !app.accepts(url: "https://other.example"), app.clockOffset() == nil else {
                throw Wrong("another answer")
            }
        }
        let session = try await within("it waits for itself") { try await loggedIn(app) }
        XCTAssertNil(session.ended())
        store.does(nil)
    }

    func testASectionMayAskWhatAnswersAtOnce() async throws {
        for call in SectionThat.Call.allCases {
            let client = Locked<Client?>(nil)
            let section = SectionThat(in: call) { _ in
                guard let app = client.with({ $0 }), app.clockOffset() == nil else {
                    throw Wrong("no client")
                }
            }
            let app = try world(section: section, http: Scripted(always: tokens(1))).app
            client.with { $0 = app }
            let session = try await within("it waits for itself") { try await loggedIn(app) }
            XCTAssertNil(session.ended(), "\(call)")
            client.with { $0 = nil }
        }
    }

    /// The system wants the process to stop while it is still being asked for time.
    func testTimeMayBeOverBeforeItWasGiven() async throws {
        for isOnAnotherThread in [false, true] {
            let section = SectionThat(in: .begin) { expiry in
                guard let expiry else { throw Wrong("no expiry") }
                expiry.expired()
                expiry.expired()
                if isOnAnotherThread { Thread.detachNewThread { expiry.expired() } }
            }
            let http = Scripted(always: tokens(1))
            let app = try world(section: section, http: http).app
            let error = try await within("it goes on") {
                try await switchbackError { try await loggedIn(app) }
            }
            guard case .tryAgain = error else { throw Wrong("another error: \(error)") }
            XCTAssertEqual(http.requests.count, 0, "nothing is sent that could not be finished")
        }
    }

    func testALogMayCallBack() async throws {
        final class Sink: LogSink {
            let app: Client
            let called = Happening("the log has called back")
            init(_ app: Client) { self.app = app }
            func log(line: LogLine) throws {
                _ = app.accepts(url: "https://other.example")
                called.happens()
            }
        }
        let app = try world(http: Scripted(always: tokens(1))).app
        let sink = Sink(app)
        setLog(sink: sink)
        defer { setLog(sink: nil) }
        _ = try await loggedIn(app)
        try await sink.called.happened(times: 3)
    }

    // They answer from elsewhere, twice, or never.

    func testATransportMayAnswerFromAnotherThread() async throws {
        let http = Scripted { _, completion in
            Thread.detachNewThread { completion.succeed(response: tokens(1)) }
        }
        let session = try await loggedIn(try world(http: http).app)
        let token = try await session.accessToken()
        XCTAssertEqual(token.expose(), "A1")
    }

    func testOfTwoAnswersTheFirstCounts() async throws {
        let http = Scripted { _, completion in
            completion.succeed(response: tokens(1))
            completion.succeed(response: tokens(2))
            completion.fail(error: .lost(reason: "twice"))
            throw TransportError.lost(reason: "and then it throws")
        }
        let session = try await loggedIn(try world(http: http).app)
        let token = try await session.accessToken()
        XCTAssertEqual(token.expose(), "A1")
    }

    func testAnAnswerAfterItsCallerHasGoneIsNotHeard() async throws {
        let kept = Locked<HttpCompletion?>(nil)
        let asked = Happening("it is asked")
        let http = Scripted { _, completion in
            kept.with { $0 = completion }
            asked.happens()
        }
        let app = try world(http: http).app
        let caller = Task { try await loggedIn(app) }
        try await asked.happened()
        caller.cancel()
        let error = try await thrown { try await caller.value }
        XCTAssertTrue(error is CancellationError, "\(error)")
        let completion = try XCTUnwrap(kept.with { $0 })
        completion.succeed(response: tokens(1))
        completion.fail(error: .tooLong)
    }

    func testATransportThatLetsGoOfARequestHasLostIt() async throws {
        let reason = try await lost(through: Scripted { _, _ in })
        XCTAssertTrue(reason.contains("dropped the request without an answer"), reason)
    }

    func testAnAnswerThatIsTooLongIsRefusedAlsoWhereTheTransportReadItAll() async throws {
        let http = Scripted(always: HttpResponse(status: 200, headers: [], body: Data(count: 1 << 20 + 1)))
        let error = try await switchbackError { try await loggedIn(try world(http: http).app) }
        XCTAssertEqual(
            error,
            .protocol(endpoint: "the token endpoint", rule: "TooLong", what: "the body is longer than 1 MiB"))
    }
}

// What they all use.

private func world(
    section: SectionThat? = nil, http: any HttpTransport = Scripted.unreachable
) throws -> (app: Client, store: StoreThat) {
    let store = StoreThat()
    let config = Config(
        provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: World.redirectUri)
    let platform = Platform(store: store, http: http, processLock: section, background: section)
    return (try Client(config: config, platform: platform), store)
}

private func loggedIn(_ app: Client) async throws -> Session {
    let login = try await app.begin(request: LoginRequest(purpose: .login))
    let state = parameters(login.url)["state"] ?? "none"
    let completion = try await app.complete(url: "\(World.redirectUri)?code=c&state=\(state)")
    return try await app.session(id: try completion.session())
}

/// What a login is told whose code gets no answer.
private func lost(through http: Scripted) async throws -> String {
    let app = try world(http: http).app
    let error = try await switchbackError { try await loggedIn(app) }
    guard case .tryAgain(_, _, let reason?) = error else { throw Wrong("another error: \(error)") }
    return reason
}

/// A section in which something happens before one of its calls.
private final class SectionThat: ProcessLock, BackgroundTasks {
    enum Call: CaseIterable {
        case enter, leave, announce, withdraw, isGone, begin, end
    }

    private let inner = Section()
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
