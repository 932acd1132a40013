//! The configuration file of `switchback serve`.
//!
//! Every mistake is reported with its position, and a secret from a variable is never shown. Files
//! that it names are looked for in an empty folder.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use switchback_backend::server::Plan;
use switchback_fuzz::{SECRET, names_a_device};

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if names_a_device(text) || text.contains(SECRET) {
        return;
    }
    let env = |name: &str| {
        Some(match name {
            "KEYS" => "S3CR3T+7f31S3CR3T+7f31S3CR3T+7f31S3CR3T+7f3=".to_owned(),
            "DATABASE_URL" => format!("postgres://u:{SECRET}@db.example/name"),
            "SQLITE" => "service.db".to_owned(),
            _ => SECRET.to_owned(),
        })
    };
    let nowhere = Path::new("/nonexistent/switchback-fuzz");
    match Plan::from_toml(text, nowhere, &env) {
        Ok(plan) => {
            let shown = format!("{plan:?} {:?}", plan.summary());
            assert!(
                !shown.contains(SECRET) && !shown.contains("S3CR3T+"),
                "{shown}"
            );
        }
        Err(error) => {
            let shown = format!("{error} {error:?}");
            assert!(
                !shown.contains(SECRET) && !shown.contains("S3CR3T+"),
                "{shown}"
            );
            assert!(!error.problems().is_empty());
            assert!(
                error
                    .problems()
                    .iter()
                    .all(|problem| !problem.reason.is_empty())
            );
        }
    }
});
