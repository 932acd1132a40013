import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

private let canary = "c4nary"

/// Printed text shows no token, link, header or claim, in any way that Swift prints.
final class SecretTests: XCTestCase {
    func testThePrintedRecordsShowNoSecret() {
        let header = Header(name: "authorization", value: canary)
        let records: [(any Sendable, String)] = [
            (LoginRequest(purpose: .login, extra: ["login_hint": canary], subject: canary), "login_hint"),
            (
                LoginAttempt(
                    id: "a77", url: "https://a.example/?state=\(canary)", expiresAt: 7, openBefore: 7),
                "a77"
            ),
            (
                UserInfo(
                    sub: canary, iss: canary, aud: canary, name: canary, givenName: canary,
                    familyName: canary,
                    birthdate: canary, gender: canary, email: canary, emailVerified: true,
                    phoneNumber: canary,
                    phoneNumberVerified: true, address: canary, more: canary), "UserInfo"
            ),
            (Claim(key: "a-key", value: .text(text: canary), more: canary), "a-key"),
            (ClaimValue.text(text: canary), "[redacted]"),
            (
                TruidStructuredName(
                    fullName: canary, givenName: canary, familyName: canary, more: canary),
                "[redacted]"
            ),
            (TruidPortraitImage(format: canary, image: Data(canary.utf8), more: canary), "[redacted]"),
            (ClaimValue.other(json: canary), "[redacted]"),
            (header, "authorization"),
            (
                HttpRequest(
                    method: "POST", url: "https://a.example/token?code=\(canary)", headers: [header],
                    body: canary,
                    once: true, timeout: 30), "POST https://a.example/token"
            ),
            (HttpResponse(status: 200, headers: [header], body: Data(canary.utf8)), "status 200"),
            (
                LogOut(revocation: .done, endSessionUrl: "https://a.example/?id_token_hint=\(canary)"),
                "LogOut"
            ),
        ]
        for (record, says) in records {
            shows(record, says: says)
        }
    }

    func testThePrintedObjectsShowNoSecret() async throws {
        let http = ScriptedTransport { request, completion in
            completion.succeed(
                response: request.body == nil
                    ? json(
                        """
                        {"sub":"\(canary)","claims":[{"type":"truid.app/claim/email/v1","value":"\(canary)"}]}
                        """)
                    : json(
                        #"{"access_token":"\#(canary)","token_type":"bearer","refresh_token":"\#(canary)"}"#))
        }
        let config = Config(
            provider: Provider(id: "truid"), mode: .direct(clientId: "c"), redirectUri: TestPhone.redirectUri)
        let app = try Client(config: config, platform: Platform(store: MemoryStore(), http: http))
        let login = try await app.begin(request: LoginRequest(purpose: .login))
        let state = try XCTUnwrap(parameters(login.url)["state"])
        shows(login, says: login.id, but: state)
        let completion = try await app.complete(url: "\(TestPhone.redirectUri)?code=\(canary)&state=\(state)")
        let session = try await app.session(id: try completion.session())

        let secret = try await session.accessToken()
        XCTAssertEqual(secret.expose(), canary, "expose returns the secret")
        shows(secret, says: "[redacted]")
        let authorization = try await session.authorize(url: "https://api.truid.app/orders")
        XCTAssertEqual(authorization.headers().map(\.value), ["Bearer \(canary)"])
        shows(authorization, says: "Authorization")
        let person = try await session.presentation(claims: [TruidClaimType.email.key()])
        XCTAssertEqual(person.text(claim: TruidClaimType.email.key()), canary)
        shows(person, says: "truid.app/claim/email/v1")
        shows(session, says: session.id())
        shows(app, says: "Client")
    }

    private func shows<Value>(_ value: Value, says: String, but secret: String = canary) {
        var dumped = ""
        dump(value, to: &dumped)
        var dumpedAmongOthers = ""
        dump(["a": [value]], to: &dumpedAmongOthers)
        let shown = [
            String(describing: value), String(reflecting: value), "\(value)", "\([value])", "\(["a": value])",
            "\(Optional(value) as Any)", dumped, dumpedAmongOthers,
            Mirror(reflecting: value).children.map { "\($0.value)" }.joined(),
        ]
        for text in shown {
            XCTAssertFalse(text.contains(secret), text)
            // `dump` shows bytes as numbers or as a count.
            XCTAssertFalse(text.contains("99, 52, 110"), text)
        }
        for text in shown.dropLast() {
            XCTAssertTrue(text.contains(says), "\(says) is not in \(text)")
        }
    }
}
