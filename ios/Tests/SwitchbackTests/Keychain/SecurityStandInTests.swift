import Foundation
import LocalAuthentication
import Security
import XCTest

@testable import Switchback

/// The simulated keychain refuses what Apple's keychain refuses.
final class SecurityStandInTests: KeychainTestCase {
    private let item: [String: Any] = [
        kSecClass: kSecClassGenericPassword, kSecAttrService: "service", kSecAttrAccount: "account",
        kSecUseDataProtectionKeychain: true,
    ]
    private let data: [String: Any] = [kSecValueData: Data("data".utf8)]
    private let everything: [String: Any] = [kSecMatchLimit: kSecMatchLimitAll]

    private func add(_ more: [String: Any] = [:]) -> OSStatus {
        SecItemAdd(item.merging(data) { $1 }.merging(more) { $1 }, nil)
    }

    private func copy(_ more: [String: Any] = [:]) -> OSStatus {
        var result: CFTypeRef?
        return SecItemCopyMatching(item.merging(more) { $1 }, &result)
    }

    func testAQueryWithoutAClassOrWithWrongValuesIsRefused() {
        XCTAssertEqual(SecItemAdd(data, nil), errSecParam)
        XCTAssertEqual(SecItemCopyMatching([kSecAttrAccount: "account"], nil), errSecParam)
        XCTAssertEqual(SecItemDelete([:]), errSecParam)
        for wrong in [
            [kSecAttrAccount: 7], [kSecAttrService: Data()], [kSecValueData: "text"],
            [kSecAttrSynchronizable: "yes"], [kSecAttrAccessible: "always"], [kSecAttrIsNegative: "yes"],
            [kSecUseAuthenticationContext: "context"], [kSecAttrAccessControl: "control"],
            ["unknown": "value"], [kSecMatchLimit: kSecMatchLimitOne],
            [kSecAttrSynchronizable: kSecAttrSynchronizableAny],
        ] as [[String: Any]] {
            XCTAssertEqual(add(wrong), errSecParam, "\(wrong)")
        }
        XCTAssertEqual(add([kSecAttrApplicationTag: Data()]), errSecNoSuchAttr)
        XCTAssertEqual(keychain.contents.count, 0)
    }

    func testTheDataOfSeveralPasswordsIsRefused() {
        XCTAssertEqual(add(), errSecSuccess)
        let all = everything
        XCTAssertEqual(copy(all.merging([kSecReturnData: true]) { $1 }), errSecParam)
        XCTAssertEqual(copy(all.merging([kSecReturnAttributes: true]) { $1 }), errSecSuccess)
        XCTAssertEqual(copy([kSecReturnData: true]), errSecSuccess)
        XCTAssertEqual(copy([kSecReturnRef: true]), errSecParam)
    }

    func testAnItemIsUniqueByAccountServiceGroupAndSynchronizable() {
        keychain.set { $0.groups = ["one", "two"] }
        XCTAssertEqual(add(), errSecSuccess)
        XCTAssertEqual(add([kSecAttrLabel: "label", kSecAttrGeneric: Data([1])]), errSecDuplicateItem)
        for other in [
            [kSecAttrAccount: "other"], [kSecAttrService: "other"], [kSecAttrAccessGroup: "two"],
            [kSecAttrSynchronizable: true],
        ] as [[String: Any]] {
            XCTAssertEqual(add(other), errSecSuccess, "\(other)")
            XCTAssertEqual(add(other), errSecDuplicateItem, "\(other)")
        }
        let renamed = SecItemUpdate(
            item.merging([kSecAttrAccessGroup: "one"]) { $1 }, [kSecAttrAccount: "other"])
        XCTAssertEqual(renamed, errSecDuplicateItem)
    }

    func testAnUpdateChangesAndNeverAdds() {
        XCTAssertEqual(SecItemUpdate(item, data), errSecItemNotFound)
        XCTAssertEqual(SecItemDelete(item), errSecItemNotFound)
        XCTAssertEqual(add(), errSecSuccess)
        XCTAssertEqual(SecItemUpdate(item, item), errSecParam, "the changes have a class")
        XCTAssertEqual(SecItemUpdate(item.merging([kSecReturnData: true]) { $1 }, data), errSecParam)
        XCTAssertEqual(SecItemUpdate(item, [kSecValueData: "text"]), errSecParam)
        XCTAssertEqual(SecItemDelete(item.merging([kSecMatchLimit: 1]) { $1 }), errSecParam)
        XCTAssertEqual(SecItemUpdate(item, data), errSecSuccess)
    }

    func testASearchWithoutTheKeyFindsNoSynchronizedItem() {
        XCTAssertEqual(add([kSecAttrSynchronizable: true]), errSecSuccess)
        XCTAssertEqual(copy(), errSecItemNotFound)
        XCTAssertEqual(copy([kSecAttrSynchronizable: kSecAttrSynchronizableAny]), errSecSuccess)
    }

    func testMacOSHasTwoKeychains() {
        keychain.set { $0.system = .macOS }
        XCTAssertEqual(add(), errSecSuccess)
        XCTAssertEqual(copy([kSecUseDataProtectionKeychain: false]), errSecItemNotFound)
    }

    func testWithoutAnEntitlementASearchFindsNothingAndOtherCallsFail() {
        XCTAssertEqual(add(), errSecSuccess)
        for system in [Keychain.System.iOS, .macOS] {
            keychain.set { ($0.system, $0.groups) = (system, []) }
            XCTAssertEqual(copy(), errSecItemNotFound)
            XCTAssertEqual(add(), errSecMissingEntitlement)
            XCTAssertEqual(SecItemUpdate(item, data), errSecMissingEntitlement)
            XCTAssertEqual(SecItemDelete(item), errSecMissingEntitlement)
        }
    }

