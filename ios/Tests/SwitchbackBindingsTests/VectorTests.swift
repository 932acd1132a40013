import Foundation
import SwitchbackBindings
import SwitchbackTestingBindings
import TestSupport
import XCTest

/// Runs the cases in `tests/vectors/*.json` through the API. Rust and Kotlin run them, too.
///
/// Each test ends with the number of cases that the API cannot show.
final class VectorTests: XCTestCase {
    func testAuthorizationURLs() async throws {
        var withoutURL = 0
        var withAnotherState = 0
        for given in try cases("authorization-url", as: URLCase.self) {
            let entropy = FixedEntropy(verifier: given.verifier)
            let app = try clientForTests(
                config: Config(
                    provider: Provider(id: "truid"), mode: .direct(clientId: given.clientId),
                    redirectUri: given.redirectUri,
                    redirectUris: Dictionary(
                        uniqueKeysWithValues: try (given.redirectUris ?? [:]).map {
                            (try purpose($0.key), $0.value)
                        })),
                platform: Platform(store: MemoryStore(), http: ScriptedTransport.unreachable),
                entropy: entropy
            )
            let request = LoginRequest(
                purpose: try purpose(given.purpose), scope: given.scope, nonce: given.nonce != nil,
                extra: given.extra ?? [:])
            guard let url = given.url else {
                withoutURL += 1
                let error = try await switchbackError { try await app.begin(request: request) }
                guard case .configuration = error else { throw TestFailure("\(given.name): \(error)") }
                let pending = try await app.pendingLogins()
                XCTAssertEqual(pending.count, 0, "\(given.name): nothing is stored")
                continue
            }
            // The core makes state and nonce from 32 bytes each: those of the vectors are too short.
            withAnotherState += 1
            var expected = url.replacingOccurrences(
                of: "&state=\(given.state)&", with: "&state=\(entropy.state)&")
            XCTAssertNotEqual(expected, url)
            if let nonce = given.nonce {
                expected = expected.replacingOccurrences(of: "nonce=\(nonce)", with: "nonce=\(entropy.nonce)")
            }
            let login = try await app.begin(request: request)
            XCTAssertEqual(login.url, expected, given.name)
            let again = try await app.reopen(attempt: login.id)
            XCTAssertEqual(again?.url, expected, given.name)
        }
        XCTAssertEqual(withAnotherState, 5, "URLs that are compared but for their state and nonce")
        XCTAssertEqual(withoutURL, 3, "mistakes whose name (`error`) is not told apart from others")
    }

    func testCallbacks() async throws {
        var tried = 0
        for given in try cases("callback", as: CallbackCase.self) {
            let http = ScriptedTransport(always: tokens(1))
            let app = try Client(
                config: Config(
                    provider: Provider(id: "truid", issuer: given.issuer), mode: .direct(clientId: "c"),
                    redirectUri: given.redirectUri, testService: given.testService ?? false),
                platform: Platform(store: MemoryStore(), http: http))
            // The state of a pending login: that of the vectors is too short.
            let login = try await app.begin(request: LoginRequest(purpose: .login))
            let state = try XCTUnwrap(parameters(login.url)["state"])
            let url = given.state.map {
                given.url.replacingOccurrences(of: "state=\($0)", with: "state=\(state)")
            }
            let completion = try await app.complete(url: url ?? given.url)
            XCTAssertEqual(app.accepts(url: given.url), given.outcome != "not-ours", given.name)
            switch (given.outcome, completion) {
            case ("code", .loggedIn):
                XCTAssertEqual(http.forms.map { $0["code"] }, [given.code], given.name)
            case ("declined", .declined), ("not-ours", .notOurs): break
            case ("refused", .refused(let error, let interrupted)):
                XCTAssertEqual(error.code, given.error, given.name)
                XCTAssertEqual(error.description, given.description, given.name)
                XCTAssertFalse(interrupted, given.name)
            case ("malformed", .malformed(let reason)):
                XCTAssertEqual("\(reason)".lowercased(), given.rule?.lowercased(), given.name)
            default: throw TestFailure("\(given.name): \(completion)")
            }
            XCTAssertEqual(http.requests.count, given.outcome == "code" ? 1 : 0, given.name)
            tried += 1
        }
        XCTAssertEqual(tried, 67)
    }

    func testRegistrations() async throws {
        var mistakes = 0
        for given in try cases("registration", as: RegistrationCase.self) {
            let client = {
                try Client(
                    config: Config(
                        provider: Provider(id: "truid", baseUrl: given.baseUrl),
                        mode: .direct(clientId: given.clientId),
                        redirectUri: given.redirectUri, testService: given.testService ?? false),
                    platform: Platform(store: MemoryStore(), http: ScriptedTransport.unreachable))
            }
            guard given.error != nil else {
                _ = try client()
                continue
            }
            mistakes += 1
            let error = try await switchbackError(client)
            guard case .configuration(let what) = error else { throw TestFailure("\(given.name): \(error)") }
            let says = try XCTUnwrap(given.says)
            XCTAssertTrue(what.contains(says), "\(given.name): \(what)")
        }
        XCTAssertEqual(mistakes, 25, "mistakes whose name (`error`) only Rust sees: what it says is compared")
    }

    func testTokenAnswers() async throws {
        for given in try cases("token-answer", as: TokenCase.self) {
            try await given.isRead()
        }
    }
}

