//! What the sandbox is tested with from outside: real browsers with their drivers, and
//! code in another language that is not ours. All of it comes from Debian, crates.io and
//! npm, and nothing downloads a browser by itself.

use std::fs;
use std::path::{Path, PathBuf};

use crate::install::{apt_install, clear, missing, obtain, on_path, same};
use crate::process::{Failure, cargo, command, root, target_dir};
use crate::report::Availability;

/// Each program with the Debian package that brings it.
const BROWSERS: [(&str, &str); 3] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("firefox-esr", "firefox-esr"),
];

/// Firefox's driver. No registry has it built: Debian has no package of it, and those of npm and
/// PyPI download it from elsewhere. So it is compiled, without optimising and without debug
/// information, which takes about a minute, once.
const GECKODRIVER: &str = "0.37.1";

/// Where the npm packages are declared, and locked.
const DECLARED: &str = "sandbox/tests/node";

/// Where npm puts them: beside nothing of ours, so that the source tree stays clean.
pub(crate) fn npm_folder() -> PathBuf {
    root().join(target_dir()).join("node")
}

/// Chromium and Firefox with their drivers, each by its usual name.
pub(crate) fn browsers() -> Availability {
    let missing = || missing(&BROWSERS, on_path);
    obtain(
        "the pair of Chromium and Firefox",
        || missing().is_empty(),
        || match fs::read_to_string("/etc/os-release") {
            Ok(about) if is_ubuntu(&about) => Err(format!(
                "Ubuntu's browsers are snaps, which a test cannot have to itself: bring {} \
                 to the PATH by other means",
                missing().join(", ")
            )),
            _ => apt_install(&missing()),
        },
    )?;
    obtain(
        "geckodriver",
        || on_path("geckodriver"),
        || {
            let install = format!("install geckodriver --debug --locked --version {GECKODRIVER}");
            let mut install = cargo(&install);
            install.args(["--config", "profile.dev.debug=false"]);
            Ok(vec![install])
        },
    )
}

/// Node, and the npm packages that the tests use.
pub(crate) fn node() -> Availability {
    obtain(
        "Node",
        || on_path("node") && on_path("npm"),
        || apt_install(&missing(&[("node", "nodejs"), ("npm", "npm")], on_path)),
    )?;
    let (from, to) = (root().join(DECLARED), npm_folder());
    obtain(
        "npm packages",
        || are_installed(&from, &to),
        || {
            lay_out(&from, &to).map_err(|failure| failure.0)?;
            let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            let mut npm = command("npm", quiet);
            npm.current_dir(&to);
            Ok(vec![npm])
        },
    )
}

/// curl, and what makes a PKCE challenge beside it.
pub(crate) fn curl() -> Availability {
    const PROGRAMS: [(&str, &str); 3] =
        [("bash", "bash"), ("curl", "curl"), ("openssl", "openssl")];
    obtain(
        "curl",
        || missing(&PROGRAMS, on_path).is_empty(),
        || apt_install(&missing(&PROGRAMS, on_path)),
    )
}

fn is_ubuntu(os_release: &str) -> bool {
    os_release.lines().any(|line| line == "ID=ubuntu")
}

/// Whether npm has finished there, with the same lock file.
fn are_installed(from: &Path, to: &Path) -> bool {
    const LOCK: &str = "package-lock.json";
    // npm writes the second file last.
    same(&from.join(LOCK), &to.join(LOCK)) && to.join("node_modules/.package-lock.json").is_file()
}

/// Puts what npm reads where it is to install. What was installed for another lock file
/// goes first, so that an interrupted run is not taken for a finished one.
fn lay_out(from: &Path, to: &Path) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| {
        let place = to.display();
        Failure(format!("{place} cannot be laid out for npm: {error}"))
    };
    clear(to)?;
    fs::create_dir_all(to).map_err(cannot)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(from.join(name), to.join(name)).map_err(cannot)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_missing_is_installed() {
        let without_driver = |program: &str| program != "chromedriver";
        assert_eq!(missing(&BROWSERS, without_driver), ["chromium-driver"]);
        assert!(missing(&BROWSERS, |_| true).is_empty());
    }

    #[test]
    fn ubuntu_is_told_from_debian() {
        assert!(is_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_ubuntu("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
    }

    #[test]
    fn packages_of_another_lock_file_do_not_count() {
        let to = root().join(target_dir()).join("xtask-tests-npm");
        let from = root().join(DECLARED);
        lay_out(&from, &to).expect("a folder under target/ can be written");
        assert!(!are_installed(&from, &to), "npm was not there");
        fs::create_dir(to.join("node_modules")).expect("the folder is new");
        fs::write(to.join("node_modules/.package-lock.json"), "{}").expect("as npm does");
        assert!(are_installed(&from, &to));
        fs::write(to.join("package-lock.json"), "{}").expect("another lock file");
        assert!(!are_installed(&from, &to));
        fs::remove_dir_all(to).expect("the folder is ours");
    }
}
