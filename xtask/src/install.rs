//! Finds a tool, or installs it if possible: with rustup, or with apt-get as root or with a `sudo`
//! that asks for no password.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::process::{Failure, cargo, command, command_line, output_if_ok, run};
use crate::report::Availability;

pub(crate) fn rust_target(target: &str) -> Availability {
    obtain(
        &format!("the Rust target {target}"),
        || rustup_lists("target list --installed", target),
        || rustup(&format!("target add {target}")),
    )
}

/// A component of the present Rust.
pub(crate) fn rust_component(name: &str) -> Availability {
    obtain(
        &format!("Rust's component {name}"),
        || rustup_lists("component list --installed", name),
        || rustup(&format!("component add {name}")),
    )
}

/// A version of Rust, alone or with one component.
pub(crate) fn rust_toolchain(version: &str, component: Option<&str>) -> Availability {
    let install = format!("toolchain install {version} --profile minimal --no-self-update");
    match component {
        None => obtain(
            &format!("Rust {version}"),
            || rustup_lists("toolchain list", version),
            || rustup(&install),
        ),
        Some(component) => obtain(
            &format!("Rust {version} with {component}"),
            || {
                let installed = format!("component list --installed --toolchain {version}");
                rustup_lists(&installed, component)
            },
            || rustup(&format!("{install} --component {component}")),
        ),
    }
}

fn rustup(arguments: &str) -> Result<Vec<Command>, String> {
    if on_path("rustup") {
        Ok(vec![command("rustup", arguments.split_whitespace())])
    } else {
        Err("rustup is not on the PATH: install it (https://rustup.rs)".to_owned())
    }
}

fn rustup_lists(question: &str, name: &str) -> bool {
    output_if_ok(&mut command("rustup", question.split_whitespace()))
        .is_some_and(|list| is_listed(&list, name))
}

/// Whether rustup's list contains `name`, alone (a target) or followed by a host (a toolchain:
/// `1.88-x86_64-unknown-linux-gnu (default)`).
fn is_listed(list: &str, name: &str) -> bool {
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter_map(|word| word.strip_prefix(name))
        .any(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The command that compiles a program from crates.io: not optimized, which is faster, since it runs
/// for seconds.
pub(crate) fn cargo_install(name: &str, version: &str) -> Command {
    let mut install = cargo(&format!(
        "install {name} --debug --locked --version {version}"
    ));
    install.args(["--config", "profile.dev.debug=false"]);
    install
}

/// The commands that install Debian packages, or the reason why they cannot be installed.
pub(crate) fn apt_install(packages: &[&str]) -> Result<Vec<Command>, String> {
    let by_hand = format!("`apt-get install {}`", packages.join(" "));
    if !on_path("apt-get") {
        return Err(format!(
            "there is no apt-get here: install the equivalent of this Debian command: {by_hand}"
        ));
    }
    let mut prefix = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"];
    if !are_root() {
        if output_if_ok(&mut command("sudo", ["-n", "true"])).is_none() {
            return Err(format!(
                "this user is not root, and sudo needs a password: run {by_hand} as root"
            ));
        }
        prefix.splice(0..0, ["sudo", "-n"]);
    }
    // Wait if another program installs packages now.
    prefix.extend(["-o", "DPkg::Lock::Timeout=300"]);
    let apt = |arguments: &[&str]| command(prefix[0], prefix[1..].iter().chain(arguments));
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    Ok(vec![apt(&["update"]), apt(&install)])
}

pub(crate) fn are_root() -> bool {
    output_if_ok(&mut command("id", ["-u"])).is_some_and(|id| id.trim() == "0")
}

pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    })
}

/// Uses an installed tool, or installs it, and prints which. `installer` returns the commands, or
/// the reason why there are none.
pub(crate) fn obtain(
    tool: &str,
    is_here: impl Fn() -> bool,
    installer: impl FnOnce() -> Result<Vec<Command>, String>,
) -> Availability {
    if is_here() {
        println!("{tool}: installed");
        return Ok(());
    }
    let missing = |why: String| format!("{tool} is missing, and {why}");
    for step in &mut installer().map_err(missing)? {
        println!("{tool}: installing with `{}`", command_line(step));
        run(step).map_err(|failure| missing(failure.0))?;
    }
    if is_here() {
        return Ok(());
    }
    Err(format!(
        "{tool} was installed without an error, but was not found: is its folder on the PATH?"
    ))
}

/// The packages of the missing programs.
pub(crate) fn missing<'a>(all: &[(&str, &'a str)], is_here: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let missing = all.iter().filter(|(program, _)| !is_here(program));
    missing.map(|(_, package)| *package).collect()
}

/// Whether both files exist and have the same content.
pub(crate) fn same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}

/// Removes this folder, if it exists.
pub(crate) fn clear(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let place = folder.display();
            Err(Failure(format!("{place} cannot be removed: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn rustups_lists_are_parsed() {
        let toolchains = "stable-x86_64-unknown-linux-gnu (active, default)\n\
                          1.88-x86_64-unknown-linux-gnu\n";
        assert!(is_listed(toolchains, "1.88"));
        assert!(is_listed(toolchains, "stable"));
        assert!(!is_listed(toolchains, "1.8"));
        assert!(!is_listed(toolchains, "1.95"));

        let targets = "wasm32-unknown-unknown\nx86_64-unknown-linux-gnu\n";
        assert!(is_listed(targets, "wasm32-unknown-unknown"));
        assert!(!is_listed(targets, "thumbv7em-none-eabihf"));
        assert!(!is_listed("", "wasm32-unknown-unknown"));
    }

    #[test]
    fn an_installed_tool_is_used() {
        let have = obtain("a hammer", || true, || panic!("nothing to install"));
        assert_eq!(have, Ok(()));
    }

    #[test]
    fn a_missing_tool_is_installed() {
        let installed = Cell::new(false);
        let install = || {
            installed.set(true);
            Ok(vec![command("true", [""; 0])])
        };
        assert_eq!(obtain("a hammer", || installed.get(), install), Ok(()));
    }

    #[test]
    fn a_tool_that_cannot_be_installed_has_a_reason() {
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
    fn an_installation_without_effect_is_a_failure() {
        let install = || Ok(vec![command("true", [""; 0])]);
        let why = obtain("a hammer", || false, install).expect_err("nothing came");
        assert!(why.contains("was not found"), "{why}");
    }
}
