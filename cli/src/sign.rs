//! `switchback sign`: a person signs a document in the identity app. The command stores the
//! signature beside the document, and verifies it against what it asked for.

use serde_json::json;
use switchback::ports::{Clock as _, SystemClock};
use switchback::signature::{DigestInput, SignRequest};
use switchback::{LoginRequest, Purpose};

use crate::args::Common;
use crate::browser;
use crate::deadline::Deadline;
use crate::document;
use crate::exit::Failure;
use crate::home::Home;
use crate::listener::Listener;
use crate::login;
use crate::output::{Output, clean, good, key};
use crate::profile::Profile;
use crate::signature_file;
use crate::verify::args::SignArgs;
use crate::verify::{self, MAX_AGE_OF_NEW, Trust};

pub(crate) async fn run(out: &Output, common: &Common, args: SignArgs) -> Result<(), Failure> {
    let file = args.signature.clone();
    let file = file.unwrap_or_else(|| signature_file::beside(&args.file));
    if !args.force && file.exists() {
        return Err(Failure::usage("the file of the signature exists already")
            .at(file.display().to_string())
            .next("name another file with --signature, or replace it with --force"));
    }
    // A root that cannot be read is found before the person signs.
    Trust::read(out, &args.trust, b"").await?;
    let request = request(&args).await?;

    let home = Home::new(common)?;
    let known = home.profiles(out)?;
    let profile = Profile::of_signing(args.service, known.clone())?;
    let listener = match profile.test_service {
        true => Listener::at(profile.redirect_uri()).await?,
        false => None,
    };
    let login = LoginRequest::signing(request.clone(), profile.scope.iter().map(String::as_str));
    profile.check_request(login.clone()).await?;
    let client = profile.client(home.platform(out).await?)?;
    home.save(&profile.with_purpose(later_purpose(&profile, &known)))?;
    let attempt = client.begin(login).await?;
    let opened = !args.no_open && browser::open(&attempt.url).await;
    login::say_what_to_do(out, &profile, &attempt, opened, listener.is_some());

    let deadline = Deadline::of_login(&attempt);
    let done = login::answer(out, &client, listener, &deadline).await?;
    let session = client.session(&done.session).await?;
    let next = format!(
        "fetch it again: switchback session signature {}",
        done.session
    );
    let signature = session.signature().await;
    let signature = signature.map_err(|error| Failure::from(error).next(next.clone()))?;
    signature_file::write(&file, signature.as_str()).map_err(|failure| failure.next(next))?;
    out.object(&json!({
        "step": "signed",
        "session": done.session.as_str(),
        "file": file.display().to_string(),
        "id": request.id,
        "digest": request.digest().base64url(),
    }));
    out.line(format_args!(
        "{} Signed. The signature is in {}.",
        good("✓"),
        key(clean(&file.display().to_string()))
    ));
    out.line("");

    let jws = signature.as_str().as_bytes();
    let trust = Trust::read(out, &args.trust, jws).await?;
    let now = SystemClock.now().wall;
    let report = trust.verify(jws, &request.asked(), now, Some(MAX_AGE_OF_NEW));
    verify::show(out, &report)?;
    if let Some(page) = &args.trust.html {
        verify::write_page(page, &report, &file, now)?;
    }
    verify::result(&report)
}

/// What the person is asked to sign. The digest is computed on a thread of its own.
async fn request(args: &SignArgs) -> Result<SignRequest, Failure> {
    if args.message.trim().is_empty() {
        return Err(Failure::usage("--message is empty")
            .next("write what the person signs, in the person's language"));
    }
    let (file, b64) = (args.file.clone(), args.b64);
    let digests = tokio::task::spawn_blocking(move || {
        let both = [DigestInput::Document, DigestInput::Base64url];
        match b64 {
            true => document::digests(&file, both),
            false => document::digests(&file, [DigestInput::Document]).map(|[one]| [one, one]),
        }
    });
    let digests = digests.await;
    let [document, signed] = digests.map_err(|error| Failure::failed(error.to_string()))??;
    let id = args.id.clone();
    let id = id.unwrap_or_else(|| document::named_information(&document));
    let request = SignRequest::new(id, signed, &args.message);
    let by_name = || document::content_type(&args.file).map(str::to_owned);
    Ok(match args.content_type.clone().or_else(by_name) {
        Some(content_type) => request.with_content_type(content_type),
        None => request,
    })
}

/// The purpose of a later `switchback login` of this client: a signing does not change it.
fn later_purpose(profile: &Profile, known: &[Profile]) -> Purpose {
    let same = |other: &&Profile| {
        let namespaces = (profile.namespace().ok(), other.namespace().ok());
        matches!(namespaces, (Some(ours), Some(theirs)) if ours == theirs)
    };
    let earlier = known.iter().find(same);
    earlier.map_or(Purpose::Login, |earlier| earlier.purpose)
}
