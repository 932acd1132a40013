//! The oldest iOS of the package has every type that its code names. On Linux the compiler does not check
//! this: only Apple's SDK says since when each name exists.

use std::fs;

use super::manifest::MANIFEST;
use crate::archive;
use crate::process::root;

/// Names of Swift and of Apple, each with the first iOS that has it, from its page in Apple's documentation.
const SINCE: [(&str, u32); 17] = [
    ("Duration", 16),
    ("ContinuousClock", 16),
    ("SuspendingClock", 16),
    ("Regex", 16),
    ("URLResource", 16),
    ("LocalizedStringResource", 16),
    ("OSAllocatedUnfairLock", 16),
    ("NavigationStack", 16),
    ("ViewThatFits", 16),
    ("ProposedViewSize", 16),
    ("presentationDetents", 16),
    ("presentationDragIndicator", 16),
    ("ContentUnavailableView", 17),
    ("Observable", 17),
    ("sensoryFeedback", 17),
    ("Mutex", 18),
    ("Atomic", 18),
];

/// The names in the code that are newer than `oldest`. A file that names the newer iOS in `#available` or
/// `@available` may use them.
fn newer(code: &str, oldest: u32) -> Vec<&'static str> {
    let has = |name: &str| {
        let code = code
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default());
        code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .any(|word| word == name)
    };
    let checked = |since: u32| code.contains(&format!("available(iOS {since}"));
    let newer = SINCE.iter().filter(|(_, since)| *since > oldest);
    newer
        .filter(|(name, since)| has(name) && !checked(*since))
        .map(|(name, _)| *name)
        .collect()
}

#[test]
fn the_oldest_ios_has_every_name_in_the_code() {
    let manifest = fs::read_to_string(root().join(MANIFEST)).expect("it is in the repository");
    let oldest = manifest
        .split_once(".iOS(.v")
        .and_then(|(_, rest)| rest.split_once(')'));
    let oldest = oldest
        .and_then(|(version, _)| version.parse().ok())
        .expect("the oldest iOS");
    for folder in ["ios/Sources/Switchback", "ios/Sources/SwitchbackBindings"] {
        for file in archive::files(&root().join(folder)).expect("the folder is in the repository") {
            if file.extension().is_some_and(|name| name == "swift") {
                let code = fs::read_to_string(root().join(folder).join(&file)).expect("a source");
                let newer = newer(&code, oldest);
                assert!(
                    newer.is_empty(),
                    "{}: iOS {oldest} has no {newer:?}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn a_newer_name_is_found() {
    let code = "let a: Duration // Regex\n";
    assert_eq!(newer(code, 15), ["Duration"]);
    assert_eq!(newer(code, 16), [""; 0]);
    assert_eq!(newer("if #available(iOS 18, *) { Mutex(1) }", 16), [""; 0]);
}
