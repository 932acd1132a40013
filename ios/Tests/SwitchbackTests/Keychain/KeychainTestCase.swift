import Foundation
import LocalAuthentication
import Security
import TestSupport
import XCTest

@testable import Switchback

/// A test with an empty keychain, and a person who authenticates at once.
class KeychainTestCase: XCTestCase {
    let keychain = Keychain.shared
    let time = Locked<TimeInterval>(1_000)

    override func setUp() {
        keychain.reset()
        DeviceOwner.reset()
    }

    override func tearDown() {
        keychain.reset()
        DeviceOwner.reset()
    }

    func store(
        _ name: String = "test", accessGroup: String? = nil, unlockFor: TimeInterval? = nil,
        allowsPasscode: Bool = true
    ) -> KeychainStore {
        let time = time
        return KeychainStore(
            name: name, accessGroup: accessGroup, unlockFor: unlockFor, allowsPasscode: allowsPasscode
        ) { time.with { $0 } }
    }

    /// A store that the person has unlocked for a quarter of an hour.
    func unlockedStore(allowsPasscode: Bool = true) async throws -> KeychainStore {
        let store = store(unlockFor: 900, allowsPasscode: allowsPasscode)
        try await store.unlock("Unlock your account")
        return store
    }

    /// Refuses one kind of call.
    func refuse(_ call: Keychain.Call, _ status: OSStatus) {
        keychain.set { $0.around = { $1 == .before && $0 == call ? status : nil } }
    }

    func allowAll() { keychain.set { $0.around = nil } }

    /// The error that the work throws.
    func failure(
        _ work: () throws -> some Any, file: StaticString = #filePath, line: UInt = #line
    ) -> StoreError? {
        do {
            XCTFail("it returned \(try work())", file: file, line: line)
            return nil
        } catch {
            return error as? StoreError
        }
    }

    func failure(
        of work: () async throws -> some Any, file: StaticString = #filePath, line: UInt = #line
    ) async -> StoreError? {
        do {
            XCTFail("it returned \(try await work())", file: file, line: line)
            return nil
        } catch {
            return error as? StoreError
        }
    }
}
