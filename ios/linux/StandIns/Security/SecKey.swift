import Foundation

/// https://developer.apple.com/documentation/security/seckey
public final class SecKey {
    /// What the private and the public key have in common.
    let material: Material
    let isPrivate: Bool
    /// How the key was found: https://developer.apple.com/documentation/security/ksecuseauthenticationcontext
    private let context: (any AuthenticationContext)?
    private let mayPrompt: Bool

    struct Material {
        let id: UInt64
        let label: Data
        let access: SecAccessControl
        /// The enrolled biometry when the key was made.
        let biometrySet: Int?
    }

    init(
        _ material: Material, isPrivate: Bool, context: (any AuthenticationContext)? = nil,
        mayPrompt: Bool = true
    ) {
        self.material = material
        self.isPrivate = isPrivate
        self.context = context
        self.mayPrompt = mayPrompt
    }

    func used(with query: Query) -> SecKey {
        SecKey(material, isPrivate: isPrivate, context: query.context, mayPrompt: query.mayPrompt)
    }

    fileprivate func authenticate() throws {
        let keychain = Keychain.shared
        guard material.access.flags.contains(.privateKeyUsage) else {
            // "ACL operation is not allowed": https://github.com/juliansteenbakker/flutter_secure_storage/pull/989
            throw CFError("com.apple.LocalAuthentication", -1009)
        }
        if material.access.flags.contains(.biometryCurrentSet),
            material.biometrySet != keychain.settingsInside().biometrySet
        {
            // Corrupted data, of the Secure Enclave: https://github.com/tutao/tutanota/issues/3664
            throw CFError("CryptoTokenKit", -3)
        }
        try keychain.authenticate(material.access, context, mayPrompt: mayPrompt)
    }
}

/// https://developer.apple.com/documentation/security/seckeyalgorithm
public struct SecKeyAlgorithm: RawRepresentable, Hashable, Sendable {
    public let rawValue: CFString

    public init(rawValue: CFString) {
        self.rawValue = rawValue
    }

    /// The Secure Enclave has it for its keys:
    /// https://developer.apple.com/documentation/security/seckeyalgorithm/eciesencryptioncofactorvariableivx963sha256aesgcm
    public static let eciesEncryptionCofactorVariableIVX963SHA256AESGCM = SecKeyAlgorithm(
        rawValue: "algid:encrypt:ECIES:ECDHC:KDFX963:SHA256:AESGCM-KDFIV")
}

/// Makes a key. In the Secure Enclave there are only P-256 keys:
/// https://developer.apple.com/documentation/security/protecting-keys-with-the-secure-enclave
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecKeyCreateRandomKey(
    _ parameters: CFDictionary, _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> SecKey? {
    reporting(to: error) {
        let keychain = Keychain.shared
        return try keychain.make(.createKey) {
            let settings = keychain.settingsInside()
            var general = parameters
            guard let special = general.removeValue(forKey: kSecPrivateKeyAttrs) as? [String: Any] else {
                throw Refusal(errSecParam)
            }
            general[kSecClass] = kSecClassKey
            let query = try Query(general.merging(special) { $1 }, in: .add)
            guard query.attributes[kSecAttrKeyType] as? String == kSecAttrKeyTypeECSECPrimeRandom,
                query.attributes[kSecAttrKeySizeInBits] as? Int == 256,
                query.attributes[kSecAttrTokenID] != nil,
                query.attributes[kSecAttrIsPermanent] as? Bool == true,
                let access = query.access
            else {
                throw Refusal(errSecParam)
            }
            guard settings.hasSecureEnclave else { throw Refusal(errSecUnimplemented) }
            let group = try keychain.groupOfNewItem(query)
            // Without a passcode, or without biometry, nothing can be protected by it:
            // https://github.com/oblador/react-native-keychain/issues/752
            let isPossible =
                settings.hasPasscode
                && (!access.flags.contains(.biometryCurrentSet) || settings.biometrySet != nil)
            guard isPossible else { throw Refusal(errSecAuthFailed) }
            let id = UInt64.random(in: 1...UInt64.max)
            // The label is a hash of the public key, which the system sets:
            // https://developer.apple.com/documentation/security/ksecattrapplicationlabel
            let label = withUnsafeBytes(of: id) { Data($0) }
            let key = SecKey(
                SecKey.Material(
                    id: id, label: label, access: access, biometrySet: settings.biometrySet), isPrivate: true)
            var attributes = query.attributes
            attributes[kSecAttrAccessGroup] = group
            attributes[kSecAttrApplicationLabel] = label
            attributes[kSecAttrKeyClass] = kSecAttrKeyClassPrivate
            let item = Keychain.Item(
                itemClass: kSecClassKey, attributes: attributes, data: Data(), access: access, key: key,
                isInDataProtectionKeychain: query.isInDataProtectionKeychain(of: settings.system))
            try keychain.read(item)
            keychain.items.append(item)
            return key
        }
    }
}

/// https://developer.apple.com/documentation/security/seckeycopypublickey(_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecKeyCopyPublicKey(_ key: SecKey) -> SecKey? {
    SecKey(key.material, isPrivate: false)
}

