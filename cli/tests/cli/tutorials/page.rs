//! Reads the files and the commands of a tutorial.

use std::fs;
use std::path::Path;

/// What the page tells the reader to do.
pub(super) enum Step {
    /// Write this file. The text before the code ends with its name, as in "`Main.kt`:".
    File { name: String, text: String },
    /// Open this URL in the browser, which shows this text.
    Page { url: String, text: String },
    /// Run this command. It prints these lines, if the reader does what the page says.
    Command { line: String, output: Vec<String> },
}

/// Reads a page. A block ```` ```console ```` without a command continues the one before it.
pub(super) fn read(page: &Path) -> Vec<Step> {
    let text = fs::read_to_string(page).expect("a page");
    // The line before, and the URL in the lines before.
    let (mut before, mut url) = ("", "");
    let mut steps = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            if !line.is_empty() {
                before = line;
            }
            let between = line
                .split_once("<http")
                .and_then(|(_, rest)| rest.split_once('>'));
            if let Some((found, _)) = between {
                url = found;
            }
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match language {
            "console" => block.iter().for_each(|line| console(line, &mut steps)),
            "json" => steps.push(Step::Page {
                url: format!("http{url}"),
                text: block.join("\n"),
            }),
            _ => steps.push(Step::File {
                name: name_in(before).to_owned(),
                text: block.join("\n") + "\n",
            }),
        }
    }
    steps
}

/// The name at the end of this line.
fn name_in(before: &str) -> &str {
    let name = before.strip_suffix("`:");
    let name = name.and_then(|before| before.rsplit('`').next());
    name.unwrap_or_else(|| panic!("no file name before the code: {before}"))
}

fn console(line: &str, steps: &mut Vec<Step>) {
    match (line.strip_prefix("$ "), steps.last_mut()) {
        (Some(command), _) => steps.push(Step::Command {
            line: command.to_owned(),
            output: Vec::new(),
        }),
        (None, Some(Step::Command { output, .. })) => output.push(line.to_owned()),
        (None, _) => panic!("no command before the output: {line}"),
    }
}

/// Whether this line has the form that the page shows. `…` means any text.
pub(super) fn is_like(line: &str, shown: &str) -> bool {
    let mut parts = shown.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

#[test]
fn an_ellipsis_means_any_text() {
    for (line, shown) in [
        ("a", "a"),
        ("abc", "a…"),
        ("abc", "a…c"),
        ("a1b2c", "a…b…c"),
    ] {
        assert!(is_like(line, shown), "{line} {shown}");
    }
    for (line, shown) in [("ab", "a"), ("b", "a…"), ("abx", "a…c"), ("a1c", "a…b…c")] {
        assert!(!is_like(line, shown), "{line} {shown}");
    }
}
