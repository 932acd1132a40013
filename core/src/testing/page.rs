//! Tests of the page that explains a suite.

use std::collections::BTreeSet;

use super::run::Case;

/// A developer whose part fails a case finds the case on the page, with what it demands.
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

/// The page shows the first example of the module's documentation, which is compiled and run.
/// Its lines that rustdoc hides are not on the page.
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
