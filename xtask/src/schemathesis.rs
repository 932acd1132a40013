//! Schemathesis, for the tests: it reads an OpenAPI document and tries out what a server
//! makes of requests that fit it, and of those that do not. It is from PyPI, with the versions
//! and hashes of all that it needs written down, in a virtual environment of its own.

use std::path::{Path, PathBuf};

use crate::install::{apt_install, clear, obtain, same};
use crate::process::{answer, command, root, target_dir};
use crate::report::Have;

/// Where the versions are written down.
const DECLARED: &str = "backend/tests/schemathesis/requirements.txt";

/// The file's copy in the environment, which tells for which versions it was made.
const NOTE: &str = "requirements.txt";

/// Where the environment is. What is in its `bin` names this folder: it cannot be moved.
fn folder() -> PathBuf {
    root().join(target_dir()).join("schemathesis")
}

/// The program.
pub(crate) fn program() -> PathBuf {
    folder().join("bin/schemathesis")
}

/// Python, and Schemathesis in its environment.
pub(crate) fn schemathesis() -> Have {
    // Debian's python3 alone has the first of the two only.
    let python = || answer(&mut command("python3", ["-c", "import venv, ensurepip"])).is_some();
    obtain("Python's venv", python, || {
        apt_install(&["python3", "python3-venv"])
    })?;
    let (declared, folder) = (root().join(DECLARED), folder());
    obtain(
        "Schemathesis",
        || is_complete(&declared, &folder) && runs(),
        || {
            clear(&folder).map_err(|failure| failure.0)?;
            let mut make = command("python3", ["-m", "venv"]);
            make.arg(&folder);
            // Built packages only: installing one then runs nothing of its code.
            let quiet = ["-q", "--no-input", "--disable-pip-version-check"];
            let pinned = ["--require-hashes", "--only-binary", ":all:"];
            let pip = folder.join("bin/pip");
            let mut install = command(&pip, ["install"]);
            install.args(quiet).args(pinned).arg("-r").arg(&declared);
            // What was asked for is noted last: an interrupted run has not finished.
            let mut note = command("cp", ["--"]);
            note.arg(&declared).arg(folder.join(NOTE));
            Ok(vec![make, install, note])
        },
    )
}

/// Whether what this file asks for is there.
fn is_complete(declared: &Path, folder: &Path) -> bool {
    same(declared, &folder.join(NOTE))
}

/// An environment stops working when the Python goes that it was made with.
fn runs() -> bool {
    answer(&mut command(program(), ["--version"])).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn an_environment_of_other_versions_does_not_count() {
        let folder = root().join(target_dir()).join("xtask-tests-schemathesis");
        clear(&folder).expect("a folder under target/ can be cleared");
        fs::create_dir_all(&folder).expect("and made");
        let declared = root().join(DECLARED);
        assert!(!is_complete(&declared, &folder), "pip was not there");
        fs::copy(&declared, folder.join(NOTE)).expect("as `cp` does");
        assert!(is_complete(&declared, &folder));
        fs::write(folder.join(NOTE), "schemathesis==1.0").expect("another version");
        assert!(!is_complete(&declared, &folder));
        clear(&folder).expect("the folder is ours");
    }

    #[test]
    fn each_package_has_its_version_and_hashes() {
        let declared = fs::read_to_string(root().join(DECLARED)).expect("it is in the repository");
        let joined = declared.replace("\\\n", " ");
        let lines = joined.lines().filter(|line| !line.starts_with('#'));
        let mut packages = 0;
        for line in lines {
            packages += 1;
            assert!(line.contains("==") && line.contains("--hash="), "{line}");
        }
        assert!(packages > 1, "with all that it needs");
    }
}
