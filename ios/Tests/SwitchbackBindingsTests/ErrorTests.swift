import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// Every error, and every outcome of a login.
final class ErrorTests: XCTestCase {
    func testTryAgainSaysWhatFailedAndWhenToRetry() async throws {
        let phone = try await TestPhone()
        let session = try await phone.loggedIn(try phone.app())
        try await phone.sandbox.next("unavailable", at: "refresh")
        try await phone.advance(60)
        let error = try await switchbackError { try await session.accessToken() }
        guard case .tryAgain(let what, let retryAfter, let reason) = error else {
            throw TestFailure("\(error)")
        }
        XCTAssertEqual(retryAfter, 30)
        XCTAssertNil(reason)
        XCTAssertEqual(error.localizedDescription, "\(what); try again in 30 s")

        let nowhere = try phone.app(http: ScriptedTransport.unreachable)
        let unsent = try await switchbackError {
            try await nowhere.complete(url: try await phone.approved(nowhere))
        }
        guard case .tryAgain(_, nil, let why?) = unsent else { throw TestFailure("\(unsent)") }
        XCTAssertTrue(why.contains("no server is there"), why)
        XCTAssertTrue(
            unsent.localizedDescription.hasSuffix("try again (\(why))"), unsent.localizedDescription)
    }

    func testAWrongConfigurationSaysWhatToChange() async throws {
        let config = Config(
            provider: Provider(id: "truid"), mode: .direct(clientId: ""),
            redirectUri: "https://app.example/cb")
        let platform = Platform(store: MemoryStore(), http: ScriptedTransport.unreachable)
        let error = try await switchbackError { try Client(config: config, platform: platform) }
        XCTAssertTrue(error.localizedDescription.hasPrefix("wrong configuration: "))
        XCTAssertTrue(error.localizedDescription.contains("set the client id"), error.localizedDescription)
    }

    func testAMalformedIdIsRefused() async throws {
        let app = try await TestPhone().app()
        let calls: [(String) async throws -> Void] = [
            { _ = try await app.session(id: $0) }, { try await app.removeSession(id: $0) },
            { _ = try await app.reopen(attempt: $0) }, { try await app.cancelLogin(attempt: $0) },
            { _ = try await app.timeline(attempt: $0) },
        ]
        for call in calls {
            for text in ["", "none", "../\(String(repeating: "0", count: 29))"] {
                let error = try await switchbackError { try await call(text) }
                guard case .configuration(let what) = error else { throw TestFailure("\(error)") }
                XCTAssertTrue(what.contains("32 hexadecimal digits"), what)
            }
        }
    }

    func testALockAndALockFileAreRefused() async throws {
        let platform = Platform(
            store: MemoryStore(), http: ScriptedTransport.unreachable,
            lockFile: LockFile(folder: "/", name: "a"),
            processLock: TestLock())
        let config = Config(
            provider: Provider(id: "truid"), mode: .direct(clientId: "c"),
            redirectUri: "https://app.example/cb")
        let error = try await switchbackError { try Client(config: config, platform: platform) }
        guard case .configuration(let what) = error else { throw TestFailure("\(error)") }
        XCTAssertTrue(what.contains("two critical sections"), what)
    }

    func testAProtocolErrorNamesItsRule() async throws {
        let phone = try await TestPhone()
        let app = try phone.app()
        try await phone.sandbox.next("redirected", at: "code-exchange")
        let link = try await phone.approved(app)
        let error = try await switchbackError { try await app.complete(url: link) }
        guard case .protocol(let endpoint, let rule, let what) = error else { throw TestFailure("\(error)") }
        XCTAssertEqual(rule, "Redirect")
        XCTAssertEqual(error.localizedDescription, "\(endpoint) broke the protocol: \(what)")
    }

    func testAStoreErrorReachesTheCaller() async throws {
        let reason = "the system said -25299"
        let errors: [StoreError] = [
            .keyLost(reason: reason), .denied(reason: reason), .full(reason: reason),
            .corrupt(reason: reason),
            .newer(reason: reason), .unavailable(reason: reason), .authenticationRequired, .cancelled,
        ]
        for error in errors {
            let app = try failing(with: error)
            let told = try await switchbackError { try await app.sessions() }
            XCTAssertEqual(told, .store(reason: error))
            XCTAssertEqual(
                told.localizedDescription, "the secure store failed: \(error.localizedDescription)")
            XCTAssertFalse(error.localizedDescription.isEmpty)
        }
        let app = try failing(with: .locked)
        let locked = try await switchbackError { try await app.sessions() }
        XCTAssertEqual(locked, .storeLocked)
        XCTAssertEqual(
            locked.localizedDescription, "the secure store is locked: unlock the device, then try again")
    }

