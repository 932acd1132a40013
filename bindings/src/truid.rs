//! What Truid knows of a person, by name. Each service has types of its own, with its name in
//! theirs: there is one namespace for all of them in Kotlin and in Swift.

use switchback::provider::truid;

use crate::identity::{Presentation, json};
use crate::mirror::mirror;
use crate::shows::shows;

mirror! {
    /// What a person can be asked to share at Truid: a login's scope is made of their keys.
    ///
    /// `email`, `name` and `birthdate` are confirmed; the keys of the others are a guess from
    /// the headings of Truid's guide. Any other key can be in a scope as well.
    TruidDataPoint of truid::DataPoint {
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
        /// The right to drive. *Guess*: Truid documents the claim, and no data point that has it.
        RightToDrive,
    }
}

#[uniffi::export]
impl TruidDataPoint {
    /// The key as it is sent, `truid.app/data-point/email` for example.
    pub fn key(&self) -> String {
        truid::DataPoint::from(*self).as_str().into()
    }
}

mirror! {
    /// A claim of Truid's: data of a shared data point in one format.
    TruidClaimType of truid::ClaimType {
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
        /// Portrait: [`truid_portrait_image`] reads it.
        PortraitImage,
        /// The right to drive. That it has a data point of its own is a *guess*.
        RightToDrive,
        /// The name in parts: [`truid_structured_name`] reads it.
        StructuredName,
    }
}

#[uniffi::export]
impl TruidClaimType {
    /// The key as it is sent, `truid.app/claim/email/v1` for example.
    pub fn key(&self) -> String {
        truid::ClaimType::from(*self).as_str().into()
    }
}

/// A name in parts, as Truid has it. For showing it use the full name: not every country writes
/// the given name first. *The field names are a guess.* Printed, it shows nothing of the person.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TruidStructuredName {
    /// The whole name in its right order.
    pub full_name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// What else came, as a JSON object.
    pub more: String,
}

shows!(
    TruidStructuredName,
    |_this| "TruidStructuredName([redacted])"
);

/// The name in parts that a presentation of Truid's has, where it came.
#[uniffi::export]
pub fn truid_structured_name(presentation: &Presentation) -> Option<TruidStructuredName> {
    let value = presentation.value(truid::ClaimType::StructuredName)?;
    let name = truid::StructuredName::read(value)?;
    Some(TruidStructuredName {
        full_name: name.full_name,
        given_name: name.given_name,
        family_name: name.family_name,
        more: json(name.more),
    })
}

/// A portrait, as Truid has it. Printed, it shows nothing of the person.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TruidPortraitImage {
    /// The media type, `image/png` for example.
    pub format: String,
    /// The picture itself; absent where it came in something that is not base64.
    pub image: Option<Vec<u8>>,
    /// What else came, as a JSON object.
    pub more: String,
}

shows!(TruidPortraitImage, |_this| "TruidPortraitImage([redacted])");

/// The portrait that a presentation of Truid's has, where it came.
#[uniffi::export]
pub fn truid_portrait_image(presentation: &Presentation) -> Option<TruidPortraitImage> {
    let value = presentation.value(truid::ClaimType::PortraitImage)?;
    let portrait = truid::PortraitImage::read(value)?;
    Some(TruidPortraitImage {
        image: portrait.bytes().ok(),
        format: portrait.format,
        more: json(portrait.more),
    })
}
