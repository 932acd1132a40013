//! The size of the Kotlin classes on a phone: in Android's form, before an app's build removes what the
//! app does not use.

use std::path::PathBuf;

use super::ceiling;
use super::library::packed;
use super::table;
use crate::android::dex;
use crate::archive;
use crate::install::clear;
use crate::process::{Failure, cannot, command, root, run, target_dir};
use crate::report::Availability;

/// The modules of an app for Android: a name for people, and the folder.
const MODULES: [(&str, &str); 2] = [("Android library", "android"), ("core", "core-jvm")];

/// The measured classes of a module.
pub(super) struct Classes {
    pub(super) name: &'static str,
    pub(super) size: u64,
    pub(super) packed: u64,
}

/// The tools, besides a JDK and Maven.
pub(crate) fn tools() -> Availability {
    dex::tools()
}

/// Compiles the modules, if Maven has not done so.
pub(super) fn compile() -> Result<(), Failure> {
    if MODULES.iter().all(|(_, module)| classes(module).is_dir()) {
        return Ok(());
    }
    let mut compile = command(
        "mvn",
        ["-q", "-B", "-ntp", "compile", "-pl", "android", "-am"],
    );
    run(compile.current_dir(root().join("android")))
}

/// Measures the compiled modules.
pub(super) fn measure() -> Result<Vec<Classes>, Failure> {
    let work = root().join(target_dir()).join("size/kotlin");
    clear(&work)?;
    std::fs::create_dir_all(&work).map_err(|error| cannot("make", &work, &error))?;
    let jar = |module: &str| work.join(format!("{module}.jar"));
    for (_, module) in MODULES {
        archive::pack(&classes(module), &jar(module))?;
    }
    let mut measured = Vec::new();
    for (name, module) in MODULES {
        let others: Vec<_> = MODULES
            .iter()
            .filter(|(_, other)| *other != module)
            .map(|(_, other)| jar(other))
            .collect();
        let file = dex::whole(&jar(module), &others, &work.join(module))?;
        measured.push(Classes {
            name,
            size: super::library::size(&file)?,
            packed: packed(&file)?,
        });
    }
    Ok(measured)
}

/// Prints the sizes of the compiled modules, and compares them with the allowed ones.
pub(crate) fn check() -> Result<(), Failure> {
    compile()?;
    let classes = measure()?;
    println!("\n{}", table::kotlin(&classes));
    ceiling::check(classes.iter().map(|module| (module.name, module.size)))
}

fn classes(module: &str) -> PathBuf {
    let built = root().join(target_dir()).join("android");
    built.join(module).join("classes")
}
