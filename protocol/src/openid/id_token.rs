//! The ID token of a login or of a refresh (OpenID Connect Core §2, §3.1.3.7, §12.2).
//!
//! Before you change this: the provider's clock decides, not the device's. The caller passes the
//! time with the measured offset of the clocks, and a skew.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;
use switchback_jose::{Algorithm, KeySet, Verified, Verifier, VerifyError, base64url};

use crate::Secret;
use crate::oauth_error::readable;

/// What an ID token must say.
///
/// ```
/// use switchback_jose::{Algorithm, KeySet, Verifier};
/// use switchback_protocol::openid::{IdTokenError, IdTokenRules, Nonce};
///
/// let rules = IdTokenRules {
///     verifier: Verifier {
///         allowed: &[Algorithm::Rs256],
///         implementations: &[webpki::ring::RSA_PKCS1_2048_8192_SHA256],
///         shortest_rsa: Verifier::SHORTEST_RSA,
///     },
///     issuer: "https://id.example",
///     client_id: "app",
///     nonce: Nonce::Sent("n-0S6_WzA2Mj"),
///     max_age: None,
///     acr_values: &[],
///     access_token: None,
///     code: None,
///     now: 1_764_547_200,
///     skew: 60,
/// };
/// let error = rules.verify("e30.e30.", &KeySet::default()).unwrap_err();
/// assert!(matches!(error, IdTokenError::Signature(_)));
/// ```
#[derive(Clone, Copy)]
pub struct IdTokenRules<'a> {
    /// Which signatures are accepted.
    pub verifier: Verifier<'a>,
    /// The provider's issuer. It is compared exactly.
    pub issuer: &'a str,
    /// This client.
    pub client_id: &'a str,
    /// Which nonce the token must repeat.
    pub nonce: Nonce<'a>,
    /// The requested `max_age`, in seconds. The token must then say when the person
    /// authenticated.
    pub max_age: Option<u32>,
    /// The authentication context classes of which the login must have one. Empty: any.
    pub acr_values: &'a [&'a str],
    /// The access token that came with the ID token, for `at_hash`.
    pub access_token: Option<&'a Secret>,
    /// The code that led to the ID token, for `c_hash`.
    pub code: Option<&'a Secret>,
    /// The time by the provider's clock, in seconds since the epoch.
    pub now: i64,
    /// How far the clocks may differ, in seconds: 0 or more.
    pub skew: i64,
}

