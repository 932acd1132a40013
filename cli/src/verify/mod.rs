//! `switchback verify`: verifies the signature of a document, and reports each check.
//!
//! | file | what it does |
//! |---|---|
//! | `args` | the options of `sign` and `verify` |
//! | `trust` | reads roots and revocation lists, and fetches the lists that the chain names |
//! | `shown` | a report as text |
//! | `table`, `page` | prints it, and writes it as HTML |

pub(crate) mod args;
mod page;
mod shown;
mod table;
mod trust;

use std::path::{Path, PathBuf};

use switchback::ports::{Clock as _, SystemClock};
use switchback::signature::{
    Asked, DigestInput, DocumentDigest, Expected, Indication, Report, digest_input,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::document;
use crate::exit::{Exit, Failure};
use crate::output::Output;
use crate::signature_file;
use args::VerifyArgs;
pub(crate) use trust::Trust;

/// How old a new signature may be, in seconds: the person signed it a moment ago.
pub(crate) const MAX_AGE_OF_NEW: i64 = 3600;

pub(crate) async fn run(out: &Output, args: VerifyArgs) -> Result<(), Failure> {
    let time = match &args.at {
        Some(text) => parse_time(text)?,
        None => SystemClock.now().wall,
    };
    let file = signature_file(&args)?;
    let signature = signature_file::read(&file)?;
    // A signature that cannot be read fails with any digest.
    let input = digest_input(&signature).unwrap_or_default();
    let document = match (&args.digest, args.file) {
        (Some(text), _) => parse_digest(text, input)?,
        (None, Some(file)) => digest(file, input).await?,
        (None, None) => return Err(Failure::usage("FILE or --digest is missing")),
    };
    let asked = Asked {
        document: Expected {
            document: Some(document),
            id: args.id.as_deref(),
            content_type: args.content_type.as_deref(),
        },
        user_message: args.message.as_deref(),
    };
    let trust = Trust::read(out, &args.trust, &signature).await?;
    let report = trust.verify(&signature, &asked, time, None);
    show(out, &report)?;
    if let Some(page) = &args.trust.html {
        write_page(page, &report, &file, time)?;
    }
    result(&report)
}

/// Prints the report. With `--json`, the report is the object.
pub(crate) fn show(out: &Output, report: &Report) -> Result<(), Failure> {
    let object = serde_json::to_value(report);
    out.object(&object.map_err(|error| Failure::failed(error.to_string()))?);
    table::print(out, report);
    Ok(())
}

/// Writes the report as a page about this signature file.
pub(crate) fn write_page(
    page: &Path,
    report: &Report,
    file: &Path,
    verified_at: i64,
) -> Result<(), Failure> {
    let name = file.file_name().unwrap_or(file.as_os_str());
    let html = page::html(report, &name.to_string_lossy(), verified_at);
    let html = html.map_err(|error| Failure::failed(format!("the page: {error}")))?;
    std::fs::write(page, html).map_err(|error| {
        Failure::failed(format!("the page cannot be written: {error}"))
            .at(page.display().to_string())
    })
}

/// What the signature says: what, who and when.
pub(crate) fn rows(report: &Report) -> Vec<Vec<String>> {
    let summary = report.summary.as_ref();
    summary.map(table::rows).unwrap_or_default()
}

/// The sentences of the checks that decided the result.
pub(crate) fn deciding(report: &Report) -> String {
    let texts = shown::deciding(report).map(|check| &*check.text);
    texts.collect::<Vec<_>>().join(" ")
}

/// The exit code of a report that was printed.
pub(crate) fn result(report: &Report) -> Result<(), Failure> {
    let exit = match report.indication {
        Indication::TotalPassed => return Ok(()),
        Indication::TotalFailed => Exit::SignatureFailed,
        Indication::Indeterminate => Exit::SignatureIndeterminate,
    };
    Err(Failure {
        reported: true,
        ..Failure::new(exit, "signature", report.indication.as_str())
    })
}

/// The file of `--signature`, or the file beside the document.
fn signature_file(args: &VerifyArgs) -> Result<PathBuf, Failure> {
    let beside = || args.file.as_deref().map(signature_file::beside);
    let file = args.signature.clone().or_else(beside);
    file.ok_or_else(|| Failure::usage("--signature is missing"))
}

/// The digest of a file, computed on a thread of its own.
async fn digest(file: PathBuf, input: DigestInput) -> Result<DocumentDigest, Failure> {
    let digests = tokio::task::spawn_blocking(move || document::digests(&file, [input]));
    let [digest] = digests
        .await
        .map_err(|error| Failure::failed(error.to_string()))??;
    Ok(digest)
}

fn parse_digest(text: &str, input: DigestInput) -> Result<DocumentDigest, Failure> {
    let text = text.trim_end_matches('=');
    let digest = DocumentDigest::from_base64url(text, input).or_else(|| hexadecimal(text, input));
    digest.ok_or_else(|| {
        Failure::usage("--digest is not a SHA-256")
            .next("give 43 characters of base64url, or the 64 characters that sha256sum prints")
    })
}

fn hexadecimal(text: &str, input: DigestInput) -> Option<DocumentDigest> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(DocumentDigest::from_bytes(bytes, input))
}

fn parse_time(text: &str) -> Result<i64, Failure> {
    let seconds = || text.parse().ok();
    let time = OffsetDateTime::parse(text, &Rfc3339);
    let time = time.ok().map(OffsetDateTime::unix_timestamp);
    time.or_else(seconds).ok_or_else(|| {
        Failure::usage("--at is not a time").next("write it as 2026-11-23T13:45:00Z (RFC 3339)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_base64url_or_hexadecimal() {
        let read = |text: &str| parse_digest(text, DigestInput::Document);
        let digest = DocumentDigest::of(b"");
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for good in [
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            hex,
            &hex.to_ascii_uppercase(),
        ] {
            assert_eq!(read(good).expect(good), digest);
        }
        for wrong in [
            "",
            "abc",
            &hex[1..],
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_has_a_zone_or_is_a_number() {
        let seconds = |text: &str| parse_time(text).ok();
        assert_eq!(seconds("2023-11-23T13:44:59Z"), Some(1_700_747_099));
        assert_eq!(seconds("2023-11-23T14:44:59+01:00"), Some(1_700_747_099));
        assert_eq!(seconds("1700747099"), Some(1_700_747_099));
        for wrong in ["", "now", "2023-11-23", "2023-11-23T13:44:59"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }
}
