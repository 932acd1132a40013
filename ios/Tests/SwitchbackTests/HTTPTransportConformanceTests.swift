import Foundation
import Switchback
import SwitchbackTesting
import TestSupport
import XCTest

/// Transports against the suite that every transport must pass, as an app's tests run it.
final class HTTPTransportConformanceTests: XCTestCase {
    func testTheURLSessionTransportConforms() async {
        let report = await httpTransportConformance(transport: URLSessionTransport())
        XCTAssertGreaterThan(report.cases.count, 30)
        XCTAssertEqual(report.leftOut, [], "\(report)")
        let failed = report.failures.map(\.name)
        #if canImport(FoundationNetworking)
            // On Linux a failed TLS handshake has the same error as much else: `URLError.unknown`.
            let always = ["tls-refused"]
            // On Linux it continues to read while the delegate counts. How far depends on the machine.
            let sometimes = ["body-without-end"]
            XCTAssertEqual(failed.filter { !sometimes.contains($0) }, always, "\(report)")
        #else
            XCTAssertEqual(failed, [], "\(report)")
        #endif
    }

    /// The suite finds a repeated request, and an error that contains parts of the request.
    func testATransportThatRepeatsRequestsFails() async {
        struct Stubborn: HTTPTransport {
            let transport = URLSessionTransport()
            func send(_ request: HTTPRequest) async throws -> HTTPResponse {
                do {
                    return try await transport.send(request)
                } catch let error as TransportError where error.code == .lost {
                    do { return try await transport.send(request) } catch is TransportError {
                        throw TransportError.lost("no answer from \(request.url)")
                    }
                }
            }
        }
        let report = await httpTransportConformance(transport: Stubborn())
        let failed = Set(report.failures.map(\.name))
        XCTAssertTrue(
            failed.isSuperset(of: ["once-closed", "once-reset", "errors-tell-no-request"]), "\(report)")
    }
}
