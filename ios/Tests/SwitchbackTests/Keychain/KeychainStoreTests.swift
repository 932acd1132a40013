import Foundation
import Security
import TestSupport
import XCTest

@testable import Switchback

/// What the store does when the keychain refuses, and when another process writes at the same time.
final class KeychainStoreTests: KeychainTestCase {
    private let value = Data("value".utf8)

    // MARK: What is stored

    func testAnItemIsOfThisDeviceAndNotSynchronized() throws {
        try store().put(key: "a/ключ", value: value)
        let item = try XCTUnwrap(keychain.contents.first).attributes
        XCTAssertEqual(
            item[kSecAttrAccessible] as? String, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly)
        XCTAssertEqual(item[kSecAttrSynchronizable] as? Bool, false)
        XCTAssertEqual(item[kSecAttrAccount] as? String, "a/%D0%BA%D0%BB%D1%8E%D1%87")
    }

    func testTheServiceIsTheProgramAndTheName() throws {
        try store("one").put(key: "key", value: value)
        try store("two", accessGroup: "TEAM.app.example").put(key: "key", value: value)
        let services = keychain.contents.compactMap { $0.attributes[kSecAttrService] as? String }
        XCTAssertEqual(services, ["\(Bundle.identifier).one", "TEAM.app.example.two"])
        XCTAssertNil(try store("three").get(key: "key"))
    }

    func testARotationIsOneCall() throws {
        let store = store()
        try store.put(key: "key", value: value)
        let before = keychain.calls.count
        try store.put(key: "key", value: value)
        XCTAssertEqual(keychain.calls.dropFirst(before), [.update])
    }

    // MARK: Locked is not empty

    func testALockedKeychainIsNeitherEmptyNorWritable() throws {
        let store = store()
        try store.put(key: "key", value: value)
        for hides in [false, true] {
            keychain.set { ($0.protection, $0.hidesProtectedItems) = (.beforeFirstUnlock, hides) }
            XCTAssertEqual(failure { try store.get(key: "key") }, .locked)
            XCTAssertEqual(failure { try store.get(key: "other") }, .locked)
            XCTAssertEqual(failure { try store.list(prefix: "") }, .locked)
            XCTAssertEqual(failure { try store.put(key: "key", value: Data()) }, .locked)
            XCTAssertEqual(failure { try store.delete(key: "key") }, .locked)
            XCTAssertEqual(failure { try store.reset() }, .locked)
            keychain.set { $0.protection = .unlocked }
            XCTAssertEqual(try store.get(key: "key"), value)
        }
    }

    func testALockedScreenChangesNothing() throws {
        let store = store()
        keychain.set { $0.protection = .locked }
        try store.put(key: "key", value: value)
        XCTAssertEqual(try store.get(key: "key"), value)
    }

    /// The device is unlocked between the read that finds nothing and the write that proves it.
    func testAnUnlockBetweenTwoCallsLosesNothing() throws {
        let store = store()
        try store.put(key: "key", value: value)
        keychain.set { settings in
            (settings.protection, settings.hidesProtectedItems) = (.beforeFirstUnlock, true)
            settings.around = { call, moment in
                if (call, moment) == (.update, .before) {
                    Keychain.shared.set { $0.protection = .unlocked }
                }
                return nil
            }
        }
        XCTAssertEqual(try store.get(key: "key"), value)
    }

    // MARK: Entitlements

    /// The search finds nothing, and only the write fails.
    func testAMissingEntitlementDoesNotLookEmpty() throws {
        keychain.set { ($0.system, $0.groups) = (.macOS, []) }
        let store = store()
        for error in [
            failure { try store.get(key: "key") }, failure { try store.list(prefix: "") },
            failure { try store.put(key: "key", value: value) }, failure { try store.delete(key: "key") },
        ] {
            XCTAssertEqual(error?.code.rawValue, "denied")
            XCTAssertTrue(error?.reason.contains("(-34018): sign the app") == true, "\(error!)")
        }
    }

