import Foundation
import TestSupport
import XCTest

@testable import Switchback

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

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

    /// The app's own session repeats the request on a new connection. This shows that the server
    /// does what makes clients repeat.
    func testARequestOnAConnectionThatTheServerClosesIsSentOnce() async throws {
        func server() throws -> RawServer {
            try RawServer { _, number in number == 2 ? nil : answer("200 OK", [], "\(number)") }
        }
        let ofApp = try server()
        for _ in 0..<2 { _ = try await URLSession.shared.data(from: link(ofApp.url)) }
        XCTAssertEqual(ofApp.requests.count, 3)

        let ours = try server()
        let (transport, request) = (URLSessionTransport(), HTTPRequest(method: "GET", url: link(ours.url)))
        _ = try await transport.send(request)
        let error = try await thrown { try await transport.send(request) }
        XCTAssertEqual((error as? TransportError)?.code, .lost)
        XCTAssertEqual(ours.requests.count, 2)
    }

    /// It uses the system's proxies and certificates, and nothing that the app stores.
    func testTheConfigurationHasNoStorage() {
        let configuration = URLSessionTransport.configuration(timeout: 1)
        XCTAssertNil(configuration.httpCookieStorage)
        XCTAssertNil(configuration.urlCache)
        XCTAssertNil(configuration.urlCredentialStorage)
        XCTAssertNil(configuration.connectionProxyDictionary)
        XCTAssertFalse(configuration.httpShouldSetCookies)
        XCTAssertEqual(configuration.httpCookieAcceptPolicy, .never)
        XCTAssertEqual(configuration.timeoutIntervalForResource, 1)
    }

    func testEachErrorOfURLSessionHasAMeaning() {
        let notSent: [URLError.Code] = [
            .cannotFindHost, .dnsLookupFailed, .cannotConnectToHost, .notConnectedToInternet,
            .internationalRoamingOff, .callIsActive, .dataNotAllowed, .secureConnectionFailed,
        ]
        let local: [URLError.Code] = [
            .serverCertificateUntrusted, .serverCertificateHasUnknownRoot, .serverCertificateHasBadDate,
            .serverCertificateNotYetValid, .clientCertificateRequired, .clientCertificateRejected,
            .appTransportSecurityRequiresSecureConnection, .badURL,
        ]
        let expected = [
            (notSent, TransportError.Code.notSent), (local, .local),
            ([.unknown, .cancelled, .timedOut, .networkConnectionLost, .badServerResponse], .lost),
        ]
        for (codes, meaning) in expected {
            for code in codes {
                let error = URLError(
                    code, userInfo: [NSURLErrorFailingURLStringErrorKey: "https://secret.example"])
                let ours = TransportError(ofURLSession: error, mayHaveLeft: false)
                XCTAssertEqual(ours.code, meaning, "\(code)")
                XCTAssertTrue(
                    ours.reason.contains("URLError \(code.rawValue)") || code == .badURL, ours.reason)
                XCTAssertFalse(ours.reason.contains("secret"), ours.reason)
                XCTAssertEqual(TransportError(ofURLSession: error, mayHaveLeft: true).code, .lost)
            }
        }
        // Every other number, also those of later systems.
        let decided = Set((notSent + local).map(\.rawValue))
        for number in -4000...0 where !decided.contains(number) {
            let error = NSError(domain: NSURLErrorDomain, code: number)
            XCTAssertEqual(TransportError(ofURLSession: error, mayHaveLeft: false).code, .lost, "\(number)")
        }
        let other = NSError(domain: "kCFErrorDomainCFNetwork", code: URLError.Code.badURL.rawValue)
        let ours = TransportError(ofURLSession: other, mayHaveLeft: false)
        XCTAssertEqual(ours, .lost("kCFErrorDomainCFNetwork -1000"))
    }

    /// An error that only a change on this device corrects is the error `configuration`, and not
    /// "try again".
    func testAnUntrustedCertificateIsAProblemOfTheConfiguration() async throws {
        let phone = try await Phone()
        let untrusted = URLError(.serverCertificateUntrusted)
        let transport = ScriptedTransport { _ in
            throw TransportError(ofURLSession: untrusted, mayHaveLeft: false)
        }
        let session = try await phone.loggedIn(try phone.app())
        try await phone.advance(60)
        let app = try phone.app(opener: phone.person(), transport: transport)
        let again = try await app.session(session.id)
        let error = try await switchbackError { try await again.accessToken() }
        XCTAssertEqual(error.code, .configuration)
        XCTAssertFalse(error.isRetryable)
        XCTAssertTrue(error.message.contains("Certificate Trust Settings"), error.message)
        XCTAssertEqual(transport.requests.count, 1)
    }

    /// On Linux the error is the one of every failed handshake.
    func testAServerWithAnUntrustedCertificateGetsNoRequest() async throws {
        let folder = try Folder()
        let sandbox = try Sandbox(["--tls", folder.url.path])
        XCTAssertTrue(sandbox.url.hasPrefix("https://"), sandbox.url)
        let request = HTTPRequest(method: "GET", url: link("\(sandbox.url)/sandbox/v1/clock"))
        let error = try await thrown { try await URLSessionTransport().send(request) }
        let code = try XCTUnwrap(error as? TransportError).code
        #if canImport(FoundationNetworking)
            XCTAssertEqual(code, .lost)
        #else
            XCTAssertEqual(code, .local)
        #endif
    }

    func testAURLThatCannotBeLoadedIsAProblemOfTheConfiguration() async throws {
        for url in ["ftp://127.0.0.1/x", "file:///etc/hosts", "/token", "https:///token", "data:,x"] {
            let request = HTTPRequest(method: "GET", url: link(url))
            let error = try await thrown { try await URLSessionTransport().send(request) }
            XCTAssertEqual((error as? TransportError)?.code, .local, url)
        }
    }

    func testAnAnswerThatIsTooLongEndsTheRequest() async throws {
        let long = String(repeating: "x", count: URLSessionTransport.longest + 1)
        let server = try RawServer { _, number in
            answer("200 OK", [], number == 1 ? long : String(long.dropLast()))
        }
        let request = HTTPRequest(method: "GET", url: link(server.url))
        let error = try await thrown { try await URLSessionTransport().send(request) }
        XCTAssertEqual(error as? TransportError, .tooLong)
        let whole = try await URLSessionTransport().send(request)
        XCTAssertEqual(whole.body.count, URLSessionTransport.longest)
    }

    func testARequestWhoseTaskIsCancelledIsNotSent() async throws {
        let server = try RawServer { _, _ in answer("200 OK") }
        let sending = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await URLSessionTransport().send(HTTPRequest(method: "GET", url: link(server.url)))
        }
        sending.cancel()
        let error = try await within("the call did not end") { try await thrown { try await sending.value } }
        XCTAssertEqual((error as? TransportError)?.code, .notSent)
        XCTAssertEqual(server.requests, [])
    }

    /// The core gives up a refresh when the system is about to suspend the app.
    func testARequestThatTheCoreGivesUpIsCancelled() async throws {
        let (phone, sent, cancelled) = (
            try await Phone(), AwaitedEvent("a request"), AwaitedEvent("its task is cancelled")
        )
        let transport = ScriptedTransport { _ in
            await withTaskCancellationHandler {
                sent.happens()
                try? await cancelled.happened()
            } onCancel: {
                cancelled.happens()
            }
            throw TransportError.lost("cancelled")
        }
        let id = try await phone.loggedIn(try phone.app()).id
        try await phone.advance(60)
        let (tasks, expired) = (ExpiringTasks(), AwaitedEvent("the call ends"))
        let platform = Platform(
            store: phone.store, opener: phone.person(), transport: transport, background: tasks)
        let app = try SwitchbackClient(phone.config, platform: platform, clock: phone.time)
        let session = try await app.session(id)
        let call = Task {
            defer { expired.happens() }
            return try await session.accessToken()
        }
        try await sent.happened()
        tasks.expire()
        try await expired.happened()
        try await cancelled.happened()
        let error = try await switchbackError { try await call.value }
        XCTAssertEqual(error.code, .tryAgain)
    }

    /// `URLSession` may report the cancellation before the call waits for it.
    func testAnExchangeThatIsCancelledBeforeItBeginsEnds() async throws {
        let server = try RawServer { _, _ in nil }
        for _ in 0..<20 {
            let sending = Task {
                while !Task.isCancelled { await Task.yield() }
                let configuration = URLSessionTransport.configuration(timeout: 60)
                _ = try await Exchange(longest: 1).send(URLRequest(url: link(server.url)), configuration)
            }
            sending.cancel()
            try await within("the call did not end") { _ = try await thrown { try await sending.value } }
        }
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

/// Background tasks that the test ends.
private final class ExpiringTasks: BackgroundTasks {
    private let begun = Guarded<[@Sendable () -> Void]>([])

    func begin(expired: @escaping @Sendable () -> Void) throws -> Int {
        begun.update { begun in
            begun.append(expired)
            return begun.count
        }
    }

    func end(_ task: Int) throws {}

    func expire() {
        for expired in begun.read({ $0 }) { expired() }
    }
}
