//! `cargo xtask size calls`: measures the time of a call from Kotlin and from Swift, and the time in a
//! new process from loading the library to the first authorization URL. The programs are in
//! `bindings/measure/`. The library has the profile of phones, and is built for this machine.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::figures::Figures;
use crate::process::{Failure, cargo, command, output_bytes, root, run, target_dir};
use crate::{kotlin, swift};

#[derive(Args)]
pub(super) struct Calls {
    /// The number of new processes for each language.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(3..=200))]
    processes: u32,
}

/// The packages of the libraries: for phones, and for tests, which has calls that do nothing.
const PACKAGES: [&str; 2] = ["switchback-bindings", "switchback-bindings-testing"];

pub(super) fn run_all(calls: &Calls) -> Result<(), Failure> {
    libraries()?;
    kotlin::kotlin().map_err(Failure)?;
    println!();
    in_kotlin(calls)?;
    swift::swift().map_err(Failure)?;
    println!();
    in_swift(calls)
}

/// The folder of the libraries. It is below the workspace's folder, since a Swift in a separate root
/// sees only that folder.
fn folder() -> PathBuf {
    root().join("target/measure")
}

/// Builds both libraries, and copies them to the folder.
fn libraries() -> Result<(), Failure> {
    let folder = folder();
    let cannot = |error: std::io::Error| {
        Failure(format!(
            "cannot copy a library to {}: {error}",
            folder.display()
        ))
    };
    fs::create_dir_all(&folder).map_err(cannot)?;
    for package in PACKAGES {
        run(&mut cargo(&format!(
            "rustc --package {package} --lib --profile phone --locked --crate-type cdylib"
        )))?;
        let name = format!("lib{}.so", package.replace('-', "_"));
        let built = root().join(target_dir()).join("phone").join(&name);
        fs::copy(built, folder.join(name)).map_err(cannot)?;
    }
    // A library that is loaded twice must be two files.
    let library = folder.join("libswitchback_bindings.so");
    fs::copy(library, folder.join("copy.so")).map_err(cannot)?;
    Ok(())
}

/// Compiles the program in Kotlin. Returns its folder.
pub(super) fn compile_kotlin() -> Result<PathBuf, Failure> {
    let built = folder().join("kotlin");
    let mut compile = command("mvn", ["-B", "-q", "compile", "-f"]);
    compile.arg("bindings/measure/kotlin/pom.xml");
    compile.arg(format!("-Dmeasure.folder={}", built.display()));
    run(&mut compile)?;
    Ok(built)
}

/// Compiles the programs in Swift, with these options.
pub(super) fn compile_swift(options: &[&str]) -> Result<(), Failure> {
    let mut build = command(swift::runner(), ["swift", "build", "--quiet"]);
    build.args([
        "--package-path=bindings/measure/swift",
        "--scratch-path=target/measure/swift",
    ]);
    run(build.args(options))
}

fn in_kotlin(calls: &Calls) -> Result<(), Failure> {
    let built = compile_kotlin()?;
    let mut pack = command("jar", ["--create", "--file"]);
    pack.arg(built.join("measure.jar")).arg("-C");
    run(pack.arg(built.join("classes")).arg("."))?;

    let java = |option: &str, program: &str| {
        let path = format!("{0}/measure.jar:{0}/jars/*", built.display());
        let mut java = command("java", ["-Xlog:disable", option, "-cp", &path]);
        java.arg(format!("-Djna.library.path={}", folder().display()));
        java.arg(format!("switchback.measure.{program}"));
        java
    };
    // One library contains both.
    let both = "-Duniffi.component.switchback.libraryOverride=switchback_bindings_testing";
    let mut figures = Figures::default();
    figures.read("ns", &output_bytes(&mut java(both, "calls.CallsKt"))?)?;
    let start = "start.StartKt";
    figures.fresh(calls.processes, &mut java("-Xshare:auto", start))?;
    println!("{}", figures.table("Kotlin"));

    // Android loads and verifies classes when an app is installed, the JVM when it starts.
    let archive = built.join("classes.jsa");
    let option = |name: &str| format!("-XX:{name}={}", archive.display());
    output_bytes(&mut java(&option("ArchiveClassesAtExit"), start))?;
    let mut figures = Figures::default();
    let mut verified = java(&option("SharedArchiveFile"), start);
    figures.fresh(calls.processes, &mut verified)?;
    println!("{}", figures.table("Kotlin, verified before"));
    Ok(())
}

fn in_swift(calls: &Calls) -> Result<(), Failure> {
    let inside = swift::runner();
    let swift = |arguments: &[&str]| {
        let mut swift = command(&inside, arguments);
        swift.env("LD_LIBRARY_PATH", folder());
        swift
    };
    compile_swift(&["--configuration=release"])?;
    let mut figures = Figures::default();
    let mut calls_only = swift(&["target/measure/swift/release/Calls"]);
    figures.read("ns", &output_bytes(&mut calls_only)?)?;
    let start = "target/measure/swift/release/Start";
    let mut start = swift(&[start, "target/measure/copy.so"]);
    figures.fresh(calls.processes, &mut start)?;
    println!("{}", figures.table("Swift"));
    Ok(())
}
