//! How surely a person is who they say (Regulation (EU) No 910/2014, "eIDAS").

use schemars::JsonSchema;
use serde::Deserialize;

/// A level of assurance (eIDAS article 8), the lowest first. Truid documents none: that
/// people have one and that services ask for one is a guess.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Assurance {
    /// Limited confidence in the claimed identity.
    Low,
    /// Substantial confidence in it.
    Substantial,
    /// More confidence than substantial.
    #[default]
    High,
}

impl Assurance {
    /// As it stands in a configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Assurance::Low => "low",
            Assurance::Substantial => "substantial",
            Assurance::High => "high",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_in_order_and_have_the_names_of_the_file() {
        assert!(Assurance::Low < Assurance::Substantial);
        assert!(Assurance::Substantial < Assurance::High);
        for level in [Assurance::Low, Assurance::Substantial, Assurance::High] {
            let read = serde_json::from_value(level.as_str().into());
            assert_eq!(read.ok(), Some(level));
        }
    }
}
