//! The end of a login: the callback, the exchange of its code, and a session.

use std::sync::Arc;
use std::time::Duration;

use backon::ExponentialBuilder;
use switchback::event;
use switchback::ports::TransportError;
use switchback_protocol::attempt::{Attempt, AttemptId, Effect, Input, Kept};
use switchback_protocol::callback::{Answer, Callback, Malformed};
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Lease;
use switchback_protocol::token::{self, TokenFailure};
use switchback_protocol::{OAuthError, Purpose, Secret};

use super::provider::TOKEN_ENDPOINT;
use super::start::Visitor;
use super::{Inner, PATIENCE, Service, Tokens, looks, until_next};
use crate::credential::Credential;
use crate::error::Error;
use crate::log::log;
use crate::store::Commit;

/// What became of a login.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Completed {
    /// There is a session.
    LoggedIn {
        /// What for.
        purpose: Purpose,
        /// What is to be shown from now on: by a browser, as a cookie.
        credential: Credential,
        /// The same for an app that asked for tokens.
        tokens: Option<Tokens>,
    },
    /// There is none.
    Refused(Refusal),
}

/// Why a callback was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// No login has this state, or it is somebody else's: nobody is told which.
    InvalidState,
    /// The callback cannot be read.
    Malformed(Malformed),
    /// It came after the deadline.
    Expired,
    /// The login was completed before, and its session is gone.
    Replayed,
    /// The person declined.
    Declined,
    /// The provider refused, in its own words.
    Provider(OAuthError),
}

impl Refusal {
    /// Its stable name, as it is answered: OAuth's where it has one.
    pub fn code(&self) -> &str {
        match self {
            Self::InvalidState => "invalid_state",
            Self::Malformed(_) => "invalid_request",
            Self::Expired => "expired",
            Self::Replayed => "replayed",
            Self::Declined => "access_denied",
            Self::Provider(error) => &error.code,
        }
    }
}

/// What came of a login, before anybody gets a session.
#[derive(Clone)]
pub(super) enum Outcome {
    LoggedIn(Purpose),
    Refused(Refusal),
}

/// What is done next.
enum Next {
    Done(Outcome),
    Exchange {
        attempt: Box<Attempt>,
        code: Secret,
        lease: Lease,
    },
    Wait {
        at_most: i64,
    },
    LookAgain,
}

impl Service {
    /// Completes a login with the query of its callback, for whoever shows what they were
    /// given at its start. May be called again with the same, after a lost answer: it gives
    /// another credential for the same session, until the session is used.
    ///
    /// # Errors
    /// [`Error::TryAgain`] where the provider was not reached: the same may be tried again
    /// while the code lives, which may be half a minute. [`Error::Protocol`],
    /// [`Error::Store`].
    pub async fn complete(
        &self,
        query: &str,
        shown: Option<&Credential>,
        wants_tokens: bool,
    ) -> Result<Completed, Error> {
        let inner = &self.inner;
        let ours = inner.registration().redirect_uri();
        let url = format!("{}?{query}", ours.as_str());
        let refused = |refusal| {
            inner.counters.refused.add();
            Ok(Completed::Refused(refusal))
        };
        let callback = match inner.provider().read_callback(&url, ours) {
            Ok(Some(callback)) => callback,
            Ok(None) => return refused(Refusal::InvalidState),
            Err(malformed) => return refused(Refusal::Malformed(malformed)),
        };
        let id = AttemptId::of(&callback.state);
        // Only whoever began it can use it up.
        let Some(shown) = shown else {
            return refused(Refusal::InvalidState);
        };
        match inner.attempt(id.as_str()).await? {
            Some((visitor, attempt))
                if attempt.matches(&callback) && inner.owns(&visitor, &id, shown).await => {}
            _ => return refused(Refusal::InvalidState),
        }
        let work = || {
            let (inner, id) = (Arc::clone(inner), id.clone());
            async move { inner.run(&id, &callback).await }
        };
        let landed = inner.completions.join(id.as_str().to_owned(), work);
        let Ok(landed) = tokio::time::timeout(PATIENCE, landed).await else {
            return Err(Error::TryAgain {
                retry_after: Some(1),
            });
        };
        let landed = landed.ok_or(Error::Process("a login was cut off"))?;
        match landed.result? {
            // Again, after a lost answer: until the session that it brought is used. Then only
            // that session gets another credential.
            Outcome::LoggedIn(_) if !inner.may_have_another(&id, shown).await? => {
                refused(Refusal::Replayed)
            }
            Outcome::LoggedIn(purpose) => {
                // An app keeps its login beside another session that began under it; a
                // browser has room for one cookie.
                let replaces = match purpose == Purpose::Login || !wants_tokens {
                    true => inner.replaced_by(&id, shown).await,
                    false => None,
                };
                let issued = inner.issue(id.as_str(), purpose, wants_tokens, replaces);
                let issued = issued.await?;
                inner.counters.logged_in.add();
                let (credential, tokens) = issued;
                Ok(Completed::LoggedIn {
                    purpose,
                    credential,
                    tokens,
                })
            }
            Outcome::Refused(refusal) => refused(refusal),
        }
    }
}

