//! The style of the Kotlin code: ktlint (`android/.editorconfig`) and detekt (`android/detekt.yml`).

use crate::jars::Jars;
use crate::kotlin;
use crate::process::{Failure, root, run};
use crate::report::Availability;

/// The files that are generated, for detekt.
const GENERATED: &str = "**/internal/switchback*.kt,**/Messages.kt";

fn ktlint() -> Jars {
    Jars {
        title: "ktlint",
        coordinates: "com.pinterest.ktlint:ktlint-cli:1.8.0".to_owned(),
    }
}

fn detekt() -> Jars {
    Jars {
        title: "detekt",
        coordinates: "io.gitlab.arturbosch.detekt:detekt-cli:1.23.8".to_owned(),
    }
}

pub(crate) fn tools() -> Availability {
    kotlin::java()?;
    ktlint().install()?;
    detekt().install()
}

/// Runs both, and reports what both find.
pub(crate) fn run_all() -> Result<(), Failure> {
    let android = root().join("android");
    let mut format = ktlint().java("com.pinterest.ktlint.Main")?;
    format.args(["--relative", "--log-level=none", "**/src/**/*.kt"]);
    let mut smells = detekt().java("io.gitlab.arturbosch.detekt.cli.Main")?;
    smells.args(["--input", ".", "--excludes", GENERATED, "--parallel"]);
    smells.args(["--build-upon-default-config", "--config", "detekt.yml"]);
    let formatted = run(format.current_dir(&android));
    let clean = run(smells.current_dir(&android));
    formatted.and(clean)
}
