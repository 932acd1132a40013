import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// Sessions: refreshes by concurrent callers, and each reason to end.
final class SessionTests: XCTestCase {
    func testTwoHundredTasksShareOneRefreshRequest() async throws {
        let phone = try await TestPhone()
        let session = try await phone.loggedIn(try phone.app(http: sessionTransport()))
        let old = try await session.accessToken().expose()
        try await phone.advance(50)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<200 {
                group.addTask { try await session.accessToken().expose() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        XCTAssertEqual(tokens.count, 200)
        XCTAssertEqual(Set(tokens).count, 1)
        XCTAssertFalse(tokens.contains(old))
        let refreshes = try await phone.sandbox.counted("refreshes")
        XCTAssertEqual(refreshes, 1)
        try await phone.sandbox.hasNoFindings()
    }

    func testTheChangesOfASessionAreASequence() async throws {
        let phone = try await TestPhone()
        let session = try await phone.loggedIn(try phone.app())
        let events = session.events()
        XCTAssertNil(events.last())
        let watcher = Task {
            var seen: [SessionEvent] = []
            for try await change in events {
                seen.append(change)
                if change == .loggedOut { break }
            }
            return seen
        }
        try await phone.advance(50)
        _ = try await session.accessToken()
        let expiry = try XCTUnwrap(session.expiresAt())
        try await within("there was no refresh event") {
            // A slow listener gets the newest event.
            while events.last() != .refreshed(expiresAt: expiry) { await Task.yield() }
        }
        _ = try await session.logOut()
        let seen = try await within("there was no logout event") { try await watcher.value }
        XCTAssertEqual(seen.last, .loggedOut)
        XCTAssertTrue(seen.dropLast().allSatisfy { $0 == .refreshed(expiresAt: expiry) }, "\(seen)")
    }

    func testARefusedTokenIsReplaced() async throws {
        let phone = try await TestPhone()
        let session = try await phone.loggedIn(try phone.app())
        let url = "\(phone.sandbox.url)/anything"
        let sent = try await session.authorize(url: url)
        let token = try await session.accessToken().expose()
        XCTAssertEqual(sent.headers(), [Header(name: "authorization", value: "Bearer \(token)")])
        // The resource server refuses the token: the request is sent again with another one.
        let next = try await session.answered(sent: sent, status: 401, setCookie: [])
        let again = try XCTUnwrap(next)
        XCTAssertNotEqual(again.headers(), sent.headers())
        let last = try await session.answered(sent: again, status: 200, setCookie: [])
        XCTAssertNil(last)
    }

    func testASessionEndsForEveryReason() async throws {
        for reason in SessionEnd.allCases {
            let error = try await switchbackError { try await Self.ends(for: reason) }
            guard case .loginRequired(let found, _) = error else { throw TestFailure("\(reason): \(error)") }
            XCTAssertEqual(found, reason)
            XCTAssertTrue(
                error.localizedDescription.hasPrefix("the person must log in again: "),
                error.localizedDescription)
        }
    }

    /// Ends a session, and requests a token of it.
    private static func ends(for reason: SessionEnd) async throws {
        switch reason {
        case .endedByBackend: return try await endedByBackend()
        case .otherPerson: return try await comesBackAsAnother()
        default: break
        }
        let phone = try await TestPhone()
        let (app, sandbox) = (try phone.app(), phone.sandbox)
        if reason == .expired { try await sandbox.next("rotated-token-withheld", at: "code-exchange") }
        let session = try await phone.loggedIn(app)
        switch reason {
        case .loggedOut: _ = try await session.logOut()
        case .revoked:
            try await sandbox.control("POST", "/app/end-sessions", ["client_id": TestPhone.clientId])
        case .rotationInterrupted: try await sandbox.next("dropped-after", at: "refresh")
        case .noSession: _ = try await app.session(id: String(repeating: "0", count: 32))
        case .damaged:
            for key in try phone.store.list(prefix: "") {
                try phone.store.put(key: key, value: Data("damaged".utf8))
            }
            _ = try await phone.app().session(id: session.id())
        case .expired, .endedByBackend, .otherPerson: break
        }
        // Twice: the next call finds the interrupted rotation.
        for _ in 0..<2 {
            try await phone.advance(70)
            do { _ = try await session.accessToken() } catch SwitchbackError.tryAgain { continue }
        }
    }

    private static func endedByBackend() async throws {
        let http = ScriptedTransport { request, completion in
            if request.url.contains("/login-session") {
                completion.succeed(
                    response: json(
                        #"{"state":"st4te","expires_in":60}"#, status: 202,
                        Header(name: "location", value: "https://api.truid.app/x?client_id=c&request_uri=u"),
                        Header(name: "set-cookie", value: "a=b; Path=/")))
            } else if request.url.contains("/complete") {
                completion.succeed(
                    response: json(
                        "{}", status: 200, Header(name: "set-cookie", value: "session=1; Path=/")))
            } else {
                completion.succeed(response: json(#"{"error":"login_required"}"#, status: 401))
            }
        }
        let url = "https://service.example/truid"
        let config = Config(
            provider: Provider(id: "truid"),
            mode: .mediated(backend: .custom(startUrl: "\(url)/login-session", userInfo: "\(url)/user-info")),
            redirectUri: "\(url)/complete")
        let app = try Client(config: config, platform: Platform(store: MemoryStore(), http: http))
        _ = try await app.begin(request: LoginRequest(purpose: .login))
        let id = try await app.complete(url: "\(url)/complete?code=c&state=st4te").session()
        _ = try await app.session(id: id).userInfo()
    }

    private static func comesBackAsAnother() async throws {
        let number = Locked(0)
        let http = ScriptedTransport { _, completion in
            let isFirst = number.with { number in
                number += 1
                return number == 1
            }
            let claims = Data(#"{"sub":"\#(isFirst ? "me" : "another")"}"#.utf8).base64EncodedString()
            let id = "e30.\(claims.replacingOccurrences(of: "=", with: "")).e30"
            completion.succeed(
                response: json(
                    #"{"access_token":"A","token_type":"bearer","refresh_token":"R","id_token":"\#(id)"}"#))
        }
        let config = Config(
            provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: TestPhone.redirectUri)
        let app = try Client(config: config, platform: Platform(store: MemoryStore(), http: http))
        let login = try await app.begin(request: LoginRequest(purpose: .login))
        let state = parameters(login.url)["state"] ?? "none"
        let completion = try await app.complete(url: "\(TestPhone.redirectUri)?code=c&state=\(state)")
        let session = try await app.session(id: try completion.session())
        _ = try await session.accessTokenAfter(refused: try await session.accessToken().expose())
    }
}
