//! `cargo xtask spelling`: looks for misspelt words, and for words that docs/STYLE.md replaces, in
//! every text and identifier. `typos.toml` has both lists.

use crate::process::{Failure, command, root, run};
use crate::pypi::TYPOS;

pub(crate) fn run_all() -> Result<(), Failure> {
    TYPOS.install().map_err(Failure)?;
    run(command(TYPOS.path(), ["--format", "brief"]).current_dir(root()))
}
