//! What a key may be, and that two are never taken for one.

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::{Probe, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "keys-in-unicode",
        demand: "A key is a text in any script, with emoji and from right to left.",
        check: in_unicode,
    },
    Case {
        name: "keys-that-normalise-alike",
        demand: "Keys that Unicode takes for the same text are different keys.",
        check: that_normalise_alike,
    },
    Case {
        name: "keys-that-differ-in-case",
        demand: "Capital and small letters are different.",
        check: that_differ_in_case,
    },
    Case {
        name: "keys-of-1000-bytes",
        demand: "A key may have 1,000 bytes, and all of them count.",
        check: of_1000_bytes,
    },
    Case {
        name: "keys-with-any-character",
        demand: "A key may hold quotes, backslashes, line breaks and NUL.",
        check: with_any_character,
    },
    Case {
        name: "keys-are-not-paths",
        demand: "Slashes and dots in a key lead nowhere.",
        check: are_not_paths,
    },
    Case {
        name: "keys-with-spaces-at-their-ends",
        demand: "Spaces belong to the key, at its ends too.",
        check: with_spaces_at_their_ends,
    },
];

fn in_unicode(probe: &Probe) -> Verdict {
    are_distinct(
        probe,
        [
            "blåbær",
            "ключ",
            "鍵",
            "かぎ",
            "שלום",
            "مرحبا",
            "กุญแจ",
            // One family, and four people.
            "👩\u{200d}👩\u{200d}👧\u{200d}👦",
            "👩👩👧👦",
            "🔑",
            "❤",
            "❤\u{fe0f}",
            "🇳🇱",
            // Shown from right to left by a mark, and not.
            "\u{202e}ab",
            "ab",
            // Private, no character, and the last that there is.
            "\u{e000}",
            "\u{ffff}",
            "\u{10ffff}",
        ],
    )
}

fn that_normalise_alike(probe: &Probe) -> Verdict {
    are_distinct(
        probe,
        [
            "\u{e9}",
            "e\u{301}",
            "e",
            // Two marks, in either order.
            "a\u{323}\u{307}",
            "a\u{307}\u{323}",
            "가",
            "\u{1100}\u{1161}",
            // Alike in compatibility only.
            "ﬁ",
            "fi",
            "①",
            "1",
            "ﾊ",
            "ハ",
            // No difference that can be seen.
            "z",
            "z\u{200b}",
            "z\u{ad}",
        ],
    )
}

fn that_differ_in_case(probe: &Probe) -> Verdict {
    are_distinct(
        probe,
        [
            "key", "Key", "KEY", "é", "É", "i", "I", "ı", "İ", "σ", "ς", "Σ", "ß", "ẞ", "ss",
            // The sign of the kelvin.
            "k", "\u{212a}",
        ],
    )
}

fn of_1000_bytes(probe: &Probe) -> Verdict {
    let room = 1_000 - probe.key("").len();
    let ends = |end: &str| format!("{}{end}", "k".repeat(room - end.len()));
    // Half as many characters as bytes.
    let wide = |end: &str| format!("{}{}{end}", "k".repeat(room % 2), "å".repeat(room / 2 - 1));
    let keys = [ends("1"), ends("2"), ends(""), wide("ä"), wide("ö")];
    are_distinct(probe, keys.iter().map(String::as_str))
}

fn with_any_character(probe: &Probe) -> Verdict {
    are_distinct(
        probe,
        [
            "a",
            "a\0",
            "a\0b",
            "a\0c",
            "\0",
            "a\nb",
            "a\r\nb",
            "a\rb",
            "a\tb",
            "a\u{1}b",
            "a\u{7f}b",
            "a\u{85}b",
            "a\u{2028}b",
            "a\"b",
            "a'b",
            "a''b",
            "a`b",
            "a\\b",
            "a\\\\b",
            "a\\nb",
            "a%b",
            "a%00b",
            "a%2fb",
            "a+b",
            "a&b=c",
            "a;b",
            "a:b",
            "a|b",
            "a<b>c",
            "a$b",
            "a${b}",
            "a{}b",
        ],
    )
}

fn are_not_paths(probe: &Probe) -> Verdict {
    are_distinct(
        probe,
        [
            "a",
            "a/",
            "a//",
            "a/b",
            "a//b",
            "/a/b",
            "./a/b",
            "a/./b",
            "b",
            "a/../b",
            "../b",
            "..",
            ".",
            "...",
            "a/b/",
            "a\\b",
            "../../../../../../tmp/b",
            "c:/b",
            "con",
            "nul.txt",
            "a.",
        ],
    )
}

fn with_spaces_at_their_ends(probe: &Probe) -> Verdict {
    let inner = [
        "a",
        "a ",
        " a",
        " a ",
        "a  ",
        "a\n",
        "\ta",
        "a\u{a0}",
        "\u{feff}a",
        " ",
    ];
    let mut keys = inner.map(|rest| probe.key(rest)).to_vec();
    // The only key that does not begin as the others do.
    keys.push(format!(" {}", probe.key("a")));
    are_distinct_keys(probe, &keys)
}

fn are_distinct<'a>(probe: &Probe, rests: impl IntoIterator<Item = &'a str>) -> Verdict {
    let keys: Vec<_> = rests.into_iter().map(|rest| probe.key(rest)).collect();
    are_distinct_keys(probe, &keys)
}

/// Each key has a value of its own, and is listed as it was put.
fn are_distinct_keys(probe: &Probe, keys: &[String]) -> Verdict {
    let store = probe.open()?;
    for (number, key) in keys.iter().enumerate() {
        store.puts(key, &value(number))?;
    }
    for (number, key) in keys.iter().enumerate() {
        store.holds(key, &value(number))?;
        if !store.lists(key)?.contains(key) {
            return fail(format!("list({0}) gave no {0}", shown(key)));
        }
    }
    Ok(())
}
