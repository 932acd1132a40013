//! Truid's claims: the formats in which shared data can be read.
//!
//! A claim has a key and a version, such as `truid.app/claim/email/v1`. An unknown key is not an
//! error: a presentation shows it unchanged.

use core::fmt;

/// A claim: the data of a shared data point in one format. A presentation has unknown claims too,
/// by their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClaimType {
    /// Postal address. Its format is not guaranteed.
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
    /// The full name. Its format is not guaranteed.
    Name,
    /// Nationality, ISO 3166 alpha-3.
    Nationality,
    /// Passport number.
    PassportNumber,
    /// Swedish personal number, ten digits.
    PersonalNumberSwe10,
    /// Telephone number, E.164.
    PhoneNumber,
    /// Portrait: `{format, image-data}`, the data in base64.
    PortraitImage,
    /// The right to drive. Its data point is a *guess*.
    RightToDrive,
    /// The name in parts: an object.
    StructuredName,
}

impl ClaimType {
    /// Every known claim.
    pub const ALL: [Self; 17] = [
        Self::Address,
        Self::Birthdate,
        Self::Email,
        Self::FamilyName,
        Self::Gender,
        Self::GivenName,
        Self::IdDocumentIssuingCountry,
        Self::InternationalName,
        Self::LegalName,
        Self::Name,
        Self::Nationality,
        Self::PassportNumber,
        Self::PersonalNumberSwe10,
        Self::PhoneNumber,
        Self::PortraitImage,
        Self::RightToDrive,
        Self::StructuredName,
    ];

    /// The key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "truid.app/claim/address/v1",
            Self::Birthdate => "truid.app/claim/birthdate/v1",
            Self::Email => "truid.app/claim/email/v1",
            Self::FamilyName => "truid.app/claim/family-name/v1",
            Self::Gender => "truid.app/claim/gender/v1",
            Self::GivenName => "truid.app/claim/given-name/v1",
            Self::IdDocumentIssuingCountry => "truid.app/claim/id-document/issuing-country/v1",
            Self::InternationalName => "truid.app/claim/international-name/v1",
            Self::LegalName => "truid.app/claim/legal-name/v1",
            Self::Name => "truid.app/claim/name/v1",
            Self::Nationality => "truid.app/claim/nationality/v1",
            Self::PassportNumber => "truid.app/claim/passport-number/v1",
            Self::PersonalNumberSwe10 => "truid.app/claim/personal-number/swe-10/v1",
            Self::PhoneNumber => "truid.app/claim/phone-number/v1",
            Self::PortraitImage => "truid.app/claim/portrait-image/v1",
            Self::RightToDrive => "truid.app/claim/right-to-drive/v1",
            Self::StructuredName => "truid.app/claim/structured-name/v1",
        }
    }

    /// The known claim with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|claim| claim.as_str() == key)
    }

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

    /// The short name of a key, for a table: `email` for `truid.app/claim/email/v1`. A key of
    /// another form stays unchanged.
    pub fn short(key: &str) -> &str {
        key.strip_prefix("truid.app/claim/")
            .and_then(|key| key.rsplit_once('/'))
            .map_or(key, |(name, _)| name)
    }
}

impl AsRef<str> for ClaimType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<ClaimType> for alloc::string::String {
    fn from(key: ClaimType) -> Self {
        key.as_str().into()
    }
}

impl fmt::Display for ClaimType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_claim_is_found_by_its_key() {
        for (claim, key) in ClaimType::ALL.into_iter().zip(ClaimType::KEYS) {
            assert_eq!(claim.as_str(), key);
            assert_eq!(ClaimType::from_key(key), Some(claim));
        }
        assert_eq!(
            ClaimType::short("truid.app/claim/personal-number/swe-10/v1"),
            "personal-number/swe-10"
        );
        assert_eq!(ClaimType::short("other"), "other");
    }
}
