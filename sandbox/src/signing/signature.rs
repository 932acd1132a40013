//! The signature of a person: JAdES Baseline-B (ETSI TS 119 182-1), a compact JWS with an empty
//! payload. The document is bound only by the header `sigD` (section 5.2.8).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::authorities::{Authorities, DAY, Issued, LEAF, moment};
use super::key::fixed_to_der;
use super::{SignatureForm, Signed, SigningTime};
use crate::Misbehaviour;

/// The method that references a document by its URI and its digest (section 5.2.8.3.3).
const BY_URI_HASH: &str = "http://uri.etsi.org/19182/ObjectIdByURIHash";
const USER_MESSAGE: &str = "truid.app/user_message/v1";
const PRESENTATION: &str = "truid.app/presentation/v1";

/// What a signature is made with.
pub(super) struct Signer<'a> {
    pub(super) authorities: &'a Authorities,
    /// Authorities with the same names and other keys.
    pub(super) foreign: Option<&'a Authorities>,
    pub(super) form: &'a SignatureForm,
    /// Leaves are derived from it.
    pub(super) seed: &'a [u8; 32],
}

impl Signer<'_> {
    /// The signature in compact serialization (RFC 7515 section 7.1), with this misbehaviour.
    /// `seconds` are those of the misbehaviour.
    ///
    /// # Errors
    /// The certificate cannot be encoded.
    pub(super) fn sign(
        &self,
        signed: &Signed,
        wrong: Option<Misbehaviour>,
        seconds: i64,
    ) -> Result<String, rcgen::Error> {
        let authorities = match wrong {
            Some(Misbehaviour::SignatureForeignRoot) => self.foreign.unwrap_or(self.authorities),
            _ => self.authorities,
        };
        let issuer = match wrong {
            Some(Misbehaviour::SignatureRevokedIntermediate) => &authorities.compromised,
            _ => &authorities.intermediate,
        };
        let minute = signed.at.div_euclid(60) * 60;
        let from = match wrong {
            Some(Misbehaviour::SignatureExpiredLeaf) => minute.saturating_sub(LEAF + DAY),
            _ => minute,
        };
        let leaf = Authorities::leaf(issuer, self.seed, signed.number, &signed.ppid, from)?;
        let mut chain = [&leaf, issuer, &authorities.root];
        if wrong == Some(Misbehaviour::SignatureSwappedChain) {
            chain.swap(1, 2);
        }
        let header = self.header(signed, &chain, wrong, seconds);
        let mut protected = URL_SAFE_NO_PAD.encode(header.to_string());
        let payload = match wrong {
            // Without dots, because the payload is not encoded (RFC 7797 section 5.2).
            Some(Misbehaviour::SignaturePayload) => signed.document.digest.as_str(),
            _ => "",
        };
        let signature = leaf
            .key
            .sign_fixed(format!("{protected}.{payload}").as_bytes());
        let signature = match wrong {
            Some(Misbehaviour::SignatureDer) => URL_SAFE_NO_PAD.encode(fixed_to_der(&signature)),
            _ => URL_SAFE_NO_PAD.encode(signature),
        };
        if wrong == Some(Misbehaviour::SignatureChangedHeader) {
            let mut changed = header;
            let is_plain = changed.pointer("/sigD/ctys/0") == Some(&json!("text/plain"));
            let other = if is_plain { "text/html" } else { "text/plain" };
            changed["sigD"]["ctys"] = json!([other]);
            protected = URL_SAFE_NO_PAD.encode(changed.to_string());
        }
        Ok(format!("{protected}.{payload}.{signature}"))
    }

    /// The protected header, in the order of Truid's signatures.
    fn header(
        &self,
        signed: &Signed,
        chain: &[&Issued; 3],
        wrong: Option<Misbehaviour>,
        seconds: i64,
    ) -> Value {
        let is = |misbehaviour| wrong == Some(misbehaviour);
        let (mut iat, mut sig_t) = match self.form.time {
            SigningTime::Iat => (true, false),
            SigningTime::SigT => (false, true),
        };
        if is(Misbehaviour::SignatureBothTimes) {
            (iat, sig_t) = (true, true);
        } else if is(Misbehaviour::SignatureNoTime) {
            (iat, sig_t) = (false, false);
        }
        let at = match wrong {
            Some(Misbehaviour::SignatureFutureTime) => signed.at.saturating_add(seconds),
            _ => signed.at,
        };
        let mut critical = vec!["sigD", "b64"];
        if sig_t {
            critical.insert(0, "sigT");
        }
        if is(Misbehaviour::SignatureUnknownCrit) {
            critical.push("truid.app/unknown/v1");
        }
        let message = match wrong {
            Some(Misbehaviour::SignatureOtherMessage) => format!("{} ", signed.user_message),
            _ => signed.user_message.clone(),
        };
        let mut header = Map::new();
        let mut add = |name: &str, value: Value| header.insert(name.to_owned(), value);
        add("alg", "ES256".into());
        add("typ", "jose".into());
        add("crit", critical.into());
        if sig_t {
            add("sigT", rfc3339(at).into());
        }
        if iat {
            add("iat", at.into());
        }
        add("sigD", reference(signed, wrong));
        let b64 = signed.document.b64 != is(Misbehaviour::SignatureB64);
        add("b64", b64.into());
        let certificates = chain
            .iter()
            .map(|issued| STANDARD.encode(&issued.certificate));
        add("x5c", certificates.collect::<Vec<_>>().into());
        if self.form.x5t_s256 {
            let digest = Sha256::digest(&chain[0].certificate);
            add("x5t#S256", URL_SAFE_NO_PAD.encode(digest).into());
        }
        add(USER_MESSAGE, message.into());
        if self.form.presentation {
            let presentation = json!({ "sub": signed.ppid, "claims": signed.claims });
            add(PRESENTATION, presentation);
        }
        if is(Misbehaviour::SignatureUnknownCrit) {
            add("truid.app/unknown/v1", true.into());
        }
        Value::Object(header)
    }
}

/// The header `sigD`.
fn reference(signed: &Signed, wrong: Option<Misbehaviour>) -> Value {
    let document = &signed.document;
    let other = || URL_SAFE_NO_PAD.encode(Sha256::digest("another document"));
    let digests = match wrong {
        Some(Misbehaviour::SignatureOtherDocument) => vec![other()],
        Some(Misbehaviour::SignatureTwoDigests) => vec![document.digest.clone(), other()],
        _ => vec![document.digest.clone()],
    };
    let mut reference = json!({
        "mId": BY_URI_HASH,
        "pars": [document.id],
        "hashM": "S256",
        "hashV": digests,
    });
    if let Some(kind) = &document.content_type {
        reference["ctys"] = json!([kind]);
    }
    reference
}

/// A time as in `sigT`: `2023-11-23T13:44:59Z`.
fn rfc3339(seconds: i64) -> String {
    let time = moment(seconds);
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
