//! All cases.

mod absence;
mod keys;
mod killed;
mod listing;
mod locked;
mod opened;
mod secrets;
mod threads;
mod values;

use super::probe::Probe;
use crate::testing::run::Case;

/// In the order in which they run: simple cases first; last, the case that checks all earlier
/// errors for secrets.
pub(super) fn all() -> Vec<Case<Probe>> {
    [
        values::CASES,
        absence::CASES,
        listing::CASES,
        keys::CASES,
        opened::CASES,
        threads::CASES,
        killed::CASES,
        locked::CASES,
        secrets::CASES,
    ]
    .concat()
}
