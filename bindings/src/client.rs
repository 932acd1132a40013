//! The client, where an app starts: made once.

use std::sync::Arc;

use crate::config::Config;
use crate::error::SwitchbackError;
use crate::ids::{AttemptId, SessionId};
use crate::login::{LoginAttempt, LoginOutcome, LoginRequest, PendingLogin};
use crate::platform::Platform;
use crate::remote::{Links, Purpose, TimelineEntry};
use crate::runtime::run;
use crate::session::Session;
use crate::shows::shows;

/// Logs people in at one service, and stores their sessions. Make one client for each store in a
/// process. It can be used from any thread.
#[derive(uniffi::Object)]
#[uniffi::export(Debug, Display)]
pub struct Client(switchback::Client);

#[uniffi::export]
impl Client {
    /// Checks the configuration. Reads, writes and sends nothing.
    #[uniffi::constructor]
    pub fn new(config: Config, platform: Platform) -> Result<Arc<Self>, SwitchbackError> {
        Self::on(config, platform.into_core()?)
    }

    /// Begins a login. When this function returns, the attempt is stored and the app may open the
    /// URL; the callback is found even if this process ends. In mediated mode the backend returns
    /// the URL.
    pub async fn begin(&self, request: LoginRequest) -> Result<LoginAttempt, SwitchbackError> {
        let (client, request) = (self.0.clone(), request.try_into()?);
        let login = run(async move { client.begin(request).await }).await?;
        Ok(login.into())
    }

    /// The URL of a pending login again, for example because the identity app did not open.
    /// Returns nothing if the login is no longer pending, or if its code is being exchanged at
    /// this moment.
    pub async fn reopen(
        &self,
        attempt: AttemptId,
    ) -> Result<Option<LoginAttempt>, SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        let login = run(async move { client.reopen(&attempt).await }).await?;
        Ok(login.map(Into::into))
    }

    /// Whether a link leads to this client's redirect URI. For a link handler that must decide
    /// at once.
    pub fn accepts(&self, url: &str) -> bool {
        self.0.accepts(url)
    }

    /// The login attempt that a link belongs to, for an app that waits for several logins at once.
    /// Returns nothing if the link does not lead to this client or cannot be read, and in mediated
    /// mode if no stored attempt waits for the link.
    pub async fn attempt_of(&self, url: String) -> Result<Option<AttemptId>, SwitchbackError> {
        let client = self.0.clone();
        let attempt = run(async move { client.attempt_of(&url).await }).await?;
        Ok(attempt.map(Into::into))
    }

    /// Completes a login with the callback link. Another call with the same link, concurrent or
    /// in a later process, returns the same session.
    ///
    /// `TryAgain`: the service was not reached or did not answer. The app may try the same link
    /// again until the code expires (after half a minute, at most services).
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

    /// Cancels an attempt: a later callback for it is `Unknown`. An attempt that does not exist is
    /// no error. A callback that is being completed at this moment is still completed.
    pub async fn cancel_login(&self, attempt: AttemptId) -> Result<(), SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        run(async move { client.cancel_login(&attempt).await }).await
    }

    /// What happened to a login so far, oldest first: for the app to show, or to send to
    /// support. Returns nothing if the store no longer has the login.
    pub async fn timeline(
        &self,
        attempt: AttemptId,
    ) -> Result<Option<Vec<TimelineEntry>>, SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        let timeline = run(async move { client.timeline(&attempt).await }).await?;
        Ok(timeline.map(|timeline| timeline.entries().to_vec()))
    }

    /// Adds events of the app itself to the timeline of a login, for example which browser it
    /// opened. A login that does not exist is no error.
    pub async fn record(
        &self,
        attempt: AttemptId,
        entries: Vec<TimelineEntry>,
    ) -> Result<(), SwitchbackError> {
        let (client, attempt) = (self.0.clone(), attempt.read()?);
        run(async move { client.record(&attempt, entries).await }).await
    }

    /// What a login opens, and where it comes back to. Nothing if the provider does not have this
    /// purpose.
    pub fn links(&self, purpose: Purpose) -> Option<Links> {
        self.0.links(purpose)
    }

    /// The sessions in the store, without those that are known to have ended.
    pub async fn sessions(&self) -> Result<Vec<SessionId>, SwitchbackError> {
        let client = self.0.clone();
        let sessions = run(async move { client.sessions().await }).await?;
        Ok(sessions.into_iter().map(Into::into).collect())
    }

    /// Opens a session, including one that has ended: `ended` says so.
    ///
    /// `LoginRequired`: the store has no such session, or its entry is damaged.
    pub async fn session(&self, id: SessionId) -> Result<Arc<Session>, SwitchbackError> {
        let (client, id) = (self.0.clone(), id.read()?);
        let session = run(async move { client.session(&id).await }).await?;
        Ok(Arc::new(session.into()))
    }

    /// Removes a session from the store, whatever its state, and revokes it at the service if the
    /// service offers that. A session that does not exist is no error.
    pub async fn remove_session(&self, id: SessionId) -> Result<(), SwitchbackError> {
        let (client, id) = (self.0.clone(), id.read()?);
        run(async move { client.remove_session(&id).await }).await
    }

    /// By how many seconds the service's clock is ahead of this device's clock (negative: behind),
    /// as of its last answer. Nothing before the first answer.
    pub fn clock_offset(&self) -> Option<i64> {
        self.0.clock_offset()
    }
}

shows!(Client, |this| format!("{:?}", this.0));

impl Client {
    /// A client on a platform that was made in Rust.
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
