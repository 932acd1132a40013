//! `cargo xtask fuzz`: runs the targets in `tests/fuzz` with libFuzzer. Their inputs are data from
//! other systems, and stored data that is possibly damaged.
//!
//! The stable compiler builds the targets. `tests/fuzz/rustc.sh` enables LLVM's coverage, for our own
//! crates only. There is no AddressSanitizer, which the stable compiler does not have; our crates
//! have no unsafe code that it could check.

mod seeds;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::install::{apt_install, clear, obtain, on_path};
use crate::process::{Failure, command, command_line, root, run, target_dir};
use crate::report::Availability;

/// The crate of the targets, a separate workspace.
const CRATE: &str = "tests/fuzz";

/// Each target, and the feature of the crate that it needs, if it needs one.
const TARGETS: [(&str, Option<&str>); 17] = [
    ("attempt", None),
    ("callback", None),
    ("cookies", None),
    ("grant", None),
    ("identity", None),
    ("sandbox", Some("sandbox")),
    ("sandbox_settings", Some("sandbox")),
    ("sealed", None),
    ("serve_settings", Some("serve")),
    ("signature", None),
    ("signature_chain", None),
    ("signature_crl", None),
    ("signature_header", None),
    ("signature_timestamp", None),
    ("start", None),
    ("token", None),
    ("toml", None),
];

/// The feature that the short run excludes: its crates need the longest time to compile.
const LONG: &str = "serve";

/// How many inputs the short run tries besides the committed ones; and how many for the target whose
/// inputs are a dozen requests.
const SHORT_RUNS: usize = 2000;
const SHORT_RUNS_OF_REQUESTS: usize = 100;

/// The largest input that `--keep` commits, in bytes. A larger file can be added with a name.
const LARGEST: u64 = 640;

/// Search for inputs that cause a failure, with libFuzzer.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// The target; all targets, one after the other, if omitted.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(TARGETS.map(|(name, _)| name)))]
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    minutes: u32,
    /// Do not run: copy into tests/fuzz/corpus the inputs of earlier runs that reach code that no
    /// other input there reaches.
    #[arg(long, conflicts_with = "minutes")]
    keep: bool,
    /// Run each target without the feature `serve` for a few seconds, as `cargo xtask test` does.
    #[arg(long, conflicts_with_all = ["target", "minutes", "keep"])]
    short: bool,
}

pub(crate) fn run_all(fuzz: &Fuzz) -> Result<(), Failure> {
    compiler().map_err(Failure)?;
    if fuzz.short {
        return run_short();
    }
    let chosen = |name: &str| fuzz.target.as_deref().is_none_or(|target| target == name);
    let targets: Vec<_> = TARGETS
        .into_iter()
        .filter(|(name, _)| chosen(name))
        .collect();
    build(Profile::Release, &targets)?;
    let mut failed = Vec::new();
    for (name, _) in targets {
        let target = Target::new(Profile::Release, name)?;
        let done = match fuzz.keep {
            true => target.keep(),
            false => target.run(&[format!("-max_total_time={}", fuzz.minutes * 60)], run),
        };
        failed.extend(done.err());
    }
    all_of(failed)
}

/// The run of `cargo xtask test`: each committed input, and a number of others that are the same each
/// time.
pub(crate) fn run_short() -> Result<(), Failure> {
    let check = ["fmt", "--check", "--manifest-path"];
    run(command("cargo", check).arg(manifest()))?;
    let targets: Vec<_> = TARGETS
        .into_iter()
        .filter(|(_, feature)| *feature != Some(LONG))
        .collect();
    build(Profile::Dev, &targets)?;
    let mut failed = Vec::new();
    for (name, _) in targets {
        let target = Target::new(Profile::Dev, name)?;
        clear(&target.found)?;
        let more = match name {
            "sandbox" => SHORT_RUNS_OF_REQUESTS,
            _ => SHORT_RUNS,
        };
        let runs = target.count()? + more;
        let short = [format!("-runs={runs}"), "-seed=1".into()];
        failed.extend(target.run(&short, run_silently).err());
    }
    all_of(failed)
}

