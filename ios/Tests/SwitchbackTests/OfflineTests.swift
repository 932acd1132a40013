import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// The link comes while the network or the service is not available.
final class OfflineTests: XCTestCase {
    func testALinkIsRetriedWhenTheNetworkIsBack() async throws {
        let flaky = try await FlakyPhone()
        let call = Task { try await flaky.app.logIn(everything) }
        let back = try await flaky.approved()
        flaky.isOffline.update { $0 = true }
        XCTAssertTrue(flaky.app.handle(back))
        // The same link again during its completion.
        XCTAssertTrue(flaky.app.handle(back))
        let pauses = try await flaky.phone.time.pauses(1)
        XCTAssertEqual(pauses, [1])
        flaky.isOffline.update { $0 = false }
        flaky.phone.time.advance(1)
        _ = try await within("there was no retry") { try await call.value.session() }
        let exchanged = try await flaky.phone.sandbox.counted("code_exchanges")
        XCTAssertEqual(exchanged, 1)
    }

    func testALinkIsRetriedFor30Seconds() async throws {
        let flaky = try await FlakyPhone()
        let call = Task { try await flaky.app.logIn(everything) }
        let back = try await flaky.approved()
        flaky.isOffline.update { $0 = true }
        XCTAssertTrue(flaky.app.handle(back))
        for (number, seconds) in [1, 2, 4, 8, 8].enumerated() {
            let pauses = try await flaky.phone.time.pauses(number + 1)
            XCTAssertEqual(pauses.last, TimeInterval(seconds))
            flaky.phone.time.advance(Int64(seconds))
        }
        let error = try await within("the retries did not end") {
            try await switchbackError { try await call.value }
        }
        XCTAssertEqual(error.code, .tryAgain)
        XCTAssertTrue(error.isRetryable)
        do { throw error } catch SwitchbackError.Code.tryAgain {} catch { XCTFail("\(error)") }
    }

    func testAnErrorWithoutAWaitingCallIsAnEvent() async throws {
        let flaky = try await FlakyPhone()
        let call = Task { try await flaky.app.logIn(everything) }
        let back = try await flaky.approved()
        call.cancel()
        _ = await call.result
        flaky.isOffline.update { $0 = true }
        XCTAssertTrue(flaky.app.handle(back))
        for (number, seconds) in [1, 2, 4, 8, 8].enumerated() {
            _ = try await flaky.phone.time.pauses(number + 1)
            flaky.phone.time.advance(Int64(seconds))
        }
        guard case .failed(let failure) = try await next(flaky.app.events) else {
            throw TestFailure("no failure")
        }
        XCTAssertEqual(failure.code.rawValue, "try_again")
        let message = "The service cannot be reached. Please check your connection and try again."
        XCTAssertEqual(failure.userMessage(language: "en"), message)

        // The network is back, and the person opens the link again.
        flaky.isOffline.update { $0 = false }
        XCTAssertTrue(flaky.app.handle(back))
        _ = try await next(flaky.app.events).session()
    }

    func testATransportThatThisMachineCannotUseIsAConfigurationErrorWithItsWholeText() async throws {
        let reason = String(repeating: "a word, ", count: 200) + "and what to do"
        let phone = try await Phone()
        let app = try phone.app(transport: ScriptedTransport { _ in throw TransportError.local(reason) })
        let error = try await switchbackError { try await app.logIn(everything) }
        XCTAssertEqual(error.code, .configuration)
        let text = error.message
        XCTAssertTrue(text.contains("this machine cannot connect: \(reason)"), text)
        let pending = try await app.pendingLogins()
        XCTAssertEqual(pending.count, 1)
    }

    func testARetryWaitsAsLongAsTheServiceSays() async throws {
        let flaky = try await FlakyPhone()
        let call = Task { try await flaky.app.logIn(everything) }
        let back = try await flaky.approved()
        flaky.isBusy.update { $0 = true }
        XCTAssertTrue(flaky.app.handle(back))
        let pauses = try await flaky.phone.time.pauses(1)
        XCTAssertEqual(pauses, [5])
        flaky.isBusy.update { $0 = false }
        flaky.phone.time.advance(5)
        _ = try await within("there was no retry") { try await call.value.session() }
    }

    func testALockedStoreIsRetried() async throws {
        let flaky = try await FlakyPhone()
        let call = Task { try await flaky.app.logIn(everything) }
        let back = try await flaky.approved()
        flaky.phone.store.fails.update { $0 = .locked }
        XCTAssertTrue(flaky.app.handle(back))
        let pauses = try await flaky.phone.time.pauses(1)
        XCTAssertEqual(pauses, [1])
        flaky.phone.store.fails.update { $0 = nil }
        flaky.phone.time.advance(1)
        _ = try await within("there was no retry") { try await call.value.session() }
    }

    func testAPermanentErrorIsNotRetried() async throws {
        let flaky = try await FlakyPhone()
        let call = Task { try await flaky.app.logIn(everything) }
        let back = try await flaky.approved()
        flaky.phone.store.fails.update { $0 = .full("there is no room") }
        XCTAssertTrue(flaky.app.handle(back))
        let error = try await within("there was a retry") {
            try await switchbackError { try await call.value }
        }
        XCTAssertEqual(error.code, .store)
        XCTAssertEqual(error.detail, "full")
        XCTAssertFalse(error.isRetryable)
        XCTAssertTrue(error.message.contains("there is no room"), error.message)
    }
}

/// A phone whose network and service can become unavailable.
private final class FlakyPhone: Sendable {
    let phone: Phone
    let person: Person
    let app: SwitchbackClient
    let isOffline = Guarded(false)
    let isBusy = Guarded(false)

    init() async throws {
        phone = try await Phone()
        person = phone.person(.waits)
        let network = URLSessionTransport()
        let transport = ScriptedTransport { [isOffline, isBusy] request in
            if isOffline.read({ $0 }) { throw TransportError.notSent("no network") }
            if isBusy.read({ $0 }) {
                return HTTPResponse(status: 503, headers: [HTTPHeader(name: "retry-after", value: "5")])
            }
            return try await network.send(request)
        }
        app = try phone.app(opener: person, transport: transport)
    }

    func approved() async throws -> URL {
        link(try await phone.sandbox.approve(try await person.sees()[0].absoluteString))
    }
}