    func testAnAccessGroupThatTheProcessDoesNotHaveIsRefused() {
        XCTAssertEqual(add(), errSecSuccess)
        let other: [String: Any] = [kSecAttrAccessGroup: "other"]
        XCTAssertEqual(add(other), errSecMissingEntitlement)
        XCTAssertEqual(copy(other), errSecMissingEntitlement)
        XCTAssertEqual(SecItemUpdate(item.merging(other) { $1 }, data), errSecMissingEntitlement)
        XCTAssertEqual(SecItemUpdate(item, other), errSecMissingEntitlement)
        XCTAssertEqual(SecItemDelete(item.merging(other) { $1 }), errSecMissingEntitlement)
        keychain.set { $0.groups = ["another"] }
        XCTAssertEqual(copy(), errSecItemNotFound)
    }

    func testTheProtectionDecidesWhenAnItemCanBeRead() {
        XCTAssertEqual(add(), errSecSuccess)
        let later = [kSecAttrAccount: "later", kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlock]
        XCTAssertEqual(add(later), errSecSuccess)
        keychain.set { $0.protection = .locked }
        XCTAssertEqual(copy(), errSecInteractionNotAllowed)
        XCTAssertEqual(copy(later), errSecSuccess)
        keychain.set { $0.protection = .beforeFirstUnlock }
        XCTAssertEqual(copy(later), errSecInteractionNotAllowed)
    }

    func testAnItemBehindThePersonAsksUnlessItsContextDoesNot() async throws {
        let access = try XCTUnwrap(
            SecAccessControlCreateWithFlags(
                nil, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly as CFTypeRef, .userPresence, nil))
        let both: [String: Any] = [
            kSecAttrAccessControl: access, kSecAttrAccessible: kSecAttrAccessibleWhenUnlocked,
        ]
        XCTAssertEqual(add(both), errSecParam)
        XCTAssertEqual(add([kSecAttrAccessControl: access]), errSecSuccess)
        XCTAssertEqual(keychain.promptCount, 0, "an item is added without the person")
        XCTAssertEqual(copy(), errSecSuccess)
        XCTAssertEqual(SecItemUpdate(item, data), errSecSuccess)
        XCTAssertEqual(keychain.promptCount, 2, "a change asks, too")

        let silent = LAContext()
        silent.interactionNotAllowed = true
        XCTAssertEqual(copy([kSecUseAuthenticationContext: silent]), errSecInteractionNotAllowed)
        let fail = [kSecUseAuthenticationUI: kSecUseAuthenticationUIFail]
        XCTAssertEqual(copy(fail), errSecInteractionNotAllowed)
        XCTAssertEqual(copy([kSecUseAuthenticationUI: kSecUseAuthenticationUISkip]), errSecItemNotFound)

        let context = LAContext()
        _ = try await context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "reason")
        context.interactionNotAllowed = true
        XCTAssertEqual(copy([kSecUseAuthenticationContext: context]), errSecSuccess)
        context.invalidate()
        XCTAssertEqual(copy([kSecUseAuthenticationContext: context]), errSecInteractionNotAllowed)
        XCTAssertEqual(keychain.promptCount, 2)
    }

    func testAWrongProtectionIsNoAccessControl() {
        var error: Unmanaged<CFError>?
        XCTAssertNil(SecAccessControlCreateWithFlags(nil, "always" as CFTypeRef, .userPresence, &error))
        XCTAssertEqual(error.map { CFErrorGetCode($0.takeRetainedValue()) }, Int(errSecParam))
    }

    func testAKeyNeedsTheFlagForItsUse() throws {
        let access = try XCTUnwrap(
            SecAccessControlCreateWithFlags(
                nil, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly as CFTypeRef, .userPresence, nil))
        let parameters: [String: Any] = [
            kSecAttrKeyType: kSecAttrKeyTypeECSECPrimeRandom, kSecAttrKeySizeInBits: 256,
            kSecAttrTokenID: kSecAttrTokenIDSecureEnclave,
            kSecPrivateKeyAttrs: [kSecAttrIsPermanent: true, kSecAttrAccessControl: access] as [String: Any],
        ]
        let key = try XCTUnwrap(SecKeyCreateRandomKey(parameters, nil))
        let algorithm = SecKeyAlgorithm.eciesEncryptionCofactorVariableIVX963SHA256AESGCM
        let publicKey = try XCTUnwrap(SecKeyCopyPublicKey(key))
        let sealed = try XCTUnwrap(SecKeyCreateEncryptedData(publicKey, algorithm, Data("data".utf8), nil))
        var error: Unmanaged<CFError>?
        XCTAssertNil(SecKeyCreateDecryptedData(key, algorithm, sealed, &error))
        XCTAssertEqual(error.map { CFErrorGetCode($0.takeRetainedValue()) }, -1009)
        XCTAssertNil(SecKeyCreateRandomKey(parameters.filter { $0.key != kSecAttrKeySizeInBits }, nil))
    }

    func testAContextFailsAsDocumented() async throws {
        let context = LAContext()
        XCTAssertTrue(context.canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil))
        keychain.set { $0.biometrySet = nil }
        var error: NSError?
        XCTAssertFalse(context.canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: &error))
        XCTAssertEqual(error?.code, LAError.Code.biometryNotEnrolled.rawValue)
        context.interactionNotAllowed = true
        let silent = await evaluate(context)
        XCTAssertEqual(silent, .notInteractive)
        context.invalidate()
        let invalid = await evaluate(context)
        XCTAssertEqual(invalid, .invalidContext)
    }

    private func evaluate(_ context: LAContext) async -> LAError.Code? {
        do {
            _ = try await context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "reason")
            return nil
        } catch {
            return (error as? LAError)?.code
        }
    }
}
