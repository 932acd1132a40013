//! Android's form of classes, made by R8, with or without removing what an app does not use.

use std::fs;
use std::path::{Path, PathBuf};

use super::framework;
use crate::install::clear;
use crate::jars::Jars;
use crate::kotlin;
use crate::process::{Failure, cannot, run};
use crate::report::Availability;

const OLDEST: &str = "24";

pub(super) fn r8() -> Jars {
    Jars {
        title: "R8",
        coordinates: "com.android.tools:r8:9.5.28".to_owned(),
    }
}

/// The programs and the framework.
pub(crate) fn tools() -> Availability {
    kotlin::java()?;
    framework::jars().map_err(|failure| failure.0)?.install()?;
    r8().install()
}

/// Shrinks the jars of an app, in full mode. Returns the content of the one file.
pub(super) fn shrink(jars: &[PathBuf], rules: &[PathBuf], made: &Path) -> Result<Vec<u8>, Failure> {
    let options = rules
        .iter()
        .flat_map(|file| [Path::new("--pg-conf"), file.as_path()]);
    let options: Vec<_> = options.collect();
    let dex = make("R8", jars, &options, made)?;
    fs::read(&dex).map_err(|error| cannot("read", &dex, &error))
}

/// The classes of a jar as they are. `others` has the classes that they use. Returns the file.
pub(crate) fn whole(jar: &Path, others: &[PathBuf], made: &Path) -> Result<PathBuf, Failure> {
    let options = others
        .iter()
        .flat_map(|jar| [Path::new("--classpath"), jar.as_path()]);
    let options: Vec<_> = options.collect();
    make("D8", &[jar.to_owned()], &options, made)
}

fn make(
    program: &str,
    jars: &[PathBuf],
    options: &[&Path],
    made: &Path,
) -> Result<PathBuf, Failure> {
    clear(made)?;
    fs::create_dir_all(made).map_err(|error| cannot("make", made, &error))?;
    let mut java = r8().java(&format!("com.android.tools.r8.{program}"))?;
    java.args(["--release", "--min-api", OLDEST]);
    java.arg("--lib").arg(framework::jars()?.classpath()?);
    java.arg("--lib").arg(framework::java()?).args(options);
    java.arg("--output").arg(made).args(jars);
    run(&mut java)?;
    Ok(made.join("classes.dex"))
}

/// Whether a file has this string. A zero ends each string.
pub(super) fn has(dex: &[u8], string: &str) -> bool {
    let wanted = [string.as_bytes(), &[0]].concat();
    dex.windows(wanted.len()).any(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::super::project::{read, tag};
    use super::*;

    #[test]
    fn a_string_is_found_whole() {
        let dex = b"dex\x0a035\x00\x04name\x00\x05names\x00";
        assert!(has(dex, "name"));
        assert!(has(dex, "names"));
        assert!(!has(dex, "na"));
    }

    #[test]
    fn r8_has_the_version_of_the_tests() {
        let pom = read("android/sample/pom.xml").expect("Maven's file");
        let (_, r8) = pom.split_once("<artifactId>r8</artifactId>").expect("R8");
        let version = tag(r8, "version").expect("a version");
        assert_eq!(
            super::r8().coordinates,
            format!("com.android.tools:r8:{version}")
        );
    }
}
