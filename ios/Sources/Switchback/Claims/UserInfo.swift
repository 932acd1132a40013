internal import SwitchbackBindings

/// Who the person is, as OpenID user info. Everything but ``subject`` may be absent. Printed, it
/// shows nothing of the person.
public struct UserInfo: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Who: stable for this person at this service, and different at every other (a pairwise
    /// identifier, OpenID Connect Core §8.1).
    public var subject: String
    /// The issuer.
    public var issuer: String?
    /// The audience.
    public var audience: String?
    /// The full name.
    public var name: String?
    /// Given names.
    public var givenName: String?
    /// Family names.
    public var familyName: String?
    /// `YYYY-MM-DD`.
    public var birthdate: String?
    /// `female`, `male` or `other`.
    public var gender: String?
    /// E-mail address.
    public var email: String?
    /// Whether the service verified the e-mail address.
    public var isEmailVerified: Bool?
    /// Telephone number, E.164.
    public var phoneNumber: String?
    /// Whether the service verified the telephone number.
    public var isPhoneNumberVerified: Bool?
    /// The postal address as one text.
    public var address: String?
    /// All other fields, as a JSON object.
    public var more: String = "{}"

    /// User info with a subject only, for previews and tests.
    public init(subject: String) {
        self.subject = subject
    }

    init(_ generated: SwitchbackBindings.UserInfo) {
        subject = generated.sub
        issuer = generated.iss
        audience = generated.aud
        name = generated.name
        givenName = generated.givenName
        familyName = generated.familyName
        birthdate = generated.birthdate
        gender = generated.gender
        email = generated.email
        isEmailVerified = generated.emailVerified
        phoneNumber = generated.phoneNumber
        isPhoneNumberVerified = generated.phoneNumberVerified
        address = generated.address
        more = generated.more
    }

    /// A fixed text that shows nothing of the person.
    public var description: String { "UserInfo([redacted])" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
