import Foundation
import SwitchbackBindings
import SwitchbackTesting
import TestSupport
import XCTest

/// The transport over `URLSession` keeps to what `HttpTransport` asks for.
final class TransportTests: XCTestCase {
    func testARequestArrivesAsItIs() async throws {
        let server = try RawServer { _, _ in answer("200 OK", ["x-a: 1"], "hello") }
        let got = try await send("POST", "\(server.url)/a%2Fb?c=d%20e", body: "x=1&y=%C3%A5").get()
        XCTAssertEqual(got.status, 200)
        XCTAssertEqual(String(decoding: got.body, as: UTF8.self), "hello")
        XCTAssertTrue(got.headers.contains(Header(name: "x-a", value: "1")), "\(got.headers)")
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
                XCTAssertTrue(got.headers.contains(Header(name: "location", value: "/elsewhere")))
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
            let http = SessionTransport()
            let first = try await send(method, server.url, through: http).get()
            XCTAssertEqual(first.status, 200)
            guard case .failure(.lost(let reason)) = await send(method, server.url, through: http) else {
                throw Wrong("it was not lost")
            }
            XCTAssertFalse(reason.contains("127.0.0.1"), reason)
            XCTAssertEqual(server.requests.count, 2, "\(method) was sent again")
        }
    }

    func testALostRefreshIsSentAtMostOnce() async throws {
        let world = try await World()
        let session = try await world.loggedIn(try world.app(http: SessionTransport()))
        try await world.sandbox.next("dropped-after", at: "refresh")
        try await world.advance(60)
        let error = try await switchbackError { try await session.accessToken() }
        guard case .tryAgain = error else { throw Wrong("another error: \(error)") }
        let counters = [
            try await world.sandbox.counted("refreshes"),
            try await world.sandbox.counted("refused_token_requests"),
        ]
        XCTAssertEqual(counters, [1, 0])
    }

    func testWhereNobodyListensNothingWasSent() async throws {
        guard case .failure(.notSent) = await send("POST", "http://127.0.0.1:\(try freePort())/") else {
            throw Wrong("it may have arrived")
        }
    }

    func testAnAnswerThatIsTooLongIsLeft() async throws {
        let longest = String(repeating: "x", count: SessionTransport.longest)
        let server = try RawServer { _, number in answer("200 OK", [], number == 1 ? longest : longest + "x")
        }
        let got = try await send("GET", server.url).get()
        XCTAssertEqual(got.body.count, SessionTransport.longest)
        let tooLong = await send("GET", server.url)
        XCTAssertEqual(tooLong, .failure(.tooLong))
    }

    private func send(
        _ method: String, _ url: String, body: String? = nil,
        through http: SessionTransport = SessionTransport()
    ) async -> Result<HttpResponse, TransportError> {
        let request = HttpRequest(
            method: method, url: url, headers: [Header(name: "x-mine", value: "yes")],
            body: method == "POST" ? body ?? "" : nil, once: true, timeout: 30)
        do {
            return try await within("no answer came") {
                try await withCheckedThrowingContinuation { continuation in
                    do {
                        try http.start(request: request, completion: Answer(continuation))
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            }
        } catch let error as TransportError {
            return .failure(error)
        } catch {
            return .failure(.lost(reason: "in the test: \(error)"))
        }
    }
}

/// Stands in for the one that Rust makes.
private final class Answer: HttpCompletion, @unchecked Sendable {
    typealias Waiting = CheckedContinuation<Result<HttpResponse, TransportError>, any Error>
    private let waiting: Waiting

    init(_ waiting: Waiting) {
        self.waiting = waiting
        super.init(noHandle: NoHandle())
    }

    required init(unsafeFromHandle handle: UInt64) {
        fatalError("Rust does not make these")
    }

    override func succeed(response: HttpResponse) {
        waiting.resume(returning: .success(response))
    }

    override func fail(error: TransportError) {
        waiting.resume(returning: .failure(error))
    }
}
