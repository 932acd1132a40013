//! `cargo xtask bindings`: writes the Kotlin and the Swift that uniffi makes of
//! `bindings/`, edited where uniffi leaves something to wish ([`edit`]), and what is said to people
//! ([`messages`]). What it writes is
//! committed, so that it can be read, reviewed and used without a Rust compiler;
//! `--check` fails when it is not what the Rust says.

mod edits;
mod messages;

use std::fs;
use std::path::{Path, PathBuf};

use crate::install::clear;
use crate::process::{Failure, command, root, run, target_dir};
use crate::{kotlin, kotlin_swift_tests, swift, swift_api, workspace};

#[derive(clap::Args)]
pub(crate) struct Bindings {
    /// Write nothing, and fail when what is committed is not what would be written.
    #[arg(long)]
    check: bool,
    /// Write down as well what both libraries offer now, so that a change of that is seen in a
    /// review (android/*/api, ios/api). Compiles both, and installs what that needs.
    #[arg(long, conflicts_with = "check")]
    api: bool,
}

impl Bindings {
    /// As `--check` says.
    pub(crate) const CHECK: Self = Self {
        check: true,
        api: false,
    };
}

/// The library that has everything in it: for the phone, and for tests. Kotlin and Swift are
/// tested against the same, with HTTP of its own, which changes nothing of what is written.
const LIBRARY: &str = "switchback_bindings_testing";

/// What is written: what it is called by the generator, where it is committed, and what is done to
/// it on the way.
const FILES: [(&str, &str, Edit); 11] = [
    (
        "switchback.kt",
        "bindings/src/fingerprint.rs",
        edits::fingerprint::rust,
    ),
    (
        "switchback.kt",
        "android/core-jvm/src/main/kotlin/app/switchback/internal/switchback.kt",
        edits::kotlin::app,
    ),
    (
        "switchback_testing.kt",
        "android/testing/src/main/kotlin/app/switchback/testing/internal/switchback_testing.kt",
        edits::kotlin::tests,
    ),
    (
        "SwitchbackBindings.swift",
        "ios/Sources/SwitchbackBindings/Generated/SwitchbackBindings.swift",
        edits::swift::app,
    ),
    (
        "SwitchbackTestingBindings.swift",
        "ios/Sources/SwitchbackTestingBindings/Generated/SwitchbackTestingBindings.swift",
        edits::swift::tests,
    ),
    (
        "SwitchbackFFI.h",
        "ios/Sources/SwitchbackFFI/SwitchbackFFI.h",
        edits::header,
    ),
    (
        "SwitchbackFFI.modulemap",
        "ios/Sources/SwitchbackFFI/module.modulemap",
        edits::module_map,
    ),
    (
        "SwitchbackTestingFFI.h",
        "ios/Sources/SwitchbackTestingFFI/SwitchbackTestingFFI.h",
        edits::header,
    ),
    (
        "SwitchbackTestingFFI.modulemap",
        "ios/Sources/SwitchbackTestingFFI/module.modulemap",
        edits::module_map,
    ),
    (
        MESSAGES,
        "android/core-jvm/src/main/kotlin/app/switchback/Messages.kt",
        messages::kotlin,
    ),
    (
        MESSAGES,
        "ios/Sources/Switchback/Generated/Messages.swift",
        messages::swift,
    ),
];

/// What is said to people, in `bindings/`.
const MESSAGES: &str = "messages.json";

type Edit = fn(&str) -> Result<String, String>;

pub(crate) fn run_all(wanted: &Bindings) -> Result<(), Failure> {
    let made = generate()?;
    let mut stale = Vec::new();
    for (name, place, edit) in FILES {
        let from = find(&made, name)?;
        let text = fs::read_to_string(&from).map_err(|error| cannot("read", &from, &error))?;
        let text = edit(&text).map_err(|why| {
            Failure(format!(
                "{name}, as uniffi makes it: {why}. Has uniffi changed? Then change \
                 the files in xtask/src/bindings/edits/"
            ))
        })?;
        let to = root().join(place);
        if fs::read_to_string(&to).is_ok_and(|there| there == text) {
            continue;
        }
        stale.push(place);
        if !wanted.check {
            let folder = to.parent().unwrap_or(root());
            fs::create_dir_all(folder).map_err(|error| cannot("make", folder, &error))?;
            fs::write(&to, text).map_err(|error| cannot("write", &to, &error))?;
        }
    }
    match (stale.is_empty(), wanted.check) {
        (true, _) => println!("all {} files are what the Rust says", FILES.len()),
        (false, false) => println!("written: {}", stale.join(", ")),
        (false, true) => {
            return Err(Failure(format!(
                "not what the Rust in bindings/ says: {}. Do `cargo xtask bindings`, look at \
                 what changed, and commit it",
                stale.join(", ")
            )));
        }
    }
    if !stale.is_empty() {
        // With the fingerprint that Kotlin now asks for.
        workspace::build()?;
    }
    match wanted.api {
        true => write_offers(),
        false => Ok(()),
    }
}

/// Writes down what both libraries offer now, so that a change of that is seen in a review.
fn write_offers() -> Result<(), Failure> {
    let kotlin = kotlin::kotlin().map_err(Failure);
    let kotlin = kotlin.and_then(|()| kotlin_swift_tests::write_kotlin_api());
    let swift = swift::swift().map_err(Failure);
    swift.and_then(|()| swift_api::keep(false)).and(kotlin)
}

/// Lets uniffi write into a folder under the target directory, from a library that is not
/// stripped: what uniffi reads is in its symbols.
fn generate() -> Result<PathBuf, Failure> {
    workspace::build()?;
    let made = root().join(target_dir()).join("bindings");
    clear(&made)?;
    let library = workspace::built(&format!(
        "{}{LIBRARY}{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    ));
    for language in ["kotlin", "swift"] {
        let mut generate = command(
            workspace::built("uniffi-bindgen"),
            [
                "generate",
                "--no-format",
                "--language",
                language,
                "--out-dir",
            ],
        );
        // Elsewhere it does not find the configuration.
        generate
            .arg(&made)
            .arg(&library)
            .current_dir(root().join("bindings"));
        run(&mut generate)?;
    }
    let messages = root().join("bindings").join(MESSAGES);
    fs::copy(&messages, made.join(MESSAGES)).map_err(|error| cannot("copy", &messages, &error))?;
    Ok(made)
}

/// Where the generator has put a file: that of Kotlin is in folders named as its package.
fn find(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| cannot("read", &folder, &error))?;
        for entry in entries.flatten() {
            let path = entry.path();
            match (path.is_dir(), path.ends_with(name)) {
                (true, _) => folders.push(path),
                (false, true) => return Ok(path),
                (false, false) => (),
            }
        }
    }
    Err(Failure(format!(
        "uniffi has written no {name} into {}",
        folder.display()
    )))
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure(format!("cannot {what} {}: {error}", path.display()))
}
