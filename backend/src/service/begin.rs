//! The start of a login. The attempt is stored before its URL is returned.

use std::sync::Arc;

use serde::{Serialize, Serializer};
use switchback_driver::{event, log};
use switchback_protocol::attempt::{Attempt, AttemptId, LoginRequest};
use switchback_protocol::grant::Grant;
use switchback_protocol::provider::Retention;
use switchback_protocol::{Purpose, Random, Secret};
use zeroize::Zeroizing;

use super::session::CachedSession;
use super::{Inner, Service, SigningId};
use crate::credential::Credential;
use crate::error::Error;
use crate::pushed;
use crate::sealing::{AssociatedData, Sealed};
use crate::store::AttemptRow;
use crate::time_ordered;

/// How long the attempt of an identity verification under a login is kept for the comparison of
/// the two persons, in seconds. This is longer than the token of the verification lives.
const KEEP_FOR_COMPARISON: i64 = 24 * 3600;

/// A started login.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoginAttempt {
    /// The URL to open. It is a secret: do not log it.
    pub url: Secret,
    /// The `state` that the callback will carry, for an app with several open logins.
    pub state: Secret,
    /// For how many seconds the URL may be opened, if that is limited.
    pub expires_in: Option<i64>,
    /// A new credential, if the caller presented none. Only a caller that presents it can complete
    /// the login.
    pub initiator: Option<Credential>,
    /// The signing that this login is for ([`Service::begin_signing`]).
    pub signing: Option<SigningId>,
}

/// The browser or app that began a login; only it can complete the login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Initiator {
    who: String,
    /// The session that the browser presented, whether or not that session lived. A caller that
    /// knows the browser's credential from before that session does not know its name.
    session: Option<String>,
    /// The keyed hash of the person under whose login an identity verification began. Empty if the
    /// service could not read who the person is.
    login_person: Option<String>,
    /// The row of the signing that the login is for.
    pub(super) signing: Option<String>,
}

/// Whether an identity verification that began under a login belongs to the person of that login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SamePerson {
    /// It is the same person.
    Yes,
    /// It is another person.
    No,
    /// The provider did not name one of the two persons.
    Unknown,
}

impl SamePerson {
    /// `None` for [`Unknown`](Self::Unknown).
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::Unknown => None,
        }
    }
}

/// Serializes to `true`, `false` or `null`.
impl Serialize for SamePerson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.known().serialize(serializer)
    }
}

/// The prefixes of the session's name and of the hash of the person in the stored text.
const SESSION_PREFIX: &str = "session/";
const LOGIN_PERSON_PREFIX: &str = "login-person/";
/// The prefix of the row of the signing.
const SIGNING_PREFIX: &str = "signing/";

impl Initiator {
    /// An app, by its whole credential; a browser, by its credential from before its first
    /// session. A browser that completes another login meanwhile has the same initiator.
    pub(super) fn from_credential(presented: &Credential) -> Self {
        let name = || presented.name().text();
        Self {
            who: format!("initiator/{}", full_id(&presented.initiator())),
            session: presented.is_of_browser().then(name),
            ..Self::default()
        }
    }

    /// An app with a session, by the session's name, because its tokens change. The caller must
    /// have opened the session.
    pub(super) fn from_session(presented: &Credential) -> Self {
        Self {
            who: format!("{SESSION_PREFIX}{}", presented.name().text()),
            ..Self::default()
        }
    }

    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.who == other.who
    }

    /// Whether the browser presented a session.
    pub(super) fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// Whether both presented the same session, or no session.
    pub(super) fn has_same_session(&self, other: &Self) -> bool {
        self.session == other.session
    }

    /// The stored text.
    fn text(&self) -> String {
        let session = self
            .session
            .iter()
            .map(|it| format!(" {SESSION_PREFIX}{it}"));
        let login_person = self
            .login_person
            .iter()
            .map(|it| format!(" {LOGIN_PERSON_PREFIX}{it}"));
        let signing = self.signing.iter();
        let signing = signing.map(|it| format!(" {SIGNING_PREFIX}{it}"));
        [self.who.clone()]
            .into_iter()
            .chain(session)
            .chain(login_person)
            .chain(signing)
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
            } else if let Some(signing) = word.strip_prefix(SIGNING_PREFIX) {
                read.signing = Some(signing.into());
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
    /// Begins a login for the browser or app that presents this credential. Without a credential,
    /// the returned attempt has a new one.
    ///
    /// # Errors
    /// [`Error::Configuration`] if this purpose is not offered or the provider refuses the
    /// service, [`Error::TryAgain`] if the provider cannot be reached, [`Error::Store`].
    pub async fn begin(
        &self,
        purpose: Purpose,
        presented: Option<&Credential>,
    ) -> Result<LoginAttempt, Error> {
        let scope = self.inner.scope(purpose)?.to_vec();
        if purpose == Purpose::Signing {
            return Err(Error::Configuration(
                "a signing needs a document: begin it with `begin_signing`".into(),
            ));
        }
        let request = LoginRequest::new(purpose, scope);
        Ok(self.inner.begin(request, presented, None).await?.login)
    }
}

