//! The beginning of a login: it is stored, and only then is its URL handed out.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use switchback_driver::{event, log};
use switchback_protocol::Rule;
use switchback_protocol::attempt::{Attempt, AttemptId, LoginRequest};
use switchback_protocol::grant::Grant;
use switchback_protocol::provider::Retention;
use switchback_protocol::{Purpose, Random, Secret};
use zeroize::Zeroizing;

use super::session::CachedSession;
use super::{Inner, Service};
use crate::credential::Credential;
use crate::error::Error;
use crate::pushed;
use crate::sealing::{AssociatedData, Sealed};
use crate::store::AttemptRow;
use crate::time_ordered;

/// An identity verification login_person a login is compared with it for so many seconds: longer than
/// its token lives.
const KEEP_FOR_COMPARISON: i64 = 24 * 3600;

/// What to session, and for how long it is good.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginAttempt {
    /// Where the person is sent: session it, and log it nowhere.
    pub url: Secret,
    /// What the callback will carry, for an app that has several logins session.
    pub state: Secret,
    /// For how many seconds the URL may be opened, where that is limited.
    pub expires_in: Option<i64>,
    /// Who began it, where nobody was known: whoever shows this may complete it.
    pub initiator: Option<Credential>,
}

/// Whose callback completes a login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Initiator {
    who: String,
    /// The session that a browser showed, whether or not it lived. Whoever knows what the
    /// browser was known by before that session does not know this.
    session: Option<String>,
    /// The keyed hash of the person login_person whose login an identity verification began; empty
    /// where it could not be read who that is.
    login_person: Option<String>,
}

/// Of an identity verification that was begun login_person a login: whether it is the person of that
/// login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamePerson {
    /// It is.
    Yes,
    /// It is somebody else.
    No,
    /// The provider did not say who one of the two is.
    Unknown,
}

impl SamePerson {
    /// `None` where it is not known.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown => None,
        }
    }
}

/// As it is answered: `true`, `false` or `null`.
impl Serialize for SamePerson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.known().serialize(serializer)
    }
}

/// In front of the session's name, and of the hash of the person.
const SESSION_PREFIX: &str = "session/";
const LOGIN_PERSON_PREFIX: &str = "login-person/";

impl Initiator {
    /// Somebody by the full_id of what they show; a browser by what it was known by before its
    /// first session. A browser that completes another login meanwhile stays the same initiator.
    pub(super) fn from_credential(presented: &Credential) -> Self {
        let name = || presented.name().text();
        Self {
            who: format!("initiator/{}", full_id(&presented.initiator())),
            session: presented.is_of_browser().then(name),
            login_person: None,
        }
    }

    /// An app by the name of its session, since what opens it changes. Whoever asks has opened
    /// it.
    pub(super) fn from_session(presented: &Credential) -> Self {
        Self {
            who: format!("{SESSION_PREFIX}{}", presented.name().text()),
            ..Self::default()
        }
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.who == other.who
    }

    /// Whether both showed the same session, or none.
    pub(super) fn has_same_session(&self, other: &Self) -> bool {
        self.session == other.session
    }

    /// As it is stored.
    fn text(&self) -> String {
        let session = self
            .session
            .iter()
            .map(|it| format!(" {SESSION_PREFIX}{it}"));
        let login_person = self
            .login_person
            .iter()
            .map(|it| format!(" {LOGIN_PERSON_PREFIX}{it}"));
        [self.who.clone()]
            .into_iter()
            .chain(session)
            .chain(login_person)
            .collect()
    }

    fn read(text: &str) -> Self {
        let mut words = text.split(' ');
        let who = words.next().unwrap_or_default().into();
        let mut read = Self {
            who,
            ..Self::default()
        };
        for word in words {
            if let Some(session) = word.strip_prefix(SESSION_PREFIX) {
                read.session = Some(session.into());
            } else if let Some(login_person) = word.strip_prefix(LOGIN_PERSON_PREFIX) {
                read.login_person = Some(login_person.into());
            }
        }
        read
    }
}

fn full_id(credential: &Credential) -> String {
    use base64::Engine as _;
    let hash = credential.hash();
    let hash = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(hash.bytes());
    format!("{}/{hash}", credential.name().text())
}