    func testAGroupThatTheAppDoesNotHaveIsDenied() {
        for system in [Keychain.System.iOS, .macOS] {
            keychain.set { $0.system = system }
            let store = store(accessGroup: "group.other")
            XCTAssertEqual(failure { try store.get(key: "key") }?.code.rawValue, "denied")
            XCTAssertEqual(failure { try store.put(key: "key", value: value) }?.code.rawValue, "denied")
        }
    }

    func testAnExtensionSharesTheEntriesOfTheGroup() throws {
        keychain.set { $0.groups = ["TEAM.app.example", "group.example"] }
        try store(accessGroup: "group.example").put(key: "key", value: value)
        keychain.set { $0.groups = ["TEAM.app.example.share", "group.example"] }
        XCTAssertEqual(try store(accessGroup: "group.example").get(key: "key"), value)
        XCTAssertNil(try store().get(key: "key"))
    }

    // MARK: Other failures

    func testEachRefusalHasItsTypeAndItsNumber() {
        let store = store()
        for (status, code) in [
            (errSecUserCanceled, "cancelled"), (errSecMissingEntitlement, "denied"),
            (errSecRestrictedAPI, "denied"), (errSecDecode, "corrupt"), (errSecDiskFull, "full"),
            (errSecNotAvailable, "unavailable"), (errSecParam, "unavailable"), (-2070, "unavailable"),
        ] as [(OSStatus, String)] {
            refuse(.copyMatching, status)
            let reading = failure { try store.get(key: "key") }
            refuse(.update, status)
            let writing = failure { try store.put(key: "key", value: value) }
            for (error, function) in [(reading, "SecItemCopyMatching"), (writing, "SecItemUpdate")] {
                XCTAssertEqual(error?.code.rawValue, code)
                guard code != "cancelled" else { continue }
                XCTAssertTrue(error?.reason.contains("\(status)") == true, "\(error!)")
                XCTAssertTrue(error?.reason.hasPrefix(function) == true, "\(error!)")
            }
        }
    }

    func testDamagedEntriesAreCorruptAndLaterOnesAreNewer() throws {
        let store = store()
        try store.put(key: "key", value: value)
        for (bytes, code) in [([], "corrupt"), ([2], "corrupt"), ([2, 9, 1], "corrupt"), ([3, 1], "newer")]
            as [([UInt8], String)]
        {
            keychain.damage { _ in Data(bytes) }
            XCTAssertEqual(failure { try store.get(key: "key") }?.code.rawValue, code)
            XCTAssertEqual(try store.list(prefix: ""), ["key"])
        }
        try store.put(key: "key", value: value)
        XCTAssertEqual(try store.get(key: "key"), value)
    }

    // MARK: Deleting

    func testADeletedEntryDoesNotComeBackIfItsItemCannotBeDeleted() throws {
        try store().put(key: "key", value: value)
        refuse(.delete, errSecMissingEntitlement)
        try store().delete(key: "key")
        XCTAssertNil(try store().get(key: "key"))
        XCTAssertEqual(try store().list(prefix: ""), [])
        XCTAssertTrue(keychain.contents.allSatisfy { $0.data == StoredValue.deleted })
        allowAll()
        try store().put(key: "key", value: value)
        XCTAssertEqual(try store().list(prefix: ""), ["key"])
        XCTAssertNil(try store().get(key: "other"))
        XCTAssertEqual(keychain.contents.count, 1, "what was left was not removed")
    }

    func testAnEntryThatCannotBeOverwrittenIsDeleted() throws {
        let store = store()
        try store.put(key: "key", value: value)
        refuse(.update, errSecDecode)
        try store.delete(key: "key")
        allowAll()
        XCTAssertNil(try store.get(key: "key"))
    }

    func testADeleteThatFailsSaysSo() throws {
        let store = store()
        try store.put(key: "key", value: value)
        keychain.set {
            $0.around = { call, _ in [.update, .delete].contains(call) ? errSecRestrictedAPI : nil }
        }
        XCTAssertEqual(failure { try store.delete(key: "key") }?.code.rawValue, "denied")
        allowAll()
        XCTAssertEqual(try store.get(key: "key"), value)
    }

