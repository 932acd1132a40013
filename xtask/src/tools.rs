//! What the tests need beside cargo: looked for first, installed where that is
//! possible (rustup; apt-get as root or with a sudo that asks nothing), and
//! otherwise missing for a reason that says what to do.

use std::process::Command;

use crate::process::{answer, command, run, shown};
use crate::report::Have;
use crate::{kotlin, outside, postgres, schemathesis, swift};

/// The browser's target: the pure half is to run there as well.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A target that has no standard library at all: what builds for it is `no_std`,
/// together with everything that it depends on.
pub(crate) const BARE_METAL: &str = "thumbv7em-none-eabihf";

/// Systems that have lines of their own in the core (clocks, locks, keyrings), and the
/// feature that these need: what is written for them is at least compiled.
pub(crate) const SYSTEMS: [(&str, &str); 4] = [
    ("aarch64-linux-android", "sealed-file"),
    ("aarch64-apple-ios", "sealed-file"),
    ("aarch64-apple-darwin", "keyring"),
    ("x86_64-pc-windows-gnu", "keyring"),
];

/// The oldest Rust we promise for what apps use: `rust-version` in the workspace's
/// `Cargo.toml`, which this crate inherits. And for the rest, which sqlx decides.
pub(crate) const OLDEST_RUST: [(&str, &str); 2] = [
    (
        env!("CARGO_PKG_RUST_VERSION"),
        "-p switchback-protocol -p switchback -p switchback-bindings -p switchback-bindings-testing -p switchback-toml -p switchback-sandbox -p xtask",
    ),
    ("1.94", "--workspace"),
];

/// A real Secret Service, for the tests of the keyring: each command with the
/// Debian package that brings it.
const SECRET_SERVICE: [(&str, &str); 3] = [
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("dbus-run-session", "dbus"),
    ("secret-tool", "libsecret-tools"),
];

/// Everything that was looked for.
pub(crate) struct Tools {
    pub(crate) wasm: Have,
    pub(crate) bare_metal: Have,
    /// As [`SYSTEMS`].
    pub(crate) systems: [Have; 4],
    /// As [`OLDEST_RUST`].
    pub(crate) oldest_rust: [Have; 2],
    pub(crate) secret_service: Have,
    pub(crate) browsers: Have,
    pub(crate) node: Have,
    pub(crate) curl: Have,
    pub(crate) kotlin: Have,
    pub(crate) swift: Have,
    pub(crate) postgres: Have,
    pub(crate) schemathesis: Have,
}

impl Tools {
    /// Looks for every tool, and installs what is missing where that is possible.
    pub(crate) fn gather() -> Self {
        Self {
            wasm: rust_target(WASM),
            bare_metal: rust_target(BARE_METAL),
            systems: SYSTEMS.map(|(target, _)| rust_target(target)),
            oldest_rust: OLDEST_RUST.map(|(version, _)| rust_toolchain(version)),
            secret_service: secret_service(),
            browsers: outside::browsers(),
            node: outside::node(),
            curl: outside::curl(),
            kotlin: kotlin::kotlin(),
            swift: swift::swift(),
            postgres: postgres::postgres(),
            schemathesis: schemathesis::schemathesis(),
        }
    }
}

pub(crate) fn rust_target(target: &str) -> Have {
    obtain(
        &format!("the Rust target {target}"),
        || rustup_lists("target list --installed", target),
        || rustup(&format!("target add {target}")),
    )
}

fn rust_toolchain(version: &str) -> Have {
    obtain(
        &format!("Rust {version}"),
        || rustup_lists("toolchain list", version),
        || {
            rustup(&format!(
                "toolchain install {version} --profile minimal --no-self-update"
            ))
        },
    )
}

fn rustup(arguments: &str) -> Result<Vec<Command>, String> {
    if on_path("rustup") {
        Ok(vec![command("rustup", arguments.split_whitespace())])
    } else {
        Err("rustup is not on the PATH: install it (https://rustup.rs)".to_owned())
    }
}

fn rustup_lists(question: &str, name: &str) -> bool {
    answer(&mut command("rustup", question.split_whitespace()))
        .is_some_and(|list| is_listed(&list, name))
}

