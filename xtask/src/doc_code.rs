//! Extracts the code of the pages for app developers into source files, so that a compiler checks it.
//! Each line keeps its line number, so that a compiler's message leads to the page. Only imports move, to
//! the first line: in Kotlin they must come before everything else.

use std::fs;
use std::path::Path;

use crate::process::{Failure, cannot, root};

/// The page of the API, relative to the workspace's folder. Its code is not for tests.
pub(crate) const API: &str = "docs/reference/api.md";

/// The pages with code for an app's tests.
pub(crate) const TESTS: [&str; 3] = [
    "docs/how-to/testing.md",
    "docs/how-to/transport.md",
    "docs/how-to/secure-store.md",
];

/// The pages whose code is calls, without functions around them. It goes into a function. A test of the
/// Android library compiles and runs the Kotlin in README.
pub(crate) const CALLS: [&str; 1] = ["docs/tutorials/app.md"];

/// The code of an app. The other pages have code of a test.
fn is_of_app(page: &str) -> bool {
    page == API || CALLS.contains(&page)
}

/// The function for calls: the lines that take the places of the marks before and after the code.
fn function(language: &str, page: &str) -> Option<(&'static str, &'static str)> {
    CALLS.contains(&page).then_some(match language {
        "kotlin" => (KOTLIN_FUNCTION, "}"),
        _ => (SWIFT_FUNCTION, "_ = (config, client, outcome) }"),
    })
}

const KOTLIN_FUNCTION: &str = "private suspend fun calls(platform: Platform) {";

const SWIFT_FUNCTION: &str = "private func calls(platform: Platform) async throws {";

/// The first line of a file, in the place of its page's first line.
fn beginning(language: &str, page: &str) -> Result<String, String> {
    let imports = match (language, is_of_app(page)) {
        ("kotlin", true) => KOTLIN.to_owned(),
        ("kotlin", false) => {
            // A package for each page: two pages can declare the same name.
            let name = page
                .trim_start_matches("docs/how-to/")
                .trim_end_matches(".md");
            let package = name.replace('-', "");
            format!("package app.switchback.snippets.{package}; {KOTLIN_TESTS}")
        }
        ("swift", true) => SWIFT.to_owned(),
        ("swift", false) => format!("{SWIFT}; import SwitchbackTesting; import XCTest"),
        _ => return Err(format!("the tests do not compile {language}")),
    };
    Ok(format!("/* {page}, line by line */ {imports}"))
}

const KOTLIN: &str = "package app.switchback.snippets; import app.switchback.*; import app.switchback.okhttp.*; import okhttp3.OkHttpClient; import okhttp3.Request; import java.io.InputStream";

const KOTLIN_TESTS: &str = "import app.switchback.*; import app.switchback.jvm.*; import app.switchback.testing.*; import org.junit.jupiter.api.Assertions.assertEquals; import org.junit.jupiter.api.Assertions.assertTrue";

/// Foundation's network is in a separate module, except on Apple's systems.
const SWIFT: &str = match cfg!(target_vendor = "apple") {
    true => "import Foundation; import Switchback",
    false => "import Foundation; import FoundationNetworking; import Switchback",
};

/// Writes a page's code in `kotlin` or `swift` to this file.
pub(crate) fn write(language: &str, page: &str, to: &Path) -> Result<(), Failure> {
    let from = root().join(page);
    let text = fs::read_to_string(&from).map_err(|error| cannot("read", &from, &error))?;
    let beginning = beginning(language, page);
    let function = function(language, page);
    let source = beginning.and_then(|beginning| of(&text, language, &beginning, function));
    let source = source.map_err(|why| Failure(format!("{page}: {why}")))?;
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
    // An unchanged file keeps its time, and is not compiled again.
    if fs::read_to_string(to).is_ok_and(|there| there == source) {
        return Ok(());
    }
    fs::write(to, source).map_err(|error| cannot("write", to, &error))
}

/// The code in one language, each line with its line number; all other lines are empty. The first line
/// is `beginning`, and the imports of the page. Each piece of code goes into the `function`.
fn of(
    page: &str,
    language: &str,
    beginning: &str,
    function: Option<(&'static str, &'static str)>,
) -> Result<String, String> {
    let (mut lines, mut inside, mut found) = (vec![""], None, 0);
    let (head, tail) = function.unwrap_or_default();
    let mut first = beginning.to_owned();
    for line in page.lines().skip(1) {
        let kept = match (inside, line.strip_prefix("```")) {
            (None, Some(name)) => {
                inside = Some(name);
                found += usize::from(name == language);
                if name == language { head } else { "" }
            }
            (Some(name), Some(_)) => {
                inside = None;
                if name == language { tail } else { "" }
            }
            (Some(name), None) if name == language && line.starts_with("import ") => {
                if !first.split("; ").any(|part| part == line) {
                    first.push_str("; ");
                    first.push_str(line);
                }
                ""
            }
            (Some(name), None) if name == language => line,
            _ => "",
        };
        lines.push(kept);
    }
    match (found, inside) {
        (0, _) => Err(format!("the page has no ```{language}")),
        (_, Some(_)) => Err("a ``` has no end".into()),
        _ => Ok(first + &lines.join("\n") + "\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_keeps_its_number() {
        let page = "# Title\n\n```kotlin\nval a = 1\n\n```\nText\n```swift\nlet b = 2\n```\n";
        let kotlin = of(page, "kotlin", "import a", None).expect("there is Kotlin");
        let lines: Vec<_> = kotlin.lines().collect();
        assert_eq!(lines[0], "import a");
        assert_eq!(lines[3], "val a = 1");
        assert!(!kotlin.contains("let b"));
        let swift = of(page, "swift", "", None).expect("there is Swift");
        assert_eq!(swift.lines().nth(8), Some("let b = 2"));
    }

    #[test]
    fn imports_move_to_the_first_line_once() {
        let page = "# Title\n```kotlin\nimport a.b\nimport a.c\nval d = 1\n```\n";
        let kotlin = of(page, "kotlin", "import a.b", None).expect("there is Kotlin");
        assert_eq!(kotlin, "import a.b; import a.c\n\n\n\nval d = 1\n\n");
    }

    #[test]
    fn calls_go_into_a_function() {
        let page = "# Title\n```kotlin\na()\n```\n```swift\nb()\n```\n";
        let kotlin = of(page, "kotlin", "", Some(("fun f() {", "}"))).expect("there is Kotlin");
        assert_eq!(kotlin, "\nfun f() {\na()\n}\n\n\n\n");
    }

    #[test]
    fn a_page_without_code_is_a_failure() {
        assert!(of("# Title\n```swift\nlet b = 2\n```\n", "kotlin", "", None).is_err());
        assert!(of("# Title\n```kotlin\nval a = 1\n", "kotlin", "", None).is_err());
        assert!(beginning("java", API).is_err());
    }

    #[test]
    fn only_test_pages_import_the_test_library() {
        let sees = |page| beginning("swift", page).map(|line| line.contains("SwitchbackTesting"));
        assert_eq!(sees(API), Ok(false));
        assert_eq!(sees(TESTS[0]), Ok(true));
    }

    #[test]
    fn the_page_has_as_many_snippets_in_both_languages() {
        let page = include_str!("../../docs/reference/api.md");
        let count = |language: &str| page.matches(&format!("```{language}\n")).count();
        assert_eq!(count("kotlin"), count("swift"));
        assert!(count("kotlin") >= 11);
    }
}