extension TokenCase {
    fileprivate func isRead() async throws {
        let clock = TestClock(epochSeconds: 1_700_000_000)
        let first = Locked(true)
        let http = ScriptedTransport { _, completion in
            let isFirst = first.with { was in
                defer { was = false }
                return was
            }
            completion.succeed(response: isFirst ? self.response : tokens(2))
        }
        let app = try clientForTests(
            config: Config(
                provider: Provider(id: "truid", endSession: "/end"), mode: .direct(clientId: "c"),
                redirectUri: "https://example.com/cb", refreshSkew: 0),
            platform: Platform(store: MemoryStore(), http: http), clock: clock)
        let login = try await app.begin(request: LoginRequest(purpose: .login))
        let state = try XCTUnwrap(parameters(login.url)["state"])
        let complete = { try await app.complete(url: "https://example.com/cb?code=c0de&state=\(state)") }

        switch outcome {
        case "tokens":
            let session = try await app.session(id: try await complete().session())
            let token = try await session.accessToken()
            XCTAssertEqual(token.expose(), accessToken, name)
            if let expiresIn { XCTAssertEqual(session.expiresAt(), 1_700_000_000 + expiresIn, name) }
            XCTAssertEqual(session.scope(), scope ?? [], name)
            if let idToken {
                // Only here is the value visible.
                let end = try await session.logOut().endSessionUrl
                XCTAssertEqual(parameters(try XCTUnwrap(end))["id_token_hint"], idToken, name)
            } else if let refreshToken {
                let next = try await session.accessTokenAfter(refused: token.expose())
                XCTAssertEqual(next.expose(), "A2", name)
                XCTAssertEqual(http.forms.last?["refresh_token"], refreshToken, name)
            } else {
                let error = try await switchbackError {
                    try await session.accessTokenAfter(refused: token.expose())
                }
                guard case .loginRequired(let reason, _) = error else {
                    throw TestFailure("\(name): \(error)")
                }
                XCTAssertEqual(reason, .revoked, name)
            }
        // A refused code is an outcome; a refused client is a configuration error.
        case "refused" where error == "invalid_client":
            let error = try await switchbackError(complete)
            guard case .configuration(let what) = error else { throw TestFailure("\(name): \(error)") }
            XCTAssertTrue(what.contains("invalid_client"), "\(name): \(what)")
        case "refused":
            guard case .refused(let refusal, _) = try await complete() else { throw TestFailure(name) }
            XCTAssertEqual(refusal, OAuthError(code: error ?? "", description: description), name)
        case "busy", "failed":
            let error = try await switchbackError(complete)
            guard case .tryAgain(_, let seconds, _) = error else { throw TestFailure("\(name): \(error)") }
            XCTAssertEqual(seconds, retryAfterSeconds, name)
        case "broken":
            let error = try await switchbackError(complete)
            guard case .protocol(let endpoint, let broken, _) = error else {
                throw TestFailure("\(name): \(error)")
            }
            XCTAssertTrue(endpoint.contains("token"), "\(name): \(endpoint)")
            XCTAssertEqual(broken, rule, name)
        default: throw TestFailure("\(name): unknown outcome \(outcome)")
        }
    }

    private var response: HttpResponse {
        let headers = [("content-type", contentType), ("retry-after", retryAfter), ("date", date)]
        let bytes = bodyBase64.flatMap { Data(base64Encoded: $0) } ?? Data((body ?? "").utf8)
        return HttpResponse(
            status: status,
            headers: headers.compactMap { name, value in value.map { Header(name: name, value: $0) } },
            body: bytes)
    }
}

extension ScriptedTransport {
    /// For cases that send nothing.
    static var unreachable: ScriptedTransport {
        ScriptedTransport { _, completion in completion.fail(error: .notSent(reason: "no server is there")) }
    }
}

/// Fixed random bytes: 32 bytes each for state, verifier and nonce, as base64url text.
private final class FixedEntropy: Entropy {
    let state = FixedEntropy.text(Data(repeating: 1, count: 32))
    let nonce = FixedEntropy.text(Data(repeating: 3, count: 32))
    private let known: Data

    init(verifier: String) {
        let plain = verifier.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let bytes = Data(base64Encoded: plain + "=").flatMap { $0.count == 32 ? $0 : nil }
        known =
            Data(repeating: 1, count: 32) + (bytes ?? Data(repeating: 2, count: 32))
            + Data(repeating: 3, count: 32)
    }

    func bytes(count: UInt32) throws -> Data {
        // Random bytes for other purposes are requested in other amounts.
        count == known.count ? known : Data((0..<count).map { _ in .random(in: .min ... .max) })
    }

    private static func text(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}

private func purpose(_ name: String) throws -> Purpose {
    switch name {
    case "login": .login
    case "onboarding": .onboarding
    case "identity_verification": .identityVerification
    default: throw TestFailure("unknown purpose \(name)")
    }
}

private struct File<Case: Decodable>: Decodable {
    let cases: [Case]
}

private func cases<Case: Decodable>(_ name: String, as: Case.Type) throws -> [Case] {
    let file = Checkout.vectors.appendingPathComponent("\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(File<Case>.self, from: Data(contentsOf: file)).cases
}

private struct URLCase: Decodable {
    let name, purpose, clientId, redirectUri, state, verifier: String
    let scope: [String]
    let nonce: String?
    let extra, redirectUris: [String: String]?
    let url: String?
}

private struct CallbackCase: Decodable {
    let name, redirectUri, url, outcome: String
    let testService: Bool?
    let code, state, issuer, error, description, rule: String?
}

private struct RegistrationCase: Decodable {
    let name, clientId, redirectUri: String
    let baseUrl, error, says: String?
    let testService: Bool?
}

private struct TokenCase: Decodable {
    let name, outcome: String
    let body, bodyBase64: String?
    let status: Int32
    let contentType, retryAfter, date, accessToken, refreshToken, idToken, error, description, rule: String?
    let expiresIn: Int64?
    let scope: [String]?
    let retryAfterSeconds: Int64?
}
