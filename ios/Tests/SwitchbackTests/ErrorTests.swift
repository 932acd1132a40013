import Foundation
import SwitchbackBindings
import TestSupport
import XCTest

@testable import Switchback

/// Errors: a code, a text for people, and a text for developers.
final class ErrorTests: XCTestCase {
    func testEveryErrorHasACodeAndTexts() {
        typealias Core = SwitchbackBindings.SwitchbackError
        let cases: [(Core, String, String?, Bool)] = [
            (.tryAgain(what: "the token endpoint", retryAfter: 7, reason: nil), "try_again", nil, true),
            (.loginRequired(reason: .revoked, said: nil), "login_required", "revoked", false),
            (.storeLocked, "store_locked", nil, true),
            (.store(reason: .full(reason: "no room")), "store", "full", false),
            (.store(reason: .keyLost(reason: "gone")), "store", "key_lost", false),
            (.configuration(what: "the redirect URI is wrong"), "configuration", nil, false),
            (
                .protocol(endpoint: "the token endpoint", rule: "ContentType", what: "it is no JSON"),
                "protocol", "ContentType", false
            ),
            (
                .signingUnavailable(why: "signing_closed", what: "prepare another signing"),
                "signing_unavailable", "signing_closed", false
            ),
            (.internal(what: "a task panicked"), "internal", nil, false),
        ]
        for (core, code, detail, isRetryable) in cases {
            let error = Switchback.SwitchbackError(core)
            XCTAssertEqual(error.code.rawValue, code)
            XCTAssertEqual(error.detail, detail)
            XCTAssertEqual(error.isRetryable, isRetryable)
            XCTAssertEqual(error.message, core.localizedDescription)
            XCTAssertEqual(
                "\(error)", "\(code)\(detail.map { "." + $0 } ?? ""): \(core.localizedDescription)")
            let messages = ["en", "sv", "fr", "nl", "de"].map { error.userMessage(language: $0) }
            XCTAssertEqual(Set(messages).count, 5, "\(messages)")
            XCTAssertEqual(error.userMessage(language: "fi"), messages[0])
            XCTAssertEqual(error.userMessage(language: "de-AT"), messages[4])
            XCTAssertTrue(messages.contains(error.userMessage), error.userMessage)
            XCTAssertEqual((error as any Error).localizedDescription, error.userMessage)
        }
        let busy = Switchback.SwitchbackError(.tryAgain(what: "it", retryAfter: 7, reason: nil))
        XCTAssertEqual(busy.retryAfter, 7)
    }

    func testEverySessionEndHasACode() {
        let codes = SwitchbackBindings.SessionEnd.allCases.map { Switchback.SessionEnd($0).rawValue }
        XCTAssertEqual(
            Set(codes),
            [
                "logged_out", "revoked", "expired", "rotation_interrupted", "other_person",
                "ended_by_backend", "damaged", "no_session",
            ])
        for end in SwitchbackBindings.SessionEnd.allCases.map({ Switchback.SessionEnd($0) }) {
            XCTAssertNotEqual(end.userMessage(language: "sv"), end.userMessage(language: "en"))
        }
    }

    func testEveryFailureHasADistinctText() {
        let codes: [LoginFailure.Code] = [
            .refused, .interrupted, .expired, .forgotten, .otherPerson, .notOurs, .malformed, .unknown,
            .replayed, .notOpened,
        ]
        let failures = codes.map { LoginFailure($0) }
        XCTAssertEqual(Set(failures.map(\.description)).count, codes.count)
        XCTAssertEqual(Set(failures.map { $0.userMessage(language: "en") }).count, codes.count)
        for reason in MalformedLink.allCases {
            XCTAssertEqual(LoginFailure(malformed: reason).code, .malformed)
        }
        XCTAssertEqual(Set(MalformedLink.allCases.map { LoginFailure(malformed: $0) }).count, 8)
    }

    func testStoreErrorsKeepTheirCode() throws {
        let errors: [Switchback.StoreError] = [
            .locked, .authenticationRequired, .cancelled, .keyLost("r"), .denied("r"), .full("r"),
            .corrupt("r"), .newer("r"), .unavailable("r"),
        ]
        for error in errors {
            XCTAssertEqual(Switchback.StoreError(error.generated), error)
        }
        XCTAssertEqual(Set(errors.map(\.code)).count, errors.count)
        do {
            try storing { throw TestFailure("c4nary") }
        } catch SwitchbackBindings.StoreError.unavailable(let reason) {
            XCTAssertTrue(reason.contains("TestFailure"), reason)
            XCTAssertFalse(reason.contains("c4nary"), reason)
        }
    }

    func testAConfigurationIsCheckedByTheInitializer() async throws {
        let config = SwitchbackConfig(
            provider: .truid(), mode: .direct(clientID: "c"), redirectURI: link("http://app.example/callback")
        )
        let platform = Platform(store: MemoryStore(), opener: ClosureOpener { _ in true })
        var error = try await switchbackError { try SwitchbackClient(config, platform: platform) }
        XCTAssertEqual(error.code, .configuration)
        // The message has no name of a property: it is the same in every language.
        XCTAssertTrue(error.message.contains("as a test service"), error.message)
        XCTAssertFalse(error.message.contains("_"), error.message)
        let incomplete = SwitchbackConfig(
            provider: .truid(), mode: .direct(clientID: ""), redirectURI: Phone.redirectURI)
        error = try await switchbackError { try SwitchbackClient(incomplete, platform: platform) }
        XCTAssertTrue(error.message.contains("set the client id"), error.message)
        let custom = SwitchbackConfig(
            provider: .truid(),
            mode: .mediated(.custom(startURL: "https://service.example/truid/v1/{purpose}")),
            redirectURI: link("https://service.example/truid/v1/complete-login"),
            redirectURIs: [.onboarding: link("https://service.example/truid/v1/complete-signup")],
            loginTimeout: 60)
        let client = try SwitchbackClient(custom, platform: platform)
        XCTAssertTrue(client.handle(link("https://service.example/truid/v1/complete-signup?code=c&state=s")))
        XCTAssertEqual(custom.generated.loginTimeout, 60)
        XCTAssertEqual(custom.generated.refreshSkew, 30)
    }
}
