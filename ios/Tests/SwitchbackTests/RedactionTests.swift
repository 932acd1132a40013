import Foundation
import TestSupport
import XCTest

@testable import Switchback

private let canary = "c4nary"

/// Printed text shows no token, link, header or claim, in any way that Swift prints.
final class RedactionTests: XCTestCase {
    func testThePrintedValuesShowNoSecret() {
        let header = HTTPHeader(name: "authorization", value: canary)
        let url = link("https://a.example/token?code=\(canary)")
        var info = UserInfo(subject: canary)
        info.name = canary
        info.more = canary
        let claim = Claim(type: .name, text: canary)
        let values: [(any Sendable, String)] = [
            (LoginRequest(.login, extra: ["login_hint": canary], person: canary), "login_hint"),
            (
                SignRequest(id: canary, digest: DocumentDigest(of: Data(canary.utf8)), userMessage: canary),
                "SignRequest"
            ),
            (AccessToken(canary), "[redacted]"),
            (Authorization(url: url, headers: [header]), "authorization"),
            (header, "authorization"),
            (
                HTTPRequest(method: "POST", url: url, headers: [header], body: Data(canary.utf8)),
                "POST https://a.example/token"
            ),
            (HTTPResponse(status: 200, headers: [header], body: Data(canary.utf8)), "status 200"),
            (info, "UserInfo"),
            (Presentation(subject: canary, claims: [claim]), "claim/name"),
            (claim, "claim/name"),
            (ClaimValue(text: canary, json: canary), "[redacted]"),
            (
                TruidStructuredName(.init(fullName: canary, givenName: nil, familyName: nil, more: canary)),
                "["
            ),
            (TruidPortraitImage(.init(format: canary, image: Data(canary.utf8), more: canary)), "["),
            (LogOut(.init(revocation: .done, endSessionUrl: "https://a.example/?id=\(canary)")), "done"),
            (Session.fake(claims: [.name: canary], userInfo: info), "Session"),
            (SwitchbackClient.fake(outcome: .loggedIn(.fake(claims: [.name: canary]))), "Switchback"),
            (LoginOutcome.loggedIn(.fake(claims: [.name: canary])), "Session"),
        ]
        for (value, says) in values {
            shows(value, says)
        }
    }

    func testAPrintedSessionShowsNoSecret() async throws {
        let phone = try await Phone()
        let app = try phone.app()
        let session = try await phone.loggedIn(app)
        let token = try await session.accessToken()
        let sent = try await session.authorize(link("\(phone.sandbox.url)/anything"))
        let person = try await session.presentation(.name)
        let name = try XCTUnwrap(person[.name])
        for value in [session, app, token, sent, person] as [any Sendable] {
            for text in texts(value) {
                XCTAssertFalse(text.contains(token.value), text)
                XCTAssertFalse(text.contains(name), text)
            }
        }
    }

    private func shows(_ value: any Sendable, _ says: String) {
        for text in texts(value) {
            XCTAssertFalse(text.contains(canary), text)
            XCTAssertFalse(text.contains("99, 52, 110"), text)
            XCTAssertTrue(text.contains(says), "\(says) is not in \(text)")
        }
    }

    /// With `print`, `String(reflecting:)`, in a list, with `dump`, and in a debugger.
    private func texts(_ value: any Sendable) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(reflecting: value), "\([value])", dumped]
    }
}
