//! The allowed sizes.

use crate::process::Failure;

/// For each variant for Android, and for the Kotlin classes, the allowed size (the ceiling) and the aim
/// (the budget), in bytes. The ceiling is just above the present size: a change that needs more raises
/// it, with the reason.
const ALLOWED: [(&str, u64, u64); 4] = [
    ("lite", 1_778_000, 900_000),
    ("full", 3_162_000, 2_400_000),
    ("Android library", 167_000, 167_000),
    ("core", 877_000, 750_000),
];

/// How far below its ceiling a library can be before the ceiling must be lowered.
const SLACK_PERCENT: u64 = 6;

pub(super) fn of(name: &str) -> Option<(u64, u64)> {
    let mut allowed = ALLOWED.iter();
    let (_, ceiling, budget) = allowed.find(|(variant, _, _)| *variant == name)?;
    Some((*ceiling, *budget))
}

/// Compares sizes by name.
pub(super) fn check<'a>(sizes: impl IntoIterator<Item = (&'a str, u64)>) -> Result<(), Failure> {
    let complaints = sizes.into_iter();
    let complaints: Vec<_> = complaints
        .filter_map(|(name, size)| complaint(name, size))
        .collect();
    if complaints.is_empty() {
        return Ok(());
    }
    Err(Failure(complaints.join("\n       ")))
}

fn complaint(name: &str, size: u64) -> Option<String> {
    let place = "xtask/src/size/ceiling.rs";
    let Some((ceiling, _)) = of(name) else {
        return Some(format!("{name} has no ceiling: give it one in {place}"));
    };
    if size > ceiling {
        return Some(format!(
            "{name} has {size} bytes, which is {} more than the allowed {ceiling}. Find out what \
             grew (docs/explanation/size.md says how), and make it smaller; or raise the ceiling in {place}, \
             and give the reason",
            size - ceiling
        ));
    }
    (size < ceiling - ceiling * SLACK_PERCENT / 100).then(|| {
        format!(
            "{name} has {size} bytes, far below the allowed {ceiling}. Lower the ceiling in \
             {place}, so that the size stays low"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_over_its_ceiling_is_reported() {
        let (ceiling, _) = of("lite").expect("a ceiling");
        assert_eq!(complaint("lite", ceiling), None);
        let said = complaint("lite", ceiling + 7).expect("a library over its ceiling");
        assert!(said.contains("7 more"), "{said}");
    }

    #[test]
    fn a_ceiling_that_is_too_high_is_reported() {
        let (ceiling, _) = of("lite").expect("a ceiling");
        assert_eq!(complaint("lite", ceiling - ceiling / 100), None);
        let said = complaint("lite", ceiling / 2).expect("a ceiling that is too high");
        assert!(said.contains("Lower the ceiling"), "{said}");
    }

    #[test]
    fn every_variant_has_a_ceiling() {
        for (name, _) in super::super::VARIANTS {
            assert!(of(name).is_some(), "{name}");
        }
        assert!(complaint("other", 1).is_some());
    }
}
