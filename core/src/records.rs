//! Attempts and sessions in the platform's store.
//!
//! Keys start with the client's namespace, so that several clients (two services, test
//! and production) share a store without seeing each other's entries.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use switchback_protocol::attempt::{Attempt, AttemptId};
use switchback_protocol::grant::Grant;
use switchback_protocol::stored::Unreadable;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::ports::{SecureStore, StoreError};

/// Reads and writes entries on a thread where waiting is fine.
pub(crate) struct Records {
    store: Arc<dyn SecureStore>,
    namespace: String,
    /// Grants whose tokens the service has handed out and the store did not take: they
    /// count before what is stored, and are written at the next chance.
    unsaved: Mutex<HashMap<AttemptId, Grant>>,
}

impl Records {
    pub(crate) fn new(store: Arc<dyn SecureStore>, namespace: String) -> Self {
        Self {
            store,
            namespace,
            unsaved: Mutex::default(),
        }
    }

    pub(crate) async fn attempt(&self, id: &AttemptId) -> Result<Option<Attempt>, Error> {
        self.read(self.key("attempt", id), Attempt::from_json).await
    }

    pub(crate) async fn put_attempt(&self, attempt: &Attempt) -> Result<(), Error> {
        let key = self.key("attempt", &attempt.id());
        self.write(key, attempt.to_json()).await
    }

    pub(crate) async fn delete_attempt(&self, id: &AttemptId) -> Result<(), Error> {
        let key = self.key("attempt", id);
        self.blocking(move |store| store.delete(&key)).await
    }

    pub(crate) async fn attempts(&self) -> Result<Vec<AttemptId>, Error> {
        self.list("attempt").await
    }

    /// The grant as it counts: what the store did not take yet, else what it holds.
    pub(crate) async fn grant(&self, id: &AttemptId) -> Result<Option<Grant>, Error> {
        let unsaved = self.unsaved().get(id).cloned();
        match unsaved {
            Some(grant) => Ok(Some(grant)),
            None => self.read(self.key("session", id), Grant::from_json).await,
        }
    }

    pub(crate) fn is_unsaved(&self, id: &AttemptId) -> bool {
        self.unsaved().contains_key(id)
    }

    /// One writer a grant at a time: whoever calls this has the session's turn, or is the
    /// login that makes the session.
    pub(crate) async fn put_grant(&self, id: &AttemptId, grant: &Grant) -> Result<(), Error> {
        self.write(self.key("session", id), grant.to_json()).await?;
        self.unsaved().remove(id);
        Ok(())
    }

    /// As [`put_grant`](Self::put_grant), for a grant that exists nowhere else: if the store
    /// does not take it, it is kept here.
    pub(crate) async fn keep_grant(&self, id: &AttemptId, grant: &Grant) -> Result<(), Error> {
        let written = self.put_grant(id, grant).await;
        if written.is_err() {
            self.unsaved().insert(id.clone(), grant.clone());
        }
        written
    }

    pub(crate) async fn delete_grant(&self, id: &AttemptId) -> Result<(), Error> {
        let key = self.key("session", id);
        self.blocking(move |store| store.delete(&key)).await?;
        self.unsaved().remove(id);
        Ok(())
    }

    pub(crate) async fn grants(&self) -> Result<Vec<AttemptId>, Error> {
        self.list("session").await
    }

    fn key(&self, kind: &str, id: &AttemptId) -> String {
        format!("{}/{kind}/{id}", self.namespace)
    }

    fn unsaved(&self) -> std::sync::MutexGuard<'_, HashMap<AttemptId, Grant>> {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn list(&self, kind: &str) -> Result<Vec<AttemptId>, Error> {
        let prefix = format!("{}/{kind}/", self.namespace);
        let start = prefix.len();
        let keys = self.blocking(move |store| store.list(&prefix)).await?;
        let ids = keys.iter().filter_map(|key| key.get(start..));
        Ok(ids.map(AttemptId::from_text).collect())
    }

    async fn read<T>(
        &self,
        key: String,
        parse: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, Error> {
        let at = key.clone();
        let value = self.blocking(move |store| store.get(&key)).await?;
        match value.map(Zeroizing::new) {
            None => Ok(None),
            Some(json) => match parse(&json) {
                Ok(entry) => Ok(Some(entry)),
                Err(why) => Err(StoreError::Corrupt(format!("{at}: {why}")).into()),
            },
        }
    }

    async fn write(&self, key: String, json: Zeroizing<Vec<u8>>) -> Result<(), Error> {
        self.blocking(move |store| store.put(&key, &json)).await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecureStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Error> {
        let store = Arc::clone(&self.store);
        match tokio::task::spawn_blocking(move || call(&*store)).await {
            Ok(result) => Ok(result?),
            Err(error) if error.is_panic() => {
                Err(StoreError::Unavailable("the store panicked".into()).into())
            }
            Err(_) => Err(StoreError::Unavailable("the runtime is going down".into()).into()),
        }
    }
}
