//! `switchback doctor android`: whether a login on Android will come back to the app.
//!
//! The command checks the file by which Android verifies the redirect URI's host, or the facts of a
//! device. `switchback_protocol::link_check` decides.

use std::path::Path;

use serde_json::json;
use switchback_driver::http::Reqwest;
use switchback_driver::ports::HttpTransport as _;
use switchback_protocol::http::{Method, Request, Response};
use switchback_protocol::link_check::android::{self, Report};
use switchback_protocol::link_check::asset_links::{self, App, Fault, Fingerprint};
use switchback_protocol::link_check::{LinkCheck, Return, Severity, Step, Warning};
use switchback_protocol::{Environment, Origin, RedirectUri};

use crate::args::DoctorAndroidArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Output, bold, clean, good, key};

pub(crate) async fn android(out: &Output, args: DoctorAndroidArgs) -> Result<(), Failure> {
    let stops = match (&args.facts, &args.redirect_uri) {
        (Some(file), _) => check_facts(out, file)?,
        (None, Some(redirect_uri)) => check_file(out, &args, redirect_uri).await?,
        (None, None) => return Err(Failure::usage("name --redirect-uri, or --facts")),
    };
    match stops {
        0 => Ok(()),
        many => Err(Failure::new(
            Exit::Configuration,
            "link",
            format!(
                "{} from coming back to the app",
                match many {
                    1 => "one mistake stops the login".into(),
                    _ => format!("{many} mistakes stop the login"),
                }
            ),
        )),
    }
}

/// Checks assetlinks.json; returns the number of faults that stop a login.
async fn check_file(
    out: &Output,
    args: &DoctorAndroidArgs,
    redirect_uri: &str,
) -> Result<usize, Failure> {
    let app = app(args)?;
    let uri = RedirectUri::new(redirect_uri, Environment::Test)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let origin = Origin::of(uri.as_str()).filter(|_| uri.as_str().starts_with("https:"));
    let Some(origin) = origin else {
        return Err(Failure::usage(format!(
            "{redirect_uri} is no App Link: Android verifies https only"
        ))
        .next("any app can claim a custom scheme: use it with a test service only"));
    };
    let (place, faults) = match &args.asset_links {
        Some(file) if !file.to_string_lossy().starts_with("http") => {
            let body = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
            let faults = asset_links::check_statements(&body, &app, redirect_uri);
            (file.display().to_string(), faults)
        }
        address => {
            let address = match address {
                Some(address) => address.to_string_lossy().into_owned(),
                // Android asks the host itself, also if the redirect URI has a port.
                None => format!("https://{}{}", origin.host(), asset_links::PATH),
            };
            let answer = fetch(&address).await?;
            let faults = asset_links::check(&answer, &app, redirect_uri);
            (address, faults)
        }
    };
    out.line(bold(clean(&place)));
    for fault in &faults {
        problem(
            out,
            fault.severity(),
            fault.code(),
            &fault.message(),
            fault.fix(),
        );
    }
    let stops = stopping(faults.iter().map(Fault::severity));
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

async fn fetch(address: &str) -> Result<Response, Failure> {
    let request = Request {
        method: Method::Get,
        once: false,
        url: address.into(),
        headers: Vec::new(),
        body: None,
    };
    Reqwest::new().send(request).await.map_err(|error| {
        Failure::new(Exit::TryAgain, "not_reached", error.to_string())
            .at(address)
            .next("Android cannot fetch it either, if this machine is like a phone on the internet")
    })
}

/// Checks the facts of a device; returns the number of warnings that stop a login.
fn check_facts(out: &Output, file: &Path) -> Result<usize, Failure> {
    let text = std::fs::read(file).map_err(|error| unreadable(file, &error))?;
    let report: Report = serde_json::from_slice(&text).map_err(|error| {
        Failure::usage(format!("the facts cannot be read: {error}")).at(file.display().to_string())
    })?;
    let check = android::check(&report.question, &report.facts);
    print_plan(out, &check);
    for one in &check.warnings {
        problem(out, one.severity(), one.code(), &one.message(), &one.fix());
    }
    let stops = stopping(check.warnings.iter().map(Warning::severity));
    let returns = serde_json::to_value(check.returns).unwrap_or_default();
    out.object(&json!({ "returns": returns, "warnings": check.warnings.len(), "stops": stops }));
    Ok(stops)
}

fn print_plan(out: &Output, check: &LinkCheck) {
    out.line(bold("What the app would open, in this order"));
    let rows: Vec<Vec<String>> = check.steps.iter().map(row).collect();
    out.table("  ", &rows);
    for step in &check.steps {
        out.object(&json!(step));
    }
    let what = match check.returns {
        Return::ThisApp => "The link then opens this app",
        Return::Asks => "The system then asks the person which app opens the link",
        Return::OtherApp => "The link then opens another app",
        Return::Browser => "The link then stays in the browser",
        Return::Nothing => "Nothing then opens the link",
        Return::Unknown => "The system does not say what then opens the link",
    };
    out.line(what);
}

fn row(step: &Step) -> Vec<String> {
    let name = key(step.opens.as_str()).to_string();
    let rest = match &step.package {
        Some(package) if step.choice.is_ok() => format!("{}: {}", clean(package), step.reason()),
        _ => format!("left out: {}", step.reason()),
    };
    vec![name, rest]
}

/// How many mistakes stop a login.
fn stopping(all: impl Iterator<Item = Severity>) -> usize {
    all.filter(|severity| *severity == Severity::Stops).count()
}

fn problem(out: &Output, severity: Severity, code: &str, message: &str, fix: &str) {
    let how_bad = match severity {
        Severity::Stops => "stops the login",
        Severity::MayStop => "may stop the login",
        Severity::Notice => "notice",
    };
    out.line(format_args!("  {how_bad}: {}", clean(message)));
    out.line(format_args!("    to fix it: {}", clean(fix)));
    out.object(&json!({ "code": code, "severity": how_bad, "message": message, "fix": fix }));
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("the file cannot be read: {error}")).at(file.display().to_string())
}
