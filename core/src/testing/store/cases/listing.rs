//! Listing keys.

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::{OpenedStore, Probe, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "list-by-prefix",
        demand: "`list` returns every key that starts with the prefix (also the key that equals it) once, and no other key.",
        check: list_by_prefix,
    },
    Case {
        name: "list-of-everything",
        demand: "`list` with an empty prefix returns all keys, each once.",
        check: list_of_everything,
    },
    Case {
        name: "list-takes-its-prefix-literally",
        demand: "`list` takes its prefix literally: no character has a meaning for SQL, a shell or a regular expression.",
        check: list_takes_its_prefix_literally,
    },
];

fn list_by_prefix(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    let keys = keys(probe, &["a", "a/1", "a/1/x", "a/2", "ab", "b", "ba"]);
    put_all(&store, &keys)?;
    // A key that is written twice is listed once.
    put_all(&store, &keys)?;
    for prefix in [
        "", "a", "a/", "a/1", "a/1/x", "a/1/x/", "b", "ab", "abc", "c",
    ] {
        lists_exactly(&store, &probe.key(prefix), &keys)?;
    }
    Ok(())
}

fn list_of_everything(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    let keys = keys(probe, &["a", "b/c"]);
    put_all(&store, &keys)?;
    // The store may also have keys of other users.
    let listed = store.lists_raw("")?;
    for key in &keys {
        let times = listed.iter().filter(|listed| *listed == key).count();
        if times != 1 {
            return fail(format!("list(\"\") returned {} {times} times", shown(key)));
        }
    }
    Ok(())
}

fn list_takes_its_prefix_literally(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    let special = [
        "%", "_", "*", "?", "[ab]", "[", "]", "{a,b}", ".", ".*", "^", "$", "(a|b)", "+", "\\",
        "\\%", "\\a", "'", "\"", "#", "!a",
    ];
    let mut keys = keys(probe, &["1", "a1", "b1", "aa1"]);
    keys.extend(special.map(|special| probe.key(&format!("{special}1"))));
    put_all(&store, &keys)?;
    for prefix in special {
        lists_exactly(&store, &probe.key(prefix), &keys)?;
    }
    Ok(())
}

fn keys(probe: &Probe, rests: &[&str]) -> Vec<String> {
    rests.iter().map(|rest| probe.key(rest)).collect()
}

fn put_all(store: &OpenedStore, keys: &[String]) -> Verdict {
    keys.iter()
        .enumerate()
        .try_for_each(|(number, key)| store.puts(key, &value(number)))
}

/// `list` returns exactly the keys that start with the prefix.
fn lists_exactly(store: &OpenedStore, prefix: &str, keys: &[String]) -> Verdict {
    let starts = |key: &&String| key.starts_with(prefix);
    let mut wanted: Vec<_> = keys.iter().filter(starts).cloned().collect();
    wanted.sort();
    let mut listed = store.lists_raw(prefix)?;
    listed.sort();
    if listed == wanted {
        return Ok(());
    }
    fail(format!(
        "list({}) returned {listed:?} instead of {wanted:?}",
        shown(prefix)
    ))
}
