import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// Two providers share one redirect URI: RFC 9700 section 4.4.
final class MixUpTests: XCTestCase {
    private func app(at baseURL: String, store: any SecureStore) throws -> SwitchbackClient {
        let config = SwitchbackConfig(
            provider: .truid(baseURL: link(baseURL)), mode: .direct(clientID: "c"),
            redirectURI: link("https://app.example/mix-up"))
        return try SwitchbackClient(
            config, platform: Platform(store: store, opener: ClosureOpener { _ in false }))
    }

    func testNoLoginBeginsWhileTwoClientsShareARedirectURI() async throws {
        let store = MemoryStore()
        let one = try app(at: "https://one.example", store: store)
        for theirs in [store, MemoryStore()] {
            let two = try app(at: "https://two.example", store: theirs)
            for client in [one, two] {
                let error = try await switchbackError { try await client.logIn(.login) }
                XCTAssertEqual(error.code, .configuration)
                XCTAssertTrue(error.message.contains("https://app.example/mix-up"), error.message)
            }
            withExtendedLifetime(two) {}
        }
        // The other clients are gone.
        let outcome = try await one.logIn(.login)
        XCTAssertEqual(outcome.code, "not_opened")
    }
}
