//! Truid's names for the data of a person. The name of each type starts with the name of the
//! service, since Kotlin and Swift have one namespace for all services.

use switchback::provider::truid;

use crate::identity::{Presentation, json};
use crate::mirror::mirror;
use crate::shows::shows;

mirror! {
    /// Data that a login at Truid can request: the scope of the login consists of their keys.
    ///
    /// `email`, `name` and `birthdate` are confirmed; the other keys are a guess from the
    /// headings of Truid's guide. A scope can also contain any other key.
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
        /// The legal name. *Guess.*
        LegalName,
        /// The name that the person uses.
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
        /// The right to drive. *Guess*: Truid documents the claim, but no data point for it.
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
    /// A claim of Truid: data of a shared data point in one format.
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
        /// The right to drive. Its data point is a *guess*.
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

/// A name in parts, in Truid's format. To show the name, use the full name: not every country
/// writes the given name first. *The field names are a guess.* Its text form shows no data.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TruidStructuredName {
    /// The full name in its right order.
    pub full_name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// All other fields, as a JSON object.
    pub more: String,
}

shows!(
    TruidStructuredName,
    |_this| "TruidStructuredName([redacted])"
);

/// The name in parts from a presentation of Truid. Nothing if the claim is absent.
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

/// A portrait, in Truid's format. Its text form shows no data.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct TruidPortraitImage {
    /// The media type, `image/png` for example.
    pub format: String,
    /// The picture itself; absent if it is not base64.
    pub image: Option<Vec<u8>>,
    /// All other fields, as a JSON object.
    pub more: String,
}

shows!(TruidPortraitImage, |_this| "TruidPortraitImage([redacted])");

/// The portrait from a presentation of Truid. Nothing if the claim is absent.
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
