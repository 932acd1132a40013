//! Attempts and sessions in the platform's secure store.
//!
//! Keys start with the client's namespace, so that several clients (two services, test and
//! production) can share a store. An entry is replaced by compare and set on its generation, inside
//! the critical section. A damaged entry is set aside and not deleted.
//!
//! Before you change this: the critical section must stay short. Nothing in it may wait for a
//! request, a person or another process.

mod damaged;
mod first_run;
mod grant_store;
mod grants;

use std::sync::{Arc, Mutex};

use switchback_driver::Commit;
use switchback_driver::task::{Slot, lock};
use switchback_protocol::attempt::{Attempt, AttemptId};
use switchback_protocol::grant::Grant;
use switchback_protocol::lease::{Caller, Lease, Owner};
use switchback_protocol::stored::{Generation, Unreadable};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::ports::{Guard, Platform, ProcessLock, SecureStore, StoreError};
use first_run::FirstRun;
use grants::UnsavedChanges;

/// An entry of the store.
pub(crate) trait Record: Sized + Send + 'static {
    /// The middle part of its key.
    const KIND: &str;
    fn read(json: &[u8]) -> Result<Self, Unreadable>;
    fn write(&self) -> Zeroizing<Vec<u8>>;
    fn generation(&self) -> Generation;
    fn lease(&self) -> Option<&Lease>;
}

macro_rules! record {
    ($entry:ty, $kind:literal) => {
        impl Record for $entry {
            const KIND: &str = $kind;
            fn read(json: &[u8]) -> Result<Self, Unreadable> {
                Self::from_json(json)
            }
            fn write(&self) -> Zeroizing<Vec<u8>> {
                self.to_json()
            }
            fn generation(&self) -> Generation {
                self.generation
            }
            fn lease(&self) -> Option<&Lease> {
                self.lease()
            }
        }
    };
}

record!(Attempt, "attempt");
record!(Grant, "session");

/// The result of loading an entry.
pub(crate) enum Loaded<R> {
    Entry(R),
    Absent,
    /// The entry was damaged, and was set aside.
    Damaged,
}

impl<R> Loaded<R> {
    pub(crate) fn entry(self) -> Option<R> {
        match self {
            Self::Entry(entry) => Some(entry),
            Self::Absent | Self::Damaged => None,
        }
    }
}

enum ReadEntry<R> {
    Intact(Option<R>),
    Damaged(Zeroizing<Vec<u8>>),
}

/// Reads and writes entries, on tokio's blocking threads.
pub(crate) struct Records(Arc<BlockingRecords>);

/// The blocking part of [`Records`].
struct BlockingRecords {
    store: Arc<dyn SecureStore>,
    process_lock: Arc<dyn ProcessLock>,
    namespace: String,
    first_run: FirstRun,
    owner: Owner,
    /// The registration of the owner, from its first lease on.
    announced: Mutex<Option<Box<dyn Guard + Send + Sync>>>,
    unsaved_changes: UnsavedChanges,
}

impl Records {
    pub(crate) fn new(platform: &Platform, namespace: String, owner: Owner) -> Self {
        Self(Arc::new(BlockingRecords {
            store: Arc::clone(&platform.store),
            process_lock: Arc::clone(&platform.process_lock),
            namespace,
            first_run: FirstRun::new(platform.install.clone()),
            owner,
            announced: Mutex::default(),
            unsaved_changes: UnsavedChanges::default(),
        }))
    }

    pub(crate) async fn load<R: Record>(&self, id: &AttemptId) -> Result<Loaded<R>, Error> {
        let id = id.clone();
        self.blocking(move |records| records.load(&id)).await
    }

    /// All readable entries of a kind.
    pub(crate) async fn all<R: Record>(&self) -> Result<Vec<(AttemptId, R)>, Error> {
        self.blocking(|records| {
            let mut all = Vec::new();
            for id in records.list(R::KIND)? {
                match records.load(&id) {
                    Ok(found) => all.extend(found.entry().map(|entry| (id, entry))),
                    // The entry is left out and stays unchanged.
                    Err(
                        error @ (StoreError::Newer(_)
                        | StoreError::Corrupt(_)
                        | StoreError::KeyLost(_)),
                    ) => damaged::report(&id, &error),
                    Err(error) => return Err(error),
                }
            }
            Ok(all)
        })
        .await
    }

    /// Stores the next state of an entry, if the entry still has the generation that was read.
    pub(crate) async fn commit<R: Record + Send>(
        &self,
        id: &AttemptId,
        seen: Option<Generation>,
        next: R,
    ) -> Result<Commit, Error> {
        let id = id.clone();
        self.blocking(move |records| records.commit(&id, seen, &next))
            .await
    }

