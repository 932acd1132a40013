import Foundation

/// A dictionary that `SecItemAdd` or another function takes, after it was checked.
struct Query {
    let itemClass: String
    /// The attributes of an item: for a new item, to find items, or to change them.
    let attributes: [String: Any]
    private let dictionary: [String: Any]

    /// Refuses what is no dictionary of the function. The class is required:
    /// https://developer.apple.com/documentation/security/secitemcopymatching(_:_:)
    ///
    /// An unknown key, a value of a wrong type and a missing class are all `errSecParam`:
    /// `errSecItemInvalidKey` and its neighbours in https://opensource.apple.com/source/Security/
    init(_ dictionary: [String: Any], in call: Keychain.Call) throws {
        guard let itemClass = dictionary[kSecClass] as? String else { throw Refusal(errSecParam) }
        let (known, others) = try Self.attributes(of: itemClass)
        for (key, value) in dictionary where key != kSecClass {
            guard let isRight = known[key] ?? Self.parameters[key] else {
                throw Refusal(others.contains(key) ? errSecNoSuchAttr : errSecParam)
            }
            guard isRight(value) else { throw Refusal(errSecParam) }
        }
        self.itemClass = itemClass
        self.dictionary = dictionary
        attributes = dictionary.filter { known[$0.key] != nil }
        try check(call)
    }

    var data: Data? { dictionary[kSecValueData] as? Data }
    var access: SecAccessControl? { attributes[kSecAttrAccessControl] as? SecAccessControl }
    var context: (any AuthenticationContext)? {
        dictionary[kSecUseAuthenticationContext] as? any AuthenticationContext
    }
    var skipsItemsToAuthenticate: Bool {
        dictionary[kSecUseAuthenticationUI] as? String == kSecUseAuthenticationUISkip
    }
    /// An `LAContext` with `interactionNotAllowed` has the same effect as the key:
    /// https://developer.apple.com/documentation/localauthentication/lacontext/interactionnotallowed
    var mayPrompt: Bool {
        dictionary[kSecUseAuthenticationUI] as? String != kSecUseAuthenticationUIFail
            && context?.interactionNotAllowed != true
    }
    var limit: Int {
        if let number = dictionary[kSecMatchLimit] as? Int { return number }
        return dictionary[kSecMatchLimit] as? String == kSecMatchLimitAll ? .max : 1
    }
    func returns(_ key: String) -> Bool { dictionary[key] as? Bool == true }

    /// On macOS the key chooses one of two separate keychains; elsewhere there is only one:
    /// https://developer.apple.com/documentation/technotes/tn3137-on-mac-keychains
    func isInDataProtectionKeychain(of system: Keychain.System) -> Bool {
        system == .iOS || dictionary[kSecUseDataProtectionKeychain] as? Bool == true
    }

    private func check(_ call: Keychain.Call) throws {
        let searches = [kSecMatchLimit, kSecUseAuthenticationUI]
        switch call {
        case .add:
            // The keys of a search have no meaning here:
            // https://developer.apple.com/documentation/security/secitemadd(_:_:)
            guard searches.allSatisfy({ dictionary[$0] == nil }) else { throw Refusal(errSecParam) }
            // One excludes the other: https://developer.apple.com/documentation/security/ksecattraccesscontrol
            guard access == nil || attributes[kSecAttrAccessible] == nil else { throw Refusal(errSecParam) }
            // `kSecAttrSynchronizableAny` is for searches only:
            // https://developer.apple.com/documentation/security/ksecattrsynchronizable
            guard !(attributes[kSecAttrSynchronizable] is String) else { throw Refusal(errSecParam) }
        case .copyMatching:
            // The data of several passwords cannot be had at once:
            // https://developer.apple.com/documentation/security/secitemcopymatching(_:_:)
            guard limit == 1 || !returns(kSecReturnData) || itemClass == kSecClassKey else {
                throw Refusal(errSecParam)
            }
            guard data == nil else { throw Refusal(errSecParam) }
            // Passwords have no reference:
            // https://developer.apple.com/documentation/security/item-return-result-keys
            guard itemClass == kSecClassKey || !returns(kSecReturnRef) else { throw Refusal(errSecParam) }
        default:
            let returned = [kSecReturnData, kSecReturnAttributes, kSecReturnRef].contains(where: returns)
            guard !returned, data == nil else { throw Refusal(errSecParam) }
            // "Match limit not supported by delete": `SecItemServerDelete` in
            // https://opensource.apple.com/source/Security/
            guard limit == .max || dictionary[kSecMatchLimit] == nil else { throw Refusal(errSecParam) }
            // "Only use this value with `SecItemCopyMatching`":
            // https://developer.apple.com/documentation/security/ksecuseauthenticationuiskip
            guard !skipsItemsToAuthenticate else { throw Refusal(errSecParam) }
        }
    }
}

extension Query {
    typealias Check = @Sendable (Any) -> Bool

    /// The attributes of a class, and the attributes of the other classes:
    /// https://developer.apple.com/documentation/security/item-class-keys-and-values
    static func attributes(of itemClass: String) throws -> ([String: Check], Set<String>) {
        switch itemClass {
        case kSecClassGenericPassword:
            (general.merging(password) { $1 }, Set(key.keys).subtracting(password.keys))
        case kSecClassKey: (general.merging(key) { $1 }, Set(password.keys).subtracting(key.keys))
        // There are more classes, which the library does not use.
        default: throw Refusal(errSecUnimplemented)
        }
    }

    private static let isString: Check = { $0 is String }
    private static let isData: Check = { $0 is Data }
    private static let isBool: Check = { $0 is Bool }

    private static var general: [String: Check] {
        [
            kSecAttrAccessGroup: isString, kSecAttrLabel: isString,
            kSecAttrAccessible: { ($0 as? String).map(isAccessibility) ?? false },
            kSecAttrAccessControl: { $0 is SecAccessControl },
            kSecAttrSynchronizable: { $0 is Bool || $0 as? String == kSecAttrSynchronizableAny },
        ]
    }
    private static var password: [String: Check] {
        [
            kSecAttrAccount: isString, kSecAttrService: isString, kSecAttrComment: isString,
            kSecAttrDescription: isString, kSecAttrGeneric: isData, kSecAttrIsInvisible: isBool,
            kSecAttrIsNegative: isBool,
        ]
    }
    private static var key: [String: Check] {
        [
            kSecAttrApplicationLabel: isData, kSecAttrApplicationTag: isData, kSecAttrIsPermanent: isBool,
            kSecAttrKeyClass: isString, kSecAttrKeySizeInBits: { $0 is Int }, kSecAttrKeyType: isString,
            kSecAttrTokenID: { $0 as? String == kSecAttrTokenIDSecureEnclave },
        ]
    }
    private static var parameters: [String: Check] {
        [
            kSecValueData: isData, kSecReturnData: isBool, kSecReturnAttributes: isBool,
            kSecReturnRef: isBool,
            kSecUseDataProtectionKeychain: isBool,
            kSecMatchLimit: {
                [kSecMatchLimitOne, kSecMatchLimitAll].contains($0 as? String) || ($0 as? Int ?? 0) > 0
            },
            kSecUseAuthenticationContext: { $0 is any AuthenticationContext },
            kSecUseAuthenticationUI: {
                [kSecUseAuthenticationUIAllow, kSecUseAuthenticationUIFail, kSecUseAuthenticationUISkip]
                    .contains($0 as? String)
            },
        ]
    }
}
