//! What Truid knows of a person, by name.

use switchback::provider::truid;

use crate::mirror::mirror;

mirror! {
    /// What a person can be asked to share: the scope is made of their keys.
    ///
    /// `email`, `name` and `birthdate` are confirmed; the keys of the others are a guess from
    /// the headings of Truid's guide. Any other key can be given as a text.
    DataPoint of truid::DataPoint {
        /// The postal address. *Guess.*
        Address,
        /// The date of birth.
        Birthdate,
        /// The e-mail address.
        Email,
        /// The gender. *Guess.*
        Gender,
        /// The country that issued the id document. *Guess.*
        IdDocumentIssuingCountry,
        /// The name as an authority confirms it. *Guess.*
        LegalName,
        /// The name that the person goes by.
        Name,
        /// The nationality. *Guess.*
        Nationality,
        /// The passport. *Guess.*
        Passport,
        /// The number of the passport. *Guess.*
        PassportNumber,
        /// The Swedish personal number. *Guess.*
        PersonalNumberSwe,
        /// The telephone number. *Guess.*
        PhoneNumber,
        /// A picture of the face. *Guess.*
        PortraitImage,
    }
}

#[uniffi::export]
impl DataPoint {
    /// The key as it is sent, `truid.app/data-point/email` for example.
    pub fn key(&self) -> String {
        truid::DataPoint::from(*self).as_str().into()
    }
}

mirror! {
    /// A claim: data of a shared data point in one format.
    ClaimType of truid::ClaimType {
        /// Postal address, in no guaranteed format.
        Address,
        /// Date of birth, `YYYY-MM-DD`.
        Birthdate,
        /// E-mail address.
        Email,
        /// Family names; may be absent.
        FamilyName,
        /// `M`, `F` or `X`.
        Gender,
        /// Given names; may be absent.
        GivenName,
        /// Country that issued the id document, ISO 3166 alpha-3.
        IdDocumentIssuingCountry,
        /// The name in international spelling.
        InternationalName,
        /// The full legal name.
        LegalName,
        /// The full name, in no guaranteed format.
        Name,
        /// Nationality, ISO 3166 alpha-3.
        Nationality,
        /// Passport number.
        PassportNumber,
        /// Swedish personal number, ten digits.
        PersonalNumberSwe10,
        /// Telephone number, E.164.
        PhoneNumber,
        /// Portrait.
        PortraitImage,
        /// The right to drive.
        RightToDrive,
        /// The name in parts.
        StructuredName,
    }
}

#[uniffi::export]
impl ClaimType {
    /// The key as it is sent, `truid.app/claim/email/v1` for example.
    pub fn key(&self) -> String {
        truid::ClaimType::from(*self).as_str().into()
    }
}
