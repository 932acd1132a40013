//! Who the person is.

use switchback::identity;

use crate::shows::shows;

/// Who the person is, as OpenID user info. Every field except `sub` may be absent. Its text form
/// shows no data of the person.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct UserInfo {
    /// The subject identifier: stable for this person at this service, and different at every
    /// other service (a pairwise identifier, OpenID Connect Core §8.1).
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
    /// Whether the service verified the e-mail address.
    pub email_verified: Option<bool>,
    /// Telephone number, E.164.
    pub phone_number: Option<String>,
    /// Whether the service verified the telephone number.
    pub phone_number_verified: Option<bool>,
    /// The postal address as one text.
    pub address: Option<String>,
    /// All other fields of the answer, as a JSON object.
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

/// Who the person is, as a presentation of the requested claims. The values stay in Rust until
/// the app reads them. Its text form shows the keys of the claims.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Presentation(identity::Presentation);

#[uniffi::export]
impl Presentation {
    /// The subject identifier, as in [`UserInfo`].
    pub fn sub(&self) -> String {
        self.0.sub.clone()
    }

    /// The text of a claim, by its key. Nothing if the claim is absent or not a text.
    pub fn text(&self, claim: &str) -> Option<String> {
        self.0.text(claim).map(str::to_owned)
    }

    /// The value of a claim, by its key. Nothing if the claim is absent.
    pub fn get(&self, claim: &str) -> Option<ClaimValue> {
        self.0.get(claim).map(Into::into)
    }

    /// All claims, in the order of the answer.
    pub fn claims(&self) -> Vec<Claim> {
        self.0.claims.iter().map(Into::into).collect()
    }

    /// All other fields of the answer, as a JSON object.
    pub fn more(&self) -> String {
        json(self.0.more.clone())
    }
}

impl Presentation {
    /// The value of a claim, for a service with its own format.
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

/// One claim. Its text form shows its key.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Claim {
    /// The service's key: compare it with `TruidClaimType.EMAIL.key()` for example.
    pub key: String,
    /// The value.
    pub value: ClaimValue,
    /// All other fields of the claim, as a JSON object.
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

/// The value of a claim. A function of the service's reads a value in the service's own format
/// (`truidPortraitImage` for example). Its text form shows no data.
#[derive(Clone, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum ClaimValue {
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// Anything else, as JSON.
    Other {
        /// The JSON of the answer.
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
