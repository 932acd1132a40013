//! A report as one HTML page, to send or to print. It needs no other file, no network and no
//! script.
//!
//! Before you change this: the values come from a stranger's file. The template escapes every value,
//! and the policy in the page's head stops the browser from loading anything.

use askama::Template;
use switchback::signature::{Indication, Report};

use super::shown::{self, Row};
use crate::format;
use crate::output::clean;

#[derive(Template)]
#[template(path = "verification.html")]
struct Page {
    file: String,
    /// `passed`, `failed` or `undecided`: the colour of the result.
    class: &'static str,
    indication: &'static str,
    reason: Option<String>,
    sentence: &'static str,
    remark: Option<&'static str>,
    deciding: Vec<String>,
    verified_at: String,
    parts: Vec<Part>,
    checks: Vec<Check>,
    certificates: Vec<Vec<Row>>,
    version: &'static str,
}

/// A heading with its rows.
struct Part {
    title: &'static str,
    rows: Vec<Row>,
}

struct Check {
    class: &'static str,
    name: &'static str,
    text: String,
    section: &'static str,
}

/// The page about this signature. `file` names the signature for people, and `verified_at` is the
/// time for which it was verified, in seconds since the epoch.
pub(super) fn html(report: &Report, file: &str, verified_at: i64) -> Result<String, askama::Error> {
    let summary = report.summary.as_ref();
    let parts = summary.map(|summary| {
        let part = |title, rows: Vec<Row>| Part {
            title,
            rows: rows.into_iter().map(harmless).collect(),
        };
        vec![
            part("What was signed", shown::what(summary)),
            part("Who signed", shown::who(summary)),
            part("When", shown::when(summary)),
        ]
    });
    let certificates = summary.map(|summary| {
        let rows = |certificate| {
            let rows = shown::certificate(certificate);
            rows.into_iter().map(harmless).collect()
        };
        summary.certificates.iter().map(rows).collect()
    });
    let check = |check: &switchback::signature::Check| Check {
        class: shown::outcome(check.outcome),
        name: check.name,
        text: clean(&check.text),
        section: check.section,
    };
    let page = Page {
        file: clean(file),
        class: match report.indication {
            Indication::TotalPassed => "passed",
            Indication::TotalFailed => "failed",
            Indication::Indeterminate => "undecided",
        },
        indication: report.indication.as_str(),
        reason: shown::reason(report),
        sentence: shown::sentence(report),
        remark: shown::remark(report),
        deciding: shown::deciding(report)
            .map(|check| clean(&check.text))
            .collect(),
        verified_at: format::time(verified_at),
        parts: parts.unwrap_or_default(),
        checks: report.checks.iter().map(check).collect(),
        certificates: certificates.unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION"),
    };
    page.render()
}

/// Invisible characters could hide or reverse text.
fn harmless(row: Row) -> Row {
    Row {
        name: clean(&row.name),
        value: clean(&row.value),
    }
}

#[cfg(test)]
#[path = "page_tests.rs"]
mod tests;
