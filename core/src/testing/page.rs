//! Tests that a suite's documentation page is complete.

use std::collections::BTreeSet;

use super::run::Case;

/// The page must list every case with its demand, so that a developer finds the case that failed.
pub(super) fn explains_every_case<P>(page: &str, cases: &[Case<P>]) {
    let names: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    for Case { name, demand, .. } in cases {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(name.bytes().all(plain), "{name}");
        assert!(demand.ends_with('.'), "{demand}");
        let row = format!("| `{name}` | {demand} |");
        assert!(page.contains(&row), "{row}");
    }
}

/// The page must show the first example of the module documentation, which is compiled and run,
/// without the lines that rustdoc hides.
pub(super) fn shows_the_example(page: &str, module: &str) {
    let docs = module.lines().map_while(|line| line.strip_prefix("//!"));
    let mut lines = docs.map(|line| line.strip_prefix(' ').unwrap_or(line));
    assert!(lines.any(|line| line == "```"), "there is no example");
    let example = lines.take_while(|line| *line != "```");
    let example: Vec<_> = example.filter(|line| !line.starts_with("# ")).collect();
    assert!(example.len() > 10);
    let example = format!("```rust\n{}\n```", example.join("\n"));
    assert!(page.contains(&example), "{example}");
}
