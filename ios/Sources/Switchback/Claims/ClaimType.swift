/// The type of a claim: the data of a shared ``DataPoint``, in one format.
///
/// The constants are Truid's; an app can use any other key.
public struct ClaimType: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The key that is sent, for example `truid.app/claim/email/v1`.
    public let rawValue: String

    /// The claim type with this key.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The ``rawValue``.
    public var description: String { rawValue }

    /// Postal address, in no guaranteed format.
    public static let address = ClaimType("truid.app/claim/address/v1")
    /// Date of birth, `YYYY-MM-DD`.
    public static let birthdate = ClaimType("truid.app/claim/birthdate/v1")
    /// E-mail address.
    public static let email = ClaimType("truid.app/claim/email/v1")
    /// Family names; may be absent.
    public static let familyName = ClaimType("truid.app/claim/family-name/v1")
    /// `M`, `F` or `X`.
    public static let gender = ClaimType("truid.app/claim/gender/v1")
    /// Given names; may be absent.
    public static let givenName = ClaimType("truid.app/claim/given-name/v1")
    /// Country that issued the id document, ISO 3166 alpha-3.
    public static let idDocumentIssuingCountry = ClaimType("truid.app/claim/id-document/issuing-country/v1")
    /// The name in international spelling.
    public static let internationalName = ClaimType("truid.app/claim/international-name/v1")
    /// The full legal name.
    public static let legalName = ClaimType("truid.app/claim/legal-name/v1")
    /// The full name, in no guaranteed format.
    public static let name = ClaimType("truid.app/claim/name/v1")
    /// Nationality, ISO 3166 alpha-3.
    public static let nationality = ClaimType("truid.app/claim/nationality/v1")
    /// Passport number.
    public static let passportNumber = ClaimType("truid.app/claim/passport-number/v1")
    /// Swedish personal number, ten digits.
    public static let personalNumberSwe10 = ClaimType("truid.app/claim/personal-number/swe-10/v1")
    /// Telephone number, E.164.
    public static let phoneNumber = ClaimType("truid.app/claim/phone-number/v1")
    /// The portrait: ``Presentation/portraitImage`` decodes it.
    public static let portraitImage = ClaimType("truid.app/claim/portrait-image/v1")
    /// The right to drive.
    public static let rightToDrive = ClaimType("truid.app/claim/right-to-drive/v1")
    /// The name in parts: ``Presentation/structuredName`` decodes it.
    public static let structuredName = ClaimType("truid.app/claim/structured-name/v1")

    /// All claim types of Truid that this version knows.
    public static var allCases: [ClaimType] {
        [
            .address, .birthdate, .email, .familyName, .gender, .givenName, .idDocumentIssuingCountry,
            .internationalName, .legalName, .name, .nationality, .passportNumber, .personalNumberSwe10,
            .phoneNumber, .portraitImage, .rightToDrive, .structuredName,
        ]
    }
}
