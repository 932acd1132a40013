/// Data that an app can ask a person to share. A login's scope consists of data points.
///
/// The constants are Truid's. Truid has confirmed the keys of `email`, `name` and `birthdate`.
/// The other keys are a guess from the headings of Truid's guide. An app can use any other key.
public struct DataPoint: Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The key that is sent, for example `truid.app/data-point/email`.
    public let rawValue: String

    /// The data point with this key.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The ``rawValue``.
    public var description: String { rawValue }

    /// The postal address. *Guess.*
    public static let address = DataPoint("truid.app/data-point/address")
    /// The date of birth.
    public static let birthdate = DataPoint("truid.app/data-point/birthdate")
    /// The e-mail address.
    public static let email = DataPoint("truid.app/data-point/email")
    /// The gender. *Guess.*
    public static let gender = DataPoint("truid.app/data-point/gender")
    /// The country that issued the id document. *Guess.*
    public static let idDocumentIssuingCountry = DataPoint("truid.app/data-point/id-document/issuing-country")
    /// The legal name, as an authority confirms it. *Guess.*
    public static let legalName = DataPoint("truid.app/data-point/legal-name")
    /// The name that the person goes by.
    public static let name = DataPoint("truid.app/data-point/name")
    /// The nationality. *Guess.*
    public static let nationality = DataPoint("truid.app/data-point/nationality")
    /// The passport. *Guess.*
    public static let passport = DataPoint("truid.app/data-point/passport")
    /// The number of the passport. *Guess.*
    public static let passportNumber = DataPoint("truid.app/data-point/passport-number")
    /// The Swedish personal number. *Guess.*
    public static let personalNumberSwe = DataPoint("truid.app/data-point/personal-number/swe")
    /// The telephone number. *Guess.*
    public static let phoneNumber = DataPoint("truid.app/data-point/phone-number")
    /// A picture of the face. *Guess.*
    public static let portraitImage = DataPoint("truid.app/data-point/portrait-image")
    /// The right to drive. *Guess.*
    public static let rightToDrive = DataPoint("truid.app/data-point/right-to-drive")

    /// All data points of Truid that this version knows.
    public static var allCases: [DataPoint] {
        [
            .address, .birthdate, .email, .gender, .idDocumentIssuingCountry, .legalName, .name,
            .nationality, .passport, .passportNumber, .personalNumberSwe, .phoneNumber, .portraitImage,
            .rightToDrive,
        ]
    }
}
