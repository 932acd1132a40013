//! Damaged entries: they are set aside under another key and reported, and never deleted.

use std::fmt::Display;

use switchback_protocol::attempt::AttemptId;
use switchback_protocol::stored::Unreadable;
use zeroize::Zeroizing;

use super::{BlockingRecords, Loaded, ReadEntry, Record};
use crate::ports::StoreError;
use switchback_driver::{event, log};

pub(super) fn report(id: &AttemptId, why: &dyn Display) {
    log::event(event::STORE_UNREADABLE, id, Some(why));
}

/// Reports a key that does not end with an id. The log does not show the key, which can be any
/// text.
pub(super) fn report_key(kind: &str) {
    let note = format_args!("a key in {kind}/ does not end with an id");
    let event = event::STORE_UNREADABLE;
    tracing::info!(target: "switchback", event, %note);
}

impl BlockingRecords {
    /// As [`load`](Self::load), for a caller that holds the critical section.
    pub(super) fn load_in_section<R: Record>(
        &self,
        id: &AttemptId,
    ) -> Result<Loaded<R>, StoreError> {
        let key = self.key(R::KIND, id);
        match self.read_entry(&key)? {
            ReadEntry::Intact(entry) => Ok(entry.map_or(Loaded::Absent, Loaded::Entry)),
            ReadEntry::Damaged(json) => {
                self.set_aside(R::KIND, id, &json)?;
                // After a crash between `set_aside` and `delete` both entries exist; the next call
                // repeats both steps.
                self.store.delete(&key)?;
                report(id, &Unreadable::Damaged);
                Ok(Loaded::Damaged)
            }
        }
    }

    /// Whether this or another process found the entry damaged and set it aside.
    pub(super) fn was_set_aside(&self, kind: &str, id: &AttemptId) -> Result<bool, StoreError> {
        Ok(self.store.get(&self.set_aside_key(kind, id, 1))?.is_some())
    }

    fn set_aside_key(&self, kind: &str, id: &AttemptId, number: u32) -> String {
        format!("{}/aside/{kind}/{id}/{number}", self.namespace)
    }

    /// The key is numbered, so that nothing that was set aside is overwritten.
    fn set_aside(&self, kind: &str, id: &AttemptId, json: &[u8]) -> Result<(), StoreError> {
        let mut number = 1_u32;
        loop {
            let key = self.set_aside_key(kind, id, number);
            match self.store.get(&key)?.map(Zeroizing::new) {
                None => return self.store.put(&key, json),
                Some(kept) if *kept == json => return Ok(()),
                Some(_) => number += 1,
            }
        }
    }
}