impl Inner {
    /// Whether that login is whose who shows this: they began it, or have its session.
    async fn owns(&self, visitor: &Visitor, id: &AttemptId, shown: &Credential) -> bool {
        if *visitor == Visitor::unknown(shown) {
            return true;
        }
        match self.open(shown, &self.now()).await {
            Ok(open) => *visitor == Visitor::known(shown) || open.row.grant_id == id.as_str(),
            // It is theirs, and only to be refreshed.
            Err(Error::TokenExpired) => *visitor == Visitor::known(shown),
            Err(_) => false,
        }
    }

    async fn may_have_another(&self, id: &AttemptId, shown: &Credential) -> Result<bool, Error> {
        if !self.world.store.was_used(id.as_str().into()).await? {
            return Ok(true);
        }
        let open = self.open(shown, &self.now()).await;
        Ok(open.is_ok_and(|open| open.row.grant_id == id.as_str()))
    }

    /// The login that somebody has who logs in anew: it ends when the new one is used, and
    /// not before, since the answer that brings it may be lost.
    async fn replaced_by(&self, id: &AttemptId, shown: &Credential) -> Option<String> {
        let open = self.open(shown, &self.now()).await.ok()?;
        let is_login = open.grant.purpose == Purpose::Login;
        (is_login && open.row.grant_id != id.as_str()).then(|| open.row.grant_id.clone())
    }

    /// Runs in a task of its own.
    async fn run(self: &Arc<Self>, id: &AttemptId, callback: &Callback) -> Result<Outcome, Error> {
        let mut looks = looks();
        loop {
            match self.decide_login(id, callback).await? {
                Next::Done(outcome) => return Ok(outcome),
                Next::Exchange {
                    attempt,
                    code,
                    lease,
                } => return self.exchange(id, &attempt, code, &lease).await,
                Next::Wait { at_most } => until_next(&mut looks, at_most).await,
                Next::LookAgain => {}
            }
        }
    }

    /// Takes the login as it is stored, decides, and stores what changed.
    async fn decide_login(&self, id: &AttemptId, callback: &Callback) -> Result<Next, Error> {
        let Some((visitor, mut attempt)) = self.attempt(id.as_str()).await? else {
            return Ok(Next::Done(Outcome::Refused(Refusal::InvalidState)));
        };
        let caller = self.caller(attempt.lease()).await?;
        let kept = match self.grant(id.as_str()).await? {
            None => Kept::Nothing,
            Some(grant) if grant.is_over() => Kept::Over,
            Some(_) => Kept::Alive,
        };
        let before = attempt.clone();
        let now = self.now();
        let effect = attempt.step(Input::Callback {
            callback,
            now,
            caller: &caller,
            session: kept,
        });
        if let Effect::Wait { at_most } = effect {
            return Ok(Next::Wait { at_most });
        }
        if attempt != before {
            // The mark comes first: whoever finds it knows that the code may be spent.
            let seen = before.generation;
            attempt.generation = seen.saturating_add(1);
            let row = self.attempt_row(id.as_str(), visitor, &attempt)?;
            if self.world.store.replace_attempt(seen, row).await? == Commit::Lost {
                return Ok(Next::LookAgain);
            }
        }
        let note = match &callback.answer {
            Answer::Code(_) => "code",
            Answer::Declined => "declined",
            Answer::Refused(_) => "refused",
        };
        log(event::CALLBACK_RECEIVED, id.as_str(), Some(&note));
        let refused = |name, refusal| {
            log(name, id.as_str(), None);
            Next::Done(Outcome::Refused(refusal))
        };
        Ok(match effect {
            Effect::Exchange { code, lease } => Next::Exchange {
                attempt: Box::new(attempt),
                code,
                lease,
            },
            Effect::LoggedIn => Next::Done(Outcome::LoggedIn(attempt.purpose)),
            Effect::Declined => refused(event::LOGIN_DECLINED, Refusal::Declined),
            Effect::Expired => refused(event::LOGIN_EXPIRED, Refusal::Expired),
            Effect::Refused { error, .. } => {
                refused(event::LOGIN_REFUSED, Refusal::Provider(error))
            }
            Effect::Broken(rule) => {
                let error = OAuthError::new("issuer_mismatch", Some(&rule.to_string()), &[]);
                refused(event::LOGIN_REFUSED, Refusal::Provider(error))
            }
            Effect::TryAgain => return Err(Error::TryAgain { retry_after: None }),
            _ => refused(event::LOGIN_REPLAYED, Refusal::Replayed),
        })
    }

