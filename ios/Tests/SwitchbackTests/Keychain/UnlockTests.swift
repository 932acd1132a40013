import Foundation
import LocalAuthentication
import Security
import TestSupport
import XCTest

@testable import Switchback

/// A store that the person unlocks.
final class UnlockTests: KeychainTestCase {
    private let value = Data("value".utf8)

    func testTheStoreIsUnlockedForATime() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        time.with { $0 += 899 }
        XCTAssertEqual(try store.get(key: "key"), value)
        time.with { $0 += 1 }
        XCTAssertEqual(failure { try store.get(key: "key") }, .authenticationRequired)
        XCTAssertEqual(DeviceOwner.questions, [.deviceOwnerAuthentication])
        try await store.unlock("Unlock your account")
        XCTAssertEqual(try store.get(key: "key"), value)
        XCTAssertEqual(DeviceOwner.questions.count, 2)
    }

    func testATimeThatIsNoNumberUnlocksNothing() async throws {
        for seconds in [TimeInterval.nan, -1, 0] {
            let store = store(unlockFor: seconds)
            let error = await failure(of: { try await store.unlock("Unlock your account") })
            XCTAssertEqual(error, .authenticationRequired)
        }
    }

    func testAnUnlockedStoreAsksNothing() async throws {
        let store = try await unlockedStore()
        try await store.unlock("Unlock your account")
        XCTAssertEqual(DeviceOwner.questions.count, 1)
        let never = self.store("never")
        try await never.unlock("Unlock your account")
        XCTAssertEqual(DeviceOwner.questions.count, 1)
    }

    /// A refresh reads a token, sends it, and must store the next one, also if the time is over meanwhile.
    func testAWriteNeedsNoPerson() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        time.with { $0 += 3_600 }
        try store.put(key: "key", value: Data("rotated".utf8))
        try self.store(unlockFor: 900).put(key: "other", value: value)
        XCTAssertEqual(try store.list(prefix: "").sorted(), ["key", "other"])
        try store.delete(key: "other")
        XCTAssertEqual(failure { try store.get(key: "key") }, .authenticationRequired)
        XCTAssertEqual(keychain.promptCount, 0)
        try await store.unlock("Unlock your account")
        XCTAssertEqual(try store.get(key: "key"), Data("rotated".utf8))
    }

    func testTheValuesInTheKeychainAreEncrypted() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        let entries = keychain.contents.filter { $0.attributes[kSecAttrAccount] as? String == "key" }
        XCTAssertEqual(entries.count, 1)
        XCTAssertTrue(entries.allSatisfy { $0.data.first == 2 && $0.data.range(of: value) == nil })
    }

    func testTheKeyIsUsableWhileTheScreenIsLocked() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        keychain.set { $0.protection = .locked }
        XCTAssertEqual(try store.get(key: "key"), value)
    }

    func testBeforeTheFirstUnlockTheStoreIsLockedAndNotForThePerson() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        for hides in [false, true] {
            keychain.set { ($0.protection, $0.hidesProtectedItems) = (.beforeFirstUnlock, hides) }
            let new = self.store(unlockFor: 900)
            XCTAssertEqual(failure { try new.get(key: "key") }, .locked)
            XCTAssertEqual(failure { try new.put(key: "key", value: value) }, .locked)
            let error = await failure(of: { try await new.unlock("Unlock your account") })
            XCTAssertEqual(error, .locked)
        }
        XCTAssertEqual(DeviceOwner.questions.count, 1)
    }

    func testTwoProcessesMayMakeAKeyAtTheSameTime() async throws {
        let (one, other) = (store(unlockFor: 900), store(unlockFor: 900))
        let isFirst = Locked(true)
        keychain.set { [value] in
            $0.around = { call, moment in
                guard (call, moment) == (.createKey, .before) else { return nil }
                let first = isFirst.with { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
                if first { try? other.put(key: "other", value: value) }
                return nil
            }
        }
        try one.put(key: "one", value: value)
        XCTAssertEqual(keychain.calls.filter { $0 == .createKey }.count, 2)
        try await one.unlock("Unlock your account")
        XCTAssertEqual(try one.get(key: "one"), value)
        XCTAssertEqual(try one.get(key: "other"), value)
    }

    // MARK: The prompt

    func testEachEndOfThePromptHasItsType() async throws {
        for (code, expected) in [
            (.userCancel, "cancelled"), (.userFallback, "cancelled"),
            (.systemCancel, "authentication_required"), (.appCancel, "authentication_required"),
            (.authenticationFailed, "authentication_required"), (.passcodeNotSet, "unavailable"),
            (.biometryNotAvailable, "unavailable"), (.biometryNotEnrolled, "unavailable"),
            (.biometryLockout, "unavailable"), (.notInteractive, "unavailable"),
        ] as [(LAError.Code, String)] {
            DeviceOwner.set { $1(code) }
            let store = store(unlockFor: 900)
            let error = await failure(of: { try await store.unlock("Unlock your account") })
            XCTAssertEqual(error?.code.rawValue, expected)
            guard expected == "unavailable" else { continue }
            XCTAssertTrue(error?.reason.contains("LAError \(code.rawValue): ") == true, "\(error!)")
        }
    }

    func testAnEmptyReasonIsAnErrorAndNoCrash() async {
        let store = store(unlockFor: 900)
        let error = await failure(of: { try await store.unlock("") })
        XCTAssertEqual(error?.code.rawValue, "unavailable")
    }

    func testACancelledTaskClosesThePrompt() async throws {
        let asked = AwaitedEvent("the person is asked")
        DeviceOwner.set { _, _ in asked.happens() }
        let store = store(unlockFor: 900)
        let task = Task { try await store.unlock("Unlock your account") }
        try await Task.detached { try asked.wait() }.value
        task.cancel()
        do {
            try await task.value
            XCTFail("it returned")
        } catch {
            XCTAssertTrue(error is CancellationError, "\(error)")
        }
    }

    func testWithoutAPasscodeThereIsNoKey() async {
        keychain.set { $0.hasPasscode = false }
        let store = store(unlockFor: 900)
        let error = await failure(of: { try await store.unlock("Unlock your account") })
        XCTAssertEqual(error?.code.rawValue, "unavailable")
        XCTAssertTrue(error?.reason.contains("ask the person to set a passcode") == true, "\(error!)")
    }

    func testADeviceWithoutASecureEnclaveSaysSo() {
        keychain.set { $0.hasSecureEnclave = false }
        let error = failure { try store(unlockFor: 900).put(key: "key", value: value) }
        XCTAssertEqual(error?.code.rawValue, "unavailable")
        XCTAssertTrue(error?.reason.contains("-4") == true, "\(error!)")
    }

    // MARK: The key is lost

    /// Switchback's error has the reason, and says nothing more about what to do.
    private func assertLost(_ error: StoreError?, file: StaticString = #filePath, line: UInt = #line) {
        XCTAssertEqual(error?.code.rawValue, "key_lost", file: file, line: line)
        let remedy = "call `reset` and let the person log in again"
        XCTAssertTrue(
            error?.reason.contains(remedy) == true, "\(error?.reason ?? "")", file: file, line: line)
    }

    func testChangedBiometryEndsAKeyWithoutPasscodeOnly() async throws {
        for allowsPasscode in [true, false] {
            keychain.reset()
            let store = try await unlockedStore(allowsPasscode: allowsPasscode)
            try store.put(key: "key", value: value)
            keychain.set { $0.biometrySet = 2 }
            guard !allowsPasscode else {
                XCTAssertEqual(try store.get(key: "key"), value)
                continue
            }
            XCTAssertEqual(DeviceOwner.questions.last, .deviceOwnerAuthenticationWithBiometrics)
            assertLost(failure { try store.get(key: "key") })
            let error = await failure(of: { try await store.unlock("Unlock your account") })
            assertLost(error)
            try store.reset()
            try await store.unlock("Unlock your account")
            try store.put(key: "key", value: value)
            XCTAssertEqual(try store.get(key: "key"), value)
        }
    }

    func testTheCodesThatAppsHaveSeenForALostKey() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        refuse(.decrypt, errSecAuthFailed)
        assertLost(failure { try store.get(key: "key") })
        // A new value that cannot be decrypted: the key is damaged, and no entry.
        refuse(.decrypt, errSecParam)
        XCTAssertEqual(failure { try store.get(key: "key") }?.code.rawValue, "corrupt")
        let error = await failure(of: { try await store.unlock("Unlock your account") })
        assertLost(error)
    }

    /// The time ends in one thread while another thread uses the context.
    func testAFailureOfAKeyHasItsTypeAndItsNumber() {
        for (domain, code, expected) in [
            ("com.apple.LocalAuthentication", -1004, "authentication_required"),
            ("com.apple.LocalAuthentication", -10, "authentication_required"),
            ("CryptoTokenKit", -9, "authentication_required"), ("CryptoTokenKit", -3, "key_lost"),
            ("com.apple.LocalAuthentication", -2, "cancelled"), ("CryptoTokenKit", -2, "unavailable"),
            ("NSOSStatusErrorDomain", -25300, "key_lost"), ("NSOSStatusErrorDomain", -34018, "denied"),
        ] {
            let error = StoreError(.passRetained(CFError(domain, code)), in: "SecKeyCreateDecryptedData")
            XCTAssertEqual(error.code.rawValue, expected)
            guard !error.reason.isEmpty else { continue }
            XCTAssertTrue(error.reason.contains("\(code)"), "\(error)")
        }
    }

    func testEntriesWithoutTheirKeyAreLostUntilAReset() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        keychain.loseKeys()
        assertLost(failure { try store.get(key: "key") })
        assertLost(failure { try store.put(key: "key", value: value) })
        try store.reset()
        try store.put(key: "key", value: value)
        try await store.unlock("Unlock your account")
        XCTAssertEqual(try store.get(key: "key"), value)
    }

    func testAStoreDoesNotGetOrLoseTheUnlockSilently() async throws {
        let (plain, locked) = (store(), try await unlockedStore())
        try locked.put(key: "locked", value: value)
        assertLost(failure { try plain.get(key: "locked") })
        let withoutPasscode = store(unlockFor: 900, allowsPasscode: false)
        assertLost(failure { try withoutPasscode.put(key: "new", value: value) })
        try plain.reset()
        XCTAssertEqual(keychain.contents.count, 0, "the key is still there")
        try plain.put(key: "plain", value: value)
        assertLost(failure { try locked.get(key: "plain") })
        assertLost(failure { try locked.put(key: "new", value: value) })
    }

    func testADamagedEntryIsCorrupt() async throws {
        let store = try await unlockedStore()
        try store.put(key: "key", value: value)
        keychain.damage { Data($0.dropLast()) + [$0.last! ^ 1] }
        XCTAssertEqual(failure { try store.get(key: "key") }?.code.rawValue, "corrupt")
    }
}
