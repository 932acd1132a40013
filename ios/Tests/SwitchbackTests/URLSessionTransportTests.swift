import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// The transport over `URLSession` keeps to what `HTTPTransport` asks for.
final class URLSessionTransportTests: XCTestCase {
    func testARequestArrivesAsItIs() async throws {
        let server = try RawServer { _, _ in answer("200 OK", ["x-a: 1"], "hello") }
        let got = try await send("POST", "\(server.url)/a%2Fb?c=d%20e", body: "x=1&y=%C3%A5").get()
        XCTAssertEqual(got.status, 200)
        XCTAssertEqual(String(decoding: got.body, as: UTF8.self), "hello")
        XCTAssertTrue(got.headers.contains(HTTPHeader(name: "x-a", value: "1")), "\(got.headers)")
        let request = try XCTUnwrap(server.requests.first)
        XCTAssertTrue(request.hasPrefix("POST /a%2Fb?c=d%20e HTTP/1.1\r\n"), request)
        XCTAssertTrue(request.lowercased().contains("\r\nx-mine: yes\r\n"), request)
        XCTAssertTrue(request.hasSuffix("\r\n\r\nx=1&y=%C3%A5"), request)
    }

    func testRedirectsAreNotFollowed() async throws {
        for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
            let server = try RawServer { _, _ in answer(status, ["location: /elsewhere"]) }
            for method in ["GET", "POST"] {
                let got = try await send(method, server.url).get()
                XCTAssertEqual("\(got.status)", String(status.prefix(3)))
                XCTAssertTrue(got.headers.contains(HTTPHeader(name: "location", value: "/elsewhere")))
            }
            XCTAssertEqual(server.requests.count, 2, "\(status) was followed")
        }
    }

    func testEachCookieOfAnAnswerIsAHeaderAndNoneIsKept() async throws {
        let cookies = [
            "a=1; Path=/; Expires=Wed, 21 Oct 2035 07:28:00 GMT; HttpOnly", "b=2; Path=/; SameSite=Lax",
            "c=3; Path=/",
        ]
        let server = try RawServer { _, _ in answer("200 OK", cookies.map { "set-cookie: \($0)" }) }
        for _ in 0..<2 {
            let got = try await send("GET", server.url).get()
            let set = got.headers.filter { $0.name == "set-cookie" }.map(\.value)
            XCTAssertEqual(set.sorted(), cookies)
        }
        XCTAssertFalse(
            server.requests.contains { $0.lowercased().contains("\r\ncookie:") }, "\(server.requests)")
    }

    func testJoinedCookiesAreTakenApart() {
        let expected: [(String, [String])] = [
            ("a=1", ["a=1"]),
            ("a=1,b=2", ["a=1", "b=2"]),
            (
                "a=1; Expires=Wed, 21 Oct 2035 07:28:00 GMT, b=2",
                ["a=1; Expires=Wed, 21 Oct 2035 07:28:00 GMT", "b=2"]
            ),
            (
                "a=1; expires=Wed, 21 Oct 2035 07:28:00 GMT; Path=/, b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                [
                    "a=1; expires=Wed, 21 Oct 2035 07:28:00 GMT; Path=/",
                    "b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                ]
            ),
            ("a=, __Host-b=x==; Secure", ["a=", "__Host-b=x==; Secure"]),
        ]
        for (joined, apart) in expected {
            XCTAssertEqual(SetCookies.apart(joined), apart)
        }
    }

    /// What sends a request again by itself is a connection that was used before, and is closed
    /// by the server at the moment of the next request.
    func testARequestIsSentAtMostOnce() async throws {
        for method in ["POST", "GET"] {
            let server = try RawServer { _, number in number == 1 ? answer("200 OK") : nil }
            let http = URLSessionTransport()
            let first = try await send(method, server.url, through: http).get()
            XCTAssertEqual(first.status, 200)
            guard case .failure(let error) = await send(method, server.url, through: http) else {
                throw Wrong("it was not lost")
            }
            XCTAssertEqual(error.kind, .lost)
            XCTAssertFalse(error.reason.contains("127.0.0.1"), error.reason)
            XCTAssertEqual(server.requests.count, 2, "\(method) was sent again")
        }
    }

    func testALostRefreshIsSentAtMostOnce() async throws {
        let phone = try await Phone()
        let session = try await phone.loggedIn(try phone.app())
        try await phone.sandbox.next("dropped-after", at: "refresh")
        try await phone.advance(60)
        let error = try await switchbackError { try await session.accessToken() }
        XCTAssertEqual(error.code, .tryAgain)
        let counters = [
            try await phone.sandbox.counted("refreshes"),
            try await phone.sandbox.counted("refused_token_requests"),
        ]
        XCTAssertEqual(counters, [1, 0])
    }

    func testWhereNobodyListensNothingWasSent() async throws {
        guard case .failure(let error) = await send("POST", "http://127.0.0.1:\(try freePort())/") else {
            throw Wrong("somebody answered")
        }
        XCTAssertEqual(error.kind, .notSent, "it may have arrived")
    }

    func testAnAnswerThatIsTooLongIsLeft() async throws {
        let longest = String(repeating: "x", count: URLSessionTransport.longest)
        let server = try RawServer { _, number in answer("200 OK", [], number == 1 ? longest : longest + "x")
        }
        let got = try await send("GET", server.url).get()
        XCTAssertEqual(got.body.count, URLSessionTransport.longest)
        let tooLong = await send("GET", server.url)
        XCTAssertEqual(tooLong, .failure(.tooLong))
    }

    func testARequestThatIsCancelledIsLost() async throws {
        let asked = Happening("the server was asked")
        let release = Happening("the server may answer")
        let server = try RawServer { _, _ in
            asked.happens()
            try? release.wait()
            return answer("200 OK")
        }
        let request = HTTPRequest(method: "GET", url: link(server.url))
        let sending = Task { try await URLSessionTransport().send(request) }
        try await asked.happened()
        sending.cancel()
        let error = try await within("it goes on") { try await thrown { try await sending.value } }
        XCTAssertEqual((error as? TransportError)?.kind, .lost)
        release.happens()
    }

    func testAServerThatDoesNotAnswerIsGivenUp() async throws {
        let release = Happening("the test is over")
        let server = try RawServer { _, _ in
            try? release.wait()
            return nil
        }
        let request = HTTPRequest(method: "GET", url: link(server.url), timeout: .seconds(1))
        let error = try await within("it waits for ever") {
            try await thrown { try await URLSessionTransport().send(request) }
        }
        XCTAssertEqual((error as? TransportError)?.kind, .lost)
        release.happens()
    }

    private func send(
        _ method: String, _ url: String, body: String? = nil,
        through http: URLSessionTransport = URLSessionTransport()
    ) async -> Result<HTTPResponse, TransportError> {
        let request = HTTPRequest(
            method: method, url: link(url), headers: [HTTPHeader(name: "x-mine", value: "yes")],
            body: method == "POST" ? Data((body ?? "").utf8) : nil)
        do {
            return .success(try await within("no answer came") { try await http.send(request) })
        } catch let error as TransportError {
            return .failure(error)
        } catch {
            return .failure(.lost("in the test: \(error)"))
        }
    }
}
