//! Tools for tests with other software: real browsers with their drivers, Node with packages of
//! others, and curl. They come from Debian, crates.io and npm; no tool downloads a browser
//! itself.

use std::fs;
use std::path::{Path, PathBuf};

use crate::install::{apt_install, cargo_install, clear, missing, obtain, on_path, same};
use crate::process::{Failure, command, root, target_dir};
use crate::report::Availability;

/// Each program with its Debian package.
const BROWSERS: [(&str, &str); 3] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("firefox-esr", "firefox-esr"),
];

/// The version of Firefox's driver. Debian has no package of it, and the packages of npm and PyPI
/// download it from elsewhere. So cargo compiles it once, without optimisation and without debug
/// information, in about a minute.
const GECKODRIVER: &str = "0.37.1";

/// The folder with package.json and its lock file.
const DECLARED: &str = "sandbox/tests/node";

/// The folder of the installed npm packages, outside the source tree.
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
                "Ubuntu's browsers are snaps, which tests cannot use: install {} in another \
                 way, on the PATH",
                missing().join(", ")
            )),
            _ => apt_install(&missing()),
        },
    )?;
    obtain(
        "geckodriver",
        || on_path("geckodriver"),
        || Ok(vec![cargo_install("geckodriver", GECKODRIVER)]),
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
            prepare_folder(&from, &to).map_err(|failure| failure.0)?;
            let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            let mut npm = command("npm", quiet);
            npm.current_dir(&to);
            Ok(vec![npm])
        },
    )
}

/// curl, with bash, and openssl for the PKCE challenge.
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

/// Whether npm has installed the packages of the same lock file.
fn are_installed(from: &Path, to: &Path) -> bool {
    const LOCK: &str = "package-lock.json";
    // npm writes the second file last.
    same(&from.join(LOCK), &to.join(LOCK)) && to.join("node_modules/.package-lock.json").is_file()
}

/// Copies npm's input files to the folder. Removes an earlier installation first, so that an
/// interrupted run does not count.
fn prepare_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| {
        let place = to.display();
        Failure(format!("{place} cannot be prepared for npm: {error}"))
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
    fn ubuntu_is_distinguished_from_debian() {
        assert!(is_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!is_ubuntu("NAME=\"Debian GNU/Linux\"\nID=debian\n"));
    }

    #[test]
    fn packages_of_another_lock_file_do_not_count() {
        let to = root().join(target_dir()).join("xtask-tests-npm");
        let from = root().join(DECLARED);
        prepare_folder(&from, &to).expect("a folder under target/ can be written");
        assert!(!are_installed(&from, &to), "npm was not there");
        fs::create_dir(to.join("node_modules")).expect("the folder is new");
        fs::write(to.join("node_modules/.package-lock.json"), "{}").expect("as npm does");
        assert!(are_installed(&from, &to));
        fs::write(to.join("package-lock.json"), "{}").expect("another lock file");
        assert!(!are_installed(&from, &to));
        fs::remove_dir_all(to).expect("a folder that can be removed");
    }
}