/// A login that was begun.
pub(super) struct Begun {
    pub(super) id: AttemptId,
    pub(super) at: i64,
    pub(super) login: LoginAttempt,
}

impl Inner {
    /// The scope that the service requests for a purpose.
    pub(super) fn scope(&self, purpose: Purpose) -> Result<&[String], Error> {
        let scope = self.config.scopes.get(&purpose);
        scope.map(Vec::as_slice).ok_or_else(|| {
            Error::Configuration(format!(
                "this service does not offer {purpose}: configure its scope"
            ))
        })
    }

    /// Begins a login. `signing` is the row of the signing that it is for.
    pub(super) async fn begin(
        self: &Arc<Self>,
        request: LoginRequest,
        presented: Option<&Credential>,
        signing: Option<String>,
    ) -> Result<Begun, Error> {
        let (inner, purpose) = (self, request.purpose);
        let now = inner.now();
        let mut bytes = Zeroizing::new(inner.random_bytes::<96>()?);
        time_ordered::stamp(&mut *bytes, now.wall);
        let (thirds, _) = bytes.as_chunks::<32>();
        let random = [0, 1, 2].map(|n| Random::new(&thirds[n]));
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
        initiator.signing = signing;
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
        Ok(Begun {
            id,
            at: now.wall,
            login: LoginAttempt {
                url: url.into(),
                state,
                expires_in,
                initiator: fresh,
                signing: None,
            },
        })
    }

    /// Pushes the authorization request to the provider, and returns the URL that refers to it.
    async fn push(
        &self,
        endpoint: &str,
        purpose: Purpose,
        url: &str,
        state: &Secret,
    ) -> Result<(String, Option<i64>), Error> {
        let mut request = pushed::request(endpoint, url);
        self.prove(&mut request)?;
        let response = self.send(request).await?;
        let pushed = pushed::read(&response).ok_or_else(|| self.not_pushed(&response, state))?;
        let endpoint = self.provider().authorization_endpoint(purpose);
        let client_id = self.registration().client_id();
        let url = pushed::url(
            &endpoint.unwrap_or_default(),
            client_id,
            &pushed.request_uri,
        );
        Ok((url, pushed.expires_in))
    }

    /// The row of an attempt.
    pub(super) fn attempt_row(
        &self,
        id: &str,
        initiator: Initiator,
        attempt: &Attempt,
    ) -> Result<AttemptRow, Error> {
        // The row is kept for as long again after the deadline, so that a late callback gets the
        // answer `expired`.
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

    /// The keyed hash of the person of this login, if the service can read it.
    async fn person_of(self: &Arc<Self>, login: &CachedSession) -> Option<String> {
        let mut grant = Arc::clone(&login.grant);
        if grant.subject().is_none() {
            grant = self.identified(&login.id, grant).await.ok()?;
        }
        self.subject_name(grant.subject()?)
    }

    /// Whether an identity verification belongs to the person of the login under which it began.
    /// `None`: it began without a login.
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

    /// The attempt with this id, and its initiator.
    pub(super) async fn attempt(&self, id: &str) -> Result<Option<(Initiator, Attempt)>, Error> {
        let Some(row) = self.platform.store.attempt(id.into()).await? else {
            return Ok(None);
        };
        let attempt = self.unseal(&associated_data(&row), &row.sealed, Attempt::from_json)?;
        Ok(Some((Initiator::read(&row.initiator), attempt)))
    }
}

/// The plain columns of the row.
fn associated_data(row: &AttemptRow) -> AssociatedData<'_> {
    AssociatedData::new("attempts", &row.id)
        .text(&row.initiator)
        .number(row.generation.cast_signed())
        .number(row.remove_at)
}
