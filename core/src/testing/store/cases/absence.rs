//! Missing keys and deleted keys.

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::{Probe, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "absent-is-none",
        demand: "`get` of a key that was never put returns nothing, not an error.",
        check: absent_is_none,
    },
    Case {
        name: "delete-removes",
        demand: "`delete` removes this key and no other key; the key can be put again.",
        check: delete_removes,
    },
    Case {
        name: "delete-of-the-missing",
        demand: "`delete` of a key that does not exist is not an error.",
        check: delete_of_the_missing,
    },
    Case {
        name: "delete-takes-its-key-literally",
        demand: "`delete` takes its key literally: no character is a wildcard.",
        check: delete_takes_its_key_literally,
    },
];

fn absent_is_none(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    store.lacks(&probe.key("a"))?;
    // A longer and a shorter key are different keys.
    store.puts(&probe.key("ab"), &value(1))?;
    store.lacks(&probe.key("a"))?;
    store.lacks(&probe.key("abc"))
}

fn delete_removes(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    let [gone, longer, shorter] = ["ab", "abc", "a"].map(|rest| probe.key(rest));
    for key in [&gone, &longer, &shorter] {
        store.puts(key, &value(1))?;
    }
    store.deletes(&gone)?;
    store.lacks(&gone)?;
    if store.lists(&gone)?.contains(&gone) {
        return fail(format!("list returned {}, which was deleted", shown(&gone)));
    }
    store.holds(&longer, &value(1))?;
    store.holds(&shorter, &value(1))?;
    store.puts(&gone, &value(2))?;
    store.holds(&gone, &value(2))
}

fn delete_of_the_missing(probe: &Probe) -> Verdict {
    let (store, key) = (probe.open()?, probe.key("a"));
    store.deletes(&key)?;
    store.puts(&key, &value(1))?;
    store.deletes(&key)?;
    store.deletes(&key)?;
    store.lacks(&key)
}

fn delete_takes_its_key_literally(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    // Keys that could act as wildcards are deleted first.
    let rests = ["aa", "a", "a%", "%", "_", "*", "?", "[a]", ".*", "\\a"];
    let keys = rests.map(|rest| probe.key(rest));
    for (number, key) in keys.iter().enumerate() {
        store.puts(key, &value(number))?;
    }
    for gone in (0..keys.len()).rev() {
        store.deletes(&keys[gone])?;
        store.lacks(&keys[gone])?;
        for (number, key) in keys[..gone].iter().enumerate() {
            store.holds(key, &value(number))?;
        }
    }
    Ok(())
}
