//! Shows the authorization URL to the person: a browser, a QR code, and a spinner meanwhile.

use std::io::IsTerminal as _;
use std::time::Duration;

use console::{Term, style};
use indicatif::{ProgressBar, ProgressStyle};
use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use webbrowser::{Browser, BrowserOptions};

use crate::output::{self, Output, dim};

/// Opens the system's browser; returns whether there was one.
pub(crate) async fn open(url: &str) -> bool {
    let url = url.to_owned();
    let mut quiet = BrowserOptions::new();
    quiet.with_suppress_output(true);
    let opened = tokio::task::spawn_blocking(move || {
        webbrowser::open_browser_with_options(Browser::Default, &url, &quiet).is_ok()
    });
    opened.await.unwrap_or(false)
}

/// Draws the QR code of a URL, if stdout is a terminal that is wide enough.
pub(crate) fn show_qr_code(out: &Output, url: &str) {
    if out.json() || !output::is_terminal() {
        return;
    }
    let Ok(code) = QrCode::with_error_correction_level(url, EcLevel::L) else {
        return;
    };
    // Four modules of quiet zone on each side.
    let needed = code.width() + 8;
    let (_, columns) = Term::stdout().size();
    if needed > usize::from(columns) {
        out.line(dim(format_args!(
            "   (its QR code needs a window of {needed} columns)"
        )));
        return;
    }
    // Dark on light, independent of the terminal's colours. Without colours, assume a dark terminal.
    let colours = console::colors_enabled();
    let (dark, light) = match colours {
        true => (Dense1x2::Dark, Dense1x2::Light),
        false => (Dense1x2::Light, Dense1x2::Dark),
    };
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(dark)
        .light_color(light)
        .quiet_zone(true)
        .build();
    for line in drawn.lines() {
        match colours {
            true => out.line(style(line).color256(16).on_color256(231)),
            false => out.line(line),
        }
    }
    out.line("");
}

/// A spinner on stderr until this value is dropped, if stderr is a terminal.
pub(crate) struct Spinner(Option<ProgressBar>);

impl Spinner {
    pub(crate) fn new(out: &Output, words: &'static str) -> Self {
        if out.json() || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let spinner = ProgressBar::new_spinner().with_message(words);
        if let Ok(style) = ProgressStyle::with_template("{spinner:.cyan} {msg} {elapsed:.dim}") {
            spinner.set_style(style);
        }
        spinner.enable_steady_tick(Duration::from_millis(100));
        Self(Some(spinner))
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(spinner) = &self.0 {
            spinner.finish_and_clear();
        }
    }
}