/// The compiler of libFuzzer.
pub(crate) fn compiler() -> Availability {
    let here = || on_path("c++");
    obtain("a C++ compiler", here, || apt_install(&["g++"]))
}

/// Runs without libFuzzer's output, which has each new input; prints it only after a failure.
fn run_silently(fuzz: &mut Command) -> Result<(), Failure> {
    let output = fuzz.output();
    let output = output.map_err(|error| Failure(format!("`{}`: {error}", command_line(fuzz))))?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    Err(Failure(format!(
        "`{}` failed ({})",
        command_line(fuzz),
        output.status
    )))
}

fn all_of(failed: Vec<Failure>) -> Result<(), Failure> {
    if failed.is_empty() {
        return Ok(());
    }
    let failed: Vec<String> = failed.into_iter().map(|Failure(why)| why).collect();
    Err(Failure(failed.join("\n")))
}

fn manifest() -> PathBuf {
    root().join(CRATE).join("Cargo.toml")
}

/// The folder of all files of a run.
fn folder() -> PathBuf {
    root().join(target_dir()).join("fuzz")
}

#[derive(Clone, Copy)]
enum Profile {
    /// Compiles fast.
    Dev,
    /// Runs fast, with the checks of a debug build.
    Release,
}

impl Profile {
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

fn build(profile: Profile, targets: &[(&str, Option<&str>)]) -> Result<(), Failure> {
    let mut build = command("cargo", ["build", "--locked", "--manifest-path"]);
    build.arg(manifest());
    if let Profile::Release = profile {
        build.arg("--release");
    }
    let features: BTreeSet<_> = targets.iter().filter_map(|(_, feature)| *feature).collect();
    build.args(
        features
            .into_iter()
            .flat_map(|feature| ["--features", feature]),
    );
    build.args(targets.iter().flat_map(|(name, _)| ["--bin", name]));
    build.env("RUSTC_WRAPPER", root().join(CRATE).join("rustc.sh"));
    build.env("CARGO_TARGET_DIR", folder().join("build"));
    run(&mut build)
}

struct Target {
    name: &'static str,
    program: PathBuf,
    /// Found inputs that reach new code.
    found: PathBuf,
    /// The inputs in the repository.
    kept: PathBuf,
    /// The inputs from vectors and examples.
    seeds: PathBuf,
    /// Inputs that cause a failure.
    crashes: PathBuf,
}

impl Target {
    fn new(profile: Profile, name: &'static str) -> Result<Self, Failure> {
        let folder = folder();
        let runs = match profile {
            Profile::Dev => "short",
            Profile::Release => "found",
        };
        let target = Self {
            name,
            program: folder.join("build").join(profile.folder()).join(name),
            found: folder.join(runs).join(name),
            kept: root().join(CRATE).join("corpus").join(name),
            seeds: folder.join("seeds").join(name),
            crashes: folder.join("crashes").join(name),
        };
        clear(&target.seeds)?;
        for folder in [&target.found, &target.kept, &target.seeds, &target.crashes] {
            made(folder)?;
        }
        for (number, seed) in seeds::of(name)?.into_iter().enumerate() {
            let file = target.seeds.join(format!("{number:03}"));
            fs::write(&file, seed).map_err(|error| failed(&file, &error))?;
        }
        Ok(target)
    }

    fn libfuzzer(&self) -> Command {
        let mut program = command(&self.program, ["-timeout=30"]);
        let prefix = self.crashes.join("");
        program.arg(format!("-artifact_prefix={}", prefix.display()));
        program
    }

    fn run(
        &self,
        arguments: &[String],
        run: fn(&mut Command) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        made(&self.found)?;
        let before = files(&self.crashes)?;
        let mut fuzz = self.libfuzzer();
        fuzz.args(arguments)
            .args([&self.found, &self.kept, &self.seeds]);
        println!("{}: {}", self.name, arguments.join(" "));
        let done = run(&mut fuzz);
        let new = files(&self.crashes)?;
        match new.difference(&before).next() {
            None => done,
            Some(input) => Err(Failure(self.what_to_do(input))),
        }
    }

