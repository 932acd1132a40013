//! What is wrong with a list.

use super::{RIGHT, Vault, Ways, fails};
use crate::ports::SecureStore as _;

#[test]
fn a_store_whose_list_knows_no_prefix_is_caught() {
    let list = |vault: &Vault, _: &str| vault.open()?.list("");
    let listing = ["list-by-prefix", "list-takes-its-prefix-literally"];
    fails(Ways { list, ..RIGHT }, &listing);
}

#[test]
fn a_store_whose_list_has_keys_twice_is_caught() {
    let list = |vault: &Vault, prefix: &str| {
        let keys = vault.open()?.list(prefix)?;
        Ok([keys.clone(), keys].concat())
    };
    let listing = [
        "list-by-prefix",
        "list-of-everything",
        "list-takes-its-prefix-literally",
    ];
    fails(Ways { list, ..RIGHT }, &listing);
}

#[test]
fn a_store_whose_list_gives_nothing_for_the_empty_prefix_is_caught() {
    let list = |vault: &Vault, prefix: &str| match (vault.open()?, prefix) {
        (_, "") => Ok(vec![]),
        (memory, prefix) => memory.list(prefix),
    };
    fails(Ways { list, ..RIGHT }, &["list-of-everything"]);
}

#[test]
fn a_store_that_lists_by_sql_like_is_caught() {
    fn like(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], text) => text.is_empty(),
            ([b'%', rest @ ..], text) => (0..=text.len()).any(|n| like(rest, &text[n..])),
            ([b'_', pattern @ ..], [_, text @ ..]) => like(pattern, text),
            ([a, pattern @ ..], [b, text @ ..]) => a == b && like(pattern, text),
            _ => false,
        }
    }
    let list = |vault: &Vault, prefix: &str| {
        let (pattern, keys) = (format!("{prefix}%"), vault.open()?.list("")?);
        let matches = |key: &String| like(pattern.as_bytes(), key.as_bytes());
        Ok(keys.into_iter().filter(matches).collect())
    };
    fails(Ways { list, ..RIGHT }, &["list-takes-its-prefix-literally"]);
}
