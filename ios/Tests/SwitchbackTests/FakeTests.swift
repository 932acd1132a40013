import Foundation
import Switchback
import TestSupport
import XCTest

/// Fakes, through the public API, as a preview or a test of a screen uses them.
final class FakeTests: XCTestCase {
    func testAFakeLogsInAndOut() async throws {
        let session = Session.fake(claims: [.name: "Ada"], userInfo: UserInfo(subject: "me"))
        let client = SwitchbackClient.fake(outcome: .loggedIn(session))
        let current = Listener(client.current)
        try await current.expects(.loggedOut(reason: nil))
        let outcome = try await client.logIn(.login)
        XCTAssertEqual(outcome, .loggedIn(session))
        try await current.expects(.loggedIn(session))
        let person = try await session.presentation(.name, .email)
        XCTAssertEqual(person[.name], "Ada")
        XCTAssertNil(person[.email])
        XCTAssertEqual(person.claim(.name)?.text, "Ada")
        XCTAssertEqual(person.subject, "me")
        let info = try await session.userInfo()
        XCTAssertEqual(info.subject, "me")
        XCTAssertEqual(session.currentState, .loggedIn(expiresAt: nil))
        try await session.logOut()
        XCTAssertEqual(session.currentState, .loggedOut)
        try await current.expects(.loggedOut(reason: .loggedOut))
        do {
            _ = try await session.userInfo()
            XCTFail("the session has ended")
        } catch SwitchbackError.Code.loginRequired {}
    }

    func testWhenACallOfAFakeReturnsTheCurrentSessionShowsWhatItChanged() async throws {
        for number in 0..<200 {
            let client = SwitchbackClient.fake()
            let session = try await client.logIn(.login).session()
            let loggedIn = try await next(client.current)
            XCTAssertEqual(loggedIn, .loggedIn(session))
            if number % 2 == 0 {
                try await session.logOut()
            } else {
                try await client.removeSession(session.id)
            }
            let loggedOut = try await next(client.current)
            XCTAssertEqual(loggedOut, .loggedOut(reason: .loggedOut))
            XCTAssertEqual(session.currentState, .loggedOut)
        }
    }

    func testAFakeHasEveryOutcome() async throws {
        for outcome in [LoginOutcome.declined(), .failed(LoginFailure(.expired)), .loggedIn(.fake())] {
            let client = SwitchbackClient.fake(outcome: outcome)
            let given = try await client.logIn(.onboarding)
            XCTAssertEqual(given, outcome)
            XCTAssertFalse(client.handle(URL(string: "https://app.example/callback?code=c")!))
        }
        let session = try await SwitchbackClient.fake().logIn(.login)
        XCTAssertEqual(session.code, "logged_in")
    }

    /// A preview calls what the app calls.
    func testAFakeLogsInFromAWindow() async throws {
        let outcome = try await SwitchbackClient.fake().logIn(.login, from: nil)
        XCTAssertEqual(outcome.code, "logged_in")
        XCTAssertThrowsError(try SwitchbackClient.fake().checkLinks()) { error in
            XCTAssertEqual((error as? SwitchbackError)?.code, .configuration)
        }
    }

    /// Previews may run without the native library.
    func testAFakeUsesNoGeneratedCode() throws {
        let file = Checkout.sources.appendingPathComponent("Switchback/Client/Fake.swift")
        let source = try String(contentsOf: file, encoding: .utf8)
        for word in ["SwitchbackBindings", "generated", "LiveClient", "LiveSession"] {
            XCTAssertFalse(source.contains(word), word)
        }
    }
}
