//! Misbehaviours: the faults that a provider has in production, simulated on request. A
//! [`Rule`] says which, at which endpoint, for which client and how often.
//!
//! To add a misbehaviour, add it to `catalogue.rs`, make it happen in [`crate::provider`] (it changes
//! the state), in [`crate::endpoints`] (it changes an answer) or in [`crate::http`] (it breaks the
//! connection), and write the page again, as the test below says.

mod catalogue;
mod rule;
pub(crate) mod rules;

use std::fmt;

pub use catalogue::Misbehaviour;
pub(crate) use rule::Active;
pub use rule::{Rule, Times};
pub(crate) use rules::{RequestInfo, Rules};

impl Misbehaviour {
    /// The misbehaviour with this name.
    pub fn from_id(id: &str) -> Option<Misbehaviour> {
        Misbehaviour::ALL.iter().copied().find(|m| m.id() == id)
    }
}

impl fmt::Display for Misbehaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;
    use std::path::Path;

    #[test]
    fn names_are_unique() {
        for (index, one) in Misbehaviour::ALL.iter().enumerate() {
            assert_eq!(Misbehaviour::from_id(one.id()), Some(*one));
            assert!(
                Misbehaviour::ALL[..index]
                    .iter()
                    .all(|other| other.id() != one.id())
            );
            assert!(!one.endpoints().is_empty());
            let json = serde_json::to_string(one).unwrap();
            assert_eq!(json, format!("\"{one}\""));
        }
    }

    /// `UPDATE=1 cargo test -p switchback-sandbox misbehaviour` writes the page again.
    #[test]
    fn the_page_in_docs_is_up_to_date() {
        let mut page = String::from(
            "# Misbehaviours\n\nThe faults that the sandbox simulates on request, and the \
             endpoints at which it can. [Use the sandbox](../how-to/sandbox.md#misbehaviour) says \
             how to request them.\n\n| name | what happens | endpoints | seconds, by default \
             |\n|---|---|---|---|\n",
        );
        for one in Misbehaviour::ALL {
            let places: Vec<&str> = one.endpoints().iter().map(|e| e.id()).collect();
            let seconds = one.seconds().map_or(String::new(), |s| s.to_string());
            let (id, title) = (one.id(), one.title());
            let _ = writeln!(
                page,
                "| `{id}` | {title} | {} | {seconds} |",
                places.join(", ")
            );
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/misbehaviours.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &page).unwrap();
        }
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            current == page,
            "docs/reference/misbehaviours.md is stale; run UPDATE=1 cargo test -p switchback-sandbox misbehaviour"
        );
    }
}