    func testAResetRemovesTheEntriesOfThisStoreOnly() throws {
        let (store, other) = (store(), store("other"))
        for store in [store, other] { try store.put(key: "key", value: value) }
        try store.reset()
        XCTAssertNil(try store.get(key: "key"))
        XCTAssertEqual(try other.get(key: "key"), value)
    }

    func testAResetThatFailsSaysSo() throws {
        try store().put(key: "key", value: value)
        refuse(.delete, errSecRestrictedAPI)
        XCTAssertEqual(failure { try store().reset() }?.code.rawValue, "denied")
    }

    // MARK: Two processes

    /// The other process adds the entry after this one has found none.
    func testTwoProcessesThatAddAnEntryKeepOneValue() throws {
        let (one, other) = (store(), store())
        during(.add, 1) { try? other.put(key: "key", value: Data("other".utf8)) }
        try one.put(key: "key", value: value)
        XCTAssertEqual(try other.get(key: "key"), value)
        XCTAssertEqual(keychain.contents.count, 1)
    }

    /// The other process removes the entry after this one has found that it exists.
    func testAnEntryThatIsRemovedDuringAWriteIsAddedAgain() throws {
        let (one, other) = (store(), store())
        during(.add, 1) {
            try? other.put(key: "key", value: Data("other".utf8))
            // This process has a duplicate now, and finds nothing to change.
            during(.update, 1) { try? other.delete(key: "key") }
        }
        try one.put(key: "key", value: value)
        XCTAssertEqual(try other.get(key: "key"), value)
    }

    func testAWriteGivesUpIfAnotherProcessAlwaysInterferes() throws {
        keychain.set {
            $0.around = { call, moment in
                guard moment == .before else { return nil }
                return call == .update ? errSecItemNotFound : call == .add ? errSecDuplicateItem : nil
            }
        }
        let error = failure { try store().put(key: "key", value: value) }
        XCTAssertEqual(error?.code.rawValue, "unavailable")
        XCTAssertTrue(error?.reason.contains("(-25299)") == true, "\(error!)")
        XCTAssertEqual(keychain.calls.count, 20)
    }

    /// A write of another process after this one has overwritten the value, and before it deletes the item.
    func testADeleteDoesNotRemoveALaterWrite() throws {
        let (one, other) = (store(), store())
        try one.put(key: "key", value: value)
        during(.delete, 1) { try? other.put(key: "key", value: Data("later".utf8)) }
        try one.delete(key: "key")
        XCTAssertEqual(try one.get(key: "key"), Data("later".utf8))
        XCTAssertEqual(try one.list(prefix: ""), ["key"])
    }

    // MARK: Redaction

    func testNothingIsShown() throws {
        let canary = "c4nary"
        let store = store(unlockFor: 900)
        try store.put(key: canary, value: Data(canary.utf8))
        var dumped = ""
        dump(store, to: &dumped)
        for text in ["\(store)", String(reflecting: store), "\([store])", dumped] {
            XCTAssertTrue(text.contains("KeychainStore"), text)
            XCTAssertFalse(text.contains("service") || text.contains("test"), text)
        }
        for call in [.add, .copyMatching, .update, .delete, .encrypt, .decrypt, .createKey] as [Keychain.Call]
        {
            for status in [errSecDecode, errSecParam, errSecAuthFailed, errSecMissingEntitlement, -1] {
                refuse(call, status)
                for work in [
                    { try store.put(key: canary, value: Data(canary.utf8)) },
                    { _ = try store.get(key: canary) }, { try store.delete(key: "no-\(canary)") },
                    { _ = try store.list(prefix: canary) },
                ] as [() throws -> Void] {
                    do { try work() } catch { XCTAssertFalse("\(error)".contains("nary"), "\(error)") }
                }
            }
        }
    }
}

/// Runs the work before the first calls of this kind.
private func during(_ call: Keychain.Call, _ count: Int, _ work: @escaping @Sendable () -> Void) {
    let left = Locked(count)
    Keychain.shared.set {
        $0.around = { called, moment in
            guard (called, moment) == (call, .before) else { return nil }
            let isDue = left.with { left in
                left -= 1
                return left >= 0
            }
            if isDue { work() }
            return nil
        }
    }
}
