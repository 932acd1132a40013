import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// `logIn`, and everything that can happen between the call and the link.
final class LogInTests: XCTestCase {
    func testAPersonLogsInDirectly() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        for purpose in Purpose.allCases {
            let contract = SignRequest(
                id: "https://example.com/contract.pdf", digest: DocumentDigest(of: Data("x".utf8)),
                userMessage: "I sign the contract")
            let sign = purpose == .signing ? contract : nil
            let request = LoginRequest(purpose, scope: [.name, .email], sign: sign)
            let session = try await app.logIn(request).session()
            XCTAssertEqual(session.purpose, purpose)
            XCTAssertEqual(session.deniedScopes, [])
            XCTAssertNil(session.end)
            let person = try await session.presentation(.name, .email)
            let info = try await session.userInfo()
            XCTAssertEqual(person[.name], info.name)
            XCTAssertEqual(person[.email], "maja.sjostrom@example.com")
            XCTAssertEqual(person.claim(.email)?.text, info.email)
            XCTAssertNil(person[.address], "the app did not ask for the address")
            XCTAssertEqual(Set(person.claims.map(\.type)), [.name, .email])
            XCTAssertEqual(person.subject, info.subject)
            let steps = try await app.timeline(session.id)
            XCTAssertEqual(steps?.last?.event, "login.completed")
        }
        let sessions = try await app.sessions()
        XCTAssertEqual(sessions.count, Purpose.allCases.count)
        try await phone.sandbox.hasNoFindings()
    }

    func testAPersonLogsInThroughABackend() async throws {
        let phone = try await Phone(mediatedBy: try TestSupport.Backend())
        let app = try phone.app()
        let session = try await app.logIn(.login).session()
        let name = try await session.presentation(.name)[.name]
        let info = try await session.userInfo()
        XCTAssertEqual(name, info.name)

        // The person who is logged in verifies their identity.
        let verified = try await app.logIn(.identityVerification, under: session).session()
        XCTAssertEqual(verified.purpose, .identityVerification)
        let legalName = try await verified.presentation(of: [.legalName])[.legalName]
        XCTAssertNotNil(legalName)

        let done = try await session.logOut()
        XCTAssertEqual(done.revocation, .done)
        let left = try await app.sessions()
        XCTAssertEqual(left, [verified])
        try await phone.sandbox.hasNoFindings()
    }

    func testALinkInANewProcessIsAnEvent() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let first = try phone.app(opener: person)
        let call = Task { try await first.logIn(everything) }
        let url = try await person.sees()[0].absoluteString
        let back = link(try await phone.sandbox.approve(url))

        let second = try phone.app(opener: person)
        let pending = try await second.pendingLogins()
        XCTAssertEqual(pending.map(\.purpose), [.login])
        XCTAssertTrue(second.handle(back))
        // There is no listener yet when the link comes.
        let session = try await next(second.events).session()
        let name = try await session.presentation(.name)[.name]
        XCTAssertNotNil(name)
        let current = try await second.currentSession()
        XCTAssertEqual(current, session)

        // The same link again, in any process, leads to the same session.
        let again = try await phone.app(opener: person).complete(back).session()
        XCTAssertEqual(again, session)
        let exchanged = try await phone.sandbox.counted("code_exchanges")
        XCTAssertEqual(exchanged, 1)
        call.cancel()
        let cancelled = try await thrown { try await call.value }
        XCTAssertTrue(cancelled is CancellationError, "\(cancelled)")
    }

    func testALoginCompletesAfterItsCallIsCancelled() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let call = Task { try await app.logIn(everything) }
        let url = try await person.sees()[0].absoluteString
        call.cancel()
        let error = try await within("the cancelled call did not return") {
            try await thrown { try await call.value }
        }
        XCTAssertTrue(error is CancellationError, "\(error)")
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending.count, 1)
        let back = try await phone.sandbox.approve(url)
        XCTAssertTrue(app.handle(link(back)))
        _ = try await next(app.events).session()
    }

    func testACancelledCallOpensNothing() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let ready = AwaitedEvent("the call may begin")
        let call = Task {
            try? ready.wait()
            return try await app.logIn(everything)
        }
        call.cancel()
        ready.happens()
        let error = try await thrown { try await call.value }
        XCTAssertTrue(error is CancellationError, "\(error)")
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending, [])
    }

    func testTwoCallsEachGetTheirOwnOutcome() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let first = Task { try await app.logIn(everything) }
        let firstURL = try await person.sees(1)[0].absoluteString
        let second = Task { try await app.logIn(everything) }
        let secondURL = try await person.sees(2)[1].absoluteString
        // The second person comes back first, and declines.
        let secondBack = try await phone.sandbox.decide("decline", secondURL)
        XCTAssertTrue(app.handle(link(secondBack)))
        let declined = try await within("the second call still waits") { try await second.value }
        XCTAssertEqual(declined.code, "declined")
        let firstBack = try await phone.sandbox.approve(firstURL)
        XCTAssertTrue(app.handle(link(firstBack)))
        let session = try await within("the first call still waits") { try await first.value.session() }
        let name = try await session.presentation(.name)[.name]
        XCTAssertNotNil(name)
    }

    func testAPersonDeclines() async throws {
        for phone in [try await Phone(), try await Phone(mediatedBy: try TestSupport.Backend())] {
            let request = phone.backend == nil ? everything : LoginRequest(.login)
            let app = try phone.app(.declines)
            let outcome = try await app.logIn(request)
            guard case .declined = outcome else { throw TestFailure("not declined: \(outcome)") }
            XCTAssertEqual(outcome.code, "declined")
            let events = try await app.events(of: outcome)
            let toTheBackend = phone.backend == nil ? [] : ["callback.forwarded"]
            XCTAssertEqual(
                events, ["login.begun", "callback.received"] + toTheBackend + ["login.declined"])
            XCTAssertEqual(outcome.userMessage(language: "en"), "The login was declined.")
        }
    }

    func testTheTimelineOfALoginThatWasRefusedCanBeRead() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let call = Task { try await app.logIn(everything) }
        let url = URLComponents(url: try await person.sees()[0], resolvingAgainstBaseURL: false)
        let state = try XCTUnwrap(url?.queryItems?.first { $0.name == "state" }?.value)
        XCTAssertTrue(app.handle(link("\(Phone.redirectURI)?error=invalid_scope&state=\(state)")))
        let outcome = try await within("the call still waits") { try await call.value }
        XCTAssertEqual(outcome.code, "refused")
        let events = try await app.events(of: outcome)
        XCTAssertEqual(events, ["login.begun", "callback.received", "login.refused"])
    }

    func testALoginThatCannotBeOpenedIsCancelled() async throws {
        let phone = try await Phone()
        let app = try phone.app(.seesNothing)
        let outcome = try await app.logIn(everything)
        XCTAssertEqual(outcome.code, "not_opened")
        XCTAssertNotNil(outcome.attempt)
        let events = try await app.events(of: outcome)
        XCTAssertNil(events)
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending, [])
    }

    func testALoginThatTakesTooLongExpires() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let call = Task { try await app.logIn(everything) }
        _ = try await person.sees()
        let begun = try await app.pendingLogins()[0]
        XCTAssertEqual(begun.expiresAt.timeIntervalSince(begun.startedAt), 600)
        try await phone.advance(600)
        let outcome = try await within("the call still waits") { try await call.value }
        XCTAssertEqual(outcome, .failed(LoginFailure(.expired, attempt: begun.id)))
    }

    func testALoginIsReopened() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let call = Task { try await app.logIn(everything) }
        _ = try await person.sees()
        let id = try await app.pendingLogins()[0].id
        let isOpened = try await app.reopen(id)
        XCTAssertTrue(isOpened)
        let urls = try await person.sees(2)
        XCTAssertEqual(urls[0], urls[1])
        let back = try await phone.sandbox.approve(urls[1].absoluteString)
        XCTAssertTrue(app.handle(link(back)))
        _ = try await within("the call still waits") { try await call.value.session() }
        let isOpenedAgain = try await app.reopen(id)
        XCTAssertFalse(isOpenedAgain, "it waits no more")
    }

    func testTheLinkOfACancelledLoginIsUnknown() async throws {
        let phone = try await Phone()
        let person = phone.person(.waits)
        let app = try phone.app(opener: person)
        let call = Task { try await app.logIn(everything) }
        let url = try await person.sees()[0].absoluteString
        call.cancel()
        _ = await call.result
        try await app.cancelLogin(try await app.pendingLogins()[0].id)
        let back = try await phone.sandbox.approve(url)
        XCTAssertTrue(app.handle(link(back)))
        let outcome = try await app.complete(link(back))
        XCTAssertEqual(outcome, .failed(LoginFailure(.unknown)))
    }

    func testALinkOfAnotherAppIsNotTaken() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let other = link("https://other.example/truid/callback?code=c&state=s")
        XCTAssertFalse(app.handle(other))
        let notOurs = try await app.complete(other)
        XCTAssertEqual(notOurs, .failed(LoginFailure(.notOurs)))

        let forged = link("\(Phone.redirectURI)?code=c&state=\(String(repeating: "s", count: 43))")
        XCTAssertTrue(app.handle(forged))
        let unknown = try await app.complete(forged)
        XCTAssertEqual(unknown, .failed(LoginFailure(.unknown)))

        let twice = link("\(Phone.redirectURI)?code=c&code=d&state=s")
        XCTAssertTrue(app.handle(twice))
        guard case .failed(let failure) = try await app.complete(twice) else {
            throw TestFailure("no failure")
        }
        XCTAssertEqual(failure.code, .malformed)
        XCTAssertTrue(failure.message.contains("twice"), failure.message)
    }
}
