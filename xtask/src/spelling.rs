//! `cargo xtask spelling`: looks for misspelt words, and for words that docs/STYLE.md replaces, in
//! every text and identifier. `typos.toml` has both lists.
//!
//! To add a word, add it to `typos.toml` only if each use of it is a mistake: the check does not know
//! phrases or contexts.

use crate::process::{Failure, command, root, run};
use crate::pypi::TYPOS;

pub(crate) fn run_all() -> Result<(), Failure> {
    TYPOS.install().map_err(Failure)?;
    run(command(TYPOS.path(), ["--format", "brief"]).current_dir(root()))
}
