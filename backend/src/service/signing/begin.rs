//! Prepares a signing, and begins a login for it.

use std::sync::Arc;

use switchback_protocol::attempt::LoginRequest;
use switchback_protocol::lease::Lease;
use switchback_protocol::provider::Retention;
use switchback_protocol::signature::SignRequest;
use switchback_protocol::{Purpose, Secret};

use super::row::{BegunLogin, StoredSigning};
use super::{Inner, Service, SigningId};
use crate::credential::Credential;
use crate::error::Error;
use crate::sealing::Sealed;
use crate::service::LoginAttempt;
use crate::store::SignatureRow;

/// How long a person may begin a signing, in seconds, unless the service says otherwise.
const OPEN_FOR: i64 = 3600;

/// The number of logins for one signing that a row has at most.
const MAX_LOGINS: usize = 20;

/// What the service may say about a signing, besides the document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SigningOptions {
    /// The data points of the person to request. `None`: the scope that is configured for
    /// [`Purpose::Signing`].
    pub scope: Option<Vec<String>>,
    /// The subject of the person who must sign. A login of this person must begin the signing, and
    /// the signature must be theirs. `None`: any person who has the link may sign.
    pub subject: Option<Secret>,
    /// For how many seconds a person may begin. `None`: one hour.
    pub open_for: Option<i64>,
}

/// A signing that a person can begin.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PreparedSigning {
    /// Its id.
    pub id: SigningId,
    /// Until when a person may begin, in seconds since the epoch.
    pub open_until: i64,
}

impl Service {
    /// Stores what a person shall sign. The person begins later, with
    /// [`begin_prepared_signing`](Self::begin_prepared_signing), or at the router's address.
    ///
    /// # Errors
    /// [`Error::Configuration`] if the service does not offer signing, [`Error::ControlCharacter`]
    /// if a text of the request is not on one line, [`Error::Store`].
    pub async fn prepare_signing(
        &self,
        request: SignRequest,
        options: SigningOptions,
    ) -> Result<PreparedSigning, Error> {
        let inner = &self.inner;
        // Before it is stored: no login could begin for it.
        if let Some(text) = request.text_with_control_character() {
            return Err(Error::ControlCharacter(text));
        }
        let scope = match options.scope {
            Some(scope) => scope,
            None => inner.scope(Purpose::Signing)?.to_vec(),
        };
        switchback_protocol::authorization::check_scope(&scope)
            .map_err(|error| Error::Configuration(error.to_string()))?;
        let now = inner.now().wall;
        let open_until = now.saturating_add(options.open_for.unwrap_or(OPEN_FOR));
        let id = SigningId::new(inner.random_bytes()?, now);
        let subject = options.subject.map(|subject| subject.expose().to_owned());
        let signing = StoredSigning::new(id, request, scope, subject, open_until);
        let row = SignatureRow {
            id: id.row(),
            generation: 1,
            // A login that begins in the last second may complete, and the provider then gives the
            // signature for its time.
            remove_at: open_until
                .saturating_add(inner.config.login_timeout)
                .saturating_add(inner.signature_lifetime()),
            retry_at: None,
            sealed: Sealed::default(),
        };
        let row = inner.seal_signing(row, &signing)?;
        inner.platform.store.add_signature(row).await?;
        inner.counters.signings_prepared.add();
        Ok(PreparedSigning { id, open_until })
    }

    /// Begins a login in which the person signs a document, for the browser or app that presents
    /// this credential. [`LoginAttempt::signing`] has the id of the signing.
    ///
    /// ```no_run
    /// # use switchback_backend::signature::{DocumentDigest, SignRequest};
    /// # use switchback_backend::{Credential, Error, Service, SigningStatus};
    /// # async fn sign(service: &Service, contract: &[u8], who: &Credential) -> Result<(), Error> {
    /// let request = SignRequest::new(
    ///     "https://service.example/contracts/17.pdf",
    ///     DocumentDigest::of(contract),
    ///     "I sign the rental contract no. 17",
    /// )
    /// .with_content_type("application/pdf");
    /// let login = service.begin_signing(request, Some(who)).await?;
    /// // Open `login.url`, store `login.signing` with the contract, and complete the login at the
    /// // redirect URI. Then, or at any time in the next 30 days:
    /// # let Some(id) = login.signing else { return Ok(()) };
    /// if let SigningStatus::Signed(signature) = service.signing(&id).await? {
    ///     println!("{}\n{}", signature.compact, signature.report);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`prepare_signing`](Self::prepare_signing) and [`begin`](Self::begin).
    pub async fn begin_signing(
        &self,
        request: SignRequest,
        presented: Option<&Credential>,
    ) -> Result<LoginAttempt, Error> {
        let prepared = self.prepare_signing(request, SigningOptions::default());
        self.begin_prepared_signing(&prepared.await?.id, presented)
            .await
    }

