//! Libraries and programs from Maven Central and Google's Maven repository. They stay in Maven's own
//! repository, and a file in `target/` has their paths.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::archive;
use crate::install::obtain;
use crate::process::{Failure, cannot, command, root, target_dir};
use crate::report::Availability;

pub(crate) struct Jars {
    /// The name for people.
    pub(crate) title: &'static str,
    /// group:artifact:version; if there are several, with spaces between them. The first one names the
    /// files in `target/`.
    pub(crate) coordinates: String,
}

impl Jars {
    /// What Maven does to list the jars of a project.
    pub(crate) const CLASSPATH: &str =
        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";

    /// Fetches the jars and what they need, if they are missing.
    pub(crate) fn install(&self) -> Availability {
        let is_here = || self.classpath().is_ok();
        obtain(self.title, is_here, || {
            let pom = self.file("xml");
            archive::write(&pom, self.pom()).map_err(|failure| failure.0)?;
            let mut ask = command("mvn", ["-q", "-B", "-ntp", Self::CLASSPATH, "-f"]);
            ask.arg(&pom);
            ask.arg(format!("-Dmdep.outputFile={}", self.file("txt").display()));
            Ok(vec![ask])
        })
    }

    /// The paths of the installed jars, joined as `java -cp` takes them.
    pub(crate) fn classpath(&self) -> Result<String, Failure> {
        let pom = self.file("xml");
        if fs::read_to_string(&pom).ok() != Some(self.pom()) {
            return Err(Failure(format!(
                "{} does not name the jars of {}",
                pom.display(),
                self.title
            )));
        }
        let list = self.file("txt");
        let paths = fs::read_to_string(&list).map_err(|error| cannot("read", &list, &error))?;
        let paths = paths.trim();
        match std::env::split_paths(paths).find(|jar| !jar.is_file()) {
            Some(jar) => Err(Failure(format!(
                "{} is missing, which {} needs",
                jar.display(),
                self.title
            ))),
            None => Ok(paths.to_owned()),
        }
    }

    /// Java with the jars. It reads the long list from a file, so that the command can be read.
    pub(crate) fn java(&self, main: &str) -> Result<Command, Failure> {
        let arguments = self.file("args");
        let classpath = self.classpath()?.replace('\\', "\\\\");
        archive::write(&arguments, format!("-cp \"{classpath}\"\n"))?;
        Ok(command(
            "java",
            [&format!("@{}", arguments.display()), main],
        ))
    }

    /// A file whose name has the version, so another version is another file.
    fn file(&self, extension: &str) -> PathBuf {
        let first = self.coordinates.split_whitespace().next();
        let name = first.unwrap_or_default().replace(':', "-");
        let folder = root().join(target_dir()).join("jars");
        folder.join(format!("{name}.{extension}"))
    }

    fn pom(&self) -> String {
        let dependencies = self.coordinates.split_whitespace().map(dependency);
        let dependencies = dependencies.collect::<String>();
        format!(
            "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n\
             <modelVersion>4.0.0</modelVersion>\n\
             <groupId>xtask</groupId><artifactId>jars</artifactId><version>1</version>\n\
             <dependencies>{dependencies}</dependencies>\n</project>\n"
        )
    }
}

fn dependency(coordinates: &str) -> String {
    let mut names = coordinates.split(':');
    let mut name = || names.next().unwrap_or_default();
    let (group, artifact, version) = (name(), name(), name());
    format!(
        "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId>\
         <version>{version}</version></dependency>"
    )
}

/// Paths as Java's programs take them.
pub(crate) fn joined(paths: impl IntoIterator<Item = PathBuf>) -> Result<OsString, Failure> {
    std::env::join_paths(paths)
        .map_err(|error| Failure(format!("a path in a list of paths: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jars_of_another_version_do_not_count() {
        let jars = |version: &str| Jars {
            title: "a program",
            coordinates: format!("xtask.tests:program:{version}"),
        };
        let (one, two) = (jars("1"), jars("2"));
        archive::write(&one.file("xml"), one.pom()).expect("a file");
        assert!(one.classpath().is_err(), "Maven was not there");
        fs::write(
            one.file("txt"),
            root().join("Cargo.toml").display().to_string(),
        )
        .expect("a list");
        assert!(one.classpath().is_ok());
        assert!(two.classpath().is_err());
        fs::write(one.file("txt"), "/no/such.jar").expect("a list");
        let said = one
            .classpath()
            .expect_err("the jar was removed")
            .to_string();
        assert!(said.contains("/no/such.jar"), "{said}");
        for extension in ["txt", "xml"] {
            fs::remove_file(one.file(extension)).expect("a file of this test");
        }
    }

    #[test]
    fn jars_of_another_list_do_not_count() {
        let jars = |more: &str| Jars {
            title: "a program",
            coordinates: format!("xtask.tests:several:1 {more}"),
        };
        let (one, two) = (jars("xtask.tests:more:1"), jars("xtask.tests:more:2"));
        archive::write(&one.file("xml"), one.pom()).expect("a file");
        let jar = root().join("Cargo.toml").display().to_string();
        fs::write(one.file("txt"), jar).expect("a list");
        assert!(one.classpath().is_ok());
        assert!(two.classpath().is_err());
        for extension in ["txt", "xml"] {
            fs::remove_file(one.file(extension)).expect("a file of this test");
        }
    }

    #[test]
    fn the_coordinates_have_three_parts() {
        let jars = Jars {
            title: "a program",
            coordinates: "com.example:program:1.2".to_owned(),
        };
        let dependency = "<groupId>com.example</groupId><artifactId>program</artifactId>\
                          <version>1.2</version>";
        assert!(jars.pom().contains(dependency), "{}", jars.pom());
    }
}
