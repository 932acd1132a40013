//! The demo's steps of a signing: the service prepares it, the person signs, and the signature is
//! verified, also against a document that was changed.
//!
//! With a backend, the service's code fetches and verifies the signature, and the app gets none.
//! With `--direct`, the app does both.

use serde_json::{Value, json};
use switchback::ports::Clock as _;
use switchback::signature::{DocumentDigest, Indication, Report, SignRequest, SubIndication};
use switchback::{Error, LoginRequest, Purpose, Session, SessionId};
use switchback_backend::{Service, SigningId, SigningOptions, SigningStatus};

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
fn request() -> SignRequest {
    let digest = DocumentDigest::of(DOCUMENT);
    let id = document::named_information(&digest);
    SignRequest::new(id, digest, "I sign the rental contract of the demo")
        .with_content_type("text/plain")
}

/// The login of the app, and the signing that the service prepared for it.
pub(super) async fn prepare(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
) -> Result<(LoginRequest, Option<SigningId>), Failure> {
    let request = request();
    let Some(service) = &setup.service else {
        let login = LoginRequest::signing(request, setup.profile.scope.clone());
        return Ok((login, None));
    };
    let digest = request.digest().base64url();
    let prepared = service.prepare_signing(request, SigningOptions::default());
    let prepared = prepared.await.map_err(failed)?;
    progress.step(
        "prepare",
        "the service stored what the person shall sign",
        json!({ "digest": digest, "expires_at": prepared.open_until }),
    );
    // The id is all that the app gets.
    let mut login = LoginRequest::new(Purpose::Signing, Vec::<String>::new());
    let id = prepared.id.to_string();
    login.extra.insert("request".into(), id);
    Ok((login, Some(prepared.id)))
}

fn failed(error: switchback_backend::Error) -> Failure {
    Failure::failed(format!("the demo's service failed: {error}"))
}

/// Plays all steps after the login, and returns the report as JSON and what it says as a table.
pub(super) async fn run(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    id: &SessionId,
    signing: Option<SigningId>,
) -> Result<(Value, Vec<Vec<String>>), Failure> {
    let session = setup.client()?.session(id).await?;
    match (&setup.service, &signing) {
        (Some(service), Some(signing)) => {
            let jws = fetched_by_service(progress, service, signing).await?;
            let seen = verified(progress, setup, &jws, &request()).await?;
            logged_out(progress, &session, "the session of the app ends").await?;
            signed(service, signing).await?;
            Ok(seen)
        }
        _ => {
            let missing = || Failure::failed("the session does not know what was signed");
            let asked = session.sign_request().ok_or_else(missing)?;
            progress.step(
                "session",
                "opened from the store; it knows what the person was asked to sign",
                json!({ "session": id.as_str() }),
            );
            let jws = session.signature().await?.as_str().to_owned();
            progress.step(
                "fetch",
                format!("got the signature, {} bytes", jws.len()),
                json!({ "bytes": jws.len() }),
            );
            let seen = verified(progress, setup, &jws, &asked).await?;
            logged_out(progress, &session, "the client deletes the tokens").await?;
            match session.signature().await {
                Err(Error::LoginRequired { .. }) => Ok(seen),
                _ => Err(Failure::failed("the session still works after log-out")),
            }
        }
    }
}

/// The service has fetched the signature while the login was completed.
async fn fetched_by_service(
    progress: &mut Progress<'_>,
    service: &Service,
    id: &SigningId,
) -> Result<String, Failure> {
    let jws = signed(service, id).await?;
    progress.step(
        "fetch",
        format!(
            "the service got and verified the signature, {} bytes",
            jws.len()
        ),
        json!({ "bytes": jws.len() }),
    );
    Ok(jws)
}

/// The verified signature of the service.
async fn signed(service: &Service, id: &SigningId) -> Result<String, Failure> {
    match service.signing(id).await.map_err(failed)? {
        SigningStatus::Signed(signature) => Ok(signature.compact.clone()),
        other => Err(Failure::failed(format!(
            "the signing should be signed, and it is {}",
            other.as_str()
        ))),
    }
}

/// Verifies the signature against the document, and against a document that was changed.
async fn verified(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    jws: &str,
    request: &SignRequest,
) -> Result<(Value, Vec<Vec<String>>), Failure> {
    let jws = jws.as_bytes();
    let trust = trust(progress.out, setup, jws).await?;
    let now = setup.clock.now().wall;
    let asked = request.asked();
    let report = trust.verify(jws, &asked, now, Some(MAX_AGE_OF_NEW));
    expect(&report, Indication::TotalPassed, None)?;
    let checks = format::count(report.checks.len(), "check", "checks");
    progress.step(
        "verify",
        format!("{}: {checks} against the sandbox's root", report.indication),
        json!({ "indication": report.indication, "checks": report.checks.len() }),
    );

    let mut changed = asked;
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

    let json = serde_json::to_value(&report);
    let json = json.map_err(|error| Failure::failed(error.to_string()))?;
    Ok((json, verify::rows(&report)))
}

async fn logged_out(
    progress: &mut Progress<'_>,
    session: &Session,
    what: &str,
) -> Result<(), Failure> {
    session.log_out().await?;
    progress.step(
        "logout",
        format!("{what}; the signature stays valid"),
        json!({}),
    );
    Ok(())
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
