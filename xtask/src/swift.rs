//! Swift on Linux, for the tests. If there is a `swiftc` on the PATH, the tests use it. Otherwise the
//! Swift of a newer Debian release is installed once, as a whole Debian system in a separate folder;
//! commands run in it with `chroot` (`swift_chroot.sh`).

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::install::{apt_install, are_root, missing, obtain, on_path};
use crate::process::{command, output_if_ok, root};
use crate::report::Availability;

/// The Debian release with Swift 6.
const RELEASE: &str = "trixie";

/// The packages in the root: Swift, and the needs of its compiler and of Foundation.
const PACKAGES: &str = "swiftlang,ca-certificates,libc6-dev,gcc,g++,libstdc++-14-dev,binutils,\
                        git,libncurses-dev,zlib1g-dev,libcurl4-openssl-dev,libxml2-dev";

/// Raise this number when the packages change: a root with another number is not used.
const VERSION: &str = "1";

/// Each program with its Debian package.
const PROGRAMS: [(&str, &str); 2] = [("mmdebstrap", "mmdebstrap"), ("unshare", "util-linux")];

/// The keys of Debian's package signatures, and their package.
const KEYS: (&str, &str) = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "debian-archive-keyring",
);

/// The program that runs a command in the root with Swift; `env` if Swift is on the PATH.
pub(crate) fn runner() -> OsString {
    match folder() {
        Ok(folder) if !on_path("swiftc") => folder.join("inside").into(),
        _ => "env".into(),
    }
}

/// Swift, on the PATH or in a root.
pub(crate) fn swift() -> Availability {
    if on_path("swiftc") {
        println!("Swift: installed");
        return Ok(());
    }
    if !cfg!(target_os = "linux") {
        return Err("Swift is missing: install it (https://swift.org/install)".to_owned());
    }
    let folder = folder()?;
    let cannot = |error: std::io::Error| {
        let place = folder.display();
        format!("Swift is missing, and {place} cannot be made: {error}")
    };
    if !are_root() {
        return Err(
            "Swift is missing, and only root can make and enter a separate system for it: \
             install Swift (https://swift.org/install), or run this as root"
                .to_owned(),
        );
    }
    let lacking = || {
        let mut packages = missing(&PROGRAMS, on_path);
        packages.extend((!Path::new(KEYS.0).is_file()).then_some(KEYS.1));
        packages
    };
    obtain(
        "mmdebstrap",
        || lacking().is_empty(),
        || apt_install(&lacking()),
    )?;
    fs::create_dir_all(folder.parent().unwrap_or(&folder)).map_err(cannot)?;
    // A second process waits for the first one, and then finds the finished root.
    let lock = File::create(folder.with_extension("lock")).map_err(cannot)?;
    lock.lock().map_err(cannot)?;
    obtain(
        "a system with Swift (2.7 GB, about a minute, once)",
        || folder.is_dir(),
        || {
            let mirror = mirror()?;
            // Made under another name and then renamed, so that the folder is always complete.
            let new = folder.with_extension("new");
            if new.exists() {
                fs::remove_dir_all(&new).map_err(cannot)?;
            }
            let mut make = command(
                "mmdebstrap",
                ["--mode=root", "--variant=minbase", "--quiet"],
            );
            make.arg(format!("--include={PACKAGES}"));
            make.arg(RELEASE).arg(&new).arg(mirror);
            let mut rename = command("mv", ["--no-target-directory", "--"]);
            rename.arg(&new).arg(&folder);
            Ok(vec![make, rename])
        },
    )?;
    let script = root().join("xtask/src/swift_chroot.sh");
    fs::copy(script, folder.join("inside")).map_err(cannot)?;
    Ok(())
}

/// The folder of the root, in the user's cache, so that all clones of this project use it.
fn folder() -> Result<PathBuf, String> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")));
    let cache = cache.ok_or("Swift is missing, and neither HOME nor XDG_CACHE_HOME is set")?;
    Ok(cache.join(format!("switchback/swift-{RELEASE}-{VERSION}")))
}

/// The mirror of this machine's Debian packages.
fn mirror() -> Result<String, String> {
    let format = "$(LABEL) $(COMPONENT) $(CREATED_BY) $(REPO_URI)";
    let targets = output_if_ok(&mut command(
        "apt-get",
        ["indextargets", "--format", format],
    ));
    targets
        .as_deref()
        .and_then(debian_of)
        .map(str::to_owned)
        .ok_or_else(|| {
            "apt lists no mirror of Debian: run `apt-get update`, or install Swift by hand \
             (https://swift.org/install)"
                .to_owned()
        })
}

/// The mirror in the output of `apt-get indextargets`.
fn debian_of(targets: &str) -> Option<&str> {
    let mut lines = targets.lines();
    lines.find_map(|line| line.strip_prefix("Debian main Packages "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_debians_own() {
        let targets = "Node main Packages https://node.example/\n\
                       Debian-Security main Packages http://mirror.example/security/\n\
                       Debian main DEP-11 http://mirror.example/pictures/\n\
                       Debian main Packages http://mirror.example/debian/\n";
        assert_eq!(debian_of(targets), Some("http://mirror.example/debian/"));
        assert_eq!(
            debian_of("Ubuntu main Packages http://mirror.example/"),
            None
        );
        assert_eq!(debian_of(""), None);
    }
}
