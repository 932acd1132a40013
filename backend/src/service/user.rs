//! People who were onboarded. The service can read their data at any time, whether or not they are
//! logged in.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::{Grant, SessionEnd};
use switchback_protocol::http::Response;
use switchback_protocol::identity::{Presentation, UserInfo};

use super::grants::grant_id;
use super::{Inner, Service};
use crate::error::Error;

/// A person who was onboarded.
#[derive(Clone)]
pub struct User {
    service: Service,
    subject: Secret,
}

impl Service {
    /// The onboarded person with this [`subject`](super::LoggedIn::subject).
    pub fn user(&self, subject: impl Into<Secret>) -> User {
        User {
            service: self.clone(),
            subject: subject.into(),
        }
    }
}

impl User {
    /// The current values of these claims.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] if the person was never onboarded or has ended it; otherwise the
    /// errors of [`Service::session`].
    pub async fn presentation(&self, claims: &[impl AsRef<str>]) -> Result<Presentation, Error> {
        let (id, grant) = self.grant().await?;
        let inner = &self.service.inner;
        Ok(inner.presentation(&id, &grant, claims).await?.parsed)
    }

    /// The person's data as OpenID Connect user info.
    ///
    /// # Errors
    /// As [`presentation`](Self::presentation).
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        let (id, grant) = self.grant().await?;
        let inner = &self.service.inner;
        Ok(inner.user_info(&id, &grant).await?.parsed)
    }

    /// The provider's checked answer, including fields that this crate does not know.
    pub(crate) async fn presentation_answer(
        &self,
        claims: &[impl AsRef<str>],
    ) -> Result<Response, Error> {
        let (id, grant) = self.grant().await?;
        let inner = &self.service.inner;
        Ok(inner.presentation(&id, &grant, claims).await?.response)
    }

    pub(crate) async fn user_info_answer(&self) -> Result<Response, Error> {
        let (id, grant) = self.grant().await?;
        let inner = &self.service.inner;
        Ok(inner.user_info(&id, &grant).await?.response)
    }

    async fn grant(&self) -> Result<(AttemptId, Arc<Grant>), Error> {
        let all = self.service.inner.onboardings(&self.subject).await?;
        let mut why = SessionEnd::NoSession;
        for (id, grant) in all {
            match grant.ended() {
                Some(ended) => why = ended,
                None => return Ok((id, Arc::new(grant))),
            }
        }
        Err(Error::LoginRequired(why))
    }
}

impl Inner {
    /// All grants of a person as a user of the service, the newest first. The order is the same
    /// for every caller.
    async fn onboardings(&self, subject: &Secret) -> Result<Vec<(AttemptId, Grant)>, Error> {
        let store = &self.platform.store;
        let mut rows = Vec::new();
        for purpose in self.provider().purposes() {
            if self.is_engagement(purpose) {
                for subject in self.subject_names(subject) {
                    rows.extend(store.grants_of(subject, purpose.as_str()).await?);
                }
            }
        }
        let read = rows.into_iter().map(|row| {
            let grant = self.read_grant(&row)?;
            Ok((grant_id(&row.id)?, grant))
        });
        let mut all = read.collect::<Result<Vec<_>, Error>>()?;
        all.sort_by(|(one, first), (other, second)| (second.since, other).cmp(&(first.since, one)));
        Ok(all)
    }

    /// A person who is onboarded again stays one user: the newest grant that has not ended
    /// remains, and the others end. The choice depends only on the stored grants: callers may read
    /// an older grant at the same time, and two onboardings may complete at once.
    pub(super) async fn merge_onboardings(&self, subject: &Secret) -> Result<(), Error> {
        let all = self.onboardings(subject).await?;
        let Some(newest) = all.iter().position(|(_, grant)| !grant.is_over()) else {
            return Ok(());
        };
        for (n, (id, _)) in all.iter().enumerate() {
            if n != newest {
                self.end_grant(id).await?;
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("User([redacted])")
    }
}