/// The nonce of a login.
#[derive(Clone, Copy)]
pub enum Nonce<'a> {
    /// The request had this nonce, and the token must repeat it.
    Sent(&'a str),
    /// The request had no nonce. The token has none, or an empty one.
    NotSent,
    /// The token came with a refresh. It should have no nonce, and may repeat that of the login, if
    /// this is known (OpenID Connect Core §12.2).
    Refresh(Option<&'a str>),
}

/// An ID token whose signature and claims were verified.
///
/// `Debug` shows no claim.
#[derive(Clone, PartialEq)]
pub struct VerifiedIdToken {
    /// Who the person is for this client: unique at the issuer.
    pub subject: Secret,
    /// Who says so.
    pub issuer: String,
    /// When the provider made the token, in seconds since the epoch.
    pub issued_at: i64,
    /// From when on the token must not be accepted, in seconds since the epoch.
    pub expires_at: i64,
    /// When the person authenticated, in seconds since the epoch.
    pub auth_time: Option<i64>,
    /// The authentication context class that was reached.
    pub acr: Option<String>,
    /// How the person authenticated (RFC 8176).
    pub amr: Vec<String>,
    /// The id of the person's session at the provider (OpenID Connect Front-Channel Logout 1.0
    /// §3).
    pub session_id: Option<Secret>,
    /// All claims.
    pub claims: Map<String, Value>,
}

impl fmt::Debug for VerifiedIdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedIdToken")
            .field("issuer", &self.issuer)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Why an ID token is refused. No text shows a claim of a person or a nonce.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenError {
    /// The signature, the algorithm or the form.
    #[error(transparent)]
    Signature(#[from] VerifyError),
    /// The header names another type of token.
    #[error("the token is of the type {0:?} and no ID token")]
    Type(String),
    /// A claim is missing or has the wrong type.
    #[error("the claim `{0}` of the ID token is missing or has the wrong type")]
    Claim(&'static str),
    /// Another issuer made the token.
    #[error("the ID token is from {named:?} and not from {expected:?}; the two must be equal")]
    Issuer {
        /// The issuer in the token.
        named: String,
        /// The provider's issuer.
        expected: String,
    },
    /// The token is for another client.
    #[error("the ID token is for another client: `{0}` does not name this one")]
    Audience(&'static str),
    /// The token is expired.
    #[error("the ID token expired {0} seconds ago, by the provider's clock")]
    Expired(i64),
    /// The token is from the future.
    #[error(
        "`{claim}` of the ID token is {seconds} seconds in the future, by the provider's clock"
    )]
    Future {
        /// The claim.
        claim: &'static str,
        /// How far.
        seconds: i64,
    },
    /// The token belongs to another login.
    #[error("the ID token does not repeat the nonce of this login; it may be of another login")]
    Nonce,
    /// The person authenticated too long ago.
    #[error(
        "the person authenticated {age} seconds ago, and this login demands at most {max_age}; the \
         provider did not obey `max_age`"
    )]
    TooOld {
        /// How long ago, in seconds.
        age: i64,
        /// The requested `max_age`, in seconds.
        max_age: u32,
    },
    /// The login did not reach a demanded authentication context class.
    #[error("the login reached the context class {0:?}, which is not one of the demanded ones")]
    Acr(Option<String>),
    /// The access token or the code that came with the token is not the one that it was made for.
    #[error("`{0}` of the ID token does not fit what came with it")]
    Hash(&'static str),
    /// A refreshed token is about another person or of another issuer.
    #[error("`{0}` of the refreshed ID token differs from that of the login")]
    Changed(&'static str),
}

impl IdTokenError {
    /// Whether to fetch the provider's keys again, not too often: the provider may have added a key,
    /// or replaced one. A key without an id, or with the same id, can be replaced unseen.
    pub fn may_be_another_key(&self) -> bool {
        use VerifyError::{SeveralKeys, Signature, UnknownKey};
        matches!(
            self,
            Self::Signature(UnknownKey { .. } | SeveralKeys(_) | Signature)
        )
    }
}

impl IdTokenRules<'_> {
    /// Verifies the ID token of a login or of a refresh.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn verify(&self, token: &str, keys: &KeySet) -> Result<VerifiedIdToken, IdTokenError> {
        let Verified { header, claims } = self.verifier.verify(token, keys)?;
        check_type(header.typ.as_deref())?;
        // A logout token (OpenID Connect Back-Channel Logout 1.0 §2.4), or another security event.
        if claims.contains_key("events") {
            return Err(IdTokenError::Type("security event".into()));
        }
        self.check_issuer(&claims)?;
        self.check_audience(&claims)?;
        let (issued_at, expires_at) = self.check_times(&claims)?;
        self.check_nonce(&claims)?;
        let auth_time = self.check_auth_time(&claims)?;
        let acr = self.check_acr(&claims)?;
        check_hash(&claims, "at_hash", self.access_token, header.algorithm)?;
        check_hash(&claims, "c_hash", self.code, header.algorithm)?;
        let subject = text(&claims, "sub")?.filter(|subject| !subject.is_empty());
        Ok(VerifiedIdToken {
            subject: subject.ok_or(IdTokenError::Claim("sub"))?.into(),
            issuer: self.issuer.to_owned(),
            issued_at,
            expires_at,
            auth_time,
            acr,
            amr: texts(&claims, "amr").unwrap_or_default(),
            session_id: text(&claims, "sid")?.map(Secret::from),
            claims,
        })
    }

    fn check_issuer(&self, claims: &Map<String, Value>) -> Result<(), IdTokenError> {
        match text(claims, "iss")?.ok_or(IdTokenError::Claim("iss"))? {
            named if named == self.issuer => Ok(()),
            named => Err(IdTokenError::Issuer {
                named: readable(named, &[]),
                expected: self.issuer.to_owned(),
            }),
        }
    }

    /// Rules 3 to 5: other audiences are allowed beside this client, and `azp` names this client
    /// if it is there.
    fn check_audience(&self, claims: &Map<String, Value>) -> Result<(), IdTokenError> {
        let audience = texts(claims, "aud").ok_or(IdTokenError::Claim("aud"))?;
        if !audience.iter().any(|named| named == self.client_id) {
            return Err(IdTokenError::Audience("aud"));
        }
        match text(claims, "azp")? {
            Some(named) if named != self.client_id => Err(IdTokenError::Audience("azp")),
            _ => Ok(()),
        }
    }

    /// Rules 9 and 10, and `nbf` (RFC 7519 §4.1.5). Returns `iat` and `exp`.
    fn check_times(&self, claims: &Map<String, Value>) -> Result<(i64, i64), IdTokenError> {
        let expires_at = time(claims, "exp")?.ok_or(IdTokenError::Claim("exp"))?;
        let issued_at = time(claims, "iat")?.ok_or(IdTokenError::Claim("iat"))?;
        let ago = self.now.saturating_sub(expires_at);
        if ago >= self.skew {
            return Err(IdTokenError::Expired(ago));
        }
        for (claim, at) in [("iat", Some(issued_at)), ("nbf", time(claims, "nbf")?)] {
            let seconds = at.map_or(0, |at| at.saturating_sub(self.now));
            if seconds > self.skew {
                return Err(IdTokenError::Future { claim, seconds });
            }
        }
        Ok((issued_at, expires_at))
    }

    /// Rule 11.
    fn check_nonce(&self, claims: &Map<String, Value>) -> Result<(), IdTokenError> {
        let repeated = text(claims, "nonce")?;
        let is = |expected: &str| repeated.is_some_and(|nonce| is_equal(nonce, expected));
        let fits = match self.nonce {
            Nonce::Sent(nonce) => is(nonce),
            Nonce::NotSent | Nonce::Refresh(None) => repeated.is_none_or(str::is_empty),
            Nonce::Refresh(Some(nonce)) => repeated.is_none() || is(nonce),
        };
        fits.then_some(()).ok_or(IdTokenError::Nonce)
    }

    /// Rule 13.
    fn check_auth_time(&self, claims: &Map<String, Value>) -> Result<Option<i64>, IdTokenError> {
        let auth_time = time(claims, "auth_time")?;
        if let Some(max_age) = self.max_age {
            let at = auth_time.ok_or(IdTokenError::Claim("auth_time"))?;
            let seconds = at.saturating_sub(self.now);
            if seconds > self.skew {
                let claim = "auth_time";
                return Err(IdTokenError::Future { claim, seconds });
            }
            let age = self.now.saturating_sub(at);
            if age > i64::from(max_age).saturating_add(self.skew) {
                return Err(IdTokenError::TooOld { age, max_age });
            }
        }
        Ok(auth_time)
    }

    /// Rule 12.
    fn check_acr(&self, claims: &Map<String, Value>) -> Result<Option<String>, IdTokenError> {
        let acr = text(claims, "acr")?;
        let is_demanded = |reached: &str| self.acr_values.contains(&reached);
        match self.acr_values.is_empty() || acr.is_some_and(is_demanded) {
            true => Ok(acr.map(str::to_owned)),
            false => Err(IdTokenError::Acr(acr.map(|acr| readable(acr, &[])))),
        }
    }
}

