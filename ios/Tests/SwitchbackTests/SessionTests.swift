import Foundation
import Switchback
import SwitchbackTesting
import XCTest

/// A session: one token for all who ask, and every way to its end.
final class SessionTests: XCTestCase {
    func testARefreshByTwoHundredTasksIsOneRequest() async throws {
        let world = try await World()
        let session = try await world.loggedIn(try world.app(http: SessionTransport()))
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
        let changes = session.changes()
        XCTAssertNil(changes.last())
        let watcher = Task {
            var seen: [Change] = []
            for try await change in changes {
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
            while changes.last() != .refreshed(expiresAt: expiry) { await Task.yield() }
        }
        _ = try await session.logOut()
        let seen = try await within("the log-out was not told") { try await watcher.value }
        XCTAssertEqual(seen.last, .loggedOut)
        XCTAssertTrue(seen.dropLast().allSatisfy { $0 == .refreshed(expiresAt: expiry) }, "\(seen)")
    }

    func testAResourceOfTheAppsOwnIsAskedWithAFreshToken() async throws {
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
        for reason in Ended.allCases {
            let error = try await switchbackError { try await Self.ends(for: reason) }
            XCTAssertEqual(error, .loginRequired(reason: reason))
            XCTAssertTrue(
                error.localizedDescription.hasPrefix("the person must log in again: "),
                error.localizedDescription)
        }
    }

    /// Brings a session to its end, and asks it for a token.
    private static func ends(for reason: Ended) async throws {
        if reason == .endedByBackend { return try await endedByBackend() }
        let world = try await World()
        let app = try world.app()
        let session = try await world.loggedIn(app)
        let sandbox = world.sandbox
        switch reason {
        case .loggedOut: _ = try await session.logOut()
        case .revoked: try await sandbox.steer("POST", "/app/end-sessions", ["client_id": World.clientId])
        case .expired: try await sandbox.next("rotated-token-withheld", at: "refresh")
        case .rotationInterrupted: try await sandbox.next("dropped-after", at: "refresh")
        case .otherPerson:
            _ = try await session.userInfo()
            try await sandbox.next("other-subject", at: "refresh")
        case .noSession:
            _ = try await app.session(id: String(repeating: "0", count: 32))
        case .damaged:
            for key in try world.store.list(prefix: "") {
                try world.store.put(key: key, value: Data("damaged".utf8))
            }
            _ = try await world.app().session(id: session.id())
        case .endedByBackend: break
        }
        // An interrupted rotation is known when the old token is over.
        for _ in 0..<4 {
            try await world.advance(130)
            do { _ = try await session.accessToken() } catch SwitchbackError.tryAgain { continue }
            if reason == .otherPerson { _ = try await session.userInfo() }
        }
    }

    private static func endedByBackend() async throws {
        let service = try await Service()
        let app = try service.app()
        let session = try await app.session(id: try await app.complete(url: try await service.approved(app)).session())
        try await service.sandbox.steer("POST", "/app/end-sessions", ["client_id": "demo-backend"])
        try await service.sandbox.steer("POST", "/clock", ["advance": 100])
        for _ in 0..<3 { _ = try await session.userInfo() }
    }
}