    fn what_to_do(&self, input: &Path) -> String {
        let Self {
            name,
            program,
            kept,
            ..
        } = self;
        let (input, program) = (input.display(), program.display());
        let vectors = match *name {
            "callback" => " (or as a case to tests/vectors/callback.json)",
            "token" => " (or as a case to tests/vectors/token-answer.json)",
            _ => "",
        };
        format!(
            "{name} fails with an input: {input}\n  \
             repeat: {program} {input}\n  \
             smaller: {program} -minimize_crash=1 -runs=10000 {input}\n  \
             after the repair: move it to {}{vectors}, and write a test beside the code",
            kept.display()
        )
    }

    /// Keeps the seeds and the named inputs, and of the others only those that reach more code, so
    /// that the repository stays small.
    fn keep(&self) -> Result<(), Failure> {
        let merged = folder().join("merged").join(self.name);
        clear(&merged)?;
        made(&merged)?;
        let (unnamed, named): (Vec<_>, Vec<_>) = files(&self.kept)?
            .into_iter()
            .partition(|file| is_unnamed(file));
        for file in named.iter().chain(&files(&self.seeds)?) {
            copy(file, &merged)?;
        }
        let before = files(&merged)?;
        let mut merge = self.libfuzzer();
        merge.args(["-set_cover_merge=1", "-use_counters=0"]);
        run(merge.args([&merged, &self.kept, &self.found]))?;
        for file in unnamed {
            fs::remove_file(&file).map_err(|error| failed(&file, &error))?;
        }
        for file in files(&merged)?.difference(&before) {
            let found = fs::metadata(file).map_err(|error| failed(file, &error))?;
            if found.len() <= LARGEST {
                copy(file, &self.kept)?;
            }
        }
        Ok(())
    }

    fn count(&self) -> Result<usize, Failure> {
        Ok(files(&self.kept)?.len() + files(&self.seeds)?.len())
    }
}

/// Whether libFuzzer named the file: by the SHA-1 of its content.
fn is_unnamed(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default().as_encoded_bytes();
    name.len() == 40 && name.iter().all(u8::is_ascii_hexdigit)
}

fn copy(file: &Path, folder: &Path) -> Result<(), Failure> {
    let to = folder.join(file.file_name().unwrap_or_default());
    fs::copy(file, &to).map_err(|error| failed(&to, &error))?;
    Ok(())
}

fn files(folder: &Path) -> Result<BTreeSet<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

fn made(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_target_is_known() {
        let there = files(&root().join(CRATE).join("fuzz_targets")).expect("they are there");
        let there = there.iter().filter_map(|file| file.file_stem()?.to_str());
        assert_eq!(
            there.collect::<Vec<_>>(),
            TARGETS.map(|(name, _)| name).to_vec()
        );
    }

    /// The fuzz targets must use the versions of the product.
    #[test]
    fn both_lock_files_name_the_same_versions() {
        let locked = |path: &str| {
            let text = fs::read_to_string(root().join(path)).expect("it is in the repository");
            let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let value = |line: Option<&str>, name: &str| {
                let line = line.unwrap_or_default();
                let value = line.strip_prefix(name).unwrap_or_default();
                value.trim_matches('"').to_owned()
            };
            for package in text.split("[[package]]\n").skip(1) {
                let mut lines = package.lines();
                let name = value(lines.next(), "name = ");
                let version = value(lines.next(), "version = ");
                versions.entry(name).or_default().insert(version);
            }
            versions
        };
        let (ours, theirs) = (locked("tests/fuzz/Cargo.lock"), locked("Cargo.lock"));
        for (name, versions) in ours {
            let same = theirs
                .get(&name)
                .is_none_or(|theirs| versions.is_subset(theirs));
            assert!(
                same,
                "{name} is {versions:?} in tests/fuzz/Cargo.lock and another in Cargo.lock. Write \
                 it again: cp Cargo.lock tests/fuzz/Cargo.lock && cargo metadata --manifest-path \
                 tests/fuzz/Cargo.toml --format-version 1 > /dev/null"
            );
        }
    }
}
