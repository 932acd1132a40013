//! `switchback doctor`: whether a login on a phone will come back to the app.
//!
//! The command checks the file by which the phone's system associates the redirect URI's host with the
//! app, or the facts of a device. `switchback_protocol::link_check` decides.

mod android;
mod ios;

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::json;
use switchback_driver::http::Reqwest;
use switchback_driver::ports::HttpTransport as _;
use switchback_protocol::http::{Method, Request, Response};
use switchback_protocol::link_check::{LinkCheck, Return, Severity, Step, Warning};
use switchback_protocol::{Environment, Origin, RedirectUri};

use crate::args::DoctorCommand;
use crate::exit::{Exit, Failure};
use crate::output::{Output, bold, clean, key};

pub(crate) async fn run(out: &Output, command: DoctorCommand) -> Result<(), Failure> {
    let stops = match command {
        DoctorCommand::Android(args) => android::run(out, args).await?,
        DoctorCommand::Ios(args) => ios::run(out, args).await?,
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

/// The origin of a redirect URI that is https.
fn https_origin(redirect_uri: &str, otherwise: &str) -> Result<Origin, Failure> {
    let uri = RedirectUri::new(redirect_uri, Environment::Test)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let origin = Origin::of(uri.as_str()).filter(|_| uri.as_str().starts_with("https:"));
    origin.ok_or_else(|| {
        Failure::usage(format!("{redirect_uri} is no {otherwise} https only"))
            .next("any app can claim a custom scheme: use it with a test service only")
    })
}

/// The content of a file, or the answer at an address.
async fn answer(place: &str) -> Result<Response, Failure> {
    if place.starts_with("http") {
        return fetch(place).await;
    }
    Ok(Response {
        status: 200,
        headers: vec![("content-type".into(), "application/json".into())],
        body: content(Path::new(place))?,
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
            .next("a phone cannot fetch it either, if this machine is like one on the internet")
    })
}

fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(file).map_err(|error| {
        Failure::usage(format!("the file cannot be read: {error}")).at(file.display().to_string())
    })
}

/// A question and the facts of a device.
fn report<Report: DeserializeOwned>(file: &Path) -> Result<Report, Failure> {
    serde_json::from_slice(&content(file)?).map_err(|error| {
        Failure::usage(format!("the facts cannot be read: {error}")).at(file.display().to_string())
    })
}

/// Prints a check; returns the number of warnings that stop a login.
fn print_check(out: &Output, check: LinkCheck) -> usize {
    print_plan(out, &check);
    let (returns, warnings) = (check.returns, check.warnings.len());
    let stops = print_problems(out, check.warnings);
    out.object(&json!({ "returns": returns, "warnings": warnings, "stops": stops }));
    stops
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
    let rest = match (&step.package, &step.choice) {
        (_, Err(_)) => format!("left out: {}", step.reason()),
        (Some(package), Ok(_)) => format!("{}: {}", clean(package), step.reason()),
        (None, Ok(_)) => step.reason().into(),
    };
    vec![name, rest]
}

/// Returns how many of them stop a login.
fn print_problems(out: &Output, problems: impl IntoIterator<Item = Warning>) -> usize {
    let mut stops = 0;
    for problem in problems {
        let how_bad = match problem.severity {
            Severity::Stops => "stops the login",
            Severity::MayStop => "may stop the login",
            Severity::Notice => "notice",
        };
        stops += usize::from(problem.severity == Severity::Stops);
        out.line(format_args!("  {how_bad}: {}", clean(&problem.message)));
        out.line(format_args!("    to fix it: {}", clean(&problem.fix)));
        let (message, fix) = (&problem.message, &problem.fix);
        let code = problem.code;
        out.object(&json!({ "code": code, "severity": how_bad, "message": message, "fix": fix }));
    }
    stops
}