impl VerifiedIdToken {
    /// Checks that this refreshed token is about the same person, from the same issuer, for the same
    /// audience and of the same authentication as that of the login, and not older (OpenID Connect
    /// Core §12.2). Verify it with [`Nonce::Refresh`], and without `max_age` and `acr_values`, which
    /// are about a login.
    ///
    /// # Errors
    /// The claim that differs.
    pub fn continues(&self, login: &Self) -> Result<(), IdTokenError> {
        let auth_times = self.auth_time.zip(login.auth_time);
        let changed = [
            ("iss", self.issuer != login.issuer),
            ("sub", self.subject != login.subject),
            ("aud", !self.has_audience_of(login)),
            (
                "auth_time",
                auth_times.is_some_and(|(ours, theirs)| ours != theirs),
            ),
            ("iat", self.issued_at < login.issued_at),
        ];
        match changed.into_iter().find(|(_, changed)| *changed) {
            Some((claim, _)) => Err(IdTokenError::Changed(claim)),
            None => Ok(()),
        }
    }

    /// The order and the form, a text or an array, may differ.
    fn has_audience_of(&self, other: &Self) -> bool {
        let audience = |token: &Self| {
            let mut names = texts(&token.claims, "aud").unwrap_or_default();
            names.sort_unstable();
            names
        };
        audience(self) == audience(other)
    }
}

