//! The demo's steps after a signing: the signature, its verification, and the verification of a
//! document that was changed.

use serde_json::{Value, json};
use switchback::ports::Clock as _;
use switchback::signature::{DocumentDigest, Indication, Report, SignRequest, SubIndication};
use switchback::{Error, SessionId};

use super::{DemoSetup, Progress};
use crate::document;
use crate::exit::Failure;
use crate::format;
use crate::output::Output;
use crate::verify::args::TrustArgs;
use crate::verify::{self, MAX_AGE_OF_NEW, Trust};

/// The document that the person signs.
const DOCUMENT: &[u8] = b"A rental contract between Maja and the demo service.";
/// The same with another party.
const CHANGED: &[u8] = b"A rental contract between Maja and another service.";

/// What the person is asked to sign.
pub(super) fn request() -> SignRequest {
    let digest = DocumentDigest::of(DOCUMENT);
    let id = document::named_information(&digest);
    SignRequest::new(id, digest, "I sign the rental contract of the demo")
        .with_content_type("text/plain")
}

/// Plays all steps, and returns the report as JSON and what it says as a table.
pub(super) async fn run(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    id: &SessionId,
) -> Result<(Value, Vec<Vec<String>>), Failure> {
    let session = setup.client()?.session(id).await?;
    let missing = || Failure::failed("the session does not know what was signed");
    let asked = session.sign_request().ok_or_else(missing)?;
    progress.step(
        "session",
        "opened from the store; it knows what the person was asked to sign",
        json!({ "session": id.as_str(), "id": asked.id, "digest": asked.digest().base64url() }),
    );

    let signature = session.signature().await?;
    let jws = signature.as_str().as_bytes();
    progress.step(
        "fetch",
        format!("got the signature, {} bytes", jws.len()),
        json!({ "bytes": jws.len() }),
    );

    let trust = trust(progress.out, setup, jws).await?;
    let now = setup.clock.now().wall;
    let policy = trust.policy(now, Some(MAX_AGE_OF_NEW));
    let (_, report) = session.verify_signature(&policy).await?;
    expect(&report, Indication::TotalPassed, None)?;
    let checks = format::count(report.checks.len(), "check", "checks");
    progress.step(
        "verify",
        format!("{}: {checks} against the sandbox's root", report.indication),
        json!({ "indication": report.indication, "checks": report.checks.len() }),
    );

    let mut changed = asked.asked();
    changed.document.document = Some(DocumentDigest::of(CHANGED));
    let other = trust.verify(jws, &changed, now, Some(MAX_AGE_OF_NEW));
    expect(
        &other,
        Indication::TotalFailed,
        Some(SubIndication::HashFailure),
    )?;
    progress.step(
        "change",
        format!("{} for a document that was changed", other.indication),
        json!({ "indication": other.indication, "sub_indication": other.sub_indication }),
    );

    session.log_out().await?;
    progress.step(
        "logout",
        "the client deletes the tokens; the signature stays valid",
        json!({}),
    );
    match session.signature().await {
        Err(Error::LoginRequired { .. }) => {}
        _ => return Err(Failure::failed("the session still works after log-out")),
    }
    let json = serde_json::to_value(&report);
    let json = json.map_err(|error| Failure::failed(error.to_string()))?;
    Ok((json, verify::rows(&report)))
}

/// The sandbox's root, and the revocation list that the chain names.
async fn trust(out: &Output, setup: &DemoSetup, jws: &[u8]) -> Result<Trust, Failure> {
    let args = TrustArgs {
        root: vec![format!("{}/certs/", setup.sandbox.url())],
        fetch_crls: true,
        ..TrustArgs::default()
    };
    Trust::read(out, &args, jws).await
}

fn expect(
    report: &Report,
    indication: Indication,
    reason: Option<SubIndication>,
) -> Result<(), Failure> {
    if (report.indication, report.sub_indication) == (indication, reason) {
        return Ok(());
    }
    let reason = verify::deciding(report);
    Err(Failure::failed(format!(
        "the verification should be {indication}, and it is {}: {reason}",
        report.indication
    )))
}
