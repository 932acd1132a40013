//! All cases.

mod answers;
mod bodies;
mod errors;
mod once;
mod requests;
mod resources;
mod time;

use super::probe::Probe;
use crate::testing::run::Case;

/// In the order in which they run: simple cases first; last, the case that checks all earlier
/// errors for secrets.
pub(super) fn all() -> Vec<Case<Probe>> {
    [
        requests::CASES,
        answers::CASES,
        bodies::CASES,
        once::CASES,
        time::CASES,
        resources::CASES,
        errors::CASES,
    ]
    .concat()
}
