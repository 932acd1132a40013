//! Sessions in the database. A row holds no secret, and a MAC covers all of it: a session that a
//! writer without the key added, changed, copied or tied to another grant opens nothing.

use std::fmt::Display;

use switchback_driver::Commit;
use switchback_protocol::stored::Generation;

use super::Inner;
use crate::error::Error;
use crate::sealing::AssociatedData;
use crate::store::{GrantRow, SessionRow};

impl Inner {
    /// Reads and verifies a session, with its grant.
    pub(super) async fn session_row(
        &self,
        id: String,
    ) -> Result<Option<(SessionRow, GrantRow)>, Error> {
        let Some((row, mac, grant)) = self.platform.store.session(id).await? else {
            return Ok(None);
        };
        let unreadable = |why: &dyn Display| Error::UnreadableRow {
            row: format!("sessions/{}", row.id),
            why: why.to_string(),
        };
        let verified = self.platform.keys.verify(&associated_data(&row), &mac);
        verified.map_err(|why| unreadable(&why))?;
        Ok(Some((row, grant)))
    }

    /// Adds a session of a grant: [`Conflict`](Commit::Conflict) if the grant does not exist.
    pub(super) async fn add_session(&self, row: SessionRow) -> Result<Commit, Error> {
        let mac = self.platform.keys.sign(&associated_data(&row));
        Ok(self.platform.store.add_session(row, mac).await?)
    }

    /// Replaces a session if its generation is still `seen`.
    pub(super) async fn replace_session(
        &self,
        seen: Generation,
        row: SessionRow,
    ) -> Result<Commit, Error> {
        let mac = self.platform.keys.sign(&associated_data(&row));
        Ok(self.platform.store.replace_session(seen, row, mac).await?)
    }
}

/// All columns, in a fixed order.
fn associated_data(row: &SessionRow) -> AssociatedData<'_> {
    let until = row.previous_access_expires_at.map(i64::to_be_bytes);
    AssociatedData::new("sessions", &row.id)
        .text(&row.grant_id)
        .number(row.generation.cast_signed())
        .number(row.remove_at)
        .bytes(Some(&row.access_hash))
        .number(row.access_expires_at)
        .bytes(row.previous_access_hash.as_deref())
        .bytes(until.as_ref().map(<[u8; 8]>::as_slice))
        .bytes(row.refresh_hash.as_deref())
        .bytes(row.previous_refresh_hash.as_deref())
        .number(row.is_used.into())
        .bytes(row.replaces.as_deref().map(str::as_bytes))
}
