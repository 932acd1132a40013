import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// The current session, as a screen follows it.
final class CurrentSessionTests: XCTestCase {
    func testTheCurrentSessionFollowsLoginAndLogout() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let current = Listener(app.current)
        try await current.expects(.loggedOut(reason: nil))
        let session = try await phone.loggedIn(app)
        try await current.expects(.loggedIn(session))

        // A later listener gets the value at once, and so does a new process.
        let later = try await next(app.current)
        XCTAssertEqual(later, .loggedIn(session))
        let other = try phone.app()
        let found = try await next(other.current) { $0 != .loading }
        XCTAssertEqual(found, .loggedIn(session))

        try await session.logOut()
        try await current.expects(.loggedOut(reason: .loggedOut))
        let none = try await app.currentSession()
        XCTAssertNil(none)
    }

    func testWhenACallReturnsTheCurrentSessionShowsWhatItChanged() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        for number in 0..<20 {
            let session = try await phone.loggedIn(app)
            let states = session.state
            let loggedIn = try await next(app.current)
            XCTAssertEqual(loggedIn, .loggedIn(session))
            if number % 2 == 0 {
                try await session.logOut()
            } else {
                try await app.removeSession(session.id)
            }
            let loggedOut = try await next(app.current)
            XCTAssertEqual(loggedOut, .loggedOut(reason: .loggedOut))
            let state = try await next(states)
            XCTAssertEqual(state, .loggedOut)
        }
    }

    func testWhenACallThrowsTheCurrentSessionShowsTheEndThatItFound() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let url = link("\(phone.sandbox.url)/")
        let calls: [@Sendable (Session) async throws -> Void] = [
            { _ = try await $0.accessToken() }, { _ = try await $0.authorize(url) },
            { _ = try await $0.userInfo() }, { _ = try await $0.presentation(.name) },
        ]
        for call in calls {
            let session = try await phone.loggedIn(app)
            try await phone.sandbox.control("POST", "/app/end-sessions", ["client_id": Phone.clientID])
            try await phone.advance(70)
            let error = try await switchbackError { try await call(session) }
            XCTAssertEqual(error.reason, .revoked)
            let current = try await next(app.current)
            XCTAssertEqual(current, .loggedOut(reason: .revoked))
            let state = try await next(session.state)
            XCTAssertEqual(state, .loginRequired(reason: .revoked))
        }
    }

    func testASessionThatIsOpenedTwiceIsOneObject() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let session = try await phone.loggedIn(app)
        let twin = try await app.session(session.id)
        XCTAssertTrue(session === twin)
        try await session.logOut()
        let ended = try await app.session(session.id)
        XCTAssertEqual(ended.end, .loggedOut)
    }

    func testTheStateFollowsRefreshAndLogout() async throws {
        let phone = try await Phone()
        let session = try await phone.loggedIn(try phone.app())
        let states = Listener(session.state)
        let expiresAt = try XCTUnwrap(session.expiresAt)
        try await states.expects(.loggedIn(expiresAt: expiresAt))
        try await phone.advance(50)
        _ = try await session.accessToken()
        try await states.expects(.loggedIn(expiresAt: session.expiresAt))
        XCTAssertGreaterThan(try XCTUnwrap(session.expiresAt), expiresAt)
        try await session.logOut()
        try await states.expects(.loggedOut)
        try await states.expectsEnd()
        let error = try await switchbackError { try await session.accessToken() }
        XCTAssertEqual(error.code, .loginRequired)
        XCTAssertEqual(error.reason, .loggedOut)
        XCTAssertEqual(error.detail, "logged_out")
    }

    func testTheCurrentSessionSaysWhyItEnded() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let session = try await phone.loggedIn(app)
        let current = Listener(app.current)
        try await current.expects(.loggedIn(session))
        try await phone.sandbox.control("POST", "/app/end-sessions", ["client_id": Phone.clientID])
        try await phone.advance(70)
        let error = try await switchbackError { try await session.accessToken() }
        XCTAssertEqual(error.reason, .revoked)
        let message = "The service has ended your login. Please log in again."
        XCTAssertEqual(error.userMessage(language: "en"), message)
        XCTAssertEqual(session.currentState, .loginRequired(reason: .revoked))
        let state = try await next(session.state)
        XCTAssertEqual(state, .loginRequired(reason: .revoked))
        try await current.expects(.loggedOut(reason: .revoked))
    }

    func testARemovedSessionIsNotCurrent() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let session = try await phone.loggedIn(app)
        let current = Listener(app.current)
        try await current.expects(.loggedIn(session))
        try await app.removeSession(session.id)
        try await current.expects(.loggedOut(reason: .loggedOut))
        let left = try await app.sessions()
        XCTAssertEqual(left, [])
        let unknown = SessionID(rawValue: String(repeating: "0", count: 32))
        let error = try await switchbackError { try await app.session(unknown) }
        XCTAssertEqual(error.reason, .noSession)
    }

    func testTheNewestSessionIsTheCurrentOne() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let first = try await phone.loggedIn(app)
        try await phone.advance(1)
        let second = try await phone.loggedIn(app)
        let current = try await app.currentSession()
        XCTAssertEqual(current, second)
        try await second.logOut()
        let left = try await app.currentSession()
        XCTAssertEqual(left, first)
    }

    func testTheSessionsAreInTheOrderOfTheirLogins() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let first = try await phone.loggedIn(app)
        try await phone.advance(1)
        var later: [Session] = []
        for _ in 0..<3 { later.append(try await phone.loggedIn(app)) }
        // These are logins of the same second.
        let ids = [first.id] + later.map(\.id).sorted { $0.rawValue < $1.rawValue }
        for app in [app, try phone.app()] {
            let sessions = try await app.sessions()
            XCTAssertEqual(sessions.map(\.id), ids)
            let current = try await app.currentSession()
            XCTAssertEqual(current?.id, ids.last)
        }
    }

    func testALockedStoreLogsNoPersonOut() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let session = try await phone.loggedIn(app)
        let other = try phone.app()
        phone.store.fails.update { $0 = .locked }
        guard case .unavailable(let error) = try await next(other.current, where: { $0 != .loading }) else {
            throw TestFailure("the store was read")
        }
        XCTAssertEqual(error.code, .storeLocked)
        let thrown = try await switchbackError { try await other.currentSession() }
        XCTAssertEqual(thrown.code, .storeLocked)
        phone.store.fails.update { $0 = nil }
        let found = try await other.currentSession()
        XCTAssertEqual(found, session)
        let current = try await next(other.current)
        XCTAssertEqual(current, .loggedIn(session))
    }

    func testACancelledListenerIsReleased() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let session = try await phone.loggedIn(app)
        let listeners = [
            Task { for await _ in app.current {} }, Task { for await _ in app.events {} },
            Task { for await _ in session.state {} },
        ]
        for listener in listeners {
            listener.cancel()
            try await within("a listener hung") { await listener.value }
        }
        // The next listener works.
        let current = try await next(app.current) { $0 != .loading }
        XCTAssertEqual(current, .loggedIn(session))
    }
}
