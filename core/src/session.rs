//! A session: an access token that is always good, and who the person is.
//!
//! When a token must be refreshed, when it may not, and when it is over is decided by
//! [`switchback_protocol::grant`]; this module stores, sends and reports.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Effect, Ended, Grant, Input, Phase};
use switchback_protocol::http::{Request, Response, Rule};
use switchback_protocol::identity::{self, Presentation, UserInfo};
use switchback_protocol::token::{self, TokenFailure};
use switchback_protocol::{OAuthError, Purpose, Secret};
use tokio::sync::Mutex;

use crate::client::Inner;
use crate::error::Error;
use crate::event;
use crate::flights::Flights;
use crate::ports::TransportError;

const TOKEN_ENDPOINT: &str = "the token endpoint";
const WHAT: &str = "the session could not be refreshed";

/// Names a session. It is the id of the attempt that it came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(AttemptId);

impl SessionId {
    /// An id that an app kept. Any text will do: one that names nothing opens nothing.
    pub fn from_text(id: &str) -> Self {
        Self(AttemptId::from_text(id))
    }

    /// 22 characters of base64url.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The attempt that it came from.
    pub fn attempt(&self) -> &AttemptId {
        &self.0
    }
}

impl From<AttemptId> for SessionId {
    fn from(attempt: AttemptId) -> Self {
        Self(attempt)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What logging out did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogOut {
    /// The tokens are gone from this device. The service has no way to be told (Truid
    /// documents none): there the session ends when nobody refreshes it.
    ForgottenHere,
}

/// One person's session at one service. A clone is the same session, and so is one that
/// was opened twice.
#[derive(Clone)]
pub struct Session {
    pub(crate) state: Arc<SessionState>,
}

pub(crate) struct SessionState {
    id: SessionId,
    client: Arc<Inner>,
    /// What is stored, for those who only read.
    grant: ArcSwap<Grant>,
    /// Held while the grant is read, decided upon and stored, never while waiting for the
    /// network: so that a log-out and the end of a refresh come one after the other.
    turn: Mutex<()>,
    refreshes: Flights<(), Result<Secret, Error>>,
}

/// Where the grant is taken from before something is decided.
enum Known {
    /// From the store: somebody else may have changed it.
    Stored,
    /// From here, behind a mark that this task has stored: an answer that is in our hands
    /// is not lost because the store cannot be read at this moment.
    Here,
}

impl SessionState {
    pub(crate) fn new(id: SessionId, client: Arc<Inner>, grant: Grant) -> Self {
        Self {
            id,
            client,
            grant: ArcSwap::from_pointee(grant),
            turn: Mutex::new(()),
            refreshes: Flights::default(),
        }
    }
}

impl Session {
    /// Its id, to keep and to open it with later.
    pub fn id(&self) -> &SessionId {
        &self.state.id
    }

    /// What the person logged in for.
    pub fn purpose(&self) -> Purpose {
        self.state.grant.load().purpose
    }

    /// When the person logged in, in seconds since the epoch.
    pub fn since(&self) -> i64 {
        self.state.grant.load().since
    }

    /// When the access token expires, in seconds since the epoch; it is refreshed before
    /// that whenever somebody asks for it.
    pub fn expires_at(&self) -> Option<i64> {
        self.state.grant.load().expires_at()
    }

    /// The scope that was granted.
    pub fn scope(&self) -> Vec<String> {
        self.state.grant.load().granted.clone()
    }

    /// What was asked for and not granted.
    pub fn withheld(&self) -> Vec<String> {
        self.state.grant.load().withheld()
    }

    /// Why it is over, where that is known. `None` does not promise that the service has
    /// not ended it since: [`access_token`](Self::access_token) finds out.
    pub fn ended(&self) -> Option<Ended> {
        self.state.ended()
    }

    /// An access token that lives for the configured skew at least, where the service can
    /// be reached, and lives at all otherwise.
    ///
    /// While the token is fresh this reads memory: no lock, no allocation, no store. All
    /// who need a refresh at the same time share one, and it goes on in a task of its own
    /// when its callers are cancelled.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] when it is over, [`Error::TryAgain`] when the service was
    /// not reached and the old token is over, [`Error::StoreLocked`] and [`Error::Store`]
    /// when the new pair could not be stored (it is kept in memory and stored at the next
    /// chance), [`Error::Configuration`] when the service refuses this client,
    /// [`Error::Protocol`].
    pub async fn access_token(&self) -> Result<Secret, Error> {
        self.state.access_token().await
    }

    /// Who the person is, as OpenID user info.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token); [`Error::Configuration`] where the service
    /// does not give this data to this session.
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        let endpoint = self.provider().user_info_endpoint();
        let make = |token: &Secret| identity::user_info_request(endpoint.clone(), token);
        let response = self.state.resource("the user info endpoint", make).await?;
        let info = self.read("the user info endpoint", UserInfo::read(&response))?;
        self.state
            .hold_to("the user info endpoint", &info.sub)
            .await?;
        event::log(event::USER_INFO_READ, self.id().attempt(), None);
        Ok(info)
    }

    /// Who the person is, as a presentation of these claims, by type
    /// ([`ClaimType`](crate::provider::truid::ClaimType)) or by key. A claim whose data was
    /// not shared, or that the person does not have, is not in the answer.
    ///
    /// # Errors
    /// As [`user_info`](Self::user_info).
    pub async fn presentation(&self, claims: &[impl AsRef<str>]) -> Result<Presentation, Error> {
        if claims.is_empty() {
            return Err(Error::configuration(
                "a presentation needs at least one claim: name what you want to know",
            ));
        }
        let endpoint = self.provider().presentation_endpoint();
        let make = |token: &Secret| identity::presentation_request(&endpoint, claims, token);
        let response = self
            .state
            .resource("the presentation endpoint", make)
            .await?;
        let presentation = self.read("the presentation endpoint", Presentation::read(&response))?;
        self.state
            .hold_to("the presentation endpoint", &presentation.sub)
            .await?;
        event::log(event::PRESENTATION_READ, self.id().attempt(), None);
        Ok(presentation)
    }

    /// Forgets the session: its tokens are removed from the store. It is final, and wins
    /// over a refresh under way, whose result is dropped.
    pub async fn log_out(&self) -> Result<LogOut, Error> {
        let _turn = self.state.turn.lock().await;
        let id = self.id().attempt();
        self.state.client.records.delete_grant(id).await?;
        let mut over = Grant::clone(&self.state.grant.load());
        over.step(Input::LogOut);
        self.state.grant.store(Arc::new(over));
        event::log(event::SESSION_LOGGED_OUT, id, None);
        Ok(LogOut::ForgottenHere)
    }

    fn provider(&self) -> &switchback_protocol::Provider {
        self.state.client.registration.provider()
    }

    fn read<T>(&self, endpoint: &'static str, result: Result<T, Rule>) -> Result<T, Error> {
        result.map_err(|rule| Error::Protocol { endpoint, rule })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.state.id)
            .field("grant", &*self.state.grant.load())
            .finish_non_exhaustive()
    }
}

