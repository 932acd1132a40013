//! Which keys are valid, and that different keys stay different.

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::store::probe::{Probe, shown, value};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "keys-in-unicode",
        demand: "A key is a Unicode text: any script, emoji, right-to-left text.",
        check: in_unicode,
    },
    Case {
        name: "keys-that-normalise-alike",
        demand: "Keys that are equal only after Unicode normalization are different keys.",
        check: that_normalise_alike,
    },
    Case {
        name: "keys-that-differ-in-case",
        demand: "Upper case and lower case letters are different.",
        check: that_differ_in_case,
    },
    Case {
        name: "keys-of-1000-bytes",
        demand: "A key may have 1,000 bytes, and every byte counts.",
        check: of_1000_bytes,
    },
    Case {
        name: "keys-with-any-character",
        demand: "A key may contain quotes, backslashes, line breaks and NUL.",
        check: with_any_character,
    },
    Case {
        name: "keys-are-not-paths",
        demand: "Slashes and dots in a key are plain characters: a key is not a path.",
        check: are_not_paths,
    },
    Case {
        name: "keys-with-spaces-at-their-ends",
        demand: "Spaces at the beginning and end of a key are part of the key.",
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
            // A family as one emoji, and as four.
            "👩\u{200d}👩\u{200d}👧\u{200d}👦",
            "👩👩👧👦",
            "🔑",
            "❤",
            "❤\u{fe0f}",
            "🇳🇱",
            // With and without a right-to-left mark.
            "\u{202e}ab",
            "ab",
            // A private-use character, a noncharacter, and the highest code point.
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
            // Two combining marks, in both orders.
            "a\u{323}\u{307}",
            "a\u{307}\u{323}",
            "가",
            "\u{1100}\u{1161}",
            // Equal only by compatibility normalization.
            "ﬁ",
            "fi",
            "①",
            "1",
            "ﾊ",
            "ハ",
            // With and without invisible characters.
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
            // K, and the kelvin sign.
            "k", "\u{212a}",
        ],
    )
}

fn of_1000_bytes(probe: &Probe) -> Verdict {
    let room = 1_000 - probe.key("").len();
    let ends = |end: &str| format!("{}{end}", "k".repeat(room - end.len()));
    // Two bytes per character.
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
    // The only key that does not begin with the prefix.
    keys.push(format!(" {}", probe.key("a")));
    are_distinct_keys(probe, &keys)
}

fn are_distinct<'a>(probe: &Probe, rests: impl IntoIterator<Item = &'a str>) -> Verdict {
    let keys: Vec<_> = rests.into_iter().map(|rest| probe.key(rest)).collect();
    are_distinct_keys(probe, &keys)
}

/// Writes a different value under each key, and checks that all of them can be read and listed.
fn are_distinct_keys(probe: &Probe, keys: &[String]) -> Verdict {
    let store = probe.open()?;
    for (number, key) in keys.iter().enumerate() {
        store.puts(key, &value(number))?;
    }
    for (number, key) in keys.iter().enumerate() {
        store.holds(key, &value(number))?;
        if !store.lists(key)?.contains(key) {
            return fail(format!("list({0}) did not return {0}", shown(key)));
        }
    }
    Ok(())
}
