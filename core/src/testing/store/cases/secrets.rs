//! The texts of errors.

use crate::testing::canary::CANARY;
use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::Probe;

pub(super) const CASES: &[Case<Probe>] = &[Case {
    name: "errors-tell-no-value",
    demand: "No error of this run shows a value, in any encoding.",
    check: errors_tell_no_value,
}];

/// Exceeds the limits of the contract. The store may accept it or fail, but an error must not show
/// the value.
fn errors_tell_no_value(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    let beyond = |length: usize| CANARY.repeat(length / CANARY.len() + 1).into_bytes();
    let long_key = probe.key(&"k".repeat(70_000));
    let _ = store.put(&long_key, &beyond(1));
    let _ = store.get(&long_key);
    let _ = store.delete(&long_key);
    let key = probe.key("a");
    let _ = store.put(&key, &beyond(1 << 20));
    let _ = store.get(&key);
    let _ = store.delete(&key);
    match probe.log.leaks().as_slice() {
        [] => Ok(()),
        // Without the texts, which show the value.
        leaks => fail(format!("{} errors of this run showed a value", leaks.len())),
    }
}
