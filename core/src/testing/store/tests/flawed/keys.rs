//! Flaws with keys.

use super::{Behaviour, CORRECT, fails};

#[test]
fn lower_cased_keys_are_caught() {
    let key = |key: &str| key.to_lowercase();
    fails(Behaviour { key, ..CORRECT }, &["keys-that-differ-in-case"]);
}

#[test]
fn normalised_keys_are_caught() {
    let key = |key: &str| key.replace("e\u{301}", "\u{e9}");
    fails(Behaviour { key, ..CORRECT }, &["keys-that-normalise-alike"]);
}

#[test]
fn keys_limited_to_the_basic_plane_are_caught() {
    let key = |key: &str| key.replace(|c: char| c > '\u{ffff}', "?");
    fails(Behaviour { key, ..CORRECT }, &["keys-in-unicode"]);
}

#[test]
fn truncated_keys_are_caught() {
    let key = |key: &str| key.chars().take(255).collect();
    fails(Behaviour { key, ..CORRECT }, &["keys-of-1000-bytes"]);
}

#[test]
fn keys_that_end_at_nul_are_caught() {
    let key = |key: &str| key.split('\0').next().unwrap_or_default().into();
    fails(Behaviour { key, ..CORRECT }, &["keys-with-any-character"]);
}

#[test]
fn keys_read_as_paths_are_caught() {
    let key = |key: &str| {
        let mut path = vec![];
        for name in key.split('/') {
            match name {
                "" | "." => {}
                ".." => drop(path.pop()),
                name => path.push(name),
            }
        }
        path.join("/")
    };
    fails(Behaviour { key, ..CORRECT }, &["keys-are-not-paths"]);
}

#[test]
fn trimmed_keys_are_caught() {
    let key = |key: &str| key.trim_matches(' ').into();
    fails(
        Behaviour { key, ..CORRECT },
        &["keys-with-spaces-at-their-ends"],
    );
}
