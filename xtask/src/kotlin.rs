//! Kotlin on the JVM, for the tests: a JDK from Debian, the compiler from Maven Central. Tests call
//! the compiler directly and not through Maven, so no daemon remains.

use std::path::{Path, PathBuf};

use crate::install::{apt_install, clear, missing, obtain, on_path, same};
use crate::process::{command, root, target_dir};
use crate::report::Availability;

/// Each program with its Debian package.
const PROGRAMS: [(&str, &str); 2] = [("java", "default-jdk-headless"), ("mvn", "maven")];

/// The file with the compiler's version.
const DECLARED: &str = "sandbox/tests/kotlin/pom.xml";

/// The folder of the compiler's jars, with names without versions.
pub(crate) fn jars() -> PathBuf {
    root().join(target_dir()).join("kotlin")
}

/// A JDK and Maven.
pub(crate) fn java() -> Availability {
    obtain(
        "a JDK and Maven",
        || missing(&PROGRAMS, on_path).is_empty(),
        || apt_install(&missing(&PROGRAMS, on_path)),
    )
}

/// A JDK, and the compiler's jars.
pub(crate) fn kotlin() -> Availability {
    java()?;
    let (declared, jars) = (root().join(DECLARED), jars());
    obtain(
        "the Kotlin compiler",
        || is_complete(&declared, &jars),
        || {
            clear(&jars).map_err(|failure| failure.0)?;
            let mut fetch = command("mvn", ["-q", "-B", "dependency:copy-dependencies", "-f"]);
            fetch.arg(&declared).arg(output(&jars));
            // Copied last, so that an interrupted installation does not count.
            let mut note = command("cp", ["--"]);
            note.arg(&declared).arg(&jars);
            Ok(vec![fetch, note])
        },
    )
}

fn output(jars: &Path) -> String {
    format!("-DoutputDirectory={}", jars.display())
}

/// Whether the folder has the jars of this file.
fn is_complete(declared: &Path, jars: &Path) -> bool {
    same(declared, &jars.join("pom.xml"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_compiler_of_another_version_does_not_count() {
        let folder = root().join(target_dir()).join("xtask-tests-kotlin");
        clear(&folder).expect("a folder under target/ can be cleared");
        fs::create_dir_all(&folder).expect("a new folder");
        let declared = root().join(DECLARED);
        assert!(!is_complete(&declared, &folder), "Maven was not there");
        fs::copy(&declared, folder.join("pom.xml")).expect("a copy of the file");
        assert!(is_complete(&declared, &folder));
        fs::write(folder.join("pom.xml"), "<project/>").expect("another version");
        assert!(!is_complete(&declared, &folder));
        clear(&folder).expect("a folder that can be removed");
    }
}