/// https://developer.apple.com/documentation/security/seckeycopyattributes(_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecKeyCopyAttributes(_ key: SecKey) -> CFDictionary? {
    [
        kSecAttrApplicationLabel: key.material.label,
        kSecAttrKeyClass: key.isPrivate ? kSecAttrKeyClassPrivate : kSecAttrKeyClassPublic,
    ]
}

/// Encrypts with the public key, and asks no one:
/// https://developer.apple.com/documentation/security/seckeycreateencrypteddata(_:_:_:_:)
///
/// This is no encryption. It hides the text from a test that searches for it, and notices changes.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecKeyCreateEncryptedData(
    _ key: SecKey, _ algorithm: SecKeyAlgorithm, _ plaintext: CFData,
    _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> CFData? {
    reporting(to: error) {
        try Keychain.shared.make(.encrypt) {
            guard !key.isPrivate, algorithm == .eciesEncryptionCofactorVariableIVX963SHA256AESGCM else {
                throw Refusal(errSecParam)
            }
            let nonce = UInt64.random(in: 1...UInt64.max)
            let body = masked(plaintext, key.material.id ^ nonce)
            return bytes(nonce) + bytes(checksum(plaintext, key.material.id)) + body
        }
    }
}

/// Decrypts with the private key, if the person has authenticated:
/// https://developer.apple.com/documentation/security/seckeycreatedecrypteddata(_:_:_:_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecKeyCreateDecryptedData(
    _ key: SecKey, _ algorithm: SecKeyAlgorithm, _ ciphertext: CFData,
    _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> CFData? {
    reporting(to: error) {
        try Keychain.shared.make(.decrypt) {
            guard key.isPrivate, algorithm == .eciesEncryptionCofactorVariableIVX963SHA256AESGCM else {
                throw Refusal(errSecParam)
            }
            try key.authenticate()
            guard ciphertext.count >= 16 else { throw Refusal(errSecParam) }
            let nonce = number(ciphertext.prefix(8))
            let plaintext = masked(Data(ciphertext.dropFirst(16)), key.material.id ^ nonce)
            guard checksum(plaintext, key.material.id) == number(ciphertext.dropFirst(8).prefix(8)) else {
                // "ECIES: Failed to aes-gcm decrypt data": https://github.com/tutao/tutanota/issues/3664
                throw Refusal(errSecParam)
            }
            return plaintext
        }
    }
}

private func masked(_ data: Data, _ seed: UInt64) -> Data {
    var state = seed | 1
    var result = [UInt8](data)
    result.withUnsafeMutableBufferPointer { bytes in
        for index in bytes.indices {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            bytes[index] ^= UInt8(truncatingIfNeeded: state)
        }
    }
    return Data(result)
}

private func checksum(_ data: Data, _ seed: UInt64) -> UInt64 {
    [UInt8](data).withUnsafeBufferPointer { bytes in
        bytes.reduce(seed ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

private func bytes(_ number: UInt64) -> Data { withUnsafeBytes(of: number) { Data($0) } }

private func number(_ bytes: Data) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
