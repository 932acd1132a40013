//! The end of a login: the callback, the exchange of its code, and a session.

use std::sync::Arc;

use switchback_driver::{Link, complete};
use switchback_protocol::attempt::{Attempt, AttemptId, Outcome};
use switchback_protocol::callback::MalformedLink;
use switchback_protocol::provider::Retention;
use switchback_protocol::{OAuthError, Purpose, Rule};

use super::begin::{Initiator, SamePerson};
use super::session::CachedSession;
use super::{Inner, Service, SigningId, Tokens, WAIT_LIMIT, is_in_login_cookie};
use crate::credential::Credential;
use crate::error::Error;
use crate::time_ordered;

/// For how many seconds after a new session another tab may begin a login without its cookie,
/// because the request was already under way.
const CONCURRENT_START: i64 = 10;

/// The outcome of a login.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LoginOutcome {
    /// There is a session.
    LoggedIn {
        /// The purpose of the login.
        purpose: Purpose,
        /// The new credential: a browser presents it as its cookie for this purpose.
        credential: Credential,
        /// For a session beside the login in a browser that has no login: a new credential, which
        /// the browser presents from now on as its cookie for logins. It opens no session.
        initiator: Option<Credential>,
        /// The same session as tokens, for an app that asked for tokens.
        tokens: Option<Tokens>,
        /// For an identity verification that began under a login: whether it is the person of that
        /// login. `None` for all other logins.
        same_person: Option<SamePerson>,
        /// For a signing: its id. The signature is read with [`Service::signing`].
        signing: Option<SigningId>,
    },
    /// There is no session.
    Refused(Refusal),
}

/// Why a callback was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// No login has this state, or the login belongs to another initiator. The answer does not say
    /// which.
    InvalidState,
    /// The callback is malformed.
    Malformed(MalformedLink),
    /// The callback came after the deadline of the login.
    Expired,
    /// The link was used before. Its session has ended, or belongs to another credential than the
    /// request presents.
    Replayed,
    /// The person declined.
    Declined,
    /// For a signing: another person has signed, or the signing was removed.
    SigningClosed,
    /// For a signing: the person signed, and the signing names another person.
    OtherPerson,
    /// The provider's error.
    Provider(OAuthError),
}

impl Refusal {
    /// The stable code of the refusal in the HTTP interface: OAuth's, if OAuth has one.
    pub fn code(&self) -> &str {
        match self {
            Self::InvalidState => "invalid_state",
            Self::Malformed(_) => "invalid_request",
            Self::Expired => "expired",
            Self::Replayed => "replayed",
            Self::Declined => "access_denied",
            Self::SigningClosed => "signing_closed",
            Self::OtherPerson => "other_person",
            // From the token endpoint, this code does not mean that the person declined: they
            // approved.
            Self::Provider(error) if error.is("access_denied") => "refused",
            Self::Provider(error) => &error.code,
        }
    }
}

impl Service {
    /// Completes a login with the query of its callback. `presented` is the credential from the
    /// start of the login; `others` are the credentials of the other sessions of a browser. After a
    /// lost answer, call it again with the same arguments: it returns another credential for the
    /// same session until the session is used.
    ///
    /// # Errors
    /// [`Error::TryAgain`] if the provider cannot be reached: try again while the code is valid,
    /// which may be half a minute. [`Error::Protocol`], [`Error::Store`].
    pub async fn complete(
        &self,
        query: &str,
        presented: Option<&Credential>,
        others: &[Credential],
        wants_tokens: bool,
    ) -> Result<LoginOutcome, Error> {
        let inner = &self.inner;
        let ours = inner.registration().redirect_uri();
        let url = format!("{}?{query}", ours.as_str());
        let refused = |refusal| {
            inner.counters.refused.add();
            Ok(LoginOutcome::Refused(refusal))
        };
        let callback = match inner.provider().read_callback(&url, ours) {
            Ok(Some(callback)) => callback,
            Ok(None) => return refused(Refusal::InvalidState),
            Err(malformed) => return refused(Refusal::Malformed(malformed)),
        };
        let id = time_ordered::attempt_id(&callback.state);
        // Only the initiator of a login can use it up.
        let Some(presented) = presented else {
            return refused(Refusal::InvalidState);
        };
        let signing = match inner.attempt(id.as_str()).await? {
            Some((initiator, attempt))
                if attempt.matches(&callback)
                    && inner.owns(&initiator, &id, &attempt, presented).await? =>
            {
                initiator.signing
            }
            _ => return refused(Refusal::InvalidState),
        };
        let url = url.into();
        let completed = complete::complete(inner, &inner.completions, &id, Link { url, callback });
        let Ok(completed) = tokio::time::timeout(WAIT_LIMIT, completed).await else {
            return Err(Error::TryAgain {
                retry_after: Some(1),
            });
        };
        let completed = match completed {
            // Only a callback has an issuer.
            Err(Error::Protocol { rule, .. }) if rule == Rule::Issuer => {
                let error = OAuthError::new("issuer_mismatch", Some(&rule.to_string()), &[]);
                return refused(Refusal::Provider(error));
            }
            completed => completed?,
        };
        let purpose = completed.session.map(|new| new.purpose);
        let sessions = match &completed.outcome {
            Outcome::LoggedIn => inner.current_sessions(presented, others).await?,
            _ => Vec::new(),
        };
        let signing = match (&completed.outcome, signing) {
            (Outcome::LoggedIn | Outcome::OtherPerson, Some(row)) => {
                match inner.signing_of(&row, &id).await? {
                    Ok(signing) => Some(signing),
                    Err(refusal) => {
                        // After a crash, the driver has not compared the persons.
                        if completed.outcome == Outcome::LoggedIn {
                            inner.end_grant(&id).await?;
                        }
                        return refused(refusal);
                    }
                }
            }
            (Outcome::Declined, Some(row)) => {
                inner.signing_declined(&row, &id).await?;
                None
            }
            _ => None,
        };
        match (completed.outcome, purpose) {
            // A repeated callback gets another credential until the session is used. After that,
            // only the session itself gets one.
            (Outcome::LoggedIn, Some(_)) if !inner.may_reissue(&id, &sessions).await? => {
                refused(Refusal::Replayed)
            }
            (Outcome::LoggedIn, Some(purpose)) => {
                // An app keeps the session under which another one began. A browser has one session
                // for each purpose.
                let replaces = match inner.is_login(purpose) || !wants_tokens {
                    true => inner.replaced_by(&id, purpose, &sessions),
                    false => None,
                };
                let to = (!wants_tokens).then_some(presented);
                let issued = inner.issue(id.as_str(), purpose, to, replaces);
                let (credential, tokens) = issued.await?;
                let initiator = match to {
                    Some(presented) if !is_in_login_cookie(purpose) => {
                        inner.next_initiator(presented)?
                    }
                    _ => None,
                };
                inner.counters.logged_in.add();
                let same_person = match inner.provider().retention(purpose) {
                    Retention::OneOff => inner.is_same_person(&id).await?,
                    _ => None,
                };
                Ok(LoginOutcome::LoggedIn {
                    purpose,
                    credential,
                    initiator,
                    tokens,
                    same_person,
                    signing,
                })
            }
            (Outcome::Declined, _) => refused(Refusal::Declined),
            (Outcome::Expired, _) => refused(Refusal::Expired),
            (Outcome::Refused { error, .. }, _) => refused(Refusal::Provider(error)),
            (Outcome::Unknown, _) => refused(Refusal::InvalidState),
            (
                Outcome::LoggedIn | Outcome::Replayed | Outcome::OtherPerson | Outcome::Forgotten,
                _,
            ) => refused(Refusal::Replayed),
        }
    }
}

