//! The pages, in real browsers: Debian's Chromium and Firefox, driven over WebDriver (W3C).
//!
//! Each page is judged by axe-core (WCAG 2, A and AA, contrast of colours included) on a
//! phone and on a desktop, in light and dark, and its picture is written to
//! `target/screenshots/`, to be looked at. Tests here speak of what a person meets, roles
//! and names and keys, and not of how a page is built.
//!
//! The browsers and axe-core are what `cargo xtask test` installs; where they are not to
//! be had, xtask says so and does not set [`ENABLED`].

mod another;
mod approving;
mod driver;
mod page;
mod pages;
mod start;
mod trace;

use std::env;

pub(crate) use page::{Browser, Scheme, Size};

const ENABLED: &str = "SWITCHBACK_TEST_BROWSER";

/// Whether there are browsers to test in.
pub(crate) fn enabled() -> bool {
    env::var_os(ENABLED).is_some()
}
