import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// A session: one token for all who ask, and every way to its end.
final class SessionTests: XCTestCase {
    func testTwoHundredTasksShareOneRefreshRequest() async throws {
        let world = try await World()
        let session = try await world.loggedIn(try world.app(http: sessionTransport()))
        let old = try await session.accessToken().expose()
        try await world.advance(50)
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<200 {
                group.addTask { try await session.accessToken().expose() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        XCTAssertEqual(tokens.count, 200)
        XCTAssertEqual(Set(tokens).count, 1)
        XCTAssertFalse(tokens.contains(old))
        let refreshes = try await world.sandbox.counted("refreshes")
        XCTAssertEqual(refreshes, 1)
        try await world.sandbox.hasNoFindings()
    }

    func testTheChangesOfASessionAreASequence() async throws {
        let world = try await World()
        let session = try await world.loggedIn(try world.app())
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
        try await world.advance(50)
        _ = try await session.accessToken()
        let expiry = try XCTUnwrap(session.expiresAt())
        try await within("the refresh was not told") {
            // The watcher may be slow: then it sees the newest.
            while events.last() != .refreshed(expiresAt: expiry) { await Task.yield() }
        }
        _ = try await session.logOut()
        let seen = try await within("the log-out was not told") { try await watcher.value }
        XCTAssertEqual(seen.last, .loggedOut)
        XCTAssertTrue(seen.dropLast().allSatisfy { $0 == .refreshed(expiresAt: expiry) }, "\(seen)")
    }

    func testARefusedTokenIsReplaced() async throws {
        let world = try await World()
        let session = try await world.loggedIn(try world.app())
        let url = "\(world.sandbox.url)/anything"
        let sent = try await session.authorize(url: url)
        let token = try await session.accessToken().expose()
        XCTAssertEqual(sent.headers(), [Header(name: "authorization", value: "Bearer \(token)")])
        // The resource refuses it: once more, with another one.
        let next = try await session.answered(sent: sent, status: 401, setCookie: [])
        let again = try XCTUnwrap(next)
        XCTAssertNotEqual(again.headers(), sent.headers())
        let last = try await session.answered(sent: again, status: 200, setCookie: [])
        XCTAssertNil(last)
    }

    func testASessionEndsForEveryReason() async throws {
        for reason in SessionEnd.allCases {
            let error = try await switchbackError { try await Self.ends(for: reason) }
            guard case .loginRequired(let found, _) = error else { throw Wrong("\(reason): \(error)") }
            XCTAssertEqual(found, reason)
            XCTAssertTrue(
                error.localizedDescription.hasPrefix("the person must log in again: "),
                error.localizedDescription)
        }
    }

    /// Brings a session to its end, and asks it for a token.
    private static func ends(for reason: SessionEnd) async throws {
        switch reason {
        case .endedByBackend: return try await endedByBackend()
        case .otherPerson: return try await comesBackAsAnother()
        default: break
        }
        let world = try await World()
        let (app, sandbox) = (try world.app(), world.sandbox)
        if reason == .expired { try await sandbox.next("rotated-token-withheld", at: "code-exchange") }
        let session = try await world.loggedIn(app)
        switch reason {
        case .loggedOut: _ = try await session.logOut()
        case .revoked: try await sandbox.steer("POST", "/app/end-sessions", ["client_id": World.clientId])
        case .rotationInterrupted: try await sandbox.next("dropped-after", at: "refresh")
        case .noSession: _ = try await app.session(id: String(repeating: "0", count: 32))
        case .damaged:
            for key in try world.store.list(prefix: "") {
                try world.store.put(key: key, value: Data("damaged".utf8))
            }
            _ = try await world.app().session(id: session.id())
        case .expired, .endedByBackend, .otherPerson: break
        }
        // Twice: that a rotation was interrupted is known the next time.
        for _ in 0..<2 {
            try await world.advance(70)
            do { _ = try await session.accessToken() } catch SwitchbackError.tryAgain { continue }
        }
    }

    private static func endedByBackend() async throws {
        let http = Scripted { request, completion in
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
        let http = Scripted { _, completion in
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
            provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: World.redirectUri)
        let app = try Client(config: config, platform: Platform(store: MemoryStore(), http: http))
        let login = try await app.begin(request: LoginRequest(purpose: .login))
        let state = parameters(login.url)["state"] ?? "none"
        let completion = try await app.complete(url: "\(World.redirectUri)?code=c&state=\(state)")
        let session = try await app.session(id: try completion.session())
        _ = try await session.accessTokenAfter(refused: try await session.accessToken().expose())
    }
}
