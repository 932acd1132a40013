import Foundation
import Security
import SwitchbackTesting
import TestSupport
import XCTest

@testable import Switchback

/// The suite that every store must pass, on the keychain of iOS and of macOS, without and with an unlock by the
/// person, and with a keychain that looks empty while the device is locked.
final class KeychainConformanceTests: KeychainTestCase {
    func testTheStoreConforms() async throws {
        try await conforms { KeychainStore() }
    }

    func testTheStoreConformsIfAProtectedKeychainLooksEmpty() async throws {
        keychain.set { $0.hidesProtectedItems = true }
        try await conforms { KeychainStore() }
    }

    func testTheStoreConformsOnMacOS() async throws {
        keychain.set { $0.system = .macOS }
        try await conforms { KeychainStore() }
    }

    func testTheStoreConformsInAnAccessGroup() async throws {
        keychain.set { $0.groups = ["TEAM.app.example", "group.example"] }
        try await conforms { KeychainStore(accessGroup: "group.example") }
    }

    func testAnUnlockedStoreConforms() async throws {
        try await conforms {
            let store = KeychainStore(unlockFor: 86_400)
            try blocking { try await store.unlock("Unlock your account") }
            return store
        }
        XCTAssertEqual(keychain.promptCount, 0)
    }

    private func conforms(_ open: @escaping @Sendable () throws -> KeychainStore) async throws {
        let report = await secureStoreConformance(store: UnderTest(work: open))
        XCTAssertGreaterThan(report.cases.count, 25)
        XCTAssertEqual(report.failures + report.leftOut, [], "\(report)")
        XCTAssertEqual(keychain.contents.filter { $0.attributes[kSecAttrAccount] != nil }.count, 0)
    }
}

/// A store in the stand-in. A killed process is a thread that never returns from a call of the keychain.
private final class UnderTest: StoreUnderTest {
    private let work: @Sendable () throws -> KeychainStore
    private let kills = Locked(0)

    init(work: @escaping @Sendable () throws -> KeychainStore) {
        self.work = work
    }

    func open() throws -> any SecureStore { try work() }

    func setLocked(_ isLocked: Bool) throws -> Bool {
        Keychain.shared.set { $0.protection = isLocked ? .beforeFirstUnlock : .unlocked }
        return true
    }

    func killDuringPut(key: String, value: Data) throws -> Bool {
        let store = try open()
        let left = Locked(
            kills.with { kills in
                kills += 1
                return kills % 6
            })
        let ended = DispatchSemaphore(value: 0)
        Keychain.shared.set {
            $0.around = { _, _ in
                guard Thread.current.name == "killed" else { return nil }
                let isKilled = left.with { left in
                    left -= 1
                    return left < 0
                }
                guard isKilled else { return nil }
                ended.signal()
                DispatchSemaphore(value: 0).wait()
                return nil
            }
        }
        let process = Thread {
            try? store.put(key: key, value: value)
            ended.signal()
        }
        process.name = "killed"
        process.start()
        ended.wait()
        Keychain.shared.set { $0.around = nil }
        return true
    }
}

/// Waits on a thread that may block.
private func blocking(_ work: @escaping @Sendable () async throws -> Void) throws {
    let (result, done) = (Locked<Result<Void, any Error>?>(nil), DispatchSemaphore(value: 0))
    Task {
        do {
            try await work()
            result.with { $0 = .success(()) }
        } catch {
            result.with { $0 = .failure(error) }
        }
        done.signal()
    }
    done.wait()
    try result.with { $0 }?.get()
}