/// An ID token has no type or `JWT`, and some providers write another name. A token that was made for
/// another use says so in its type (RFC 8725 §3.11), such as an access token (`at+jwt`), a logout
/// token or a credential (`dc+sd-jwt`): all of them have a `+`.
fn check_type(typ: Option<&str>) -> Result<(), IdTokenError> {
    let typ = typ.unwrap_or_default();
    let lower = typ.to_ascii_lowercase();
    match lower.strip_prefix("application/").unwrap_or(&lower) {
        "id_token+jwt" => Ok(()),
        other if !other.contains('+') => Ok(()),
        _ => Err(IdTokenError::Type(readable(typ, &[]))),
    }
}

/// The left half of the hash of a value that came with the token, if the token has it (OpenID
/// Connect Core §3.1.3.6, §3.3.2.11).
fn check_hash(
    claims: &Map<String, Value>,
    name: &'static str,
    value: Option<&Secret>,
    algorithm: Algorithm,
) -> Result<(), IdTokenError> {
    let (Some(hash), Some(value)) = (text(claims, name)?, value) else {
        return Ok(());
    };
    let value = value.expose();
    let whole: Vec<u8> = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => Sha256::digest(value).to_vec(),
        Algorithm::Rs384 | Algorithm::Es384 => Sha384::digest(value).to_vec(),
        // Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
        Algorithm::Rs512 | Algorithm::EdDsa => Sha512::digest(value).to_vec(),
    };
    let half = base64url::encode(&whole[..whole.len() / 2]);
    match is_equal(hash, &half) {
        true => Ok(()),
        false => Err(IdTokenError::Hash(name)),
    }
}

fn is_equal(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// A claim that is a text.
fn text<'a>(
    claims: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, IdTokenError> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(IdTokenError::Claim(name)),
    }
}

/// A claim that is a text or an array of texts. `None`: it is missing or something else.
fn texts(claims: &Map<String, Value>, name: &str) -> Option<Vec<String>> {
    match claims.get(name)? {
        Value::String(text) => Some([text.clone()].into()),
        Value::Array(all) => all
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

/// The last second of the year 9999. A later time is a mistake, such as milliseconds.
const LATEST: i64 = 253_402_300_799;

/// A claim that is a time: a number, which may have a fraction (RFC 7519 §2, NumericDate).
fn time(claims: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, IdTokenError> {
    match claims.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => {
            let whole = number.as_i64().or_else(|| Some(number.as_f64()? as i64));
            let whole = whole.filter(|seconds| (0..=LATEST).contains(seconds));
            whole.map(Some).ok_or(IdTokenError::Claim(name))
        }
        Some(_) => Err(IdTokenError::Claim(name)),
    }
}
