//! Findings: the mistakes and risks that the sandbox sees in a client's requests, whether it
//! refused them or not. Each has a stable id, a level, and a page that says what it means and
//! what to do. A [`Refusal`] names the finding of the request that was refused. To add a
//! finding, add it to `catalogue.rs` and renew the pages, as the test below says.

mod catalogue;
mod refusal;

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

pub use catalogue::Finding;
pub use refusal::Refusal;

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// The sandbox refused the request, as a strict server does.
    Objection,
    /// The sandbox allowed the request, and a standard advises against it.
    Unwise,
    /// The sandbox allowed the request, and Truid's guide differs or says more about it.
    Guide,
}

impl Level {
    /// The level as in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Level::Objection => "objection",
            Level::Unwise => "unwise",
            Level::Guide => "guide",
        }
    }

    /// The level as text, for pages.
    pub fn words(self) -> &'static str {
        match self {
            Level::Objection => "refused, here and by any strict server",
            Level::Unwise => "allowed, but a standard advises against it",
            Level::Guide => "allowed, but differs from Truid's guide",
        }
    }
}

impl Finding {
    /// The finding with this id.
    pub fn from_id(id: &str) -> Option<Finding> {
        Finding::ALL
            .iter()
            .copied()
            .find(|finding| finding.id() == id)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn ids_are_unique_lower_case_words() {
        for (index, finding) in Finding::ALL.iter().enumerate() {
            let id = finding.id();
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            assert_eq!(Finding::from_id(id), Some(*finding));
            assert!(Finding::ALL[..index].iter().all(|other| other.id() != id));
        }
        assert_eq!(Finding::from_id("no-such-finding"), None);
    }

    /// `UPDATE=1 cargo test -p switchback-sandbox finding` writes the page again.
    #[test]
    fn the_page_in_docs_is_up_to_date() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/findings.md");
        let page = page();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &page).unwrap();
        }
        assert!(
            std::fs::read_to_string(&file).unwrap_or_default() == page,
            "docs/reference/findings.md is stale; run UPDATE=1 cargo test -p switchback-sandbox finding"
        );
    }

    /// All findings in Markdown. The anchor of a finding is its id.
    fn page() -> String {
        let mut index = String::from(
            "# Findings\n\nThe mistakes and risks that the sandbox finds in a client's requests. \
             The trace page of a flow shows the findings of that flow; \
             `GET /sandbox/v1/findings` lists all findings.\n",
        );
        let mut sections = String::new();
        for level in [Level::Objection, Level::Unwise, Level::Guide] {
            let words = level.words();
            let title = format!("{}{}", words[..1].to_uppercase(), &words[1..]);
            index.push_str(&format!("\n**{title}**\n\n| id | what |\n|---|---|\n"));
            for finding in Finding::ALL.iter().filter(|f| f.level() == level) {
                let (id, title) = (finding.id(), finding.title());
                index.push_str(&format!("| [`{id}`](#{id}) | {title} |\n"));
                sections.push_str(&format!(
                    "\n## `{id}`\n\n{title}: {words}.\n\n{}\n\n**What to do.** {}\n\n**Source.** {}.\n",
                    finding.meaning(),
                    finding.remedy(),
                    finding.source()
                ));
            }
        }
        index + &sections
    }
}
