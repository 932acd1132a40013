//! The data points that a person shares, the claims that a service reads, and the data point that
//! each claim needs ("Data" in the guide).

/// A kind of data that a person shares, without a format.
pub(crate) struct DataPoint {
    /// The key in a `scope`.
    pub(crate) key: &'static str,
    /// The name that the person sees.
    pub(crate) words: &'static str,
}

const fn point(key: &'static str, words: &'static str) -> DataPoint {
    DataPoint { key, words }
}

/// All data points. The guide names them; only the keys of `email`, `name` and `birthdate` are
/// confirmed. That `right-to-drive` has its own data point is a guess: Truid documents the claim,
/// but no data point for it.
pub(crate) const DATA_POINTS: [DataPoint; 14] = [
    point("truid.app/data-point/address", "Address"),
    point("truid.app/data-point/birthdate", "Date of birth"),
    point("truid.app/data-point/email", "E-mail address"),
    point("truid.app/data-point/gender", "Gender"),
    point(
        "truid.app/data-point/id-document/issuing-country",
        "Country that issued the identity document",
    ),
    point("truid.app/data-point/legal-name", "Legal name"),
    point("truid.app/data-point/name", "Name"),
    point("truid.app/data-point/nationality", "Nationality"),
    point("truid.app/data-point/passport", "Passport"),
    point("truid.app/data-point/passport-number", "Passport number"),
    point(
        "truid.app/data-point/personal-number/swe",
        "Swedish personal number",
    ),
    point("truid.app/data-point/phone-number", "Phone number"),
    point("truid.app/data-point/portrait-image", "Portrait"),
    point("truid.app/data-point/right-to-drive", "Right to drive"),
];

/// The name of a data point; its key if it is not one of Truid's.
pub(crate) fn words(key: &str) -> &str {
    DATA_POINTS
        .iter()
        .find(|point| point.key == key)
        .map_or(key, |point| point.words)
}

/// The OpenID Connect scope with this name, and its data point. Truid documents the names; the
/// data points follow from OpenID Connect Core section 5.4.
pub(crate) fn openid_scope(name: &str) -> Option<(&'static str, &'static str)> {
    let scopes = [("email", Claim::Email), ("phone", Claim::PhoneNumber)];
    let (name, claim) = scopes.into_iter().find(|(own, _)| *own == name)?;
    Some((name, claim.data_point()))
}

/// Whether a claim contains data of this data point.
pub(crate) fn has_claim(data_point: &str) -> bool {
    CLAIMS.iter().any(|(_, _, own)| *own == data_point)
}

/// A claim: data in a certain format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the keys")]
pub(crate) enum Claim {
    Address,
    Birthdate,
    Email,
    FamilyName,
    Gender,
    GivenName,
    IdDocumentIssuingCountry,
    InternationalName,
    LegalName,
    Name,
    Nationality,
    PassportNumber,
    PersonalNumber,
    PhoneNumber,
    PortraitImage,
    RightToDrive,
    StructuredName,
}

