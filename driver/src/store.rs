//! Where attempts and grants are kept.

use std::sync::Arc;

use switchback_protocol::attempt::{self, Attempt, AttemptId, Kept};
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::lease::Caller;

/// What came of a compare-and-set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// It is stored.
    Committed,
    /// Another writer was faster, or the entry is gone: read again.
    Conflict,
}

/// What was decided about a grant, and is stored.
pub struct GrantDecision {
    /// What is stored now; `None` where there is no grant any more.
    pub grant: Option<Arc<Grant>>,
    /// What is to be done, in this order.
    pub effects: Vec<grant::Effect>,
    /// There was a grant, and its entry was damaged.
    pub damaged: bool,
}

/// What was decided about an attempt, and is stored.
pub struct AttemptDecision {
    /// What is stored now; `None` where there is no attempt any more.
    pub attempt: Option<Attempt>,
    /// What is to be done, in this order.
    pub effects: Vec<attempt::Effect>,
    /// The session of the attempt, where it was looked for and is there.
    pub grant: Option<Arc<Grant>>,
    /// What is to be done about tokens that are not needed any more.
    pub dropped: Vec<grant::Effect>,
}

impl From<AttemptTransition> for AttemptDecision {
    /// The session was not looked for.
    fn from((attempt, effects): AttemptTransition) -> Self {
        Self {
            attempt,
            effects,
            grant: None,
            dropped: Vec::new(),
        }
    }
}

/// Keeps attempts and grants by compare and set: in the secure store of an app, in the
/// database of a service.
///
/// Each `decide…` reads an entry, asks the machine what comes next, and stores that only
/// where the entry is still the one that was read; otherwise it starts over. Nothing is
/// locked, and no transaction is open, while anything is sent.
pub trait GrantStore: Send + Sync {
    /// Why nothing was read or stored.
    type Error;

    /// Gives an input to the grant machine. `input` is called again each time that another
    /// writer was faster; it is told who asks, and what is known of the holder of the lease.
    fn decide(
        &self,
        id: &AttemptId,
        input: impl Fn(Caller) -> grant::Input + Send + Sync + 'static,
    ) -> impl Future<Output = Result<GrantDecision, Self::Error>> + Send;

    /// As [`decide`](Self::decide), for an answer of the service, which exists nowhere else: the
    /// store keeps it in memory or tries again, so that a short failure does not lose it.
    fn decide_answer(
        &self,
        id: &AttemptId,
        input: grant::Input,
    ) -> impl Future<Output = Result<GrantDecision, Self::Error>> + Send;

    /// Adds the grant of a login, which exists nowhere else. A grant that is there stays.
    fn add(
        &self,
        id: &AttemptId,
        grant: Arc<Grant>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Gives a callback to the attempt machine: `step` is told who asks, and what there is of
    /// the attempt's session.
    fn decide_callback(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>, Caller, Kept) -> AttemptTransition + Send + Sync + 'static,
    ) -> impl Future<Output = Result<AttemptDecision, Self::Error>> + Send;

    /// Gives another input to the attempt machine. Neither caller nor session are looked for.
    fn decide_attempt(
        &self,
        id: &AttemptId,
        step: impl Fn(Option<&Attempt>) -> AttemptTransition + Send + Sync + 'static,
    ) -> impl Future<Output = Result<AttemptDecision, Self::Error>> + Send;
}

/// What a step of the attempt machine gives.
pub type AttemptTransition = (Option<Attempt>, Vec<attempt::Effect>);
