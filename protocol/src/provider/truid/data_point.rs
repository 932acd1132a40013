//! Truid's data points, which a person can share.
//!
//! A data point is a scope token (RFC 6749 §3.3), such as `truid.app/data-point/email`. Only three
//! are documented; the others are marked *guess*. A provider may refuse the whole login because of
//! one unknown token (`invalid_scope`, §4.1.2.1).

use core::fmt;

/// A data point: a scope token. A claim later returns its data in one format.
///
/// `email`, `name` and `birthdate` are confirmed. The keys of the others are a guess from the
/// guide's headings. Any other key can be used as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DataPoint {
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
    /// The right to drive. *Guess*: Truid documents the claim and no data point for it.
    RightToDrive,
}

impl DataPoint {
    /// Every known data point.
    pub const ALL: [Self; 14] = [
        Self::Address,
        Self::Birthdate,
        Self::Email,
        Self::Gender,
        Self::IdDocumentIssuingCountry,
        Self::LegalName,
        Self::Name,
        Self::Nationality,
        Self::Passport,
        Self::PassportNumber,
        Self::PersonalNumberSwe,
        Self::PhoneNumber,
        Self::PortraitImage,
        Self::RightToDrive,
    ];

    /// The key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "truid.app/data-point/address",
            Self::Birthdate => "truid.app/data-point/birthdate",
            Self::Email => "truid.app/data-point/email",
            Self::Gender => "truid.app/data-point/gender",
            Self::IdDocumentIssuingCountry => "truid.app/data-point/id-document/issuing-country",
            Self::LegalName => "truid.app/data-point/legal-name",
            Self::Name => "truid.app/data-point/name",
            Self::Nationality => "truid.app/data-point/nationality",
            Self::Passport => "truid.app/data-point/passport",
            Self::PassportNumber => "truid.app/data-point/passport-number",
            Self::PersonalNumberSwe => "truid.app/data-point/personal-number/swe",
            Self::PhoneNumber => "truid.app/data-point/phone-number",
            Self::PortraitImage => "truid.app/data-point/portrait-image",
            Self::RightToDrive => "truid.app/data-point/right-to-drive",
        }
    }
}

impl DataPoint {
    /// The common prefix of the keys.
    pub const PREFIX: &'static str = "truid.app/data-point/";

    /// The keys of [`ALL`](Self::ALL).
    pub const KEYS: [&'static str; Self::ALL.len()] = {
        let mut keys = [""; Self::ALL.len()];
        let mut at = 0;
        while at < keys.len() {
            keys[at] = Self::ALL[at].as_str();
            at += 1;
        }
        keys
    };
}

impl AsRef<str> for DataPoint {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<DataPoint> for alloc::string::String {
    fn from(key: DataPoint) -> Self {
        key.as_str().into()
    }
}

impl fmt::Display for DataPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
