//! Signing: what the real Truid app and Truid's certificate authority do when a person signs a
//! document. The result is a JAdES Baseline-B signature (ETSI TS 119 182-1) with a certificate that
//! is used once, and a certificate revocation list. A timestamp authority (RFC 3161) is beside it.
//!
//! Before you change this: this module shares no code with the verifier of Switchback. A mistake
//! that both made would show in no test.
//!
//! | file | what it does |
//! |---|---|
//! | `document` | reads what a service asks a person to sign |
//! | `authorities` | the certificates and the certificate revocation list |
//! | `signature` | the signature itself, right or wrong |
//! | `timestamp` | the timestamp authority |
//! | `key`, `der` | keys that are derived from the seed; an encoding that `rcgen` does not have |

mod authorities;
mod der;
mod document;
mod key;
mod signature;
mod timestamp;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::misbehaviour::Active;
use crate::{Misbehaviour, Refusal};
use authorities::Authorities;
pub(crate) use authorities::CRL;
pub use document::DocumentToSign;
pub(crate) use document::PARAMETERS;
use signature::Signer;

/// The form of the signatures. Truid's signatures have changed over time, and a verifier has to
/// accept all these forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SignatureForm {
    /// The header with the signing time. Default: `iat`.
    pub time: SigningTime,
    /// Whether the header `x5t#S256` has the digest of the person's certificate, as in newer
    /// signatures. Default: true.
    pub x5t_s256: bool,
    /// Whether the header `truid.app/presentation/v1` has the person's identifier and the claims
    /// of the shared data points, as in newer signatures. Default: true.
    pub presentation: bool,
}

impl Default for SignatureForm {
    fn default() -> Self {
        SignatureForm {
            time: SigningTime::Iat,
            x5t_s256: true,
            presentation: true,
        }
    }
}

/// The header with the signing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub enum SigningTime {
    /// `iat`, seconds since 1970-01-01: ETSI TS 119 182-1 V1.2.1 (July 2025).
    #[serde(rename = "iat")]
    Iat,
    /// `sigT`, a text: ETSI TS 119 182-1 V1.1.1 (2021), and Truid's samples of 2023.
    #[serde(rename = "sigT")]
    SigT,
}

/// What a person signed.
pub(crate) struct Signed {
    pub(crate) document: DocumentToSign,
    pub(crate) user_message: String,
    /// The pairwise identifier of the person.
    pub(crate) ppid: String,
    /// The claims of the shared data points, as in a presentation.
    pub(crate) claims: Value,
    /// The signing time, in seconds since 1970-01-01.
    pub(crate) at: i64,
    /// The number of the grant: the certificate of each grant is another one.
    pub(crate) number: u64,
}

/// Signs, and issues the certificates.
pub(crate) struct Signing {
    form: SignatureForm,
    /// The authorities are derived from it, and remain the same after a reset.
    seed: [u8; 32],
    /// The base URL.
    url: String,
    /// The start of the sandbox, by its clock, in seconds since 1970-01-01.
    since: i64,
    /// Made at the first use.
    authorities: Option<Box<Authorities>>,
    foreign: Option<Box<Authorities>>,
    /// When the intermediate was revoked, in seconds since 1970-01-01.
    pub(crate) revoked: Option<i64>,
}

impl Signing {
    /// Signing with authorities that are derived from the seed.
    pub(crate) fn new(form: SignatureForm, seed: [u8; 32]) -> Self {
        Signing {
            form,
            seed,
            url: String::new(),
            since: 0,
            authorities: None,
            foreign: None,
            revoked: None,
        }
    }

    /// The same, for a sandbox with this base URL that starts at this time.
    pub(crate) fn at(self, url: &str, since: i64) -> Self {
        Signing {
            url: url.to_owned(),
            since,
            ..self
        }
    }

    /// The signature, with the misbehaviour of the request. Without one it is always the same.
    /// `seed` is that of the ids: after a reset, leaves come from another seed.
    ///
    /// # Errors
    /// `server_error`.
    pub(crate) fn sign(
        &mut self,
        signed: &Signed,
        seed: &[u8; 32],
        active: Option<Active>,
    ) -> Result<String, Refusal> {
        let wrong = active.map(|active| active.misbehaviour);
        let seconds = active.map_or(0, |active| active.seconds);
        self.authorities()?;
        if wrong == Some(Misbehaviour::SignatureForeignRoot) {
            self.foreign()?;
        }
        let authorities = self.authorities.as_deref();
        let signer = Signer {
            authorities: authorities.ok_or_else(failed)?,
            foreign: self.foreign.as_deref(),
            form: &self.form,
            seed,
        };
        let signature = signer.sign(signed, wrong, seconds);
        signature.map_err(|_| failed())
    }

    /// The root in DER: the trust anchor.
    ///
    /// # Errors
    /// `server_error`.
    pub(crate) fn root(&mut self) -> Result<&[u8], Refusal> {
        Ok(&self.authorities()?.root.certificate)
    }

    /// The root of the timestamp authority in DER.
    ///
    /// # Errors
    /// `server_error`.
    pub(crate) fn timestamp_root(&mut self) -> Result<&[u8], Refusal> {
        Ok(&self.authorities()?.timestamp_root.certificate)
    }

    /// The timestamp authority's reply to a request in DER. `number` counts the replies of this
    /// seed.
    ///
    /// # Errors
    /// `server_error`.
    pub(crate) fn timestamp(
        &mut self,
        request: &[u8],
        seed: &[u8; 32],
        number: u64,
        now: i64,
        wrong: Option<Misbehaviour>,
    ) -> Result<Vec<u8>, Refusal> {
        let authorities = self.authorities()?;
        Ok(timestamp::answer(
            authorities,
            seed,
            number,
            request,
            now,
            wrong,
        ))
    }

    /// The certificate revocation list at this time, in DER.
    ///
    /// # Errors
    /// `server_error`.
    pub(crate) fn crl(&mut self, now: i64) -> Result<Vec<u8>, Refusal> {
        let revoked = self.revoked;
        let list = self.authorities()?.crl(revoked, now);
        list.map_err(|_| failed())
    }

    fn authorities(&mut self) -> Result<&Authorities, Refusal> {
        made(&mut self.authorities, &self.seed, &self.url, self.since)
    }

    fn foreign(&mut self) -> Result<&Authorities, Refusal> {
        let seed = self.seed.map(|byte| !byte);
        made(&mut self.foreign, &seed, &self.url, self.since)
    }
}

fn made<'a>(
    place: &'a mut Option<Box<Authorities>>,
    seed: &[u8; 32],
    url: &str,
    since: i64,
) -> Result<&'a Authorities, Refusal> {
    if place.is_none() {
        let authorities = Authorities::make(seed, url, since).map_err(|_| failed())?;
        *place = Some(Box::new(authorities));
    }
    place.as_deref().ok_or_else(failed)
}

/// The refusal if a certificate cannot be encoded, which is a fault of the sandbox.
fn failed() -> Refusal {
    Refusal::own(
        "server_error",
        "the sandbox could not make the certificate or the signature; please report this",
    )
}
