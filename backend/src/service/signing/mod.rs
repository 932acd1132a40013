//! Signing: the service asks a person to sign a document, and gets the verified signature.
//!
//! The row of a signing outlives its login. It has the request, the logins that were begun for it,
//! and the signature. Nothing is lost if a process is killed: the row names the logins before a
//! person can open one, the grant of a completed login has the refresh token, and the next call
//! fetches what is missing.
//!
//! | module | what it does |
//! |---|---|
//! | `id` | the id by which the service's own code knows a signing |
//! | `row` | the stored form |
//! | `begin` | prepares a signing, and begins a login for it |
//! | `fetch` | fetches, verifies and stores the signature |
//! | `policy` | what the service trusts |
//! | `crls` | fetches certificate revocation lists |
//! | `timestamps` | keeps a signature provable after its certificate has expired |

mod begin;
mod crls;
mod fetch;
mod id;
mod policy;
mod row;
#[cfg(test)]
mod tests;
mod timestamps;

use std::sync::Arc;

use serde_json::Value;
use switchback_driver::event;
use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::Grant;
use switchback_protocol::http::Response;
use switchback_protocol::identity::Presentation;

use super::{Inner, Refusal, Service};
use crate::error::Error;

pub use begin::{PreparedSigning, SigningOptions};
pub use id::{NotASigningId, SigningId};
pub use policy::Signing;
pub use timestamps::Timestamps;

pub(super) use crls::Crls;
pub(super) use fetch::Fetches;
pub(super) use policy::{Verify, verify};

/// Where a signing is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SigningStatus {
    /// The person has not signed yet.
    Pending,
    /// The person declined. They can begin again until the request expires.
    Declined,
    /// The request expired before the person signed.
    Expired,
    /// The person signed, and the signature is verified.
    Signed(Arc<Signature>),
    /// The person signed, and the signature cannot be verified yet: the report says why, for example
    /// because a certificate revocation list is missing. The next call verifies it again.
    Unverified(Arc<Value>),
    /// The person signed, and the service does not accept the signature. The report says why. The
    /// signature is not stored, and the next call fetches it again: you may have corrected the
    /// configuration since.
    Refused(Arc<Value>),
    /// Another person signed than the request named. The signature is not stored.
    OtherPerson,
    /// The person signed, and the provider does not give the signature any more.
    Lost,
}

impl SigningStatus {
    /// The stable name in the HTTP interface.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Signed(_) => "signed",
            Self::Unverified(_) => "unverified",
            Self::Refused(_) => "refused",
            Self::OtherPerson => "other_person",
            Self::Lost => "lost",
        }
    }
}

/// A signature that was verified.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Signature {
    /// The signature as the provider made it: a detached JWS in the compact serialization.
    pub compact: String,
    /// The signature with a timestamp, in the JSON serialization (level B-T). `None`: timestamps are
    /// not configured, or the authority has not answered yet.
    pub json: Option<String>,
    /// The report of the verification, as `switchback verify --json` writes it.
    pub report: Value,
    /// When the service verified the signature, in seconds since the epoch.
    pub verified_at: i64,
    /// Whether timestamps are configured, and the authority has not answered yet. The service tries
    /// again until it deletes the signature.
    pub awaits_timestamp: bool,
}

impl std::fmt::Debug for Signature {
    /// Without the signature and its report, which have personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signature")
            .field("verified_at", &self.verified_at)
            .finish_non_exhaustive()
    }
}

impl Service {
    /// Where a signing is, with the signature if there is one. If the person has signed and the
    /// signature is not here yet, the service fetches it with a refreshed token.
    ///
    /// # Errors
    /// [`Error::UnknownSigning`]; [`Error::TryAgain`] if the provider cannot be reached,
    /// [`Error::TooManyRequests`], [`Error::Store`].
    pub async fn signing(&self, id: &SigningId) -> Result<SigningStatus, Error> {
        self.inner.signature(id.row()).await
    }

    /// The values of these claims, for the person who signed. The provider gives them for as long as
    /// the signature.
    ///
    /// # Errors
    /// [`Error::NotSigned`] if the person has not signed, or is not the one that the request names;
    /// otherwise as [`signing`](Self::signing).
    pub async fn signatory(
        &self,
        id: &SigningId,
        claims: &[impl AsRef<str>],
    ) -> Result<Presentation, Error> {
        let (grant_id, grant) = self.inner.signed_grant(&id.row()).await?;
        let read = self.inner.presentation(&grant_id, &grant, claims);
        Ok(read.await?.parsed)
    }

    /// The provider's checked answer, including fields that this crate does not know.
    pub(crate) async fn signatory_answer(
        &self,
        id: &SigningId,
        claims: &[impl AsRef<str>],
    ) -> Result<Response, Error> {
        let inner = &self.inner;
        let (grant_id, grant) = inner.signed_grant(&id.row()).await?;
        inner.reads.of(&grant_id).count(inner.now().wall)?;
        Ok(inner
            .presentation(&grant_id, &grant, claims)
            .await?
            .response)
    }

