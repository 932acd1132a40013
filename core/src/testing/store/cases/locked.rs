//! A store that the system has locked: it must neither lose entries nor look empty.

use crate::ports::StoreError;
use crate::testing::StoreUnderTest;
use crate::testing::run::{Case, CaseEnd, Verdict, fail};
use crate::testing::store::probe::{OpenedStore, Probe, difference, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "locked-at-start",
        demand: "A store that is opened while it is locked returns `Locked` from every call, and never nothing, an empty list or success.",
        check: locked_at_start,
    },
    Case {
        name: "locked-after-opening",
        demand: "A store that is locked while it is open returns `Locked` from writes; reads return `Locked` or the right value.",
        check: locked_after_opening,
    },
    Case {
        name: "unlocked-later",
        demand: "After the unlock every opened store, also one that returned `Locked`, has the entries from before the lock and can write.",
        check: unlocked_later,
    },
];

fn locked_at_start(probe: &Probe) -> Verdict {
    let keys = Keys::put(probe)?;
    let lock = Lock::turn(probe)?;
    match probe.try_open() {
        Ok(store) => {
            let Keys { there, absent } = &keys;
            for key in [there, absent] {
                is_locked(&format!("get({})", shown(key)), store.get(key))?;
            }
            for prefix in ["", &probe.key(""), &probe.key("nothing-has-this")] {
                is_locked(&format!("list({})", shown(prefix)), store.list(prefix))?;
            }
            writes_are_locked(&store, &keys)?;
            is_locked(&format!("delete({})", shown(absent)), store.delete(absent))?;
        }
        // Also correct, and earlier.
        Err(StoreError::Locked) => {}
        Err(other) => return fail(format!("opening failed: {other}")),
    }
    lock.open()?;
    keys.are_as_before(&probe.open()?)
}

fn locked_after_opening(probe: &Probe) -> Verdict {
    let keys = Keys::put(probe)?;
    let store = probe.open()?;
    keys.are_as_before(&store)?;
    let lock = Lock::turn(probe)?;
    writes_are_locked(&store, &keys)?;
    let Keys { there, absent } = &keys;
    if let Some(found) = read(&format!("get({})", shown(there)), store.get(there))?
        && let Some(what) = difference(found.as_deref(), &value(1))
    {
        return fail(format!("get({}) returned {what}", shown(there)));
    }
    if let Some(Some(_)) = read(&format!("get({})", shown(absent)), store.get(absent))? {
        return fail(format!("get({}) returned a value", shown(absent)));
    }
    if let Some(listed) = read("list", store.list(&probe.key("")))?
        && (!listed.contains(there) || listed.contains(absent))
    {
        return fail(format!("list returned {listed:?} instead of [{there:?}]"));
    }
    lock.open()?;
    keys.are_as_before(&store)
}

fn unlocked_later(probe: &Probe) -> Verdict {
    let keys = Keys::put(probe)?;
    let before = probe.open()?;
    keys.are_as_before(&before)?;
    let lock = Lock::turn(probe)?;
    let meanwhile = probe.try_open().ok();
    let mut stores = vec![before];
    stores.extend(meanwhile);
    for store in &stores {
        // Other cases check the results; here the calls must have no effect.
        let _ = (store.get(&keys.there), store.list(""));
        let _ = store.put(&keys.there, &value(2));
        let _ = store.put(&keys.absent, &value(2));
        let _ = store.delete(&keys.there);
    }
    lock.open()?;
    stores.push(probe.open()?);
    for store in &stores {
        keys.are_as_before(store)?;
    }
    for (number, store) in stores.iter().enumerate() {
        store.puts(&keys.there, &value(number))?;
        for reader in &stores {
            reader.holds(&keys.there, &value(number))?;
        }
    }
    Ok(())
}

/// A key that exists and a key that does not.
struct Keys {
    there: String,
    absent: String,
}

impl Keys {
    fn put(probe: &Probe) -> Verdict<Self> {
        // If the store cannot be locked here, the case is left out before it writes anything.
        Lock::turn(probe)?.open()?;
        let [there, absent] = ["there", "absent"].map(|rest| probe.key(rest));
        probe.open()?.puts(&there, &value(1))?;
        Ok(Self { there, absent })
    }

    fn are_as_before(&self, store: &OpenedStore) -> Verdict {
        store.holds(&self.there, &value(1))?;
        store.lacks(&self.absent)
    }
}

/// A lock that is opened when the case ends, also if it fails.
struct Lock<'a>(&'a dyn StoreUnderTest);

impl<'a> Lock<'a> {
    fn turn(probe: &'a Probe) -> Verdict<Self> {
        match probe.store.lock(true) {
            true => Ok(Self(&*probe.store)),
            false => Err(CaseEnd::LeftOut("`lock` returned false".into())),
        }
    }

    fn open(self) -> Verdict {
        match self.0.lock(false) {
            true => Ok(()),
            false => fail("`lock(false)` returned false, after `lock(true)` returned true"),
        }
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        self.0.lock(false);
    }
}

fn writes_are_locked(store: &OpenedStore, keys: &Keys) -> Verdict {
    let Keys { there, absent } = keys;
    for key in [there, absent] {
        is_locked(&format!("put({})", shown(key)), store.put(key, &value(2)))?;
    }
    is_locked(&format!("delete({})", shown(there)), store.delete(there))
}

fn is_locked<T: std::fmt::Debug>(call: &str, answer: Result<T, StoreError>) -> Verdict {
    match read(call, answer)? {
        None => Ok(()),
        Some(answer) => fail(format!(
            "{call} returned {answer:?} while the store was locked"
        )),
    }
}

/// A correct value, or `None` for `Locked`.
fn read<T>(call: &str, answer: Result<T, StoreError>) -> Verdict<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(StoreError::Locked) => Ok(None),
        Err(other) => fail(format!("{call} failed while the store was locked: {other}")),
    }
}
