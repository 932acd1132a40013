//! Every case there is.

mod answers;
mod bodies;
mod errors;
mod once;
mod requests;
mod resources;
mod time;

use super::probe::Probe;
use crate::testing::run::Case;

/// In the order in which they are run: what is simple first, and last what looks at all
/// that was said before.
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