    /// Sends the code, once, and stores what comes back.
    async fn exchange(
        self: &Arc<Self>,
        id: &AttemptId,
        attempt: &Attempt,
        code: Secret,
        lease: &Lease,
    ) -> Result<Outcome, Error> {
        let verifier = attempt.code_verifier();
        let request = token::exchange(
            &self.provider().token_endpoint(),
            self.registration().client_id(),
            &attempt.redirect_uri,
            &code,
            verifier,
        );
        log(event::CODE_SENT, id.as_str(), None);
        let sent = self
            .ask_for_tokens(request, &[&code, verifier], lease)
            .await;
        let (input, result) = match sent.answer {
            Ok(Ok(tokens)) => {
                let lifetime = self.provider().access_token_lifetime();
                let asked = attempt.scope.clone();
                let grant = Grant::new(attempt.purpose, asked, sent.asked_at, tokens, lifetime);
                return self.keep(id, grant).await;
            }
            Ok(Err(TokenFailure::Refused(error))) if !error.is_temporary() => {
                log(event::CODE_REFUSED, id.as_str(), Some(&error));
                let refusal = Refusal::Provider(error.clone());
                (
                    Input::Refused { lease, error },
                    Ok(Outcome::Refused(refusal)),
                )
            }
            Ok(Err(TokenFailure::Busy { retry_after })) => {
                log(event::CODE_NOT_SENT, id.as_str(), Some(&"busy"));
                (
                    Input::NotSent { lease },
                    Err(Error::TryAgain { retry_after }),
                )
            }
            Ok(Err(TokenFailure::Broken(rule))) => {
                log(event::CODE_UNANSWERED, id.as_str(), Some(&rule));
                let endpoint = TOKEN_ENDPOINT;
                (
                    Input::Lost { lease },
                    Err(Error::Protocol { endpoint, rule }),
                )
            }
            Ok(Err(_)) => {
                log(event::CODE_UNANSWERED, id.as_str(), None);
                (
                    Input::Lost { lease },
                    Err(Error::TryAgain { retry_after: None }),
                )
            }
            Err(error) => {
                let again = Err(Error::TryAgain { retry_after: None });
                match &error {
                    TransportError::NotSent(_) => {
                        log(event::CODE_NOT_SENT, id.as_str(), Some(&error));
                        (Input::NotSent { lease }, again)
                    }
                    _ => {
                        log(event::CODE_UNANSWERED, id.as_str(), Some(&error));
                        (Input::Lost { lease }, again)
                    }
                }
            }
        };
        self.tell(id, input).await?;
        result
    }

    /// The grant first, then the attempt: a crash in between is recovered by looking whether
    /// there is a grant.
    async fn keep(self: &Arc<Self>, id: &AttemptId, grant: Grant) -> Result<Outcome, Error> {
        let (purpose, subject) = (grant.purpose, grant.subject().cloned());
        if let Err(error) = self.insist_on_new(id, &grant).await {
            let (_, effects) = grant::step(Some(&grant), &grant::Input::LogOut);
            self.revoke(id.as_str(), effects).await;
            return Err(error);
        }
        // Who it is, while the token is at hand. A session that comes without it asks again.
        let known = match subject {
            Some(subject) if purpose == Purpose::Onboarding => self.merge(&subject).await,
            Some(_) => Ok(()),
            None => {
                let identified = self.identified(id.as_str(), Arc::new(grant)).await;
                identified.map(drop)
            }
        };
        if let Err(error) = known {
            log(event::LOGIN_COMPLETED, id.as_str(), Some(&error));
        }
        self.tell(id, Input::Exchanged).await?;
        log(event::LOGIN_COMPLETED, id.as_str(), None);
        Ok(Outcome::LoggedIn(purpose))
    }

    /// Stores a new grant, which exists nowhere else, however often the database must be
    /// asked.
    async fn insist_on_new(&self, id: &AttemptId, grant: &Grant) -> Result<(), Error> {
        use backon::Retryable as _;
        let pauses = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(50))
            .with_jitter()
            .with_max_times(5);
        let store = || self.add_grant(id.as_str(), grant);
        let is_unstored = |error: &Error| matches!(error, Error::Store(_));
        store.retry(pauses).when(is_unstored).await.map(drop)
    }

    /// Something happened to a login, which is stored. One that is gone stays gone.
    async fn tell(&self, id: &AttemptId, input: Input<'_>) -> Result<(), Error> {
        while let Some((visitor, mut attempt)) = self.attempt(id.as_str()).await? {
            let seen = attempt.generation;
            attempt.step(input.clone());
            attempt.generation = seen.saturating_add(1);
            let row = self.attempt_row(id.as_str(), visitor, &attempt)?;
            if self.world.store.replace_attempt(seen, row).await? == Commit::Committed {
                break;
            }
        }
        Ok(())
    }
}
