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

    /// The page in `docs/findings/`, in Markdown.
    pub fn page(self) -> String {
        format!(
            "# {}\n\n`{}`: {}.\n\n{}\n\n**What to do.** {}\n\n**Source.** {}.\n",
            self.title(),
            self.id(),
            self.level().words(),
            self.meaning(),
            self.remedy(),
            self.source()
        )
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

    /// `UPDATE=1 cargo test -p switchback-sandbox finding` writes the pages again.
    #[test]
    fn the_pages_in_docs_are_up_to_date() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/findings");
        let mut index = String::from(
            "# Findings\n\nThe mistakes and risks that the sandbox finds in a client's requests. \
             The trace page of a flow shows those of the flow; `GET /sandbox/v1/findings` lists \
             all.\n",
        );
        for level in [Level::Objection, Level::Unwise, Level::Guide] {
            let words = level.words();
            index.push_str(&format!(
                "\n## {}{}\n\n| id | what |\n|---|---|\n",
                words[..1].to_uppercase(),
                &words[1..]
            ));
            for finding in Finding::ALL.iter().filter(|f| f.level() == level) {
                let (id, title) = (finding.id(), finding.title());
                index.push_str(&format!("| [`{id}`]({id}.md) | {title} |\n"));
            }
        }
        let pages = Finding::ALL
            .iter()
            .map(|finding| (format!("{}.md", finding.id()), finding.page()));
        let wanted: Vec<(String, String)> = pages.chain([("README.md".into(), index)]).collect();
        if std::env::var_os("UPDATE").is_some() {
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            for (name, page) in &wanted {
                std::fs::write(folder.join(name), page).unwrap();
            }
        }
        for (name, page) in &wanted {
            let current = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(
                current == *page,
                "docs/findings/{name} is stale; run UPDATE=1 cargo test -p switchback-sandbox finding"
            );
        }
        let files = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(files, wanted.len(), "docs/findings has an extra page");
    }
}
