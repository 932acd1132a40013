//! Compares `docs/explanation/attacks.md` with the tests.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The sections of RFC 9700 that describe an attack, from 4.1 on.
const SECTIONS: [&str; 17] = [
    "Insufficient Redirection URI Validation",
    "Credential Leakage via Referer Headers",
    "Credential Leakage via Browser History",
    "Mix-Up Attacks",
    "Authorization Code Injection",
    "Access Token Injection",
    "Cross-Site Request Forgery",
    "PKCE Downgrade Attack",
    "Access Token Leakage at the Resource Server",
    "Misuse of Stolen Access Tokens",
    "Open Redirection",
    "307 Redirect",
    "TLS Terminating Reverse Proxies",
    "Refresh Token Protection",
    "Client Impersonating Resource Owner",
    "Clickjacking",
    "Attacks on In-Browser Communication Flows",
];

/// The text of a cell without a test.
const NOT_HERE: &str = "Does not apply: ";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e")
}

/// The names of the tests in a file.
fn tests_of(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let (mut found, mut is_test) = (BTreeSet::new(), false);
    for line in text.lines() {
        let rest = line.strip_prefix("async fn ").or(line.strip_prefix("fn "));
        if let Some((name, _)) = rest.and_then(|rest| rest.split_once('(')) {
            if is_test {
                found.insert(name.to_owned());
            }
            is_test = false;
        }
        is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
    }
    found
}

/// Whether a test of this path exists, such as `login::a_person_declines`.
fn exists(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else {
        return false;
    };
    let module = module.replace("::", "/");
    let files = [format!("{module}.rs"), format!("{module}/mod.rs")];
    files
        .iter()
        .any(|file| tests_of(&folder().join(file)).contains(name))
}

/// The tests that a cell names.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn each_section_has_tests_and_each_test_a_section() {
    let page = include_str!("../../../docs/explanation/attacks.md");
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| 4."))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), SECTIONS.len());
    let mut in_table = BTreeSet::new();
    for (number, (row, title)) in (1..).zip(rows.iter().zip(SECTIONS)) {
        let [section, attack, _, direct, mediated] = row[..] else {
            panic!("not five columns: {row:?}")
        };
        assert_eq!((section, attack), (&*format!("4.{number}"), title));
        let words = title.to_lowercase().replace([' ', '-'], "_");
        for (cell, mode) in [(direct, "direct"), (mediated, "mediated")] {
            let named = named(cell);
            let why_not = cell
                .strip_prefix(NOT_HERE)
                .is_some_and(|why| why.len() > 20);
            assert!(why_not == named.is_empty(), "4.{number}, {mode}: {cell}");
            let own = format!("section_4_{number}_{words}_{mode}");
            for path in named {
                assert!(exists(path), "4.{number}: there is no test {path}");
                if let Some(path) = path.strip_prefix("rfc9700::") {
                    let (_, name) = path.split_once("::").unwrap();
                    assert_eq!(name, own);
                    assert!(in_table.insert(name.to_owned()), "{name} is there twice");
                }
            }
        }
    }
    let files = fs::read_dir(folder().join("rfc9700")).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let own = files.filter(|file| !file.ends_with("table.rs"));
    let all: BTreeSet<String> = own.flat_map(|file| tests_of(&file)).collect();
    assert_eq!(in_table, all);
}
