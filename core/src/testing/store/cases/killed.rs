//! A process that is killed during a put.

use crate::testing::run::{Case, CaseEnd, Verdict, fail};
use crate::testing::store::probe::{OpenedStore, Probe, difference, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[Case {
    name: "killed-in-put",
    demand: "A put whose process is killed writes the whole value or nothing, and changes no other key.",
    check: killed_in_put,
}];

const KILLS: usize = 30;

fn killed_in_put(probe: &Probe) -> Verdict {
    let written = |number: usize| vec![b'a' + (number % 26) as u8; 8_000 + 250 * number];
    let [key, beside] = ["killed", "killed/beside"].map(|rest| probe.key(rest));
    let store = probe.open()?;
    let mut there = written(0);
    store.puts(&beside, &value(1))?;
    store.puts(&key, &there)?;
    for number in 1..=KILLS {
        let new = written(number);
        match (probe.store.killed_in_put(&key, &new), number) {
            (true, _) => {}
            (false, 1) => {
                return Err(CaseEnd::LeftOut(
                    "the test kills no process in `put`".into(),
                ));
            }
            (false, _) => return fail(format!("the test killed no process at kill {number}")),
        }
        there = after_a_kill(probe, &store, &there, &new).map_err(|stop| match stop {
            CaseEnd::Failed(what) => CaseEnd::Failed(format!("after kill {number}, {what}")),
            left_out => left_out,
        })?;
    }
    Ok(())
}

/// Returns the value after the kill: the old value or the new one.
fn after_a_kill(probe: &Probe, store: &OpenedStore, old: &[u8], new: &[u8]) -> Verdict<Vec<u8>> {
    let [after, key, beside] = ["after", "killed", "killed/beside"].map(|rest| probe.key(rest));
    let next = probe.open()?;
    let found = next.gets(&key)?;
    let there = match found.as_deref() {
        Some(found) if found == new => new,
        found => match difference(found, old) {
            None => old,
            Some(what) => return fail(format!("get({}) returned {what}", shown(&key))),
        },
    };
    next.holds(&beside, &value(1))?;
    // The killed process must not block other processes, also not a store that was open all the
    // time.
    store.puts(&after, &value(new.len()))?;
    next.holds(&after, &value(new.len()))?;
    store.holds(&key, there)?;
    let listed = next.lists(&probe.key(""))?;
    match listed.iter().eq([&after, &key, &beside]) {
        true => Ok(there.to_vec()),
        false => fail(format!("list returned {listed:?}")),
    }
}