/// All claims: the claim, its key, and the data point that must be shared. The keys are
/// confirmed. The data points of `international-name` and `right-to-drive` are a guess.
pub(crate) const CLAIMS: [(Claim, &str, &str); 17] = {
    use Claim::*;
    [
        (
            Address,
            "truid.app/claim/address/v1",
            "truid.app/data-point/address",
        ),
        (
            Birthdate,
            "truid.app/claim/birthdate/v1",
            "truid.app/data-point/birthdate",
        ),
        (
            Email,
            "truid.app/claim/email/v1",
            "truid.app/data-point/email",
        ),
        (
            FamilyName,
            "truid.app/claim/family-name/v1",
            "truid.app/data-point/name",
        ),
        (
            Gender,
            "truid.app/claim/gender/v1",
            "truid.app/data-point/gender",
        ),
        (
            GivenName,
            "truid.app/claim/given-name/v1",
            "truid.app/data-point/name",
        ),
        (
            IdDocumentIssuingCountry,
            "truid.app/claim/id-document/issuing-country/v1",
            "truid.app/data-point/id-document/issuing-country",
        ),
        (
            InternationalName,
            "truid.app/claim/international-name/v1",
            "truid.app/data-point/name",
        ),
        (
            LegalName,
            "truid.app/claim/legal-name/v1",
            "truid.app/data-point/legal-name",
        ),
        (Name, "truid.app/claim/name/v1", "truid.app/data-point/name"),
        (
            Nationality,
            "truid.app/claim/nationality/v1",
            "truid.app/data-point/nationality",
        ),
        (
            PassportNumber,
            "truid.app/claim/passport-number/v1",
            "truid.app/data-point/passport-number",
        ),
        (
            PersonalNumber,
            "truid.app/claim/personal-number/swe-10/v1",
            "truid.app/data-point/personal-number/swe",
        ),
        (
            PhoneNumber,
            "truid.app/claim/phone-number/v1",
            "truid.app/data-point/phone-number",
        ),
        (
            PortraitImage,
            "truid.app/claim/portrait-image/v1",
            "truid.app/data-point/portrait-image",
        ),
        (
            RightToDrive,
            "truid.app/claim/right-to-drive/v1",
            "truid.app/data-point/right-to-drive",
        ),
        (
            StructuredName,
            "truid.app/claim/structured-name/v1",
            "truid.app/data-point/name",
        ),
    ]
};

impl Claim {
    /// The claim with this key.
    pub(crate) fn from_key(key: &str) -> Option<Claim> {
        CLAIMS
            .iter()
            .find(|(_, k, _)| *k == key)
            .map(|(claim, ..)| *claim)
    }

    /// The key and the data point.
    fn row(self) -> &'static (Claim, &'static str, &'static str) {
        // The table is in the order of the enum; a test checks that.
        &CLAIMS[self as usize]
    }

    /// The key in `claims` and in a presentation.
    pub(crate) fn key(self) -> &'static str {
        self.row().1
    }

    /// The data point that the person must share for this claim.
    pub(crate) fn data_point(self) -> &'static str {
        self.row().2
    }
}

/// Whether `key` has the form of a claim, known or not:
/// `<authority>/claim/<name>[/<name>...]/v<number>`. The form is a guess from the known claims.
pub(crate) fn well_formed(key: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
    };
    let parts: Vec<&str> = key.split('/').collect();
    let [authority, "claim", names @ .., version] = parts.as_slice() else {
        return false;
    };
    let number = version.strip_prefix('v').unwrap_or_default();
    plain(authority)
        && !names.is_empty()
        && names.iter().all(|name| plain(name))
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_known_data_points() {
        for (index, (claim, key, data_point)) in CLAIMS.iter().enumerate() {
            assert_eq!(*claim as usize, index);
            assert_eq!(Claim::from_key(key), Some(*claim));
            assert_eq!((claim.key(), claim.data_point()), (*key, *data_point));
            assert!(well_formed(key), "{key}");
            assert!(
                DATA_POINTS.iter().any(|d| d.key == *data_point),
                "{data_point}"
            );
        }
    }

    #[test]
    fn claims_have_a_form() {
        assert!(well_formed("truid.app/claim/shoe-size/v12"));
        assert!(well_formed("other.example/claim/a/b/c/v1"));
        for bad in [
            "",
            "email",
            "truid.app/claim/email",
            "truid.app/claim/v1",
            "truid.app/claim//v1",
            "truid.app/claim/email/v",
            "truid.app/claim/email/vx",
            "truid.app/claim/Email/v1",
            " truid.app/claim/email/v1",
            "truid.app/data-point/email",
            "https://truid.app/claim/email/v1",
        ] {
            assert!(!well_formed(bad), "{bad}");
        }
    }

    #[test]
    fn data_points_have_names() {
        assert_eq!(words("truid.app/data-point/email"), "E-mail address");
        assert_eq!(words("x/y"), "x/y");
    }
}
