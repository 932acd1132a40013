//! A client assertion: a JWT that a client signs instead of sending a secret (RFC 7523 sections
//! 2.2 and 3; `private_key_jwt` in OpenID Connect Core section 9).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::clients::key::PublicKey;
use crate::provider::Now;
use crate::{Finding, Purpose, Refusal};

/// The `client_assertion_type` of a JWT.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The longest recommended lifetime of an assertion, in seconds. A guess; servers differ.
const MAX_LIFETIME: i64 = 600;

/// An assertion that was parsed and not verified.
pub(crate) struct Assertion<'a> {
    header: Header,
    claims: Claims,
    signed: &'a str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    crit: Option<Value>,
}

#[derive(Deserialize)]
struct Claims {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    // A NumericDate may have a fraction (RFC 7519 section 2).
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
    jti: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

fn wrong(description: &str) -> Refusal {
    Refusal::client(Finding::AssertionWrong, description)
}

impl<'a> Assertion<'a> {
    /// Reads the three parts of a signed JWT (RFC 7515 section 7.1).
    ///
    /// # Errors
    /// `invalid_client`.
    pub(crate) fn read(text: &'a str) -> Result<Assertion<'a>, Refusal> {
        let unreadable = || {
            wrong(
                "client_assertion must be a signed JWT: header, claims and signature in base64url without padding, separated by dots",
            )
        };
        let (signed, signature) = text.rsplit_once('.').ok_or_else(unreadable)?;
        let (header, claims) = signed.split_once('.').ok_or_else(unreadable)?;
        let part = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| unreadable());
        let header = serde_json::from_slice(&part(header)?).map_err(|_| unreadable())?;
        let claims = serde_json::from_slice(&part(claims)?).map_err(|_| {
            wrong("the claims of client_assertion must be a JSON object; iss, sub and jti are text, and exp, nbf and iat are seconds")
        })?;
        Ok(Assertion {
            header,
            claims,
            signed,
            signature: part(signature)?,
        })
    }

    /// The subject, unverified.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.claims.sub.as_deref()
    }

    /// Verifies the assertion. Returns its `jti`; the caller has to check that it is new.
    ///
    /// # Errors
    /// `invalid_client`.
    pub(crate) fn check(
        &self,
        key: &PublicKey,
        client_id: &str,
        url: &str,
        now: Now,
    ) -> Result<&str, Refusal> {
        let Assertion { header, claims, .. } = self;
        if header.alg != key.alg {
            let alg = key.alg;
            return Err(wrong(&format!(
                "alg of client_assertion must be {alg}, the algorithm of this client's key"
            )));
        }
        if header.crit.is_some() {
            return Err(wrong(
                "client_assertion has crit, with extensions that the sandbox does not know (RFC 7515 section 4.1.11); remove it",
            ));
        }
        if !key.signed(self.signed.as_bytes(), &self.signature) {
            return Err(wrong(
                "the signature of client_assertion does not match the registered key of this client",
            ));
        }
        let own = Some(client_id);
        if claims.iss.as_deref() != own || claims.sub.as_deref() != own {
            return Err(wrong(
                "iss and sub of client_assertion must both be the client_id",
            ));
        }
        let without_slash = |aud: &String| is_here(aud.strip_suffix('/').unwrap_or(aud), url);
        if !self.audiences().iter().any(without_slash) {
            return Err(wrong(
                "aud of client_assertion must be the base URL, or the URL of the token endpoint or of a PAR endpoint",
            ));
        }
        // The client dates it by its own clock, which a test may not have moved.
        let by_sandbox = self.check_time(now.sandbox);
        by_sandbox.or_else(|refusal| self.check_time(now.clients).map_err(|_| refusal))?;
        let jti = claims.jti.as_deref().filter(|jti| !jti.is_empty());
        jti.ok_or_else(|| {
            wrong("client_assertion has no jti, without which it could be used twice")
        })
    }

    /// The findings in a valid assertion.
    pub(crate) fn unwise(&self, url: &str, now: Now) -> Vec<(Finding, String)> {
        let mut found = Vec::new();
        if !self.audiences().iter().any(|aud| is_here(aud, url)) {
            let detail = "aud ends with a slash, and the URL of the endpoint does not";
            found.push((Finding::AssertionAudience, detail.to_owned()));
        }
        let now = now.sandbox.max(now.clients) as f64;
        let left = self.claims.exp.unwrap_or_default() - now;
        if left > MAX_LIFETIME as f64 {
            let detail = format!("exp is {left:.0} seconds in the future");
            found.push((Finding::AssertionLong, detail));
        }
        found
    }

    fn audiences(&self) -> &[String] {
        match &self.claims.aud {
            None => &[],
            Some(Audience::One(one)) => std::slice::from_ref(one),
            Some(Audience::Many(many)) => many,
        }
    }

    fn check_time(&self, now: i64) -> Result<(), Refusal> {
        let late = |what: &str| Err(Refusal::client(Finding::AssertionTime, what));
        // Exact, because the time is far below 2^53.
        let now = now as f64;
        let Claims { exp, nbf, iat, .. } = self.claims;
        match exp {
            None => return late("client_assertion has no exp"),
            Some(exp) if exp <= now => {
                return late("client_assertion has expired; sign a new one for each request");
            }
            Some(_) => {}
        }
        if [nbf, iat].into_iter().flatten().any(|time| time > now) {
            return late("nbf or iat of client_assertion is in the future");
        }
        Ok(())
    }
}

/// Whether this audience is the server with the base URL `url`. RFC 9126 section 2 requires that a
/// server accepts each of these URLs at all of its endpoints.
fn is_here(audience: &str, url: &str) -> bool {
    audience
        .strip_prefix(url)
        .is_some_and(|path| match path.strip_prefix("/oauth2/v1/par/") {
            Some(function) => Purpose::from_function(function).is_some(),
            None => matches!(path, "" | "/oauth2/v1/token"),
        })
}
