import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// Whole logins against a running sandbox.
final class LoginTests: XCTestCase {
    func testAPersonLogsInDirectly() async throws {
        for http in [nil, sessionTransport()] {
            let phone = try await TestPhone()
            let shared = TruidClaimType.allCases.map { $0.key() }
            for purpose in Purpose.allCases {
                let app = try phone.app(http: http)
                let contract = SignRequest(
                    id: "https://example.com/contract.pdf", digest: DocumentDigest(sha256: Data(count: 32)),
                    userMessage: "I sign the contract")
                let sign = purpose == .signing ? contract : nil
                let request = LoginRequest(purpose: purpose, scope: everything.scope, sign: sign)
                let login = try await app.begin(request: request)
                let link = try await phone.sandbox.approve(login.url)
                XCTAssertTrue(app.accepts(url: link))
                let completion = try await app.complete(url: link)
                XCTAssertEqual(completion, .loggedIn(session: login.id, deniedScopes: []))

                let session = try await app.session(id: login.id)
                XCTAssertEqual(session.purpose(), purpose)
                XCTAssertEqual(session.id(), login.id)
                XCTAssertNil(session.ended())
                let person = try await session.presentation(claims: shared)
                let info = try await session.userInfo()
                XCTAssertEqual(person.sub(), info.sub)
                XCTAssertEqual(person.text(claim: TruidClaimType.email.key()), info.email)
                XCTAssertEqual(info.email, "maja.sjostrom@example.com")
                XCTAssertGreaterThanOrEqual(person.claims().count, 15)
                let steps = try await app.timeline(attempt: login.id)
                XCTAssertEqual(steps?.last?.event, "login.completed")
            }
            let exchanged = try await phone.sandbox.counted("code_exchanges")
            XCTAssertEqual(exchanged, Purpose.allCases.count)
            try await phone.sandbox.hasNoFindings()
        }
    }

    func testAPersonLogsInThroughABackend() async throws {
        for http in [nil, sessionTransport()] {
            let service = try await TestService()
            let app = try service.app(http: http)
            let link = try await service.approved(app)
            let session = try await app.session(id: try await app.complete(url: link).session())
            let info = try await session.userInfo()
            XCTAssertEqual(info.email, "maja.sjostrom@example.com")
            let person = try await session.presentation(claims: [TruidClaimType.name.key()])
            XCTAssertEqual(person.text(claim: TruidClaimType.name.key()), info.name)

            // A request of the app's own.
            let own = "\(service.url)/truid/session"
            let authorization = try await session.authorize(url: own)
            XCTAssertEqual(authorization.url(), own)
            XCTAssertEqual(authorization.headers().map(\.name), ["authorization"])
            let again = try await session.answered(sent: authorization, status: 200, setCookie: [])
            XCTAssertNil(again)

            let done = try await session.logOut()
            XCTAssertEqual(done.revocation, .done)
            let left = try await app.sessions()
            XCTAssertEqual(left, [])
            try await service.sandbox.hasNoFindings()
        }
    }

    func testALoggedInPersonVerifiesTheirIdentity() async throws {
        let service = try await TestService()
        let app = try service.app(http: sessionTransport())
        let session = try await app.session(
            id: try await app.complete(url: try await service.approved(app)).session())
        let login = try await session.begin(request: LoginRequest(purpose: .identityVerification))
        let link = try await service.sandbox.approve(login.url)
        let verified = try await app.session(id: try await app.complete(url: link).session())
        XCTAssertEqual(verified.purpose(), .identityVerification)
        let person = try await verified.presentation(claims: [TruidClaimType.legalName.key()])
        XCTAssertNotNil(person.text(claim: TruidClaimType.legalName.key()))
        try await service.sandbox.hasNoFindings()
    }

    func testALoginSurvivesItsProcess() async throws {
        let phone = try await TestPhone()
        let login = try await phone.app().begin(request: everything)
        let link = try await phone.sandbox.approve(login.url)
        let second = try phone.app()
        let pending = try await second.pendingLogins()
        XCTAssertEqual(pending.map(\.id), [login.id])
        let id = try await second.complete(url: link).session()
        // The same link again, in any process, leads to the same session without a new exchange.
        let third = try phone.app()
        let again = try await third.complete(url: link).session()
        XCTAssertEqual(again, id)
        let sessions = try await third.sessions()
        XCTAssertEqual(sessions, [id])
        let since = try await third.session(id: id).loggedInAt()
        XCTAssertGreaterThan(since, 1_700_000_000)
        let exchanged = try await phone.sandbox.counted("code_exchanges")
        XCTAssertEqual(exchanged, 1)
        try await third.removeSession(id: id)
        let left = try await second.sessions()
        XCTAssertEqual(left, [])
        try await phone.sandbox.hasNoFindings()
    }
}
