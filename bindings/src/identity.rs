//! Who the person is.

use switchback::identity;

use crate::shows::shows;

/// Who the person is, as OpenID user info. Every field but `sub` may be absent. Printed, it
/// shows nothing of the person.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct UserInfo {
    /// Who: stable for this person at this service, and different at every other
    /// (a pairwise identifier, OpenID Connect Core §8.1).
    pub sub: String,
    /// The issuer.
    pub iss: Option<String>,
    /// The audience.
    pub aud: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Family names.
    pub family_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub birthdate: Option<String>,
    /// `female`, `male` or `other`.
    pub gender: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Whether the service verified it.
    pub email_verified: Option<bool>,
    /// Telephone number, E.164.
    pub phone_number: Option<String>,
    /// Whether the service verified it.
    pub phone_number_verified: Option<bool>,
    /// The postal address as one text.
    pub address: Option<String>,
    /// Everything else, as a JSON object.
    pub more: String,
}

shows!(UserInfo, |_this| "UserInfo([redacted])");

impl From<identity::UserInfo> for UserInfo {
    fn from(info: identity::UserInfo) -> Self {
        Self {
            sub: info.sub,
            iss: info.iss,
            aud: info.aud,
            name: info.name,
            given_name: info.given_name,
            family_name: info.family_name,
            birthdate: info.birthdate,
            gender: info.gender,
            email: info.email,
            email_verified: info.email_verified,
            phone_number: info.phone_number,
            phone_number_verified: info.phone_number_verified,
            address: info.address,
            more: json(info.more),
        }
    }
}

/// Who the person is, as a presentation of the claims that were asked for. What it says stays
/// on this side until somebody asks for it. Printed, it shows which claims there are.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Presentation(identity::Presentation);

#[uniffi::export]
impl Presentation {
    /// Who: a pairwise identifier, as in [`UserInfo`].
    pub fn sub(&self) -> String {
        self.0.sub.clone()
    }

    /// The text of a claim, by its key, where it came and is a text.
    pub fn text(&self, claim: &str) -> Option<String> {
        self.0.text(claim).map(str::to_owned)
    }

    /// The value of a claim, by its key, where it came.
    pub fn get(&self, claim: &str) -> Option<ClaimValue> {
        self.0.get(claim).map(Into::into)
    }

    /// Every claim, in the order in which they came.
    pub fn claims(&self) -> Vec<Claim> {
        self.0.claims.iter().map(Into::into).collect()
    }

    /// What came beside the claims, as a JSON object.
    pub fn more(&self) -> String {
        json(self.0.more.clone())
    }
}

impl Presentation {
    /// The value of a claim, for a service that reads it by a rule of its own.
    pub(crate) fn value(&self, claim: impl AsRef<str>) -> Option<&identity::ClaimValue> {
        self.0.get(claim)
    }
}

shows!(Presentation, |this| format!("{:?}", this.0));

impl From<identity::Presentation> for Presentation {
    fn from(presentation: identity::Presentation) -> Self {
        Self(presentation)
    }
}

/// One claim. Printed, it shows its key.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Claim {
    /// Its key, as the service has it: compare it with `TruidClaimType.EMAIL.key()` for example.
    pub key: String,
    /// What it says.
    pub value: ClaimValue,
    /// What came beside it, as a JSON object.
    pub more: String,
}

shows!(Claim, |this| format!("{} [redacted]", this.key));

impl From<&identity::Claim> for Claim {
    fn from(claim: &identity::Claim) -> Self {
        Self {
            key: claim.key.clone(),
            value: (&claim.value).into(),
            more: json(claim.more.clone()),
        }
    }
}

/// What a claim says. A service that has a format of its own reads it out of the presentation
/// (`truidPortraitImage` for example). Printed, it shows nothing of it.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum ClaimValue {
    /// A text.
    Text {
        /// What it says.
        text: String,
    },
    /// Anything else, as JSON.
    Other {
        /// As it came.
        json: String,
    },
}

shows!(ClaimValue, |_this| "[redacted]");

impl From<&identity::ClaimValue> for ClaimValue {
    fn from(value: &identity::ClaimValue) -> Self {
        use identity::ClaimValue as Core;

        match value {
            Core::Text(text) => Self::Text { text: text.clone() },
            Core::Other(value) => Self::Other {
                json: value.to_string(),
            },
        }
    }
}

pub(crate) fn json(more: identity::More) -> String {
    serde_json::Value::Object(more).to_string()
}
