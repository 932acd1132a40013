//! A store that calls a hook before and after each statement.

use std::sync::Arc;

use switchback::ports::BoxFuture;
use switchback_backend::Mac;
use switchback_backend::store::{
    AttemptRow, CleanUpBatch, ClientRow, Commit, GrantRow, RowStore, SessionRow, SignatureRow,
    StoreError, StoreFuture, Table,
};
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;

/// Runs at a point: `session: before` the statement, or `session: after`.
pub(crate) trait StatementHook: Send + Sync + 'static {
    /// Continues, waits, or fails the statement.
    fn on_point(&self, point: &'static str) -> BoxFuture<'_, Result<(), StoreError>>;

    /// By how many seconds the clock is off.
    fn clock_off_by(&self) -> i64 {
        0
    }
}

/// A store with a hook.
pub(crate) struct HookedRowStore<A> {
    pub(crate) inner: Arc<dyn RowStore>,
    pub(crate) hook: Arc<A>,
}

macro_rules! surrounded {
    ($($name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        $(fn $name(&self, $($argument: $kind),*) -> StoreFuture<'_, $answer> {
            Box::pin(async move {
                self.hook.on_point(concat!(stringify!($name), ": before")).await?;
                let answer = self.inner.$name($($argument),*).await;
                self.hook.on_point(concat!(stringify!($name), ": after")).await?;
                answer
            })
        })*
    };
}

impl<A: StatementHook> RowStore for HookedRowStore<A> {
    fn clock_offset(&self) -> i64 {
        self.inner.clock_offset() + self.hook.clock_off_by()
    }
    fn is_gone(&self, owner: &Owner) -> bool {
        self.inner.is_gone(owner)
    }
    surrounded! {
        ping() -> ();
        measure_clock() -> ();
        claim(client: ClientRow) -> ClientRow;
        add_attempt(attempt: AttemptRow) -> ();
        attempt(id: String) -> Option<AttemptRow>;
        replace_attempt(seen: Generation, attempt: AttemptRow) -> Commit;
        add_grant(grant: GrantRow) -> Commit;
        grant(id: String) -> Option<GrantRow>;
        grants_of(subject: String, function: &'static str) -> Vec<GrantRow>;
        replace_grant(seen: Generation, grant: GrantRow) -> Commit;
        remove_grant(seen: Generation, id: String) -> Commit;
        add_session(session: SessionRow, mac: Mac) -> Commit;
        session(id: String) -> Option<(SessionRow, Mac, GrantRow)>;
        replace_session(seen: Generation, session: SessionRow, mac: Mac) -> Commit;
        was_used(grant_id: String) -> bool;
        remove_session(id: String) -> ();
        add_signature(signature: SignatureRow) -> ();
        signature(id: String) -> Option<SignatureRow>;
        unfinished_signatures(now: i64, after: Option<(i64, String)>, at_most: u32) -> Vec<SignatureRow>;
        replace_signature(seen: Generation, signature: SignatureRow) -> Commit;
        remove_signature(id: String) -> ();
        remove_expired(table: Table, now: i64, at_most: u32) -> CleanUpBatch;
    }
}