impl SessionState {
    async fn access_token(self: &Arc<Self>) -> Result<Secret, Error> {
        let (now, skew) = (self.client.now(), self.client.refresh_skew);
        if let Some(token) = self.grant.load().fresh(now, skew) {
            return Ok(token.clone());
        }
        self.refreshed(None).await
    }

    /// A token that is not the rejected one, by one refresh for all who wait.
    async fn refreshed(self: &Arc<Self>, rejected: Option<Secret>) -> Result<Secret, Error> {
        loop {
            let state = Arc::clone(self);
            let complaint = rejected.clone();
            let work = || async move { state.refresh(complaint).await };
            let token = match self.refreshes.join((), work).await {
                Some(result) => result?,
                None => return Err(Error::interrupted(WHAT)),
            };
            // A run that began before the complaint may still give the rejected token.
            if rejected.as_ref() != Some(&token) {
                return Ok(token);
            }
        }
    }

    /// Runs in a task of its own.
    async fn refresh(&self, rejected: Option<Secret>) -> Result<Secret, Error> {
        let (client, id) = (&self.client, self.id.attempt());
        let mut input = Input::Use {
            now: client.now(),
            skew: client.refresh_skew,
            rejected: rejected.as_ref(),
        };
        let mut known = Known::Stored;
        let mut what_failed: Option<TransportError> = None;
        loop {
            let answered = matches!(input, Input::Answered { .. });
            let effect = self.decide(known, |grant| grant.step(input)).await?;
            known = Known::Here;
            if answered {
                event::log(event::REFRESH_DONE, id, None);
            }
            let refresh_token = match effect {
                Effect::Refresh(refresh_token) => refresh_token,
                Effect::Give(token) => return Ok(token),
                Effect::LoginRequired(reason) => {
                    event::log(event::SESSION_OVER, id, Some(&reason));
                    return Err(Error::LoginRequired { reason });
                }
                Effect::Misconfigured(error) => {
                    return Err(Error::configuration(format_args!(
                        "the service refuses this client: {error}; check the client id and that \
                         it is registered as a public client"
                    )));
                }
                Effect::TryAgain {
                    broken: Some(rule), ..
                } => {
                    return Err(Error::Protocol {
                        endpoint: TOKEN_ENDPOINT,
                        rule,
                    });
                }
                Effect::TryAgain { retry_after, .. } => {
                    return Err(Error::TryAgain {
                        what: WHAT,
                        retry_after,
                        source: what_failed.map(Arc::new),
                    });
                }
            };
            let provider = client.registration.provider();
            let request = token::refresh(
                &provider.token_endpoint(),
                client.registration.client_id(),
                &refresh_token,
            );
            event::log(event::REFRESH_SENT, id, None);
            let asked_at = client.now();
            let answer = client.platform.http.send(request).await;
            let now = client.now();
            input = match answer {
                Ok(response) => match token::read(&response, &[&refresh_token]) {
                    Ok(tokens) => Input::Answered {
                        asked_at,
                        tokens,
                        lifetime: provider.access_token_lifetime(),
                    },
                    Err(failure) => {
                        log_failure(id, &failure);
                        Input::Failed { now, failure }
                    }
                },
                Err(TransportError::TooLong) => {
                    let failure = TokenFailure::Broken(Rule::TooLong);
                    log_failure(id, &failure);
                    Input::Failed { now, failure }
                }
                Err(error) => {
                    let (name, input) = match error {
                        TransportError::NotSent(_) => {
                            (event::REFRESH_NOT_SENT, Input::NotSent { now })
                        }
                        _ => (event::REFRESH_UNANSWERED, Input::Lost { now }),
                    };
                    event::log(name, id, Some(&error));
                    what_failed = Some(error);
                    input
                }
            };
        }
    }

