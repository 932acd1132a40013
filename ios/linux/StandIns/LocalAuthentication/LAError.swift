/// https://developer.apple.com/documentation/localauthentication/laerror
public struct LAError: Error, Hashable, Sendable {
    public let code: Code

    public init(_ code: Code) {
        self.code = code
    }

    /// https://developer.apple.com/documentation/localauthentication/laerror-swift.struct/code
    public enum Code: Int, Sendable {
        case authenticationFailed = -1
        case userCancel = -2
        case userFallback = -3
        case systemCancel = -4
        case passcodeNotSet = -5
        case biometryNotAvailable = -6
        case biometryNotEnrolled = -7
        case biometryLockout = -8
        case appCancel = -9
        case invalidContext = -10
        case notInteractive = -1004
    }
}

/// https://developer.apple.com/documentation/localauthentication/laerrordomain
// swift-format-ignore: AlwaysUseLowerCamelCase
public let LAErrorDomain = "com.apple.LocalAuthentication"
