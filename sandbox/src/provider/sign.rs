//! Signing: the person's approval makes the signature, and the service fetches it with its access
//! token, as often as it likes ("Signatures" in the guide). The timestamp authority is independent
//! of that.

use serde_json::{Value, json};

use super::Provider;
use super::data::subject;
use super::grant::Grant;
use crate::signing::{DocumentToSign, Signed};
use crate::trace::RequestContext;
use crate::truid::claims::{CLAIMS, Claim};
use crate::{Finding, Misbehaviour, Refusal};

impl Grant {
    /// Signs as the person who approved. `number` is that of the grant, and `now` in seconds since
    /// 1970-01-01.
    pub(super) fn sign(
        &mut self,
        document: DocumentToSign,
        user_message: String,
        number: u64,
        now: i64,
    ) {
        self.signed = Some(Box::new(Signed {
            document,
            user_message,
            ppid: subject(&self.person, &self.client),
            claims: self.signed_claims(),
            at: now,
            number,
        }));
    }

    /// The claims of the shared data points, as they are when the person signs. The portrait is
    /// left out, because a header is no place for an image (a guess).
    fn signed_claims(&self) -> Value {
        let shared = CLAIMS.iter().filter(|(claim, _, data_point)| {
            *claim != Claim::PortraitImage && self.scope.place(data_point, &self.client).is_some()
        });
        let claims = shared.filter_map(|(claim, key, _)| {
            let value = self.person.value(*claim)?;
            Some(json!({ "type": key, "value": value }))
        });
        Value::Array(claims.collect())
    }
}

impl Provider {
    /// Checks the access token of a request for the signature, and signs. `acceptable` says whether
    /// the request accepts the media type of a signature.
    ///
    /// # Errors
    /// `invalid_token`, `insufficient_scope`, `not_acceptable`.
    pub(crate) fn read_signature(
        &mut self,
        context: &RequestContext,
        token: &str,
        acceptable: bool,
        now: i64,
    ) -> Result<String, Refusal> {
        self.access(context, token, now)?;
        let grant = self.references.read(token);
        let grant = grant.and_then(|token| self.grants.get(token.entry));
        let signed = grant.and_then(|grant| grant.signed.as_deref());
        let signed = signed.ok_or_else(|| {
            Refusal::new(
                "insufficient_scope",
                Finding::SignatureWithoutSigning,
                "the access token is not that of a signing, so there is no signature; begin at the function sign",
            )
        })?;
        if !acceptable {
            return Err(Refusal::new(
                "not_acceptable",
                Finding::SignatureNotAcceptable,
                "a signature has the media type application/jose; send it in Accept, or send no Accept",
            ));
        }
        let seed = self.references.seed();
        let signature = self.signing.sign(signed, &seed, context.active)?;
        self.counters.signatures += 1;
        Ok(signature)
    }

    /// The timestamp authority's reply to a request in DER, also to one that it refuses.
    ///
    /// # Errors
    /// `server_error`.
    pub(crate) fn timestamp(
        &mut self,
        request: &[u8],
        wrong: Option<Misbehaviour>,
        now: i64,
    ) -> Result<Vec<u8>, Refusal> {
        self.counters.timestamps += 1;
        let (seed, number) = (self.references.seed(), self.counters.timestamps);
        self.signing.timestamp(request, &seed, number, now, wrong)
    }
}