    /// Begins a login for a signing that was prepared. It may begin several times until the person
    /// has signed.
    ///
    /// # Errors
    /// [`Error::UnknownSigning`], [`Error::SigningClosed`]; for a signing with a subject
    /// [`Error::LoginRequired`] without a login, and [`Error::OtherPerson`] for another login;
    /// otherwise as [`begin`](Self::begin).
    pub async fn begin_prepared_signing(
        &self,
        id: &SigningId,
        presented: Option<&Credential>,
    ) -> Result<LoginAttempt, Error> {
        let (inner, row) = (&self.inner, id.row());
        let (_, signing) = inner
            .signing_row(&row)
            .await?
            .ok_or(Error::UnknownSigning)?;
        let now = inner.now().wall;
        let is_open = |login: &BegunLogin| now < inner.over_at(login);
        let has_room = |signing: &StoredSigning| {
            let open = signing.logins.iter().filter(|login| is_open(login));
            open.count() < MAX_LOGINS
        };
        if now >= signing.open_until
            || signing.other_person
            || signing.kept.is_some()
            || inner.grant_of(&signing).await?.is_some()
        {
            return Err(Error::SigningClosed);
        }
        if let Some(subject) = &signing.subject {
            self.check_login(subject, presented).await?;
        }
        let too_many = Error::TooManyRequests { retry_after: 60 };
        if !has_room(&signing) {
            return Err(too_many);
        }
        let request = LoginRequest::signing(signing.request, signing.scope);
        let begun = inner.begin(request, presented, Some(row.clone())).await?;
        // Before the URL is returned: every login that a person can complete is in the row.
        let login = BegunLogin::new(&begun.id, begun.at);
        // If the process that completes the login is killed before it fetches the signature, the
        // maintenance fetches it.
        let look_at = inner.over_at(&login);
        let added = inner.decide_signing(&row, |signing, row| {
            if !has_room(signing) {
                return None;
            }
            signing.declined = false;
            signing.logins.retain(is_open);
            signing.logins.push(login.clone());
            row.retry_at.get_or_insert(look_at);
            Some(())
        });
        if !added.await?.changed {
            return Err(too_many);
        }
        Ok(LoginAttempt {
            signing: Some(*id),
            ..begun.login
        })
    }

    /// Whether the login of this browser or app is that of the person who must sign.
    async fn check_login(
        &self,
        subject: &str,
        presented: Option<&Credential>,
    ) -> Result<(), Error> {
        let none = Error::LoginRequired(switchback_protocol::grant::SessionEnd::NoSession);
        let presented = presented.ok_or(none)?;
        let skew = self.inner.config.refresh_skew;
        let login = self.session_for(presented, Some(Purpose::Login), skew);
        match login.await?.subject() == subject {
            true => Ok(()),
            false => Err(Error::OtherPerson),
        }
    }
}

impl Inner {
    /// How long the provider gives a signature, in seconds.
    pub(super) fn signature_lifetime(&self) -> i64 {
        match self.provider().retention(Purpose::Signing) {
            Retention::Limited { seconds } => seconds,
            _ => self.config.session_lifetime,
        }
    }

    /// When a login has ended, completed or not: its callback is not accepted after the timeout, and
    /// the exchange of its code takes less time than another timeout, or than a lease if that is longer.
    pub(super) fn over_at(&self, login: &BegunLogin) -> i64 {
        let timeout = self.config.login_timeout;
        let exchange = timeout.max(Lease::HOLDS_FOR_SECONDS);
        login.at.saturating_add(timeout).saturating_add(exchange)
    }

    /// The grant of the login in which the person signed, and its id. `None`: the person has not
    /// signed.
    pub(super) async fn grant_of(
        &self,
        signing: &StoredSigning,
    ) -> Result<
        Option<(
            switchback_protocol::attempt::AttemptId,
            Arc<switchback_protocol::grant::Grant>,
        )>,
        Error,
    > {
        // The login of the stored signature, if there is one; else the oldest that was completed,
        // and whose grant has not ended.
        let logins = match &signing.kept {
            Some(kept) => std::slice::from_ref(&kept.login),
            None => &signing.logins,
        };
        let mut ended = None;
        for login in logins {
            if let Some(id) = login.id()
                && let Some(grant) = self.grant(id.as_str()).await?
            {
                let is_over = grant.is_over();
                let found = Some((id, Arc::new(grant)));
                if !is_over {
                    return Ok(found);
                }
                ended = ended.or(found);
            }
        }
        Ok(ended)
    }
}
