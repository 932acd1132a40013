//! The stored form of a signing: sealed JSON, with compare and set.
//!
//! Before you change this: rows of an earlier version stay in the database for weeks. A new field
//! needs a default; another meaning needs another `version`.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use switchback_driver::Commit;
use switchback_protocol::attempt::AttemptId;
use switchback_protocol::signature::SignRequest;
use switchback_protocol::stored::Unreadable;
use zeroize::Zeroizing;

use super::id::SigningId;
use crate::error::Error;
use crate::sealing::{AssociatedData, Sealed};
use crate::service::Inner;
use crate::store::SignatureRow;

/// The version of the stored form.
const VERSION: u32 = 1;

/// What is stored of a signing.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct StoredSigning {
    version: u32,
    pub(super) id: SigningId,
    pub(super) request: SignRequest,
    pub(super) scope: Vec<String>,
    /// The subject of the person who must sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    /// Until when a person may begin, in seconds since the epoch.
    pub(super) open_until: i64,
    /// The logins that were begun for it, the oldest first.
    pub(super) logins: Vec<BegunLogin>,
    /// Whether the person declined in the newest login.
    #[serde(default)]
    pub(super) declined: bool,
    /// Whether another person signed than the request named.
    #[serde(default)]
    pub(super) other_person: bool,
    /// The signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) kept: Option<KeptSignature>,
}

/// A login that was begun for a signing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BegunLogin {
    /// The id of the attempt, which is also that of its grant.
    id: String,
    /// In seconds since the epoch.
    pub(super) at: i64,
}

/// The stored state after [`Inner::decide_signing`].
pub(super) struct Decided {
    pub(super) signing: StoredSigning,
    /// Whether this call changed it.
    pub(super) changed: bool,
}

/// A signature, with the report of its last verification.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptSignature {
    pub(super) compact: String,
    /// The signature with a timestamp, in the JSON serialization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) json: Option<String>,
    pub(super) report: Value,
    /// Whether the report is TOTAL-PASSED.
    pub(super) passed: bool,
    pub(super) verified_at: i64,
    /// The login in which the person signed.
    pub(super) login: BegunLogin,
}

impl BegunLogin {
    pub(super) fn new(id: &AttemptId, at: i64) -> Self {
        let id = id.as_str().into();
        Self { id, at }
    }

    pub(super) fn id(&self) -> Option<AttemptId> {
        self.id.parse().ok()
    }

    pub(super) fn is(&self, id: &AttemptId) -> bool {
        self.id == id.as_str()
    }
}

impl StoredSigning {
    /// Whether a verified signature is stored. No later answer replaces or removes it.
    pub(super) fn is_signed(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.passed)
    }

    /// Whether the stored signature is of this login. True if none is stored yet.
    pub(super) fn is_of(&self, id: &AttemptId) -> bool {
        let kept = self.kept.as_ref();
        kept.is_none_or(|kept| kept.login.is(id))
    }
}

impl StoredSigning {
    pub(super) fn new(
        id: SigningId,
        request: SignRequest,
        scope: Vec<String>,
        subject: Option<String>,
        open_until: i64,
    ) -> Self {
        Self {
            version: VERSION,
            id,
            request,
            scope,
            subject,
            open_until,
            logins: Vec::new(),
            declined: false,
            other_person: false,
            kept: None,
        }
    }

    fn read(json: &[u8]) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let damaged = |_| Unreadable::Damaged;
        let Version { version: found } = serde_json::from_slice(json).map_err(damaged)?;
        match found > VERSION {
            true => Err(Unreadable::Version {
                found,
                known: VERSION,
            }),
            false => serde_json::from_slice(json).map_err(damaged),
        }
    }
}

impl Inner {
    pub(super) async fn signing_row(
        &self,
        row: &str,
    ) -> Result<Option<(SignatureRow, StoredSigning)>, Error> {
        let Some(row) = self.platform.store.signature(row.into()).await? else {
            return Ok(None);
        };
        let signing = self.read_signing(&row)?;
        Ok(Some((row, signing)))
    }

    pub(super) fn read_signing(&self, row: &SignatureRow) -> Result<StoredSigning, Error> {
        self.unseal(&associated_data(row), &row.sealed, StoredSigning::read)
    }

    /// The row with this content.
    pub(super) fn seal_signing(
        &self,
        mut row: SignatureRow,
        signing: &StoredSigning,
    ) -> Result<SignatureRow, Error> {
        // Texts, numbers and text keys: writing them does not fail.
        let json = Zeroizing::new(serde_json::to_vec(signing).unwrap_or_default());
        let nonce = self.random_bytes()?;
        row.sealed = Sealed::default();
        row.sealed = self
            .platform
            .keys
            .seal(&associated_data(&row), &nonce, &json);
        Ok(row)
    }

    /// Changes a signing by compare and set. `change` returns `None` to leave it unchanged; it runs
    /// again if another writer was faster.
    ///
    /// # Errors
    /// [`Error::UnknownSigning`] if it was removed, [`Error::Store`].
    pub(super) async fn decide_signing(
        &self,
        id: &str,
        change: impl Fn(&mut StoredSigning, &mut SignatureRow) -> Option<()> + Send + Sync,
    ) -> Result<Decided, Error> {
        loop {
            let (mut row, mut signing) =
                self.signing_row(id).await?.ok_or(Error::UnknownSigning)?;
            if change(&mut signing, &mut row).is_none() {
                return Ok(Decided {
                    signing,
                    changed: false,
                });
            }
            let seen = row.generation;
            row.generation = seen.saturating_add(1);
            let row = self.seal_signing(row, &signing)?;
            if self.platform.store.replace_signature(seen, row).await? == Commit::Committed {
                return Ok(Decided {
                    signing,
                    changed: true,
                });
            }
        }
    }
}

/// The plain columns of the row.
fn associated_data(row: &SignatureRow) -> AssociatedData<'_> {
    let retry_at = row.retry_at.map(i64::to_be_bytes);
    AssociatedData::new("signatures", &row.id)
        .number(row.generation.cast_signed())
        .number(row.remove_at)
        .bytes(retry_at.as_ref().map(<[u8; 8]>::as_slice))
}
