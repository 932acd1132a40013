import Foundation
import LocalAuthentication
import Security
import TestSupport
import XCTest

@testable import Switchback

/// A session in a store that the person unlocks: only `unlock` asks, and no token is lost.
final class UnlockedSessionTests: KeychainTestCase {
    func testARefreshAsksNoPerson() async throws {
        let (phone, store) = (try await Phone(), try await unlockedStore())
        let session = try await loggedIn(phone, store)
        try await phone.advance(61)
        _ = try await session.accessToken()
        try await refreshes(1, phone)
        XCTAssertEqual(keychain.promptCount, 0)
        XCTAssertEqual(DeviceOwner.questions.count, 1)
    }

    func testARefreshWhileTheStoreIsLockedSendsNothing() async throws {
        let (phone, store) = (try await Phone(), try await unlockedStore())
        let session = try await loggedIn(phone, store)
        time.with { $0 += 900 }
        try await phone.advance(61)
        let error = try await switchbackError { try await session.accessToken() }
        XCTAssertEqual(error.code, .store)
        XCTAssertEqual(error.detail, "authentication_required")
        try await refreshes(0, phone)
        try await store.unlock("Unlock your account")
        _ = try await session.accessToken()
        try await refreshes(1, phone)
    }

    /// The time of the unlock ends between the request of a refresh and the response.
    func testATokenThatComesAfterTheUnlockEndedIsStoredAfterTheNextUnlock() async throws {
        let (phone, store) = (try await Phone(), try await unlockedStore())
        let (time, ends, network) = (time, Locked(false), URLSessionTransport())
        let transport = ScriptedTransport { request in
            defer { if ends.with({ $0 }) { time.with { $0 += 900 } } }
            return try await network.send(request)
        }
        let session = try await loggedIn(phone, store, transport)
        try await phone.advance(61)
        ends.with { $0 = true }
        _ = try? await session.accessToken()
        ends.with { $0 = false }
        try await refreshes(1, phone)
        try await store.unlock("Unlock your account")
        let token = try await session.accessToken()

        let later = try phone.app(opener: phone.person(), store: store)
        let stored = try await later.session(session.id).accessToken()
        XCTAssertEqual(stored, token)
        try await refreshes(1, phone)
        XCTAssertEqual(keychain.promptCount, 0)
    }

    private func loggedIn(
        _ phone: Phone, _ store: KeychainStore, _ transport: any HTTPTransport = URLSessionTransport()
    ) async throws -> Session {
        let person = phone.person()
        let app = try phone.app(opener: person, transport: transport, store: store)
        person.app.update { $0.client = app }
        return try await phone.loggedIn(app)
    }

    private func refreshes(_ count: Int, _ phone: Phone) async throws {
        let counted = try await phone.sandbox.counted("refreshes")
        XCTAssertEqual(counted, count)
    }
}
