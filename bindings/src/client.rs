//! The way in: a client, made once.

use std::sync::Arc;

use crate::config::Config;
use crate::error::SwitchbackError;
use crate::ids::{AttemptId, SessionId};
use crate::login::{LoginAttempt, LoginOutcome, LoginRequest, PendingLogin};
use crate::platform::Platform;
use crate::remote::TimelineEntry;
use crate::runtime::run;
use crate::session::Session;
use crate::shows::shows;

/// Logs people in at one service, and keeps their sessions. Make one for a store in a process,
/// and use it from wherever it is needed, from any thread.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Client(switchback::Client);

#[uniffi::export]
impl Client {
    /// Checks the configuration; nothing is read, written or sent.
    #[uniffi::constructor]
    pub fn new(config: Config, platform: Platform) -> Result<Arc<Self>, SwitchbackError> {
        Self::on(config, platform.into_core()?)
    }

    /// Begins a login. When it returns, the attempt is stored, and the URL may be opened:
    /// whatever happens to this process, the link that comes back finds it. In mediated mode
    /// the backend is asked for the URL.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, SwitchbackError> {
        let client = self.0.clone();
        let login = run(async move { client.begin(request.into()).await }).await?;
        Ok(login.into())
    }

    /// The URL of a pending login again, for "it did not open". Nothing where the login is not
    /// pending any more, or its code is being exchanged at this moment.
    pub async fn reopen(
        &self,
        attempt: AttemptId,
    ) -> Result<Option<LoginAttempt>, SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        let login = run(async move { client.reopen(&attempt).await }).await?;
        Ok(login.map(Into::into))
    }

    /// Whether a link leads to this client's redirect URI: for a link handler that must
    /// answer at once.
    pub fn accepts(&self, url: &str) -> bool {
        self.0.accepts(url)
    }

    /// Which login attempt a link belongs to, for an app that waits for several at once. Nothing
    /// for a link that is not this client's or cannot be read, and in mediated mode for one that
    /// no stored attempt waits for.
    pub async fn attempt_of(&self, url: String) -> Result<Option<AttemptId>, SwitchbackError> {
        let client = self.0.clone();
        let attempt = run(async move { client.attempt_of(&url).await }).await?;
        Ok(attempt.map(Into::into))
    }

    /// Completes a login with the link that came back. May be called again with the same
    /// link, also at the same time, and by a later process, and gives the same session.
    ///
    /// `TryAgain`: the service was not reached or did not answer, and the same link may be
    /// tried again at once, while the code lives (half a minute, with most services).
    pub async fn complete(&self, url: String) -> Result<LoginOutcome, SwitchbackError> {
        let client = self.0.clone();
        let completion = run(async move { client.complete(&url).await }).await?;
        Ok(completion.into())
    }

    /// The logins that wait for their callback, oldest first.
    pub async fn pending_logins(&self) -> Result<Vec<PendingLogin>, SwitchbackError> {
        let client = self.0.clone();
        let pending = run(async move { client.pending_logins().await }).await?;
        Ok(pending.into_iter().map(Into::into).collect())
    }

    /// Drops an attempt: a later callback for it is `Unknown`. One that is not there is no
    /// error. A callback that is being completed at this moment is completed all the same.
    pub async fn cancel_login(&self, attempt: AttemptId) -> Result<(), SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        run(async move { client.cancel_login(&attempt).await }).await
    }

    /// What happened to a login so far, oldest first: for the app to show, or to send to
    /// support. Nothing where there is no such login any more.
    pub async fn timeline(
        &self,
        attempt: AttemptId,
    ) -> Result<Option<Vec<TimelineEntry>>, SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        let timeline = run(async move { client.timeline(&attempt).await }).await?;
        Ok(timeline.map(|timeline| timeline.entries().to_vec()))
    }

    /// The sessions in the store that are not known to be over.
    pub async fn sessions(&self) -> Result<Vec<SessionId>, SwitchbackError> {
        let client = self.0.clone();
        let sessions = run(async move { client.sessions().await }).await?;
        Ok(sessions.into_iter().map(Into::into).collect())
    }

    /// Opens a session, also one that is over: what it is good for, it says itself.
    ///
    /// `LoginRequired`: there is none, or what was stored of it cannot be read.
    pub async fn session(&self, id: SessionId) -> Result<Arc<Session>, SwitchbackError> {
        let (client, id) = (self.0.clone(), id.read()?);
        let session = run(async move { client.session(&id).await }).await?;
        Ok(Arc::new(session.into()))
    }

    /// Removes a session from the store, whatever state it is in, and tells the service where
    /// it can be told. One that is not there is no error.
    pub async fn remove_session(&self, id: SessionId) -> Result<(), SwitchbackError> {
        let (client, id) = (self.0.clone(), id.read()?);
        run(async move { client.remove_session(&id).await }).await
    }

    /// By how many seconds the service's clock is ahead of this device's (behind, where
    /// negative), by its last answer; nothing before the first.
    pub fn clock_offset(&self) -> Option<i64> {
        self.0.clock_offset()
    }
}

shows!(Client, |this| format!("{:?}", this.0));

impl Client {
    /// A client on a platform of the core's making.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn on(
        config: Config,
        platform: switchback::Platform,
    ) -> Result<Arc<Self>, SwitchbackError> {
        let client = switchback::Client::new(config.try_into()?, platform)?;
        Ok(Arc::new(Self(client)))
    }
}
