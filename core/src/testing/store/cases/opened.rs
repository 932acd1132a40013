//! Writes of one opened store are visible to the others, and to the next process.

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::{Probe, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "put-is-there-for-the-next",
        demand: "A value that was put is there after the store is opened again.",
        check: put_is_there_for_the_next,
    },
    Case {
        name: "delete-is-there-for-the-next",
        demand: "A key that was deleted is still deleted after the store is opened again.",
        check: delete_is_there_for_the_next,
    },
    Case {
        name: "open-stores-see-each-other",
        demand: "A store that was opened before sees what another opened store writes.",
        check: open_stores_see_each_other,
    },
];

fn put_is_there_for_the_next(probe: &Probe) -> Verdict {
    let keys = ["a", "b"].map(|rest| probe.key(rest));
    for (number, key) in keys.iter().enumerate() {
        let store = probe.open()?;
        store.puts(key, &value(9))?;
        store.puts(key, &value(number))?;
    }
    let next = probe.open()?;
    for (number, key) in keys.iter().enumerate() {
        next.holds(key, &value(number))?;
    }
    let listed = next.lists(&probe.key(""))?;
    match keys.iter().find(|key| !listed.contains(*key)) {
        None => Ok(()),
        Some(key) => fail(format!("list did not return {}", shown(key))),
    }
}

fn delete_is_there_for_the_next(probe: &Probe) -> Verdict {
    let [gone, kept] = ["gone", "kept"].map(|rest| probe.key(rest));
    let store = probe.open()?;
    store.puts(&gone, &value(1))?;
    store.puts(&kept, &value(2))?;
    drop(store);
    probe.open()?.deletes(&gone)?;
    let next = probe.open()?;
    next.lacks(&gone)?;
    if next.lists(&gone)?.contains(&gone) {
        return fail(format!("list returned {}, which was deleted", shown(&gone)));
    }
    next.holds(&kept, &value(2))
}

/// Two clients of one store coordinate by what they read there.
fn open_stores_see_each_other(probe: &Probe) -> Verdict {
    let [one, two] = [probe.open()?, probe.open()?];
    let key = probe.key("a");
    one.lacks(&key)?;
    two.lacks(&key)?;
    one.puts(&key, &value(1))?;
    two.holds(&key, &value(1))?;
    two.puts(&key, &value(2))?;
    one.holds(&key, &value(2))?;
    let beside = probe.key("b");
    two.puts(&beside, &value(3))?;
    if !one.lists(&beside)?.contains(&beside) {
        return fail(format!(
            "list did not return {}, which another opened store wrote",
            shown(&beside)
        ));
    }
    one.puts(&key, &value(4))?;
    // The next write of the other store must not undo a write.
    one.holds(&beside, &value(3))?;
    two.holds(&key, &value(4))?;
    two.deletes(&key)?;
    one.lacks(&key)
}
