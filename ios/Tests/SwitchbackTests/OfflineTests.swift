import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// The link comes while the network or the service is not there.
final class OfflineTests: XCTestCase {
    func testALinkIsRetriedWhenTheNetworkIsBack() async throws {
        let world = try await World()
        let call = Task { try await world.app.logIn(everything) }
        let back = try await world.approved()
        world.isOffline.update { $0 = true }
        XCTAssertTrue(world.app.handle(back))
        // While it is being completed, once more.
        XCTAssertTrue(world.app.handle(back))
        let pauses = try await world.phone.time.pauses(1)
        XCTAssertEqual(pauses, [.seconds(1)])
        world.isOffline.update { $0 = false }
        world.phone.time.advance(1)
        _ = try await within("it was not tried again") { try await call.value.session() }
        let exchanged = try await world.phone.sandbox.counted("code_exchanges")
        XCTAssertEqual(exchanged, 1)
    }

    func testALinkIsRetriedFor30Seconds() async throws {
        let world = try await World()
        let call = Task { try await world.app.logIn(everything) }
        let back = try await world.approved()
        world.isOffline.update { $0 = true }
        XCTAssertTrue(world.app.handle(back))
        for (number, seconds) in [1, 2, 4, 8, 8].enumerated() {
            let pauses = try await world.phone.time.pauses(number + 1)
            XCTAssertEqual(pauses.last, .seconds(seconds))
            world.phone.time.advance(Int64(seconds))
        }
        let error = try await within("it is tried for ever") {
            try await switchbackError { try await call.value }
        }
        XCTAssertEqual(error.code, .tryAgain)
        XCTAssertTrue(error.isRetryable)
        do { throw error } catch SwitchbackError.Code.tryAgain {} catch { XCTFail("\(error)") }
    }

    func testAnErrorWithoutAWaitingCallIsAnEvent() async throws {
        let world = try await World()
        let call = Task { try await world.app.logIn(everything) }
        let back = try await world.approved()
        call.cancel()
        _ = await call.result
        world.isOffline.update { $0 = true }
        XCTAssertTrue(world.app.handle(back))
        for (number, seconds) in [1, 2, 4, 8, 8].enumerated() {
            _ = try await world.phone.time.pauses(number + 1)
            world.phone.time.advance(Int64(seconds))
        }
        guard case .failed(let failure) = try await next(world.app.events) else { throw Wrong("no failure") }
        XCTAssertEqual(failure.code.rawValue, "try_again")
        let message = "The service cannot be reached. Please check your connection and try again."
        XCTAssertEqual(failure.userMessage(language: "en"), message)

        // The network is back, and so is the person.
        world.isOffline.update { $0 = false }
        XCTAssertTrue(world.app.handle(back))
        _ = try await next(world.app.events).session()
    }

    func testARetryWaitsAsLongAsTheServiceSays() async throws {
        let world = try await World()
        let call = Task { try await world.app.logIn(everything) }
        let back = try await world.approved()
        world.isBusy.update { $0 = true }
        XCTAssertTrue(world.app.handle(back))
        let pauses = try await world.phone.time.pauses(1)
        XCTAssertEqual(pauses, [.seconds(5)])
        world.isBusy.update { $0 = false }
        world.phone.time.advance(5)
        _ = try await within("it was not tried again") { try await call.value.session() }
    }

    func testALockedStoreIsRetried() async throws {
        let world = try await World()
        let call = Task { try await world.app.logIn(everything) }
        let back = try await world.approved()
        world.phone.store.fails.update { $0 = .locked }
        XCTAssertTrue(world.app.handle(back))
        let pauses = try await world.phone.time.pauses(1)
        XCTAssertEqual(pauses, [.seconds(1)])
        world.phone.store.fails.update { $0 = nil }
        world.phone.time.advance(1)
        _ = try await within("it was not tried again") { try await call.value.session() }
    }

    func testAPermanentErrorIsNotRetried() async throws {
        let world = try await World()
        let call = Task { try await world.app.logIn(everything) }
        let back = try await world.approved()
        world.phone.store.fails.update { $0 = .full("there is no room") }
        XCTAssertTrue(world.app.handle(back))
        let error = try await within("it is tried again") {
            try await switchbackError { try await call.value }
        }
        XCTAssertEqual(error.code, .store)
        XCTAssertEqual(error.detail, "full")
        XCTAssertFalse(error.isRetryable)
        XCTAssertTrue(error.debugDescription.contains("there is no room"), error.debugDescription)
    }
}

/// A phone whose network and service come and go.
private final class World: Sendable {
    let phone: Phone
    let person: Person
    let app: SwitchbackClient
    let isOffline = Guarded(false)
    let isBusy = Guarded(false)

    init() async throws {
        phone = try await Phone()
        person = phone.person(.waits)
        let network = URLSessionTransport()
        let transport = Scripted { [isOffline, isBusy] request in
            if isOffline.read({ $0 }) { throw TransportError.notSent("nobody is there") }
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
