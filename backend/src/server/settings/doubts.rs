//! What is allowed and yet is probably a mistake.

use switchback_toml::{Place, Problem};

use super::place::at;
use super::{Plan, scope_word};

impl Plan {
    /// What is allowed and yet is probably a mistake: what to look at.
    pub fn doubts(&self) -> Vec<Problem> {
        let mut doubts = Vec::new();
        let mut add = |place: Place, reason: String| {
            doubts.push(Problem {
                key: place.to_string(),
                position: None,
                reason,
            });
        };
        for (purpose, words) in &self.settings.purposes {
            for (index, word) in words.iter().enumerate() {
                if let Some(reason) = scope_word::doubt(self.provider(), word) {
                    add(at("purposes", purpose).index(index), reason);
                }
            }
        }
        doubts
    }
}
