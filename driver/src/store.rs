//! [`GrantStore`]: storage for attempts and grants, by compare and set.
//!
//! A decision is stored before its effects are carried out. After a crash the stored state
//! therefore says what was about to be sent.
//!
//! Before you change this: between reading an entry and writing its next state, another process may
//! write. Then the machine decides again with the new state. So a `decide…` function calls its
//! closure any number of times, and the closure must not send, log or count.

use std::sync::Arc;

use switchback_protocol::attempt::{self, Attempt, AttemptId, StoredSession};
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Caller;

/// The result of a compare and set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// The new value is stored.
    Committed,
    /// Another writer changed or removed the entry: read it again.
    Conflict,
}

/// A decision of the grant machine, which is stored.
pub struct GrantDecision {
    /// The grant as it is stored now; `None` if there is no grant.
    pub grant: Option<Arc<Grant>>,
    /// The effects to carry out, in this order.
    pub effects: Vec<grant::Effect>,
    /// The entry of the grant was damaged.
    pub damaged: bool,
}

/// A decision of the attempt machine, which is stored.
pub struct AttemptDecision {
    /// The attempt as it is stored now; `None` if there is no attempt.
    pub attempt: Option<Attempt>,
    /// The effects to carry out, in this order.
    pub effects: Vec<attempt::Effect>,
    /// The session of the attempt, if it was read and exists.
    pub grant: Option<Arc<Grant>>,
    /// Effects for tokens that are no longer needed.
    pub dropped: Vec<grant::Effect>,
}

impl From<AttemptTransition> for AttemptDecision {
    /// Without the session.
    fn from((attempt, effects): AttemptTransition) -> Self {
        Self {
            attempt,
            effects,
            grant: None,
            dropped: Vec::new(),
        }
    }
}

/// Stores attempts and grants by compare and set: in the secure store of an app, or in the database
/// of a service.
///
/// Each `decide…` function reads an entry, gives it to the machine, and stores the next state only
/// if the entry has not changed since; otherwise it starts again. No lock is held and no
/// transaction is open while a request is sent.
pub trait GrantStore: Send + Sync {
    /// The error of a read or a write.
    type Error;

    /// Gives an input to the grant machine. `input` is called once for each try. Its argument is
    /// the caller, and whether the holder of the lease has ended.
    fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> grant::Input + Send + Sync + 'static,
    ) -> impl Future<Output = Result<GrantDecision, Self::Error>> + Send;

    /// As [`decide`](Self::decide), for an answer of the service, which exists nowhere else. If
    /// writing fails for a short time, the answer is not lost: the store remembers it in memory, or
    /// tries again.
    fn decide_answer(
        &self,
        id: &AttemptId,
        input: grant::Input,
    ) -> impl Future<Output = Result<GrantDecision, Self::Error>> + Send;

    /// Adds the grant of a login, which exists nowhere else. An existing grant is not replaced.
    fn add(
        &self,
        id: &AttemptId,
        grant: Arc<Grant>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Gives a callback to the attempt machine. `step` gets the caller, and what is stored of the
    /// attempt's session.
    fn decide_callback(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>, Caller, StoredSession) -> AttemptTransition
        + Send
        + Sync
        + 'static,
    ) -> impl Future<Output = Result<AttemptDecision, Self::Error>> + Send;

    /// Gives another input to the attempt machine. Caller and session are not read.
    fn decide_attempt(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>) -> AttemptTransition + Send + Sync + 'static,
    ) -> impl Future<Output = Result<AttemptDecision, Self::Error>> + Send;
}

/// The result of a step of the attempt machine.
pub type AttemptTransition = (Option<Attempt>, Vec<attempt::Effect>);