    func testStoreAndTransportErrorsAreReadable() {
        let errors: [any Error] = [
            LogError.failed(reason: "full"), TransportError.notSent(reason: "no network"),
            TransportError.lost(reason: "it broke"), TransportError.tooLong,
        ]
        XCTAssertEqual(
            errors.map(\.localizedDescription),
            [
                "the log sink failed: full", "the server was not reached: no network",
                "no answer came back: it broke", "the answer was longer than 1 MiB",
            ])
    }

    func testEveryOutcomeOfALogin() async throws {
        let phone = try await TestPhone()
        let (sandbox, app) = (phone.sandbox, try phone.app())

        let declined = try await sandbox.decide("decline", try await app.begin(request: everything).url)
        try await becomes(.declined, app, declined)

        try await sandbox.next("code-refused", at: "code-exchange")
        guard case .refused(let error, false) = try await app.complete(url: try await phone.approved(app))
        else {
            throw TestFailure("it was not refused")
        }
        XCTAssertEqual(error.code, "invalid_grant")

        try await becomes(.notOurs, app, "https://other.example/truid/callback?code=c&state=s")
        try await becomes(.malformed(reason: .noState), app, "\(TestPhone.redirectUri)?code=c")

        let given = try await app.begin(request: everything)
        let late = try await sandbox.approve(given.url)
        try await app.cancelLogin(attempt: given.id)
        try await becomes(.unknown, app, late)

        let session = try await phone.loggedIn(app)
        let mine = try await session.userInfo().sub
        XCTAssertEqual(session.subject(), mine)
        let other = try await app.begin(
            request: LoginRequest(purpose: .login, scope: everything.scope, subject: mine))
        try await becomes(.otherPerson, app, try await sandbox.approve(other.url, as: "kim"))
        XCTAssertNil(session.ended(), "the earlier session is unchanged")

        let login = try await app.begin(request: everything)
        let link = try await sandbox.approve(login.url)
        try await becomes(.loggedIn(session: login.id, deniedScopes: []), app, link)
        _ = try await app.session(id: login.id).logOut()
        try await becomes(.replayed, app, link)

        let slow = try await phone.approved(app)
        try await phone.advance(601)
        try await becomes(.expired, app, slow)
    }

    func testALoginThatTheBackendForgot() async throws {
        let http = ScriptedTransport { request, completion in
            completion.succeed(
                response: request.url.contains("/login-session")
                    ? HttpResponse(
                        status: 202,
                        headers: [
                            Header(name: "content-type", value: "application/json"),
                            Header(
                                name: "location", value: "https://api.truid.app/x?client_id=c&request_uri=u"),
                            Header(name: "set-cookie", value: "a=b; Path=/"),
                        ],
                        body: Data(#"{"state":"st4te","expires_in":60}"#.utf8))
                    : json(#"{"error":"login_required"}"#, status: 401))
        }
        let config = Config(
            provider: Provider(id: "truid"),
            mode: .mediated(backend: .switchback(baseUrl: "https://service.example/truid")),
            redirectUri: "https://service.example/truid/complete")
        let app = try Client(config: config, platform: Platform(store: MemoryStore(), http: http))
        _ = try await app.begin(request: LoginRequest(purpose: .login))
        try await becomes(.forgotten, app, "https://service.example/truid/complete?code=c&state=st4te")
    }

    private func becomes(_ expected: LoginOutcome, _ app: Client, _ link: String) async throws {
        let completion = try await app.complete(url: link)
        XCTAssertEqual(completion, expected)
    }

    private func failing(with error: StoreError) throws -> Client {
        let store = HookedStore { _, _ in throw error }
        let config = Config(
            provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: TestPhone.redirectUri)
        return try Client(
            config: config, platform: Platform(store: store, http: ScriptedTransport.unreachable))
    }
}
