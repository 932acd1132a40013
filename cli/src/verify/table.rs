//! A report as a table on the terminal.

use switchback::signature::{Check, Indication, Outcome, Report, Summary};

use super::shown::{self, Row};
use crate::output::{Output, bold, clean, dim, good, key};

/// Prints the report: the result, then who, what and when, then each check.
pub(crate) fn print(out: &Output, report: &Report) {
    let result = match shown::reason(report) {
        Some(reason) => format!("{} / {reason}", report.indication),
        None => report.indication.to_string(),
    };
    out.line(match report.indication {
        Indication::TotalPassed => good(bold(result)),
        Indication::TotalFailed => console::style(bold(result)).red(),
        Indication::Indeterminate => console::style(bold(result)).yellow(),
    });
    out.line(shown::sentence(report));
    if let Some(remark) = shown::remark(report) {
        out.line(remark);
    }
    if let Some(summary) = &report.summary {
        out.line("");
        out.line(bold("What the signature says"));
        out.table("  ", &rows(summary));
    }
    out.line("");
    out.line(bold("Checks"));
    let rows: Vec<_> = report.checks.iter().map(row).collect();
    out.table("  ", &rows);
}

/// Two columns: names, and values.
pub(super) fn rows(summary: &Summary) -> Vec<Vec<String>> {
    let rows = [
        shown::what(summary),
        shown::who(summary),
        shown::when(summary),
    ];
    let row = |row: Row| vec![key(clean(&row.name)).to_string(), clean(&row.value)];
    rows.into_iter().flatten().map(row).collect()
}

fn row(check: &Check) -> Vec<String> {
    let mark = match check.outcome {
        Outcome::Passed => good("✓"),
        Outcome::Failed => console::style("✗").red(),
        Outcome::Undecided => console::style("?").yellow(),
        Outcome::Skipped => dim("-"),
        Outcome::Remark => dim("i"),
    };
    vec![
        mark.to_string(),
        shown::outcome(check.outcome).into(),
        check.name.into(),
        dim(check.section).to_string(),
        clean(&check.text),
    ]
}
