//! Assurance levels: the confidence in a person's identity (Regulation (EU) No 910/2014,
//! "eIDAS").

use schemars::JsonSchema;
use serde::Deserialize;

/// An assurance level (eIDAS article 8), the lowest first. Truid documents no levels: that
/// people have one and that services require one is a guess.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Assurance {
    /// Limited confidence in the claimed identity.
    Low,
    /// Substantial confidence in the claimed identity.
    Substantial,
    /// More confidence than substantial.
    #[default]
    High,
}

impl Assurance {
    /// The level as in a configuration.
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
    fn levels_are_ordered_and_named_as_in_the_configuration() {
        assert!(Assurance::Low < Assurance::Substantial);
        assert!(Assurance::Substantial < Assurance::High);
        for level in [Assurance::Low, Assurance::Substantial, Assurance::High] {
            let read = serde_json::from_value(level.as_str().into());
            assert_eq!(read.ok(), Some(level));
        }
    }
}
