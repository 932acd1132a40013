//! Tests of the pages in real browsers: Debian's Chromium and Firefox, controlled with WebDriver
//! (W3C).
//!
//! axe-core checks each page (WCAG 2, A and AA, with colour contrast) on a phone and on a desktop,
//! in light and dark, and the tests write a screenshot to `target/screenshots/`. The tests use what
//! a person uses (roles, names and keys), and not the structure of the HTML.
//!
//! `cargo xtask test` installs the browsers and axe-core; if it cannot, it reports that and does
//! not set [`ENABLED`].

mod approving;
mod driver;
mod page;
mod pages;
mod start;
mod trace;
mod two_devices;

use std::env;

pub(crate) use page::{Browser, Scheme, Size};

const ENABLED: &str = "SWITCHBACK_TEST_BROWSER";

/// Whether browsers are installed.
pub(crate) fn enabled() -> bool {
    env::var_os(ENABLED).is_some()
}
