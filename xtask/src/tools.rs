//! What the tests need beside cargo: looked for first, installed where that is
//! possible (rustup; apt-get as root or with a sudo that asks nothing), and
//! otherwise missing for a reason that says what to do.

use crate::install::{apt_install, missing, obtain, on_path, rust_target, rust_toolchain};
use crate::pypi::SCHEMATHESIS;
use crate::report::Have;
use crate::{kotlin, outside, postgres, size, swift};

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
    /// What the library for phones is measured with.
    pub(crate) size: Have,
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
            schemathesis: SCHEMATHESIS.install(),
            size: size::tools(),
        }
    }
}

fn secret_service() -> Have {
    let missing = || missing(&SECRET_SERVICE, on_path);
    obtain(
        "a Secret Service",
        || missing().is_empty(),
        || apt_install(&missing()),
    )
}

#[cfg(test)]
mod tests {
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
}
