//! A Maven repository with all published modules, in `target/android/repository`: as Maven Central
//! takes them, and a Gradle or Maven build on this machine can use it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::project::{About, Module, PUBLISHED, properties};
use super::{aar, archive, pom};
use crate::install::clear;
use crate::process::{Failure, cannot, command, output_bytes, root, run, target_dir};

/// The programs that compute checksums, each with the extension of its file.
const CHECKSUMS: [(&str, &str); 4] = [
    ("md5sum", "md5"),
    ("sha1sum", "sha1"),
    ("sha256sum", "sha256"),
    ("sha512sum", "sha512"),
];

/// The folder of all files that Maven and we make.
pub(super) fn made() -> PathBuf {
    root().join(target_dir()).join("android")
}

pub(super) fn folder() -> PathBuf {
    made().join("repository")
}

/// What is made before the repository.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// The classes and the documentation.
    Everything,
    /// The classes.
    Classes,
    /// Nothing: the tests have just compiled the classes.
    Nothing,
}

/// Makes the repository. Returns what is missing in it.
pub(super) fn build(before: Before) -> Result<Vec<String>, Failure> {
    clear(&folder())?;
    let documentation = before == Before::Everything;
    if before != Before::Nothing {
        compile(documentation)?;
    }
    let about = About::read()?;
    let group = properties()?.remove("project.groupId").unwrap_or_default();
    let mut missing = Vec::new();
    let mut artifacts = Vec::new();
    for name in PUBLISHED {
        let module = Module::read(name)?;
        let packaging = if name == "android" { "aar" } else { "jar" };
        let built = made().join(name);
        let base = format!("{}-{}", module.artifact, about.version);
        let place = place(&group, &module.artifact, &about.version);
        let file = |end: &str| place.join(format!("{base}{end}"));
        let text = pom::module(&group, &about, &module, packaging);
        archive::write(&file(".pom"), &text)?;
        let classes = built.join("classes");
        if packaging == "aar" {
            missing.extend(aar::pack(&classes, &made().join("aar"), &file(".aar"))?);
        } else {
            archive::pack(&classes, &file(".jar"))?;
        }
        let sources = root().join("android").join(name).join("src/main/kotlin");
        archive::pack(&sources, &file("-sources.jar"))?;
        if documentation {
            archive::pack(&built.join("documentation"), &file("-javadoc.jar"))?;
        }
        artifacts.push(module.artifact);
    }
    let bom = pom::bill_of_materials(&group, &about, &artifacts);
    let name = format!("{}-{}.pom", pom::BOM, about.version);
    archive::write(&place(&group, pom::BOM, &about.version).join(name), &bom)?;
    checksums()?;

    if !documentation {
        missing.push("the jars with the documentation are missing".to_owned());
    }
    if about.homepage.is_none() || about.repository.is_none() {
        missing.push(
            "the POMs have no url or no scm, which Maven Central asks for: set `homepage` and \
             `repository` for switchback-bindings in Cargo.toml"
                .to_owned(),
        );
    }
    Ok(missing)
}

fn place(group: &str, artifact: &str, version: &str) -> PathBuf {
    let group = group.replace('.', "/");
    folder().join(group).join(artifact).join(version)
}

/// Compiles the modules again.
fn compile(documentation: bool) -> Result<(), Failure> {
    for module in PUBLISHED {
        clear(&made().join(module))?;
    }
    let mut compile = command("mvn", ["-q", "-B", "-ntp", "-Dstyle.color=never"]);
    compile.args(["process-classes", "-am", "-pl"]);
    compile.arg(PUBLISHED.join(","));
    compile.args(documentation.then_some("-Pdocumentation"));
    run(compile.current_dir(root().join("android")))
}

/// Writes the checksums of all files beside them.
fn checksums() -> Result<(), Failure> {
    let folder = folder();
    let files = archive::files(&folder)?;
    for (program, extension) in CHECKSUMS {
        let mut ask = command(program, ["--"]);
        ask.args(&files).current_dir(&folder);
        let sums = output_bytes(&mut ask)?;
        for (file, sum) in sums_in(&String::from_utf8_lossy(&sums)) {
            let file = folder.join(format!("{file}.{extension}"));
            fs::write(&file, sum).map_err(|error| cannot("write", &file, &error))?;
        }
    }
    Ok(())
}

/// `d41d8cd98f00b204e9800998ecf8427e  path`
fn sums_in(output: &str) -> BTreeMap<&str, &str> {
    let lines = output.lines();
    lines
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, file)| (file, sum))
        .collect()
}

/// The repository as a path for a command's output.
pub(super) fn shown() -> PathBuf {
    let folder = folder();
    let relative = folder.strip_prefix(root()).map(Path::to_owned);
    relative.unwrap_or(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_read_by_file() {
        let read = sums_in("d41d  a/b c.jar\n0cc1  d.pom\n");
        let expected = [("a/b c.jar", "d41d"), ("d.pom", "0cc1")];
        assert_eq!(read, BTreeMap::from(expected));
    }
}
