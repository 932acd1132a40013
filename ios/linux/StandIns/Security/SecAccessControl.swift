/// https://developer.apple.com/documentation/security/secaccesscontrol
public final class SecAccessControl {
    let protection: String
    package let flags: SecAccessControlCreateFlags

    init(_ protection: String, _ flags: SecAccessControlCreateFlags) {
        self.protection = protection
        self.flags = flags
    }
}

/// https://developer.apple.com/documentation/security/secaccesscontrolcreateflags
public struct SecAccessControlCreateFlags: OptionSet, Sendable {
    public let rawValue: UInt

    public init(rawValue: UInt) {
        self.rawValue = rawValue
    }

    /// Biometry or the passcode:
    /// https://developer.apple.com/documentation/security/secaccesscontrolcreateflags/userpresence
    public static let userPresence = SecAccessControlCreateFlags(rawValue: 1 << 0)
    /// Biometry with the set of fingers or the face that is enrolled now. A change makes the item invalid:
    /// https://developer.apple.com/documentation/security/secaccesscontrolcreateflags/biometrycurrentset
    public static let biometryCurrentSet = SecAccessControlCreateFlags(rawValue: 1 << 3)
    /// https://developer.apple.com/documentation/security/secaccesscontrolcreateflags/privatekeyusage
    public static let privateKeyUsage = SecAccessControlCreateFlags(rawValue: 1 << 30)
}

/// The protection must be one of the accessibility values:
/// https://developer.apple.com/documentation/security/secaccesscontrolcreatewithflags(_:_:_:_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func SecAccessControlCreateWithFlags(
    _ allocator: CFAllocator?, _ protection: CFTypeRef, _ flags: SecAccessControlCreateFlags,
    _ error: UnsafeMutablePointer<Unmanaged<CFError>?>?
) -> SecAccessControl? {
    reporting(to: error) {
        guard let protection = protection as? String, isAccessibility(protection) else {
            throw Refusal(errSecParam)
        }
        guard flags.isSubset(of: [.userPresence, .biometryCurrentSet, .privateKeyUsage]) else {
            throw Refusal(errSecParam)
        }
        return SecAccessControl(protection, flags)
    }
}

func isAccessibility(_ value: String) -> Bool {
    [
        kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly, kSecAttrAccessibleWhenUnlockedThisDeviceOnly,
        kSecAttrAccessibleWhenUnlocked, kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
        kSecAttrAccessibleAfterFirstUnlock,
    ].contains(value)
}
