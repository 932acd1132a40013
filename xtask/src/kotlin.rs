//! Kotlin on the JVM, for the tests: a JDK from Debian, the compiler from Maven Central. Tests call
//! the compiler directly and not through Maven, so no daemon remains.

use std::process::Command;

use crate::android::project::properties;
use crate::install::{apt_install, missing, obtain, on_path};
use crate::jars::Jars;
use crate::process::Failure;
use crate::report::Availability;

/// Each program with its Debian package.
const PROGRAMS: [(&str, &str); 3] = [
    ("java", "default-jdk-headless"),
    ("javac", "default-jdk-headless"),
    ("mvn", "maven"),
];

/// The compiler, with the version of the modules.
pub(crate) fn compiler() -> Result<Jars, Failure> {
    let version = properties()?.remove("kotlin.version");
    let version = version
        .ok_or_else(|| Failure("android/pom.xml has no property kotlin.version".to_owned()))?;
    Ok(Jars {
        title: "the Kotlin compiler",
        coordinates: format!("org.jetbrains.kotlin:kotlin-compiler-embeddable:{version}"),
    })
}

/// The command that compiles.
pub(crate) fn compile() -> Result<Command, Failure> {
    compiler()?.java("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler")
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
    compiler().map_err(|failure| failure.0)?.install()
}
