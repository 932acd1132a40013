//! The tools of the tests, besides cargo. Uses an installed tool, or installs it (with rustup; with
//! apt-get as root, or with a sudo that asks for no password), or returns the reason and what to
//! do.

use crate::install::{apt_install, missing, obtain, on_path, rust_target, rust_toolchain};
use crate::process::Failure;
use crate::pypi::SCHEMATHESIS;
use crate::report::Availability;
use crate::workspace::{self, SupportedRust};
use crate::{android, browsers, dss, fuzz, ios, jdk, kotlin, postgres, size, swift};

/// The target of browsers: the protocol crate must also run there.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// A target without a standard library: a crate that builds for it is `no_std`, and so are its
/// dependencies.
pub(crate) const BARE_METAL: &str = "thumbv7em-none-eabihf";

/// Systems with their own code in the core (clocks, locks, keyrings), and the packages that are
/// checked for them. Without HTTP, whose C code needs a compiler for each system.
pub(crate) const SYSTEMS: [(&str, &str); 4] = [
    ("aarch64-linux-android", ON_PHONES),
    ("aarch64-apple-ios", ON_PHONES),
    ("aarch64-apple-darwin", ON_DESKTOPS),
    ("x86_64-pc-windows-gnu", ON_DESKTOPS),
];

const ON_PHONES: &str =
    "-p switchback -p switchback-bindings --no-default-features --features switchback/sealed-file";
const ON_DESKTOPS: &str = "-p switchback --no-default-features --features keyring";

/// A real Secret Service, for the tests of the keyring: each program with its Debian package.
const SECRET_SERVICE: [(&str, &str); 3] = [
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("dbus-run-session", "dbus"),
    ("secret-tool", "libsecret-tools"),
];

/// All tools, with their availability.
pub(crate) struct Tools {
    pub(crate) wasm: Availability,
    pub(crate) bare_metal: Availability,
    /// In the order of [`SYSTEMS`].
    pub(crate) systems: [Availability; 4],
    /// The supported versions of Rust, the oldest first. The last one includes the linter.
    pub(crate) rust: Vec<(SupportedRust, Availability)>,
    pub(crate) secret_service: Availability,
    pub(crate) browsers: Availability,
    pub(crate) node: Availability,
    pub(crate) curl: Availability,
    pub(crate) kotlin: Availability,
    /// The second implementation of JAdES.
    pub(crate) dss: Availability,
    /// A JDK for Robolectric.
    pub(crate) jdk: Availability,
    /// The tools that make the Android library, and apps of the tests.
    pub(crate) android: Availability,
    pub(crate) kotlin_lint: Availability,
    pub(crate) swift: Availability,
    pub(crate) postgres: Availability,
    pub(crate) schemathesis: Availability,
    /// The tools that measure the library for phones.
    pub(crate) size: Availability,
    /// The tools that build the library for iOS.
    pub(crate) ios: Availability,
    /// The compiler of libFuzzer.
    pub(crate) fuzz: Availability,
}

impl Tools {
    /// Finds every tool, and installs the missing ones if possible.
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
            dss: dss::dss(),
            jdk: jdk::jdk(),
            android: android::tools(),
            kotlin_lint: android::lint::tools(),
            swift: swift::swift(),
            postgres: postgres::postgres(),
            schemathesis: SCHEMATHESIS.install(),
            size: size::tools(),
            ios: ios::tools(),
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
