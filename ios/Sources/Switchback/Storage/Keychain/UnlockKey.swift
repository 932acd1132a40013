#if canImport(Security) && canImport(LocalAuthentication)
    import Foundation
    import LocalAuthentication
    import Security

    /// The key of a store that the person unlocks: a pair of keys in the Secure Enclave. The public key
    /// encrypts without the person. The private key decrypts, and only after the person authenticated.
    ///
    /// https://developer.apple.com/documentation/security/protecting-keys-with-the-secure-enclave
    struct UnlockKey: Sendable {
        let service: String
        let accessGroup: String?
        let allowsPasscode: Bool

        static let missing =
            "the store has entries, and their key is not in the keychain or not usable: they are of another "
            + "device, or of a store with other settings; call `reset` and let the person log in again"

        private static let algorithm = SecKeyAlgorithm.eciesEncryptionCofactorVariableIVX963SHA256AESGCM

        /// Any key of this store, or the key with this label. The context must not ask the person.
        func find(_ context: LAContext, label: Data? = nil) throws -> SecKey? {
            var query = query()
            query[kSecAttrApplicationLabel as String] = label
            query[kSecUseAuthenticationContext as String] = context
            query[kSecReturnRef as String] = true
            var result: CFTypeRef?
            switch SecItemCopyMatching(query as CFDictionary, &result) {
            case errSecSuccess: return (result as! SecKey)
            case errSecItemNotFound: return nil
            case errSecInteractionNotAllowed: throw StoreError.authenticationRequired
            case let status: throw StoreError(status, in: "SecItemCopyMatching")
            }
        }

        /// Makes a key. Afterwards it can be used at any time after the first unlock of the device, also while
        /// the screen is locked: a refresh in the background may read an entry.
        func generate() throws -> SecKey {
            var error: Unmanaged<CFError>?
            let protection = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly as CFTypeRef
            let person: SecAccessControlCreateFlags = allowsPasscode ? .userPresence : .biometryCurrentSet
            guard
                let access = SecAccessControlCreateWithFlags(
                    nil, protection, [.privateKeyUsage, person], &error)
            else { throw StoreError(error, in: "SecAccessControlCreateWithFlags") }
            var privateKey: [String: Any] = [
                kSecAttrIsPermanent as String: true,
                kSecAttrApplicationTag as String: tag,
                kSecAttrAccessControl as String: access,
            ]
            privateKey[kSecAttrAccessGroup as String] = accessGroup
            let parameters: [String: Any] = [
                kSecAttrKeyType as String: kSecAttrKeyTypeECSECPrimeRandom,
                kSecAttrKeySizeInBits as String: 256,
                kSecAttrTokenID as String: kSecAttrTokenIDSecureEnclave,
                kSecUseDataProtectionKeychain as String: true,
                kSecPrivateKeyAttrs as String: privateKey,
            ]
            guard let key = SecKeyCreateRandomKey(parameters as CFDictionary, &error) else {
                throw Self.noKey(StoreError(error, in: "SecKeyCreateRandomKey"))
            }
            return key
        }

        /// There was no key that could be lost.
        private static func noKey(_ error: StoreError) -> StoreError {
            guard error.code == StoreError.keyLost("").code else { return error }
            return .unavailable(
                "SecKeyCreateRandomKey made no key: ask the person to set a passcode, and to enrol a finger or "
                    + "the face if the passcode is not allowed")
        }

        /// Deletes the keys of a store, also those of an earlier version of the app with other settings.
        static func delete(service: String, accessGroup: String?) throws {
            for allowsPasscode in [true, false] {
                let key = UnlockKey(
                    service: service, accessGroup: accessGroup, allowsPasscode: allowsPasscode)
                try deleteItems(key.query())
            }
        }

        func seal(_ value: Data, _ key: SecKey) throws -> StoredValue {
            let attributes: Any? = SecKeyCopyAttributes(key)
            let label = (attributes as? [String: Any])?[kSecAttrApplicationLabel as String] as? Data
            guard let label, label.count <= UInt8.max, let publicKey = SecKeyCopyPublicKey(key) else {
                throw StoreError.keyLost(Self.missing)
            }
            var error: Unmanaged<CFError>?
            let sealed = SecKeyCreateEncryptedData(publicKey, Self.algorithm, value as CFData, &error)
            guard let sealed = sealed as Data? else {
                throw StoreError(error, in: "SecKeyCreateEncryptedData")
            }
            return .sealed(label: label, sealed)
        }

        func open(_ sealed: Data, _ label: Data, _ context: LAContext) throws -> Data {
            guard let key = try find(context, label: label) else { throw StoreError.keyLost(Self.missing) }
            var error: Unmanaged<CFError>?
            let value = SecKeyCreateDecryptedData(key, Self.algorithm, sealed as CFData, &error)
            guard let value = value as Data? else { throw StoreError(error, in: "SecKeyCreateDecryptedData") }
            return value
        }

        /// A key that the passcode unlocks has another tag: so a store never gets or loses that silently.
        private var tag: Data { Data("\(service).\(allowsPasscode ? "unlock" : "biometry")".utf8) }

        private func query() -> [String: Any] {
            var query: [String: Any] = [
                kSecClass as String: kSecClassKey,
                kSecAttrApplicationTag as String: tag,
                kSecUseDataProtectionKeychain as String: true,
            ]
            query[kSecAttrAccessGroup as String] = accessGroup
            return query
        }
    }
#endif
