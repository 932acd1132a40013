//! Flaws with lists.

use super::{Behaviour, CORRECT, TestData, fails};
use crate::ports::SecureStore as _;

#[test]
fn list_without_a_prefix_filter_is_caught() {
    let list = |data: &TestData, _: &str| data.open()?.list("");
    let listing = ["list-by-prefix", "list-takes-its-prefix-literally"];
    fails(Behaviour { list, ..CORRECT }, &listing);
}

#[test]
fn list_with_duplicate_keys_is_caught() {
    let list = |data: &TestData, prefix: &str| {
        let keys = data.open()?.list(prefix)?;
        Ok([keys.clone(), keys].concat())
    };
    let listing = [
        "list-by-prefix",
        "list-of-everything",
        "list-takes-its-prefix-literally",
    ];
    fails(Behaviour { list, ..CORRECT }, &listing);
}

#[test]
fn empty_list_for_an_empty_prefix_is_caught() {
    let list = |data: &TestData, prefix: &str| match (data.open()?, prefix) {
        (_, "") => Ok(vec![]),
        (memory, prefix) => memory.list(prefix),
    };
    fails(Behaviour { list, ..CORRECT }, &["list-of-everything"]);
}

#[test]
fn list_by_sql_like_is_caught() {
    fn like(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            ([b'%', rest @ ..], text) => (0..=text.len()).any(|n| like(rest, &text[n..])),
            ([b'_', pattern @ ..], [_, text @ ..]) => like(pattern, text),
            ([a, pattern @ ..], [b, text @ ..]) => a == b && like(pattern, text),
            _ => false,
        }
    }
    let list = |data: &TestData, prefix: &str| {
        let (pattern, keys) = (format!("{prefix}%"), data.open()?.list("")?);
        let matches = |key: &String| like(pattern.as_bytes(), key.as_bytes());
        Ok(keys.into_iter().filter(matches).collect())
    };
    fails(
        Behaviour { list, ..CORRECT },
        &["list-takes-its-prefix-literally"],
    );
}
