//! The page of the authorization endpoint: a QR code for the phone, and the wait for the
//! person's decision.

use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

use super::{data, render};
use crate::Waiting;
use crate::network::addresses::Names;

/// The white margin around a QR code, in modules (ISO/IEC 18004 section 5.3.8).
const QUIET: usize = 4;

#[derive(Template)]
#[template(path = "authorize.html")]
struct Authorize<'a> {
    waiting: &'a Waiting,
    data: Vec<&'a str>,
    left: i64,
    /// Whether the browser is on a phone, which needs no other device.
    phone: bool,
    /// The URL in the QR code.
    address: String,
    /// Whether only this machine can open the URL.
    loopback: bool,
}

/// A QR code as an SVG of `size` by `size` units.
#[derive(Template)]
#[template(path = "code.svg", escape = "html")]
struct Code {
    size: usize,
    /// The dark modules, as lines that are one unit wide.
    path: String,
}

/// The page of a pending request, on a phone or on another device.
pub(crate) fn authorize(waiting: &Waiting, names: &Names, phone: bool) -> String {
    let address = address(names, &waiting.id);
    render(&Authorize {
        waiting,
        data: data(waiting),
        left: waiting.deadline.saturating_sub(waiting.since),
        phone,
        loopback: names.public_host().is_none() && names.listen().ip().is_loopback(),
        address,
    })
}

/// The URL at which a phone opens the request.
fn address(names: &Names, id: &str) -> String {
    let beyond = names.beyond_loopback();
    let base = match names.public_host() {
        Some(_) => names.url(),
        None => beyond.first().map_or(names.url(), String::as_str),
    };
    format!("{base}/app/{id}?on=another")
}

/// The QR code of a pending request, as an SVG. It is not inside the page, because it takes a
/// millisecond to make, and programs that fetch the page do not need it.
pub(crate) fn code_of(id: &str, names: &Names) -> Option<String> {
    code(&address(names, id)).map(|code| render(&code))
}

/// The address as a QR code; `None` if the address is too long for one.
fn code(address: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        // A line along each row: `h` draws the dark modules, `m` skips the light ones.
        path.push_str(&format!("M{QUIET} {}", y + QUIET));
        for run in row.chunk_by(|a, b| a == b) {
            let length = run.len();
            path.push_str(&match run[0] {
                Color::Dark => format!("h{length}"),
                Color::Light => format!("m{length} 0"),
            });
        }
    }
    Some(Code {
        size: width + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_draws_the_dark_modules_and_no_others() {
        let text = "http://127.0.0.1:8090/app/ID?on=another";
        let own = code(text).unwrap();
        let modules = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let dark = modules
            .to_colors()
            .iter()
            .filter(|color| **color == Color::Dark)
            .count();
        let drawn: usize = own
            .path
            .split('h')
            .skip(1)
            .filter_map(|part| part.split(['m', 'M']).next()?.parse::<usize>().ok())
            .sum();
        assert_eq!(drawn, dark);
        assert_eq!(own.size, modules.width() + 8);
        // The first row of the finder pattern in the upper left.
        assert!(own.path.starts_with("M4 4h7m"), "{}", own.path);
    }
}
