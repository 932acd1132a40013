import Foundation
import TestSupport
import XCTest

@testable import Switchback

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Requests of the app with a session's authorization.
final class URLSessionRequestsTests: XCTestCase {
    func testARequestIsSentWithTheAccessToken() async throws {
        let server = try RawServer { _, _ in answer("200 OK", ["x-a: 1"], "orders") }
        let session = try await loggedIn(at: server)
        var request = URLRequest(url: link("\(server.url)/orders?year=2026"))
        request.setValue("Bearer of another session", forHTTPHeaderField: "Authorization")
        request.setValue("text/plain", forHTTPHeaderField: "Accept")
        let (body, response) = try await URLSession.shared.data(for: request, session: session)
        XCTAssertEqual(String(decoding: body, as: UTF8.self), "orders")
        XCTAssertEqual(response.statusCode, 200)
        XCTAssertEqual(response.value(forHTTPHeaderField: "x-a"), "1")
        XCTAssertEqual(authorizations(server), ["Bearer A1"])
        let sent = try XCTUnwrap(server.requests.first)
        XCTAssertTrue(sent.hasPrefix("GET /orders?year=2026 HTTP/1.1\r\n"), sent)
        XCTAssertTrue(sent.lowercased().contains("\r\naccept: text/plain\r\n"), sent)
    }

    func testARefusedRequestIsSentOnceMore() async throws {
        let server = try RawServer { _, number in
            number == 1
                ? answer("401 Unauthorized", [#"www-authenticate: Basic realm="orders""#])
                : answer("200 OK", [], "orders")
        }
        let session = try await loggedIn(at: server)
        var request = URLRequest(url: link("\(server.url)/orders"))
        request.httpMethod = "POST"
        request.httpBody = Data("one".utf8)
        let (body, response) = try await URLSession.shared.data(for: request, session: session)
        XCTAssertEqual(String(decoding: body, as: UTF8.self), "orders")
        XCTAssertEqual(response.statusCode, 200)
        XCTAssertEqual(authorizations(server), ["Bearer A1", "Bearer A2"])
        XCTAssertTrue(server.requests.allSatisfy { $0.hasSuffix("\r\n\r\none") }, "\(server.requests)")
    }

    func testASecondRefusalGoesToTheApp() async throws {
        let server = try RawServer { _, _ in answer("401 Unauthorized", [], "no") }
        let session = try await loggedIn(at: server)
        let request = URLRequest(url: link("\(server.url)/orders"))
        let (body, response) = try await URLSession.shared.data(for: request, session: session)
        XCTAssertEqual(String(decoding: body, as: UTF8.self), "no")
        XCTAssertEqual(response.statusCode, 401)
        XCTAssertEqual(authorizations(server), ["Bearer A1", "Bearer A2"])
    }

    func testAnotherOriginGetsNothing() async throws {
        let server = try RawServer { _, _ in answer("200 OK") }
        let other = try RawServer { _, _ in answer("200 OK") }
        let session = try await loggedIn(at: server)
        let request = URLRequest(url: link("\(other.url)/orders"))
        let error = try await switchbackError {
            try await URLSession.shared.data(for: request, session: session)
        }
        XCTAssertEqual(error.code, .configuration)
        XCTAssertEqual(other.requests, [])
    }

    func testARedirectIsNotFollowed() async throws {
        let other = try RawServer { _, _ in answer("200 OK") }
        let elsewhere = "location: \(other.url)/orders"
        let server = try RawServer { _, _ in answer("307 Temporary Redirect", [elsewhere]) }
        let session = try await loggedIn(at: server)
        let request = URLRequest(url: link("\(server.url)/orders"))
        let (_, response) = try await URLSession.shared.data(for: request, session: session)
        XCTAssertEqual(response.statusCode, 307)
        XCTAssertEqual(other.requests, [])
        XCTAssertEqual(server.requests.count, 1)
    }

    private func authorizations(_ server: RawServer) -> [String] {
        server.requests.flatMap { $0.components(separatedBy: "\r\n") }.compactMap { line in
            line.lowercased().hasPrefix("authorization: ")
                ? String(line.dropFirst("authorization: ".count)) : nil
        }
    }

    /// In direct mode, with a provider that has only a token endpoint.
    private func loggedIn(at server: RawServer) async throws -> Session {
        let number = Guarded(0)
        let transport = ScriptedTransport { _ in
            let next = number.update { number in
                number += 1
                return number
            }
            let body = """
                {"access_token":"A\(next)","token_type":"bearer","expires_in":600,"refresh_token":"R\(next)"}
                """
            return HTTPResponse(
                status: 200, headers: [HTTPHeader(name: "content-type", value: "application/json")],
                body: Data(body.utf8))
        }
        let opened = Guarded<URL?>(nil)
        let opener = ClosureOpener { url in
            opened.update { $0 = url }
            return true
        }
        let config = SwitchbackConfig(
            provider: .truid(baseURL: link(server.url)), mode: .direct(clientID: "c"),
            redirectURI: Phone.redirectURI)
        let platform = Platform(store: MemoryStore(), opener: opener, transport: transport)
        let app = try SwitchbackClient(config, platform: platform)
        let call = Task { try await app.logIn(.login) }
        let url = try await within("no URL was opened") { await opened.first { $0 } }
        let parameters = URLComponents(url: try XCTUnwrap(url), resolvingAgainstBaseURL: false)?.queryItems
        let state = try XCTUnwrap(parameters?.first { $0.name == "state" }?.value)
        XCTAssertTrue(app.handle(link("\(Phone.redirectURI)?code=c&state=\(state)")))
        return try await call.value.session()
    }
}
