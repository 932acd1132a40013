internal import SwitchbackBindings

/// The purpose of a login.
public struct Purpose: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The person becomes a user of the service.
    public static let onboarding = Purpose(.onboarding, rawValue: "onboarding")
    /// The person logs in.
    public static let login = Purpose(.login, rawValue: "login")
    /// The person proves who they are, once.
    public static let identityVerification = Purpose(
        .identityVerification, rawValue: "identity_verification")
    /// The person signs a document.
    public static let signing = Purpose(.signing, rawValue: "signing")

    /// All purposes that this version knows.
    public static var allCases: [Purpose] { [.onboarding, .login, .identityVerification, .signing] }

    /// The name in a backend's URL and settings: `onboarding`, `login`, `identity_verification` or
    /// `signing`.
    public let rawValue: String
    let generated: SwitchbackBindings.Purpose

    private init(_ generated: SwitchbackBindings.Purpose, rawValue: String) {
        (self.generated, self.rawValue) = (generated, rawValue)
    }

    /// The purpose with this ``rawValue``; `nil` if this version does not know it.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    init(_ generated: SwitchbackBindings.Purpose) {
        switch generated {
        case .onboarding: self = .onboarding
        case .login: self = .login
        case .identityVerification: self = .identityVerification
        case .signing: self = .signing
        }
    }

    /// Its ``rawValue``.
    public var description: String { rawValue }
}
