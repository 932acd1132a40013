//! Which values are valid.

use crate::testing::run::{Case, Verdict};
use crate::testing::store::probe::{Probe, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "round-trip",
        demand: "`get` returns the value that was put, each time.",
        check: round_trip,
    },
    Case {
        name: "empty-value",
        demand: "An empty value is a value: `get` returns it, not nothing and not an error.",
        check: empty_value,
    },
    Case {
        name: "every-byte",
        demand: "A value is any sequence of bytes, not a text.",
        check: every_byte,
    },
    Case {
        name: "overwrite",
        demand: "A put replaces the whole old value.",
        check: overwrite,
    },
    Case {
        name: "value-of-1-mib",
        demand: "A value may have 1 MiB.",
        check: value_of_1_mib,
    },
];

fn round_trip(probe: &Probe) -> Verdict {
    let (store, key) = (probe.open()?, probe.key("a"));
    store.puts(&key, &value(1))?;
    store.holds(&key, &value(1))?;
    store.holds(&key, &value(1))
}

fn empty_value(probe: &Probe) -> Verdict {
    let (store, key) = (probe.open()?, probe.key("a"));
    store.puts(&key, b"")?;
    store.holds(&key, b"")?;
    // Also if it replaces a value that is not empty.
    store.puts(&key, &value(1))?;
    store.puts(&key, b"")?;
    store.holds(&key, b"")
}

fn every_byte(probe: &Probe) -> Verdict {
    let store = probe.open()?;
    let upwards: Vec<u8> = (0..=u8::MAX).collect();
    let downwards: Vec<u8> = (0..=u8::MAX).rev().collect();
    let values = [
        upwards.as_slice(),
        &downwards,
        // Bytes that a text conversion would remove at the ends.
        b"\0",
        b"\0\0a\0",
        b" a \r\n",
        b"\xef\xbb\xbfa",
        b"\xff\xfe",
    ];
    for (number, value) in values.iter().enumerate() {
        store.puts(&probe.key(&number.to_string()), value)?;
    }
    for (number, value) in values.iter().enumerate() {
        store.holds(&probe.key(&number.to_string()), value)?;
    }
    Ok(())
}

fn overwrite(probe: &Probe) -> Verdict {
    let (store, key, beside) = (probe.open()?, probe.key("a"), probe.key("b"));
    store.puts(&beside, &value(1))?;
    for value in [value(2), vec![b'l'; 5_000], value(3), value(3)] {
        store.puts(&key, &value)?;
        store.holds(&key, &value)?;
    }
    store.holds(&beside, &value(1))
}

fn value_of_1_mib(probe: &Probe) -> Verdict {
    let (store, key) = (probe.open()?, probe.key("a"));
    let large = noise(1 << 20);
    store.puts(&key, &large)?;
    store.holds(&key, &large)?;
    probe.open()?.holds(&key, &large)?;
    store.puts(&key, &value(1))?;
    store.holds(&key, &value(1))
}

/// Letters without a pattern: a block at a wrong position is detected, and compression saves
/// little.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        // Knuth's constants; only the upper bits are random.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'@' + (state >> 26) as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}
