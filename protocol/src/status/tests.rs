//! Compares the table on the page about errors with the code, for every status and every code.

use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use super::{CODES, ErrorKind, Meaning, Refusal, RequestKind, meaning, refusal};
use crate::rule::Rule;
use crate::rule::tests::ERRORS_PAGE;

const REQUESTS: [(&str, RequestKind); 6] = [
    ("code", RequestKind::Code),
    ("refresh", RequestKind::Refresh),
    ("data", RequestKind::Data),
    ("start", RequestKind::Start),
    ("callback", RequestKind::Callback),
    ("push", RequestKind::Push),
];

/// The rows of the table: request, status, code, result, reason.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, table) = ERRORS_PAGE.split_once("\n| request | status |").unwrap();
    let lines = table.lines().skip(2).take_while(|line| !line.is_empty());
    lines
        .map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
        .collect()
}

fn is_status(cell: &str, status: u16, retry_after: bool) -> bool {
    let (list, with_retry_after) = match cell.split_once(" with `Retry-After`") {
        Some((list, _)) => (list, true),
        None => (cell, false),
    };
    (retry_after || !with_retry_after)
        && list.split(", ").any(|part| match part.strip_suffix("xx") {
            Some(class) => class.parse() == Ok(status / 100),
            None => part == "another" || part.parse() == Ok(status),
        })
}

fn is_code(cell: &str, code: Option<&str>) -> bool {
    match (cell, code) {
        ("any or none", _) | ("any", Some(_)) | ("none", None) => true,
        ("not standard", Some(code)) => ErrorKind::of(code) == ErrorKind::Unknown,
        (list, Some(code)) => list.split(", ").any(|known| known == format!("`{code}`")),
        _ => false,
    }
}

/// The result of the code, in the words of the page.
fn result(request: RequestKind, status: u16, retry_after: bool, code: Option<&str>) -> String {
    use RequestKind::{Callback, Code, Data, Refresh};

    let kind = code.map(ErrorKind::of);
    let lost = match request {
        Code | Refresh | Callback => "`TryAgain`, lost",
        _ => "`TryAgain`",
    };
    match meaning(request, status, retry_after, kind) {
        Meaning::Success => "success".into(),
        Meaning::NotProcessed => "`TryAgain`".into(),
        Meaning::Failed => lost.into(),
        Meaning::NotAuthenticated if request == Data => {
            "a fresh token, and the request once more; then `Protocol`, or `LoginRequired` through \
             a backend"
                .into()
        }
        Meaning::NotAuthenticated if request == Callback => "`Forgotten`".into(),
        Meaning::NotAuthenticated => "`Configuration`".into(),
        Meaning::Refused => match refusal(request, kind.unwrap_or(ErrorKind::Unknown)) {
            Refusal::Final if request == Refresh => "`LoginRequired`".into(),
            Refusal::Final => "`Refused`".into(),
            Refusal::Forgotten => "`Forgotten`".into(),
            Refusal::Temporary => lost.into(),
            Refusal::TemporaryOnce => format!("{lost}; repeated: `LoginRequired`"),
            Refusal::Misconfigured => "`Configuration`".into(),
            Refusal::MisconfiguredOnce => "`Configuration`; repeated: `LoginRequired`".into(),
        },
        Meaning::Broken(rule) => {
            assert!(matches!(rule, Rule::Status(n) | Rule::Redirect(n) if n == status));
            format!("`Protocol`: `{}`", rule.name())
        }
    }
}

/// Compares every answer with one of these statuses with the first row that fits it.
fn compare(
    rows: &[Vec<&'static str>],
    statuses: impl Iterator<Item = u16> + Clone,
) -> Result<(), String> {
    let codes = CODES.map(|(code, _)| Some(code)).into_iter();
    let codes: Vec<_> = codes.chain([None, Some("not_standard")]).collect();
    let mut used = vec![false; rows.len()];
    for (name, request) in REQUESTS {
        let of_request = |cell: &str| cell == "all" || cell.split(", ").any(|part| part == name);
        for status in statuses.clone() {
            for (retry_after, code) in codes
                .iter()
                .flat_map(|code| [(false, *code), (true, *code)])
            {
                let fits = |row: &Vec<&str>| {
                    is_status(row[1], status, retry_after)
                        && of_request(row[0])
                        && is_code(row[2], code)
                };
                let answer = format!("{name} {status} {code:?}, Retry-After: {retry_after}");
                let first = rows.iter().position(fits);
                let first = first.ok_or_else(|| format!("{answer}: no row"))?;
                used[first] = true;
                let result = result(request, status, retry_after, code);
                if rows[first][3] != result {
                    return Err(format!("{answer} is {result}: {:?}", rows[first]));
                }
            }
        }
    }
    match used.iter().position(|used| !used) {
        Some(unused) => Err(format!("this row never decides: {:?}", rows[unused])),
        None => Ok(()),
    }
}

#[test]
fn the_page_about_errors_has_the_table_of_the_code() {
    compare(&rows(), 100..=599).unwrap();
}

#[test]
fn a_missing_row_is_found() {
    let rows = rows();
    let each_row = [
        200, 201, 204, 302, 304, 400, 401, 404, 405, 407, 408, 418, 422, 429, 503,
    ];
    compare(&rows, each_row.into_iter()).unwrap();
    for at in 0..rows.len() {
        let mut missing = rows.clone();
        let row = missing.remove(at);
        let compared = compare(&missing, each_row.into_iter());
        assert!(compared.is_err(), "not missed: {row:?}");
    }
}
