//! The signature of a session whose login was a signing.

use switchback_driver::{event, log};
use switchback_jades::{Policy, Report};
use switchback_protocol::http::Header;
use switchback_protocol::signature::{self, SignRequest, Signature, signature_request};

use super::Session;
use super::resource::Resource;
use crate::error::Error;

const RESOURCE: Resource = Resource {
    endpoint: "the signature endpoint",
    unread: "the signature could not be read",
    if_refused: "if the provider no longer stores the signature, let the person sign again",
};

impl Session {
    /// What the person was asked to sign, if the login was a signing in direct mode. It is stored
    /// with the session, so it outlives the process and the attempt.
    pub fn sign_request(&self) -> Option<SignRequest> {
        self.state.grant.load().sign_request().cloned()
    }

    /// The signature, from the provider. **Nothing is verified**:
    /// [`verify_signature`](Self::verify_signature) fetches and verifies. The provider returns it
    /// for a limited time (Truid: 30 days), as often as it is requested.
    ///
    /// # Errors
    /// The errors of [`access_token`](Self::access_token); [`Error::Configuration`] if the login
    /// was no signing, if the provider offers no signatures, or in mediated mode, where the
    /// backend fetches the signature; [`Error::Protocol`] if the answer is not a signature.
    pub async fn signature(&self) -> Result<Signature, Error> {
        let url = self.state.client.mode.signature_endpoint()?;
        self.asked()?;
        let make = |session: &[Header]| signature_request(url.clone(), session);
        let response = self.state.resource(RESOURCE, &url, make).await?;
        let signature = self.read(RESOURCE.endpoint, Signature::read(&response))?;
        log::event(event::SIGNATURE_READ, self.id().attempt(), None);
        Ok(signature)
    }

    /// Fetches the signature and verifies it against what the person was asked to sign. The report
    /// says whether the signature is good: check its
    /// [`indication`](crate::signature::Report::indication).
    ///
    /// # Errors
    /// As [`signature`](Self::signature). A wrong signature is not an error of this call.
    pub async fn verify_signature(
        &self,
        policy: &Policy<'_>,
    ) -> Result<(Signature, Report), Error> {
        let signature = self.signature().await?;
        let facts = self.provider().facts().signing.as_ref();
        let facts = facts.ok_or_else(|| Error::configuration("the provider has no signatures"))?;
        let asked = self.asked()?;
        let jws = signature.as_str().as_bytes();
        let report = signature::verify(jws, &asked.asked(), facts, policy);
        Ok((signature, report))
    }

    fn asked(&self) -> Result<SignRequest, Error> {
        // A session that was logged out no longer has the request.
        if let Some(why) = self.ended() {
            return Err(self.state.login_required(why));
        }
        self.sign_request().ok_or_else(|| {
            Error::configuration(
                "no document was signed in this login: begin it with `LoginRequest::signing`",
            )
        })
    }
}