impl Service {
    /// Begins a login for whoever shows this, or for nobody who is known yet.
    ///
    /// # Errors
    /// [`Error::Configuration`] where this is not offered or the provider refuses the service,
    /// [`Error::TryAgain`] where the provider cannot be reached, [`Error::Store`].
    pub async fn begin(
        &self,
        purpose: Purpose,
        presented: Option<&Credential>,
    ) -> Result<LoginAttempt, Error> {
        let inner = &self.inner;
        let Some(scope) = inner.config.scopes.get(&purpose) else {
            return Err(Error::Configuration(format!(
                "{purpose} is not offered here"
            )));
        };
        let now = inner.now();
        let mut bytes = Zeroizing::new(inner.random_bytes::<96>()?);
        time_ordered::stamp(&mut *bytes, now.wall);
        let (thirds, _) = bytes.as_chunks::<32>();
        let random = [0, 1, 2].map(|n| Random::new(&thirds[n]));
        let request = LoginRequest::new(purpose, scope.iter().cloned());
        let timeout = inner.config.login_timeout;
        let registration = inner.registration();
        let mut attempt = Attempt::begin(registration, request, &random, now, timeout);
        attempt.generation = 1;
        let state = Secret::from(&random[0]);
        let id = time_ordered::attempt_id(&state);
        let session = match presented {
            Some(presented) => inner.session_or_expired(presented).await?,
            None => None,
        };
        let (mut initiator, fresh) = match presented {
            Some(presented) if session.is_some() && !presented.is_of_browser() => {
                (Initiator::from_session(presented), None)
            }
            Some(presented) => (Initiator::from_credential(presented), None),
            None => {
                let fresh = inner.new_credential()?;
                (Initiator::from_credential(&fresh), Some(fresh))
            }
        };
        if inner.provider().retention(purpose) == Retention::OneOff {
            let login = session.filter(|session| inner.is_login(session.grant.purpose));
            if let Some(login) = login {
                initiator.login_person = Some(inner.person_of(&login).await.unwrap_or_default());
            }
        }
        let url = attempt
            .url(registration)
            .map_err(|error| Error::Configuration(error.to_string()))?;
        let endpoint = match inner.config.pushed {
            true => inner.provider().pushed_authorization_endpoint(purpose),
            false => None,
        };
        let (url, expires_in) = match endpoint {
            None => (url, None),
            Some(endpoint) => inner.push(&endpoint, purpose, &url, &state).await?,
        };
        let row = inner.attempt_row(id.as_str(), initiator, &attempt)?;
        inner.platform.store.add_attempt(row).await?;
        inner.counters.started.add();
        log::event(event::LOGIN_BEGUN, &id, Some(&purpose));
        Ok(LoginAttempt {
            url: url.into(),
            state,
            expires_in,
            initiator: fresh,
        })
    }
}

impl Inner {
    /// Sends the request to the provider, and gives the URL that refers to it.
    async fn push(
        &self,
        endpoint: &str,
        purpose: Purpose,
        url: &str,
        state: &Secret,
    ) -> Result<(String, Option<i64>), Error> {
        const WHAT: &str = "the pushed authorization request endpoint";
        let mut request = pushed::request(endpoint, url);
        self.prove(&mut request)?;
        let response = self.send(request).await?;
        if let Some(pushed) = pushed::read(&response) {
            let endpoint = self.provider().authorization_endpoint(purpose);
            let client_id = self.registration().client_id();
            let url = pushed::url(
                &endpoint.unwrap_or_default(),
                client_id,
                &pushed.request_uri,
            );
            return Ok((url, pushed.expires_in));
        }
        match response.status {
            _ if response.was_not_processed() || response.has_failed() => Err(Error::TryAgain {
                retry_after: response.retry_after(),
            }),
            400..=499 => Err(self.refused(WHAT, &response, &[state])),
            status => Err(Error::Protocol {
                endpoint: WHAT,
                rule: Rule::Status(status),
            }),
        }
    }

    /// As it is stored.
    pub(super) fn attempt_row(
        &self,
        id: &str,
        initiator: Initiator,
        attempt: &Attempt,
    ) -> Result<AttemptRow, Error> {
        // As long again, so that a late callback is told that it is late.
        let timeout = self.config.login_timeout;
        let kept = match initiator.login_person {
            Some(_) => timeout.max(KEEP_FOR_COMPARISON),
            None => timeout,
        };
        let nonce = self.random_bytes()?;
        let mut row = AttemptRow {
            id: id.into(),
            initiator: initiator.text(),
            generation: attempt.generation,
            remove_at: attempt.deadline.saturating_add(kept),
            sealed: Sealed::default(),
        };
        row.sealed = self
            .platform
            .keys
            .seal(&associated_data(&row), &nonce, &attempt.to_json());
        Ok(row)
    }

    /// The keyed hash of whose login this is, where that can be read.
    async fn person_of(self: &Arc<Self>, login: &CachedSession) -> Option<String> {
        let mut grant = Arc::clone(&login.grant);
        if grant.subject().is_none() {
            grant = self.identified(&login.id, grant).await.ok()?;
        }
        self.subject_name(grant.subject()?)
    }

    /// Whether an identity verification that was begun login_person a login is that person's. `None`:
    /// it was begun without one.
    pub(super) async fn is_same_person(&self, id: &AttemptId) -> Result<Option<SamePerson>, Error> {
        let attempt = self.attempt(id.as_str()).await?;
        let Some(login_person) = attempt.and_then(|(initiator, _)| initiator.login_person) else {
            return Ok(None);
        };
        let grant = self.grant(id.as_str()).await?;
        Ok(Some(match grant.as_ref().and_then(Grant::subject) {
            Some(subject) if !login_person.is_empty() => {
                match self.subject_names(subject).contains(&login_person) {
                    true => SamePerson::Yes,
                    false => SamePerson::No,
                }
            }
            _ => SamePerson::Unknown,
        }))
    }

    /// The login of this id, where it is there, and who began it.
    pub(super) async fn attempt(&self, id: &str) -> Result<Option<(Initiator, Attempt)>, Error> {
        let Some(row) = self.platform.store.attempt(id.into()).await? else {
            return Ok(None);
        };
        let attempt = self.unseal(&associated_data(&row), &row.sealed, Attempt::from_json)?;
        Ok(Some((Initiator::read(&row.initiator), attempt)))
    }
}

/// With what stands in the session.
fn associated_data(row: &AttemptRow) -> AssociatedData<'_> {
    AssociatedData::new("attempts", &row.id)
        .text(&row.initiator)
        .number(row.generation.cast_signed())
        .number(row.remove_at)
}