impl Inner {
    /// Whether the caller that presents this credential began the login, or has its session.
    async fn owns(
        &self,
        initiator: &Initiator,
        id: &AttemptId,
        attempt: &Attempt,
        presented: &Credential,
    ) -> Result<bool, Error> {
        let shows = Initiator::from_credential(presented);
        if initiator.is_same_as(&shows) {
            if initiator.has_same_session(&shows) {
                return Ok(!self.is_forged(presented).await?);
            }
            // Another tab has brought another session meanwhile. A login that began later, and not
            // under that session, is not this browser's: a person who knows the browser's
            // credential from before the session (and put it there) cannot hand this session a
            // login.
            let since = presented.name().second();
            let began_before = presented.is_of_browser()
                && attempt.begun_at.wall <= since.saturating_add(CONCURRENT_START);
            // Nor can that person complete a login that began under a session: its caller presents
            // that session, or a later one that exists.
            if began_before
                && (!initiator.has_session() || self.session_or_expired(presented).await?.is_some())
            {
                return Ok(true);
            }
        }
        let session = self.session_or_expired(presented).await?;
        if session
            .as_ref()
            .is_some_and(|it| it.row.grant_id == id.as_str())
        {
            return Ok(true);
        }
        // The session of the app has ended since, but the app knows the name of the session, which
        // no other caller knows.
        Ok(initiator.is_same_as(&Initiator::from_session(presented))
            && !self.is_forged(presented).await?)
    }

    /// The sessions that these credentials open.
    async fn current_sessions(
        &self,
        presented: &Credential,
        others: &[Credential],
    ) -> Result<Vec<Arc<CachedSession>>, Error> {
        let mut sessions = Vec::new();
        for credential in std::iter::once(presented).chain(others) {
            sessions.extend(self.current_session(credential).await?);
        }
        Ok(sessions)
    }

    async fn may_reissue(
        &self,
        id: &AttemptId,
        sessions: &[Arc<CachedSession>],
    ) -> Result<bool, Error> {
        let is_its_own = |session: &Arc<CachedSession>| session.row.grant_id == id.as_str();
        Ok(sessions.iter().any(is_its_own)
            || !self.platform.store.was_used(id.as_str().into()).await?)
    }

    /// The older session of this purpose. It ends when the new session is used, and not before,
    /// because the answer with the new session may be lost. The grant of an onboarding does not end
    /// with its session, and neither does that of a signing.
    fn replaced_by(
        &self,
        id: &AttemptId,
        purpose: Purpose,
        sessions: &[Arc<CachedSession>],
    ) -> Option<String> {
        let mut older = sessions.iter().filter(|session| {
            session.grant.purpose == purpose && session.row.grant_id != id.as_str()
        });
        let outlives_session = matches!(
            self.provider().retention(purpose),
            Retention::Engagement | Retention::Limited { .. }
        );
        let older = older.next().filter(|_| !outlives_session)?;
        Some(older.row.grant_id.clone())
    }

    /// The next credential of a browser that gets its first session, if it is a session beside the
    /// login. It does for the browser's next logins what the session of a login would do: a person
    /// who knows the credential from before, and put it there, cannot hand the browser a login.
    fn next_initiator(&self, presented: &Credential) -> Result<Option<Credential>, Error> {
        Ok(match presented.is_of_browser() {
            true => None,
            false => Some(self.new_credential()?.in_browser(presented)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_denied_means_declined_only_in_a_callback() {
        let of_token_endpoint = |code| Refusal::Provider(OAuthError::new(code, None, &[]));
        assert_eq!(Refusal::Declined.code(), "access_denied");
        assert_eq!(of_token_endpoint("access_denied").code(), "refused");
        assert_eq!(of_token_endpoint("invalid_grant").code(), "invalid_grant");
    }
}
