//! Attempts and sessions in the platform's store.
//!
//! Keys start with the client's namespace, so that several clients (two services, test
//! and production) share a store without seeing each other's entries. An entry is replaced
//! by compare and set on its generation, inside the critical section; what cannot be read
//! is set aside, and not deleted.

mod aside;
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
use crate::ports::{Held, Platform, ProcessLock, SecureStore, StoreError};
use first_run::FirstRun;
use grants::Unsaved;

/// What is kept in the store.
pub(crate) trait Record: Sized + Send + 'static {
    /// What the middle of its key says.
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

/// What is found under a key.
pub(crate) enum Found<R> {
    Entry(R),
    Nothing,
    /// It was damaged, and is now aside.
    Damaged,
}

impl<R> Found<R> {
    pub(crate) fn entry(self) -> Option<R> {
        match self {
            Self::Entry(entry) => Some(entry),
            Self::Nothing | Self::Damaged => None,
        }
    }
}

enum Looked<R> {
    Read(Option<R>),
    Damaged(Zeroizing<Vec<u8>>),
}

/// Reads and writes entries on threads where waiting is fine.
pub(crate) struct Records(Arc<Shelf>);

/// What such a thread works with.
struct Shelf {
    store: Arc<dyn SecureStore>,
    process_lock: Arc<dyn ProcessLock>,
    namespace: String,
    first_run: FirstRun,
    owner: Owner,
    /// Held from the first lease on.
    announced: Mutex<Option<Box<dyn Held + Send + Sync>>>,
    unsaved: Unsaved,
}

impl Records {
    pub(crate) fn new(platform: &Platform, namespace: String, owner: Owner) -> Self {
        Self(Arc::new(Shelf {
            store: Arc::clone(&platform.store),
            process_lock: Arc::clone(&platform.process_lock),
            namespace,
            first_run: FirstRun::new(platform.install.clone()),
            owner,
            announced: Mutex::default(),
            unsaved: Unsaved::default(),
        }))
    }

    pub(crate) async fn load<R: Record>(&self, id: &AttemptId) -> Result<Found<R>, Error> {
        let id = id.clone();
        self.blocking(move |shelf| shelf.load(&id)).await
    }

    /// All entries of a kind that can be read.
    pub(crate) async fn all<R: Record>(&self) -> Result<Vec<(AttemptId, R)>, Error> {
        self.blocking(|shelf| {
            let mut all = Vec::new();
            for id in shelf.list(R::KIND)? {
                match shelf.load(&id) {
                    Ok(found) => all.extend(found.entry().map(|entry| (id, entry))),
                    // It is passed over, and left where it is.
                    Err(
                        error @ (StoreError::Newer(_)
                        | StoreError::Corrupt(_)
                        | StoreError::KeyLost(_)),
                    ) => aside::report(&id, &error),
                    Err(error) => return Err(error),
                }
            }
            Ok(all)
        })
        .await
    }

    /// Stores the next state of an entry, where the one that was seen is still there.
    pub(crate) async fn commit<R: Record + Send>(
        &self,
        id: &AttemptId,
        seen: Option<Generation>,
        next: R,
    ) -> Result<Commit, Error> {
        let id = id.clone();
        self.blocking(move |shelf| shelf.commit(&id, seen, &next))
            .await
    }

    /// Stores the next state of an attempt, made from the one that was read.
    pub(crate) async fn replace(&self, mut attempt: Attempt) -> Result<Commit, Error> {
        let (id, seen) = (attempt.id(), attempt.generation);
        attempt.generation = seen.saturating_add(1);
        self.commit(&id, Some(seen), attempt).await
    }

    /// Removes an entry, whatever state it is in.
    pub(crate) async fn remove<R: Record>(&self, id: &AttemptId) -> Result<(), Error> {
        let id = id.clone();
        self.blocking(move |shelf| {
            let _section = shelf.process_lock.enter()?;
            shelf.store.delete(&shelf.key(R::KIND, &id))
        })
        .await
    }

    /// This client, and what it knows of the holder of this lease.
    pub(crate) async fn caller(&self, lease: Option<&Lease>) -> Result<Caller, Error> {
        let lease = lease.cloned();
        self.blocking(move |shelf| Ok(shelf.caller(lease.as_ref())))
            .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Shelf) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let slot = Slot::default();
        let result = slot.clone();
        let call = move |shelf: &Shelf| slot.put(call(shelf));
        self.call(Box::new(call)).await?;
        let result = result.take().unwrap_or_else(|| Err(panicked()));
        Ok(result?)
    }

    /// The same for all kinds of calls, so that it is compiled once.
    async fn call(&self, call: Box<dyn FnOnce(&Shelf) + Send>) -> Result<(), Error> {
        let shelf = Arc::clone(&self.0);
        let work = move || {
            shelf.first_run.settle(&shelf)?;
            call(&shelf);
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

impl Shelf {
    fn key(&self, kind: &str, id: &AttemptId) -> String {
        format!("{}/{kind}/{id}", self.namespace)
    }

    /// The ids of all entries of a kind. A key that does not end with an id is passed over.
    fn list(&self, kind: &str) -> Result<Vec<AttemptId>, StoreError> {
        let prefix = format!("{}/{kind}/", self.namespace);
        let keys = self.store.list(&prefix)?;
        let ids = keys.iter().filter_map(|key| key.strip_prefix(&prefix));
        let ids = ids.filter_map(|id| id.parse().map_err(|_| aside::report_key(kind)).ok());
        Ok(ids.collect())
    }

    fn load<R: Record>(&self, id: &AttemptId) -> Result<Found<R>, StoreError> {
        match self.look(&self.key(R::KIND, id))? {
            Looked::Read(entry) => Ok(entry.map_or(Found::Nothing, Found::Entry)),
            Looked::Damaged(_) => {
                let _section = self.process_lock.enter()?;
                self.load_in_section(id)
            }
        }
    }

    fn look<R: Record>(&self, key: &str) -> Result<Looked<R>, StoreError> {
        let Some(json) = self.store.get(key)?.map(Zeroizing::new) else {
            return Ok(Looked::Read(None));
        };
        match R::read(&json) {
            Ok(entry) => Ok(Looked::Read(Some(entry))),
            Err(Unreadable::Damaged) => Ok(Looked::Damaged(json)),
            // A later version of the app will read it, or one beside this does.
            Err(newer) => Err(StoreError::Newer(format!("{key}: {newer}"))),
        }
    }

    fn commit<R: Record>(
        &self,
        id: &AttemptId,
        seen: Option<Generation>,
        next: &R,
    ) -> Result<Commit, StoreError> {
        // Outside of the section, which is short. Whoever holds a lease is known to run first.
        if next.lease().is_some() {
            self.announce()?;
        }
        let (key, json) = (self.key(R::KIND, id), next.write());
        let _section = self.process_lock.enter()?;
        let there = self.load_in_section::<R>(id)?.entry();
        if there.map(|entry| entry.generation()) != seen {
            return Ok(Commit::Lost);
        }
        self.store.put(&key, &json)?;
        Ok(Commit::Committed)
    }

    /// Says to the others that this client runs, once.
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