/// Whether rustup's list has `name`, alone (a target) or followed by a host (a
/// toolchain: `1.88-x86_64-unknown-linux-gnu (default)`).
fn is_listed(list: &str, name: &str) -> bool {
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter_map(|word| word.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn secret_service() -> Have {
    let missing = || {
        SECRET_SERVICE
            .iter()
            .filter(|(program, _)| !on_path(program))
            .map(|(_, package)| *package)
            .collect::<Vec<_>>()
    };
    obtain(
        "a Secret Service",
        || missing().is_empty(),
        || apt_install(&missing()),
    )
}

/// The commands that install Debian packages, or why there are none.
pub(crate) fn apt_install(packages: &[&str]) -> Result<Vec<Command>, String> {
    let by_hand = format!("`apt-get install {}`", packages.join(" "));
    if !on_path("apt-get") {
        return Err(format!(
            "there is no apt-get here: install what this Debian command would: {by_hand}"
        ));
    }
    let mut prefix = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
    if !are_root() {
        if answer(&mut command("sudo", ["-n", "true"])).is_none() {
            return Err(format!(
                "we are not root and cannot become it without a password: do {by_hand} as root"
            ));
        }
        prefix.splice(0..0, ["sudo", "-n"]);
    }
    // Another program may be installing just now.
    prefix.extend(["-o", "DPkg::Lock::Timeout=300"]);
    let apt = |arguments: &[&str]| command(prefix[0], prefix[1..].iter().chain(arguments));
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    Ok(vec![apt(&["update"]), apt(&install)])
}

pub(crate) fn are_root() -> bool {
    answer(&mut command("id", ["-u"])).is_some_and(|id| id.trim() == "0")
}

pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// Uses what is here, installs what is not, and says so; `installer` gives the
/// commands, or why there are none.
pub(crate) fn obtain(
    tool: &str,
    is_here: impl Fn() -> bool,
    installer: impl FnOnce() -> Result<Vec<Command>, String>,
) -> Have {
    if is_here() {
        println!("{tool}: here");
        return Ok(());
    }
    let missing = |why: String| format!("{tool} is missing, and {why}");
    for step in &mut installer().map_err(missing)? {
        println!("{tool}: installing with `{}`", shown(step));
        run(step).map_err(|failure| missing(failure.0))?;
    }
    if is_here() {
        return Ok(());
    }
    Err(format!(
        "{tool} was installed without an error, and is not to be found: is its folder on the PATH?"
    ))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn the_oldest_rust_is_what_the_packages_say() {
        let [(apps, _), (services, _)] = OLDEST_RUST;
        let says = |folder: &str| {
            let path = crate::process::root().join(folder).join("Cargo.toml");
            std::fs::read_to_string(path).expect("there is one")
        };
        for (folder, version) in [
            (".", apps),
            ("backend", services),
            ("cli", services),
            ("tests", services),
        ] {
            let line = format!("rust-version = \"{version}\"");
            assert!(says(folder).contains(&line), "{folder}: {line}");
        }
    }

    #[test]
    fn rustups_lists_are_read() {
        let toolchains = "stable-x86_64-unknown-linux-gnu (active, default)\n\
                          1.88-x86_64-unknown-linux-gnu\n";
        assert!(is_listed(toolchains, "1.88"));
        assert!(is_listed(toolchains, "stable"));
        assert!(!is_listed(toolchains, "1.8"));
        assert!(!is_listed(toolchains, "1.95"));

        let targets = "wasm32-unknown-unknown\nx86_64-unknown-linux-gnu\n";
        assert!(is_listed(targets, WASM));
        assert!(!is_listed(targets, BARE_METAL));
        assert!(!is_listed("", WASM));
    }

    #[test]
    fn what_is_here_is_used() {
        let have = obtain("a hammer", || true, || panic!("nothing to install"));
        assert_eq!(have, Ok(()));
    }

    #[test]
    fn what_is_missing_is_installed() {
        let installed = Cell::new(false);
        let install = || {
            installed.set(true);
            Ok(vec![command("true", [""; 0])])
        };
        assert_eq!(obtain("a hammer", || installed.get(), install), Ok(()));
    }

    #[test]
    fn what_cannot_be_installed_says_why() {
        let have = obtain("a hammer", || false, || Err("the shop is shut".to_owned()));
        assert_eq!(
            have,
            Err("a hammer is missing, and the shop is shut".to_owned())
        );
    }

    #[test]
    fn a_failed_installation_names_its_command() {
        let install = || Ok(vec![command("false", ["--hammer"])]);
        let why = obtain("a hammer", || false, install).expect_err("false fails");
        assert!(
            why.starts_with("a hammer is missing, and `false --hammer` failed"),
            "{why}"
        );
    }

    #[test]
    fn an_installation_that_brought_nothing_is_not_believed() {
        let install = || Ok(vec![command("true", [""; 0])]);
        let why = obtain("a hammer", || false, install).expect_err("nothing came");
        assert!(why.contains("is not to be found"), "{why}");
    }
}
