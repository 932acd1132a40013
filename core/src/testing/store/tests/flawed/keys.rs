//! What is wrong with a key.

use super::{RIGHT, Ways, fails};

#[test]
fn a_store_that_makes_keys_small_is_caught() {
    let key = |key: &str| key.to_lowercase();
    fails(Ways { key, ..RIGHT }, &["keys-that-differ-in-case"]);
}

#[test]
fn a_store_that_normalises_keys_is_caught() {
    let key = |key: &str| key.replace("e\u{301}", "\u{e9}");
    fails(Ways { key, ..RIGHT }, &["keys-that-normalise-alike"]);
}

#[test]
fn a_store_that_knows_no_character_beyond_the_basic_plane_is_caught() {
    let key = |key: &str| key.replace(|c: char| c > '\u{ffff}', "?");
    fails(Ways { key, ..RIGHT }, &["keys-in-unicode"]);
}

#[test]
fn a_store_that_cuts_keys_is_caught() {
    let key = |key: &str| key.chars().take(255).collect();
    fails(Ways { key, ..RIGHT }, &["keys-of-1000-bytes"]);
}

#[test]
fn a_store_whose_keys_end_at_nul_is_caught() {
    let key = |key: &str| key.split('\0').next().unwrap_or_default().into();
    fails(Ways { key, ..RIGHT }, &["keys-with-any-character"]);
}

#[test]
fn a_store_whose_keys_are_paths_is_caught() {
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
    fails(Ways { key, ..RIGHT }, &["keys-are-not-paths"]);
}

#[test]
fn a_store_that_trims_keys_is_caught() {
    let key = |key: &str| key.trim_matches(' ').into();
    fails(Ways { key, ..RIGHT }, &["keys-with-spaces-at-their-ends"]);
}
