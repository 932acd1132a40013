import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// Tests of the `URLSession` transport that are not in the conformance suite.
final class URLSessionTransportTests: XCTestCase {
    func testJoinedCookiesAreSplit() {
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
            XCTAssertEqual(SetCookies.split(joined), apart)
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

    func testACancelledRequestIsLost() async throws {
        let asked = AwaitedEvent("a request to the server")
        let release = AwaitedEvent("the server may answer")
        let server = try RawServer { _, _ in
            asked.happens()
            try? release.wait()
            return answer("200 OK")
        }
        let request = HTTPRequest(method: "GET", url: link(server.url))
        let sending = Task { try await URLSessionTransport().send(request) }
        try await asked.happened()
        sending.cancel()
        let error = try await within("the call did not end") { try await thrown { try await sending.value } }
        XCTAssertEqual((error as? TransportError)?.code, .lost)
        release.happens()
    }
}
