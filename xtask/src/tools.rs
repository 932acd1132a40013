//! What the tests need beside cargo: looked for first, installed where that is
//! possible (rustup; apt-get as root or with a sudo that asks nothing), and
//! otherwise missing for a reason that says what to do.

use crate::install::{apt_install, missing, obtain, on_path, rust_target, rust_toolchain};
use crate::process::Failure;
use crate::pypi::SCHEMATHESIS;
use crate::report::Availability;
use crate::workspace::{self, SupportedRust};
use crate::{browsers, fuzz, kotlin, postgres, size, swift};

/// The browser's target: the pure half is to run there as well.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A target that has no standard library at all: what builds for it is `no_std`,
/// together with everything that it depends on.
pub(crate) const BARE_METAL: &str = "thumbv7em-none-eabihf";

/// Systems that have lines of their own in the core (clocks, locks, keyrings), and what is
/// compiled for them, without linking it. It goes without HTTP, whose C needs a compiler for each
/// of them.
pub(crate) const SYSTEMS: [(&str, &str); 4] = [
    ("aarch64-linux-android", ON_PHONES),
    ("aarch64-apple-ios", ON_PHONES),
    ("aarch64-apple-darwin", ON_DESKTOPS),
    ("x86_64-pc-windows-gnu", ON_DESKTOPS),
];

const ON_PHONES: &str =
    "-p switchback -p switchback-bindings --no-default-features --features switchback/sealed-file";
const ON_DESKTOPS: &str = "-p switchback --no-default-features --features keyring";

/// A real Secret Service, for the tests of the keyring: each command with the
/// Debian package that brings it.
const SECRET_SERVICE: [(&str, &str); 3] = [
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("dbus-run-session", "dbus"),
    ("secret-tool", "libsecret-tools"),
];

/// Everything that was looked for.
pub(crate) struct Tools {
    pub(crate) wasm: Availability,
    pub(crate) bare_metal: Availability,
    /// As [`SYSTEMS`].
    pub(crate) systems: [Availability; 4],
    /// The versions of Rust that are promised, the oldest first. The last has its linter.
    pub(crate) rust: Vec<(SupportedRust, Availability)>,
    pub(crate) secret_service: Availability,
    pub(crate) browsers: Availability,
    pub(crate) node: Availability,
    pub(crate) curl: Availability,
    pub(crate) kotlin: Availability,
    pub(crate) swift: Availability,
    pub(crate) postgres: Availability,
    pub(crate) schemathesis: Availability,
    /// What the library for phones is measured with.
    pub(crate) size: Availability,
    /// What compiles libFuzzer.
    pub(crate) fuzz: Availability,
}

impl Tools {
    /// Looks for every tool, and installs what is missing where that is possible.
    pub(crate) fn gather() -> Result<Self, Failure> {
        let versions = workspace::supported_rust()?;
        let count = versions.len();
        let rust = versions.into_iter().zip(1..).map(|(supported, place)| {
            let linter = (place == count).then_some("clippy");
            let have = rust_toolchain(&supported.version, linter);
            (supported, have)
        });
        let rust = rust.collect();
        Ok(Self {
            wasm: rust_target(WASM),
            bare_metal: rust_target(BARE_METAL),
            systems: SYSTEMS.map(|(target, _)| rust_target(target)),
            rust,
            secret_service: secret_service(),
            browsers: browsers::browsers(),
            node: browsers::node(),
            curl: browsers::curl(),
            kotlin: kotlin::kotlin(),
            swift: swift::swift(),
            postgres: postgres::postgres(),
            schemathesis: SCHEMATHESIS.install(),
            size: size::tools(),
            fuzz: fuzz::compiler(),
        })
    }
}

fn secret_service() -> Availability {
    let missing = || missing(&SECRET_SERVICE, on_path);
    obtain(
        "a Secret Service",
        || missing().is_empty(),
        || apt_install(&missing()),
    )
}