    /// Deletes a signing, its signature, and the tokens with which the service could fetch it again.
    /// A login that a person has begun for it leads to no signature. Without such a signing it does
    /// nothing.
    ///
    /// # Errors
    /// [`Error::Store`]: call it again.
    pub async fn remove_signing(&self, id: &SigningId) -> Result<(), Error> {
        let (inner, row) = (&self.inner, id.row());
        let Some((_, signing)) = inner.signing_row(&row).await? else {
            return Ok(());
        };
        // The grants first: after a failure, the row still names them.
        for login in &signing.logins {
            if let Some(grant) = login.id()
                && inner.grant(grant.as_str()).await?.is_some()
            {
                inner.end_grant(&grant).await?;
            }
        }
        inner.platform.store.remove_signature(row).await?;
        Ok(())
    }
}

impl Inner {
    /// The id of the signing in this row, if this login may be, or is, the one in which the person
    /// signed; otherwise why not.
    pub(super) async fn signing_of(
        &self,
        row: &str,
        id: &AttemptId,
    ) -> Result<Result<SigningId, Refusal>, Error> {
        Ok(match self.signing_row(row).await? {
            Some((_, signing)) if signing.other_person => Err(Refusal::OtherPerson),
            Some((_, signing)) if signing.is_of(id) => Ok(signing.id),
            _ => Err(Refusal::SigningClosed),
        })
    }

    /// Records that the person declined in this login.
    pub(super) async fn signing_declined(&self, row: &str, id: &AttemptId) -> Result<(), Error> {
        let declined = self.decide_signing(row, |signing, _| {
            let is_newest = signing.logins.last().is_some_and(|login| login.is(id));
            (is_newest && signing.kept.is_none() && !signing.declined).then(|| {
                signing.declined = true;
            })
        });
        match declined.await {
            Ok(_) | Err(Error::UnknownSigning) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Continues after a login for a signing: fetches the signature while the access token is
    /// valid. Returns whether the signing still exists and is this person's. A failure is
    /// logged: the next call that needs the signature fetches it.
    pub(super) async fn on_signed(self: &Arc<Self>, id: &AttemptId, grant: &Arc<Grant>) -> bool {
        let fetched = async {
            let attempt = self.attempt(id.as_str()).await?;
            let row = attempt.and_then(|(initiator, _)| initiator.signing);
            let row = row.ok_or(Error::UnknownSigning)?;
            let fresh = Some((id.clone(), Arc::clone(grant)));
            self.fetch_in_time(row.clone(), fresh).await?;
            let (_, signing) = self.signing_row(&row).await?.ok_or(Error::UnknownSigning)?;
            Ok(signing.is_of(id) && !signing.other_person)
        };
        match fetched.await {
            Ok(is_theirs) => is_theirs,
            Err(Error::UnknownSigning) => false,
            Err(error) => {
                self.log_signing(fetch::NOT_FETCHED, id, Some(&error));
                true
            }
        }
    }

    /// The grant of the person who signed. If the request names a person, it is theirs, also while
    /// no signature of another person has been refused.
    async fn signed_grant(self: &Arc<Self>, row: &str) -> Result<(AttemptId, Arc<Grant>), Error> {
        let (_, signing) = self.signing_row(row).await?.ok_or(Error::UnknownSigning)?;
        if signing.other_person {
            return Err(Error::NotSigned);
        }
        let found = self.grant_of(&signing).await?.ok_or(Error::NotSigned)?;
        let (id, grant) = &found;
        if let Some(why) = grant.ended() {
            return Err(Error::LoginRequired(why));
        }
        if let Some(expected) = &signing.subject {
            let known = self.signatory_subject(id, grant).await?;
            if known.as_ref().map(Secret::expose) != Some(expected) {
                return Err(Error::NotSigned);
            }
        }
        Ok(found)
    }

    fn log_signing(
        &self,
        name: &'static str,
        id: &AttemptId,
        note: Option<&dyn std::fmt::Display>,
    ) {
        switchback_driver::log::event(name, id, note);
    }

    /// Reads who signed, if the provider says so outside of the signature.
    async fn signatory_subject(
        self: &Arc<Self>,
        id: &AttemptId,
        grant: &Arc<Grant>,
    ) -> Result<Option<Secret>, Error> {
        let grant = match grant.subject() {
            Some(_) => Arc::clone(grant),
            None => match self.identified(id, Arc::clone(grant)).await {
                Ok(grant) => grant,
                Err(error) => {
                    self.log_signing(event::IDENTITY_NOT_READ, id, Some(&error));
                    return Err(error);
                }
            },
        };
        Ok(grant.subject().cloned())
    }
}
