//! `cargo xtask deny`: what the workspace depends on, judged by `deny.toml`.

use std::time::Duration;

use crate::process::{Failure, answer, cargo, run, shown, succeeds_within};

/// The version whose `deny.toml` is ours. It is built from source, about two
/// minutes on two cores, once.
const VERSION: &str = "0.20.2";

/// How long the advisories' database may take to arrive (a few megabytes).
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run_all() -> Result<(), Failure> {
    let there = answer(&mut cargo("deny --version"));
    if there.as_deref().and_then(version) == Some(VERSION) {
        println!("cargo-deny {VERSION}: here");
    } else {
        let mut install = cargo(&format!("install cargo-deny --locked --version {VERSION}"));
        println!(
            "cargo-deny {VERSION}: installing with `{}`",
            shown(&install)
        );
        run(&mut install)?;
    }

    // Who brings a crate in is left to `cargo tree --invert CRATE`: said for every
    // crate that is there twice, it would hide what matters.
    run(&mut cargo(
        "deny --locked check --hide-inclusion-graph licenses bans sources",
    ))?;

    // The database is a git repository that not every machine can reach. That it
    // cannot be had says nothing about us, so it is no failure, even in CI.
    let mut fetch = cargo("deny --locked fetch db");
    fetch.env("GIT_TERMINAL_PROMPT", "0");
    if succeeds_within(&mut fetch, PATIENCE) {
        run(&mut cargo("deny --locked check advisories"))
    } else {
        println!(
            "advisories: not checked, since their database could not be fetched \
             (within {} s; `cargo deny fetch db` says why)",
            PATIENCE.as_secs()
        );
        Ok(())
    }
}

/// The version in `cargo-deny 0.20.2`.
fn version(answer: &str) -> Option<&str> {
    let mut words = answer.split_whitespace();
    (words.next()? == "cargo-deny").then_some(words.next()?)
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn its_version_is_read() {
        assert_eq!(version("cargo-deny 0.20.2\n"), Some("0.20.2"));
        assert_eq!(version("cargo-deny 0.18.1 (abc)"), Some("0.18.1"));
        assert_eq!(version("cargo-deny"), None);
        assert_eq!(version("something else"), None);
        assert_eq!(version(""), None);
    }
}