    /// Stores the next state of an attempt that was read before.
    pub(crate) async fn replace(&self, mut attempt: Attempt) -> Result<Commit, Error> {
        let (id, seen) = (attempt.id(), attempt.generation);
        attempt.generation = seen.saturating_add(1);
        self.commit(&id, Some(seen), attempt).await
    }

    /// Removes an entry in any state.
    pub(crate) async fn remove<R: Record>(&self, id: &AttemptId) -> Result<(), Error> {
        let id = id.clone();
        self.blocking(move |records| {
            let _section = records.process_lock.enter()?;
            records.store.delete(&records.key(R::KIND, &id))
        })
        .await
    }

    /// This client, and whether the holder of this lease has ended.
    pub(crate) async fn caller(&self, lease: Option<&Lease>) -> Result<Caller, Error> {
        let lease = lease.cloned();
        self.blocking(move |records| Ok(records.caller(lease.as_ref())))
            .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&BlockingRecords) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let slot = Slot::default();
        let result = slot.clone();
        let call = move |records: &BlockingRecords| slot.put(call(records));
        self.call(Box::new(call)).await?;
        let result = result.take().unwrap_or_else(|| Err(panicked()));
        Ok(result?)
    }

    /// Not generic, so that it is compiled once.
    async fn call(&self, call: Box<dyn FnOnce(&BlockingRecords) + Send>) -> Result<(), Error> {
        let records = Arc::clone(&self.0);
        let work = move || {
            records.first_run.apply(&records)?;
            call(&records);
            Ok(())
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result,
            Err(error) if error.is_panic() => Err(panicked().into()),
            Err(_) => Err(StoreError::Unavailable("the runtime is going down".into()).into()),
        }
    }
}

fn panicked() -> StoreError {
    StoreError::Unavailable("the store panicked".into())
}

impl BlockingRecords {
    fn key(&self, kind: &str, id: &AttemptId) -> String {
        format!("{}/{kind}/{id}", self.namespace)
    }

    /// The ids of all entries of a kind. A key that does not end with an id is left out.
    fn list(&self, kind: &str) -> Result<Vec<AttemptId>, StoreError> {
        let prefix = format!("{}/{kind}/", self.namespace);
        let keys = self.store.list(&prefix)?;
        let ids = keys.iter().filter_map(|key| key.strip_prefix(&prefix));
        let ids = ids.filter_map(|id| id.parse().map_err(|_| damaged::report_key(kind)).ok());
        Ok(ids.collect())
    }

    fn load<R: Record>(&self, id: &AttemptId) -> Result<Loaded<R>, StoreError> {
        match self.read_entry(&self.key(R::KIND, id))? {
            ReadEntry::Intact(entry) => Ok(entry.map_or(Loaded::Absent, Loaded::Entry)),
            ReadEntry::Damaged(_) => {
                let _section = self.process_lock.enter()?;
                self.load_in_section(id)
            }
        }
    }

    fn read_entry<R: Record>(&self, key: &str) -> Result<ReadEntry<R>, StoreError> {
        let Some(json) = self.store.get(key)?.map(Zeroizing::new) else {
            return Ok(ReadEntry::Intact(None));
        };
        match R::read(&json) {
            Ok(entry) => Ok(ReadEntry::Intact(Some(entry))),
            Err(Unreadable::Damaged) => Ok(ReadEntry::Damaged(json)),
            // A later version of the app can read it.
            Err(newer) => Err(StoreError::Newer(format!("{key}: {newer}"))),
        }
    }

    fn commit<R: Record>(
        &self,
        id: &AttemptId,
        seen: Option<Generation>,
        next: &R,
    ) -> Result<Commit, StoreError> {
        // Outside the section, which must be short. The owner of a lease must be registered before.
        if next.lease().is_some() {
            self.announce()?;
        }
        let (key, json) = (self.key(R::KIND, id), next.write());
        let _section = self.process_lock.enter()?;
        let there = self.load_in_section::<R>(id)?.entry();
        if there.map(|entry| entry.generation()) != seen {
            return Ok(Commit::Conflict);
        }
        self.store.put(&key, &json)?;
        Ok(Commit::Committed)
    }

    /// Registers this client as running, once.
    fn announce(&self) -> Result<(), StoreError> {
        let mut announced = lock(&self.announced);
        if announced.is_none() {
            *announced = Some(self.process_lock.announce(&self.owner)?);
        }
        Ok(())
    }

    fn caller(&self, lease: Option<&Lease>) -> Caller {
        let holder = lease.map(|lease| &lease.by);
        let other = holder.filter(|holder| **holder != self.owner);
        Caller {
            owner: self.owner.clone(),
            holder_has_ended: other.is_some_and(|other| self.process_lock.is_gone(other)),
        }
    }
}
