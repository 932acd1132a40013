//! `switchback doctor android`.

use serde_json::json;
use switchback_protocol::link_check::android::{self, Report};
use switchback_protocol::link_check::asset_links::{self, App, Fault, Fingerprint};

use super::{answer, https_origin, print_check, print_problems, report};
use crate::args::DoctorAndroidArgs;
use crate::exit::Failure;
use crate::output::{Output, bold, clean, good};

/// Returns the number of mistakes that stop a login.
pub(super) async fn run(out: &Output, args: DoctorAndroidArgs) -> Result<usize, Failure> {
    match (&args.facts, &args.redirect_uri) {
        (Some(file), _) => {
            let report: Report = report(file)?;
            let check = android::check(&report.question, &report.facts);
            Ok(print_check(out, check))
        }
        (None, Some(redirect_uri)) => check_file(out, &args, redirect_uri).await,
        (None, None) => Err(Failure::usage("name --redirect-uri, or --facts")),
    }
}

/// Checks assetlinks.json.
async fn check_file(
    out: &Output,
    args: &DoctorAndroidArgs,
    redirect_uri: &str,
) -> Result<usize, Failure> {
    let app = app(args)?;
    let origin = https_origin(redirect_uri, "App Link: Android verifies")?;
    let place = match &args.asset_links {
        Some(place) => place.clone(),
        // Android asks the host itself, also if the redirect URI has a port.
        None => format!("https://{}{}", origin.host(), asset_links::PATH),
    };
    let faults = asset_links::check(&answer(&place).await?, &app, redirect_uri);
    out.line(bold(clean(&place)));
    let stops = print_problems(out, faults.iter().map(Fault::warning));
    if stops == 0 {
        out.line(good(format_args!(
            "  Android can verify that links to {} open {}",
            origin.host(),
            clean(&app.package)
        )));
    }
    out.object(
        &json!({ "file": place, "package": app.package, "faults": faults.len(), "stops": stops }),
    );
    Ok(stops)
}

fn app(args: &DoctorAndroidArgs) -> Result<App, Failure> {
    let package = args.package.clone();
    let Some(package) = package.filter(|_| !args.fingerprint.is_empty()) else {
        return Err(Failure::usage(
            "--package and at least one --fingerprint are needed to check assetlinks.json",
        )
        .next(
            "Play Console shows the fingerprint of what people install (App integrity, App signing \
             key certificate); for a local build: keytool -list -v -keystore FILE",
        ));
    };
    let read = |text: &String| {
        Fingerprint::read(text).ok_or_else(|| {
            Failure::usage(format!(
                "{text:?} is not the SHA-256 fingerprint of a certificate"
            ))
            .next("it has 32 bytes in hexadecimal digits: 14:6D:E9:…")
        })
    };
    let fingerprints = args.fingerprint.iter().map(read);
    Ok(App {
        package,
        fingerprints: fingerprints.collect::<Result<_, _>>()?,
    })
}
