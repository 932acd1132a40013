//! Many threads at once, through one opened store and through several.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::{OpenedStore, Probe, difference, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "writers-that-share-a-store",
        demand: "Eight threads that write different keys through one opened store lose no write.",
        check: writers_that_share_a_store,
    },
    Case {
        name: "writers-with-a-store-each",
        demand: "Eight threads that write different keys, each through its own opened store, lose no write.",
        check: writers_with_a_store_each,
    },
    Case {
        name: "writers-of-one-key",
        demand: "If several threads write one key, one value remains; every reader sees a complete value.",
        check: writers_of_one_key,
    },
    Case {
        name: "readers-of-a-key-that-is-replaced",
        demand: "A key that is being overwritten can be read at every moment, and so can other keys.",
        check: readers_of_a_key_that_is_replaced,
    },
];

const THREADS: usize = 8;
const KEYS_EACH: usize = 4;

fn writers_that_share_a_store(probe: &Probe) -> Verdict {
    let shared = probe.open()?;
    writers(probe, || Ok(shared.clone()))
}

fn writers_with_a_store_each(probe: &Probe) -> Verdict {
    writers(probe, || probe.open())
}

fn writers(probe: &Probe, open: impl Fn() -> Verdict<OpenedStore> + Sync) -> Verdict {
    let stores: Vec<_> = (0..THREADS).map(|_| open()).collect::<Result<_, _>>()?;
    let number = |thread, n| thread * KEYS_EACH + n;
    let key = |thread, n| probe.key(&format!("{thread}/{n}"));
    at_once(THREADS, |thread| {
        (0..KEYS_EACH)
            .try_for_each(|n| stores[thread].puts(&key(thread, n), &value(number(thread, n))))
    })?;
    let next = probe.open()?;
    for thread in 0..THREADS {
        for n in 0..KEYS_EACH {
            next.holds(&key(thread, n), &value(number(thread, n)))?;
        }
    }
    let (listed, all) = (next.lists(&probe.key(""))?.len(), THREADS * KEYS_EACH);
    match listed == all {
        true => Ok(()),
        false => fail(format!("list returned {listed} keys instead of {all}")),
    }
}

fn writers_of_one_key(probe: &Probe) -> Verdict {
    const WRITERS: usize = 4;
    /// Each writer has its own letter and its own length, so that mixed values are detected.
    fn written(writer: usize) -> Vec<u8> {
        vec![b'a' + writer as u8; 30_000 + 1_000 * writer]
    }
    let key = probe.key("a");
    let shared = probe.open()?;
    shared.puts(&key, &written(0))?;
    let check_complete = |found: Option<Vec<u8>>| {
        let letter = found.as_ref().and_then(|value| value.first().copied());
        let writer = letter.map_or(0, |letter| usize::from(letter.wrapping_sub(b'a')) % WRITERS);
        match difference(found.as_deref(), &written(writer)) {
            None => Ok(()),
            Some(what) => fail(format!("get({}) returned {what}", shown(&key))),
        }
    };
    let write = |store: &OpenedStore, writer| store.puts(&key, &written(writer));
    let read = |store: &OpenedStore| check_complete(store.gets(&key)?);
    while_written(probe, &shared, WRITERS, 5, write, read)?;
    check_complete(probe.open()?.gets(&key)?)
}

fn readers_of_a_key_that_is_replaced(probe: &Probe) -> Verdict {
    let [replaced, still, coming_and_going] =
        ["replaced", "still", "coming-and-going"].map(|rest| probe.key(rest));
    let shared = probe.open()?;
    shared.puts(&replaced, &value(1))?;
    shared.puts(&still, &value(2))?;
    let write = |store: &OpenedStore, writer| match writer {
        0 => store.puts(&replaced, &value(1)),
        _ => {
            store.puts(&coming_and_going, &value(3))?;
            store.deletes(&coming_and_going)
        }
    };
    let read = |store: &OpenedStore| {
        store.holds(&replaced, &value(1))?;
        store.holds(&still, &value(2))?;
        let listed = store.lists(&probe.key(""))?;
        match [&replaced, &still]
            .into_iter()
            .find(|key| !listed.contains(*key))
        {
            None => Ok(()),
            Some(key) => fail(format!("list did not return {} at one moment", shown(key))),
        }
    };
    while_written(probe, &shared, 2, 10, write, read)
}

/// Two threads read while others write, some through the shared store and some through their own.
fn while_written(
    probe: &Probe,
    shared: &OpenedStore,
    writers: usize,
    times: usize,
    write: impl Fn(&OpenedStore, usize) -> Verdict + Sync,
    read: impl Fn(&OpenedStore) -> Verdict + Sync,
) -> Verdict {
    let writing = AtomicUsize::new(writers);
    let failed = AtomicBool::new(false);
    at_once(writers + 2, |thread| {
        let ends = (thread < writers).then(|| WriterGuard(&writing));
        let store = match thread % 2 {
            0 => shared.clone(),
            _ => probe.open()?,
        };
        if ends.is_some() {
            let none_failed = |_: &usize| !failed.load(Ordering::SeqCst);
            return (0..times)
                .take_while(none_failed)
                .try_for_each(|_| write(&store, thread));
        }
        loop {
            let is_last = writing.load(Ordering::SeqCst) == 0;
            let seen = read(&store);
            if seen.is_err() {
                failed.store(true, Ordering::SeqCst);
            }
            if seen.is_err() || is_last {
                return seen;
            }
        }
    })
}

/// Counts a writer as finished when it is dropped, also after a panic.
struct WriterGuard<'a>(&'a AtomicUsize);

impl Drop for WriterGuard<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Starts threads at the same moment and waits for all of them. A panic in one of them is a panic
/// of the case.
fn at_once(threads: usize, work: impl Fn(usize) -> Verdict + Sync) -> Verdict {
    let begin = Barrier::new(threads);
    thread::scope(|scope| {
        let (begin, work) = (&begin, &work);
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || {
                    begin.wait();
                    work(thread)
                })
            })
            .collect();
        let ended: Vec<_> = running.into_iter().map(|thread| thread.join()).collect();
        ended.into_iter().try_for_each(|ended| match ended {
            Ok(verdict) => verdict,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}
