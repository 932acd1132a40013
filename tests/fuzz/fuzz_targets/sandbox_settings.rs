//! The sandbox's configuration file.
//!
//! Every mistake is reported with its position; a file without mistakes configures a sandbox that
//! starts. Files that it names are looked for in an empty folder.
#![no_main]

use libfuzzer_sys::fuzz_target;
use switchback_fuzz::{SECRET, names_a_device};
use switchback_sandbox::Config;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if names_a_device(text) {
        return;
    }
    match Config::from_toml(text) {
        Ok(config) => {
            // The checks of the file also hold for the resulting configuration.
            config.check().expect("it was checked");
            let shown = format!("{config:?}");
            let secrets = config
                .clients
                .iter()
                .filter_map(|client| client.secret.as_deref());
            for secret in secrets.chain(config.seed.as_deref()) {
                assert!(
                    !secret.contains(SECRET) || !shown.contains(secret),
                    "{shown}"
                );
            }
        }
        Err(error) => {
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
