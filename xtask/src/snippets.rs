//! The code in docs/api.md, as a source that a compiler takes: what is written there must
//! compile. Each line is where it is on the page, so that a compiler's complaint leads there.

use std::fs;
use std::path::Path;

use crate::process::{Failure, root};

/// The page, as seen from the workspace's folder.
const PAGE: &str = "docs/api.md";

/// What a file begins with, in the place of the page's first line.
const BEGINNINGS: [(&str, &str); 2] = [
    (
        "kotlin",
        "package app.switchback.snippets; import app.switchback.* // docs/api.md, line by line",
    ),
    ("swift", SWIFT),
];

/// Foundation has its network in a module of its own, but not on Apple's systems.
const SWIFT: &str = match cfg!(target_vendor = "apple") {
    true => "import Foundation; import Switchback // docs/api.md, line by line",
    false => {
        "import Foundation; import FoundationNetworking; import Switchback // docs/api.md, line by line"
    }
};

/// Writes what docs/api.md has in a language, `kotlin` or `swift`, to this file.
pub(crate) fn write(language: &str, to: &Path) -> Result<(), Failure> {
    let page = root().join(PAGE);
    let failed = |what: &str, path: &Path, error: std::io::Error| {
        Failure(format!("cannot {what} {}: {error}", path.display()))
    };
    let text = fs::read_to_string(&page).map_err(|error| failed("read", &page, error))?;
    let source = of(&text, language).map_err(|why| Failure(format!("{PAGE}: {why}")))?;
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| failed("make", folder, error))?;
    // What is as it was is not compiled again.
    if fs::read_to_string(to).is_ok_and(|there| there == source) {
        return Ok(());
    }
    fs::write(to, source).map_err(|error| failed("write", to, error))
}

/// The code in one language, each line in its place, and nothing in the others.
fn of(page: &str, language: &str) -> Result<String, String> {
    let beginning = BEGINNINGS.iter().find(|(name, _)| *name == language);
    let (_, beginning) = beginning.ok_or_else(|| format!("nobody compiles {language} here"))?;
    let (mut lines, mut inside, mut found) = (vec![*beginning], None, 0);
    for line in page.lines().skip(1) {
        let kept = match (inside, line.strip_prefix("```")) {
            (None, Some(name)) => {
                inside = Some(name);
                found += usize::from(name == language);
                ""
            }
            (Some(_), Some(_)) => {
                inside = None;
                ""
            }
            (Some(name), None) if name == language => line,
            _ => "",
        };
        lines.push(kept);
    }
    match (found, inside) {
        (0, _) => Err(format!("there is no ```{language} in it")),
        (_, Some(_)) => Err("a ``` has no end".into()),
        _ => Ok(lines.join("\n") + "\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn each_line_stays_where_it_is() {
        let page = "# Title\n\n```kotlin\nval a = 1\n\n```\nText\n```swift\nlet b = 2\n```\n";
        let kotlin = of(page, "kotlin").expect("there is Kotlin");
        let lines: Vec<_> = kotlin.lines().collect();
        assert!(lines[0].starts_with("package app.switchback.snippets;"));
        assert_eq!(lines[3], "val a = 1");
        assert!(!kotlin.contains("let b"));
        let swift = of(page, "swift").expect("there is Swift");
        assert_eq!(swift.lines().nth(8), Some("let b = 2"));
    }

    #[test]
    fn a_page_without_code_is_no_success() {
        assert!(of("# Title\n```swift\nlet b = 2\n```\n", "kotlin").is_err());
        assert!(of("# Title\n```kotlin\nval a = 1\n", "kotlin").is_err());
        assert!(of("# Title\n```java\nint a;\n```\n", "java").is_err());
    }

    #[test]
    fn the_page_has_as_much_of_the_one_as_of_the_other() {
        let page = include_str!("../../docs/api.md");
        let count = |language: &str| page.matches(&format!("```{language}\n")).count();
        assert_eq!(count("kotlin"), count("swift"));
        assert!(count("kotlin") >= 11);
    }
}
