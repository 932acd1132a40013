//! Grants in the database: sealed, and without the tokens that their purpose does not need.

use std::fmt::Display;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use switchback_protocol::Secret;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::grant::Grant;
use switchback_protocol::provider::Retention;
use switchback_protocol::stored::Unreadable;

use super::Inner;
use crate::error::Error;
use crate::sealing::{AssociatedData, Sealed};
use crate::store::GrantRow;

/// How long an ended grant is kept, in seconds, so that the service can report why it ended.
const KEEP_ENDED_FOR: i64 = 7 * 24 * 3600;

/// Reads the id by which a session row names its grant.
pub(super) fn grant_id(row: &str) -> Result<AttemptId, Error> {
    row.parse().map_err(|_| Error::UnreadableRow {
        row: "of a session".into(),
        why: "its grant_id is malformed".into(),
    })
}

impl Inner {
    /// The grant with this id.
    pub(super) async fn grant(&self, id: &str) -> Result<Option<Grant>, Error> {
        let row = self.platform.store.grant(id.into()).await?;
        row.map(|row| self.read_grant(&row)).transpose()
    }

    pub(super) fn read_grant(&self, row: &GrantRow) -> Result<Grant, Error> {
        self.unseal(&associated_data(row), &row.sealed, Grant::from_json)
    }

    /// Keyed hashes of a subject, one for each key, the sealing key first.
    pub(super) fn subject_names(&self, subject: &Secret) -> Vec<String> {
        let names = self
            .platform
            .keys
            .derive("subject", subject.expose().as_bytes());
        let names = names.iter().map(|name| URL_SAFE_NO_PAD.encode(**name));
        names.collect()
    }

    /// The keyed hash with the sealing key.
    pub(super) fn subject_name(&self, subject: &Secret) -> Option<String> {
        self.subject_names(subject).into_iter().next()
    }

    /// Opens a sealed value.
    pub(super) fn unseal<T>(
        &self,
        row: &AssociatedData<'_>,
        sealed: &Sealed,
        read: impl FnOnce(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T, Error> {
        let stored = |why: &dyn Display| Error::UnreadableRow {
            row: format!("{}/{}", row.table, row.id),
            why: why.to_string(),
        };
        let json = self.platform.keys.open(row, sealed);
        let json = json.map_err(|why| stored(&why))?;
        read(&json).map_err(|why| stored(&why))
    }

    /// When a grant ends at the latest.
    pub(super) fn ends_at(&self, grant: &Grant) -> i64 {
        let with_token = || grant.expires_at().unwrap_or_else(|| self.now().wall);
        // Refreshes do not extend this: the sessions of the grant are removed at this time too.
        let with_session = grant.since.saturating_add(self.config.session_lifetime);
        match self.provider().retention(grant.purpose) {
            Retention::OneOff => with_token(),
            // For the whole engagement, once the person can be found by the subject.
            Retention::Engagement if grant.subject().is_some() => i64::MAX,
            Retention::Engagement => with_session,
            Retention::Limited { seconds } => grant.since.saturating_add(seconds),
            // Without a refresh token, the grant ends with its access token.
            Retention::Session if !grant.is_refreshable() => with_token(),
            Retention::Session => with_session,
        }
    }

    pub(super) fn grant_row(&self, id: &str, grant: &Grant) -> Result<GrantRow, Error> {
        let retention = self.provider().retention(grant.purpose);
        let remove_at = match retention {
            // An ended grant of this kind has nothing to keep.
            Retention::OneOff => self.ends_at(grant),
            _ if grant.is_over() => self.now().wall.saturating_add(KEEP_ENDED_FOR),
            _ => self.ends_at(grant),
        };
        let nonce = self.random_bytes()?;
        // The service looks up onboarded people only.
        let subject = match retention {
            Retention::Engagement => grant.subject(),
            _ => None,
        };
        let subject = subject.and_then(|subject| self.subject_name(subject));
        let mut row = GrantRow {
            id: id.into(),
            purpose: grant.purpose.as_str().into(),
            subject,
            generation: grant.generation,
            remove_at,
            sealed: Sealed::default(),
        };
        let stored_part = stored_part(grant.clone(), retention);
        row.sealed =
            self.platform
                .keys
                .seal(&associated_data(&row), &nonce, &stored_part.to_json());
        Ok(row)
    }
}

/// The plain columns of the row.
fn associated_data(row: &GrantRow) -> AssociatedData<'_> {
    AssociatedData::new("grants", &row.id)
        .text(&row.purpose)
        .bytes(row.subject.as_deref().map(str::as_bytes))
        .number(row.generation.cast_signed())
        .number(row.remove_at)
}

/// The part of a grant that is stored, by the retention of its purpose.
fn stored_part(grant: Grant, retention: Retention) -> Grant {
    match retention {
        Retention::Engagement | Retention::Limited { .. } => grant.without_access_token(),
        Retention::OneOff => grant.without_refresh_token(),
        Retention::Session => grant,
    }
}
