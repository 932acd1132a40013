//! Findings: what a look at a client's requests brings to light, whether they were
//! refused or not. Each has a stable id, a level, and a page that says what it means and
//! what to do about it. A [`Refusal`] names the finding of a
//! request that was refused.

mod catalogue;
mod refusal;

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

pub use catalogue::Finding;
pub use refusal::Refusal;

/// How a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// A strict server refuses it, and so did this one.
    Objection,
    /// It was allowed, and a standard advises against it.
    Unwise,
    /// It was allowed, and Truid's guide has it otherwise or says something about it.
    Guide,
}

impl Level {
    /// The level as it stands in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Level::Objection => "objection",
            Level::Unwise => "unwise",
            Level::Guide => "guide",
        }
    }

    /// The level in words.
    pub fn words(self) -> &'static str {
        match self {
            Level::Objection => "refused, here and by any strict server",
            Level::Unwise => "allowed, but unwise",
            Level::Guide => "allowed, but Truid's guide speaks of it",
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
    fn ids_are_unique_and_plain() {
        for (index, finding) in Finding::ALL.iter().enumerate() {
            let id = finding.id();
            assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
            assert_eq!(Finding::from_id(id), Some(*finding));
            assert!(Finding::ALL[..index].iter().all(|other| other.id() != id));
        }
        assert_eq!(Finding::from_id("no-such-finding"), None);
    }

    /// The pages are written from the catalogue: `UPDATE=1 cargo test -p
    /// switchback-sandbox finding` renews them.
    #[test]
    fn each_has_its_page_and_no_page_is_without_one() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/findings");
        let mut index = String::from(
            "# Findings\n\nWhat the sandbox finds in a client's requests. Each flow on its \
             trace page shows its own; `GET /sandbox/v1/findings` lists all.\n",
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
            let there = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            assert!(
                there == *page,
                "docs/findings/{name} is stale; run UPDATE=1 cargo test -p switchback-sandbox finding"
            );
        }
        let there = std::fs::read_dir(&folder).unwrap().count();
        assert_eq!(there, wanted.len(), "docs/findings has a page too many");
    }
}