    /// Takes the grant as it is known, decides, stores what changed: in this order, and one
    /// at a time. What is decided counts only once it is stored.
    async fn decide<T>(
        &self,
        known: Known,
        decision: impl FnOnce(&mut Grant) -> T,
    ) -> Result<T, Error> {
        let _turn = self.turn.lock().await;
        let records = &self.client.records;
        let id = self.id.attempt();
        let before = match known {
            Known::Here => Grant::clone(&self.grant.load()),
            Known::Stored => match records.grant(id).await? {
                Some(stored) => stored,
                None => {
                    let reason = self.ended().unwrap_or(Ended::NoSession);
                    return Err(Error::LoginRequired { reason });
                }
            },
        };
        let mut next = before.clone();
        let decided = decision(&mut next);
        if next != before || records.is_unsaved(id) {
            records.put_grant(id, &next).await?;
        }
        self.grant.store(Arc::new(next));
        Ok(decided)
    }

    fn ended(&self) -> Option<Ended> {
        match self.grant.load().phase {
            Phase::Over(ended) => Some(ended),
            _ => None,
        }
    }

    /// Reads a protected resource. A token that is refused is refreshed once.
    async fn resource(
        self: &Arc<Self>,
        endpoint: &'static str,
        request: impl Fn(&Secret) -> Request,
    ) -> Result<Response, Error> {
        let mut token = self.access_token().await?;
        let mut response = self.get(endpoint, request(&token)).await?;
        if response.status == 401 {
            token = self.refreshed(Some(token)).await?;
            response = self.get(endpoint, request(&token)).await?;
        }
        match response.status {
            400 | 403 => Err(Error::configuration(format_args!(
                "{endpoint} refused the request: {}; ask for the data point in the scope, and \
                 check the claims",
                refusal(&response, &token)
            ))),
            429 | 500..=599 => Err(Error::TryAgain {
                what: "the identity could not be read",
                retry_after: response.retry_after(),
                source: None,
            }),
            _ => Ok(response),
        }
    }

    async fn get(&self, endpoint: &'static str, request: Request) -> Result<Response, Error> {
        match self.client.platform.http.send(request).await {
            Ok(response) => Ok(response),
            Err(TransportError::TooLong) => Err(Error::Protocol {
                endpoint,
                rule: Rule::TooLong,
            }),
            Err(error) => Err(Error::network("the identity could not be read", error)),
        }
    }

    async fn hold_to(&self, endpoint: &'static str, subject: &str) -> Result<(), Error> {
        let mut known = Grant::clone(&self.grant.load());
        let held = match known.hold_to(subject) {
            Ok(true) => {
                self.decide(Known::Stored, |grant| grant.hold_to(subject))
                    .await?
            }
            known => known,
        };
        held.map(drop)
            .map_err(|rule| Error::Protocol { endpoint, rule })
    }
}

fn log_failure(id: &AttemptId, failure: &TokenFailure) {
    match failure {
        TokenFailure::Refused(error) => event::log(event::REFRESH_REFUSED, id, Some(error)),
        TokenFailure::Busy { .. } => event::log(event::REFRESH_NOT_SENT, id, Some(&"busy")),
        TokenFailure::Failed(status) => event::log(event::REFRESH_UNANSWERED, id, Some(status)),
        TokenFailure::Broken(rule) => event::log(event::REFRESH_UNANSWERED, id, Some(rule)),
    }
}

/// What a resource says about why it refuses.
fn refusal(response: &Response, token: &Secret) -> OAuthError {
    OAuthError::read(response, &[token])
        .unwrap_or_else(|| OAuthError::new("no reason given", None, &[]))
}
