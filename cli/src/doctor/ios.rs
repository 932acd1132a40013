//! `switchback doctor ios`.

use std::path::Path;

use serde_json::json;
use switchback_protocol::http::Response;
use switchback_protocol::link_check::ios::{self, Facts, Question, Report};
use switchback_protocol::link_check::site_association::{self, Fault, Found};
use switchback_protocol::link_check::{Login, Severity, Warning};

use super::{answer, content, https_origin, print_check, print_plan, print_problems, report};
use crate::args::DoctorIosArgs;
use crate::exit::Failure;
use crate::output::{Output, bold, clean, good};

/// The entitlement with the associated domains.
const ASSOCIATED_DOMAINS: &str = "com.apple.developer.associated-domains";

/// Returns the number of mistakes that stop a login.
pub(super) async fn run(out: &Output, args: DoctorIosArgs) -> Result<usize, Failure> {
    match (&args.facts, &args.redirect_uri) {
        (Some(file), _) => {
            let report: Report = report(file)?;
            let check = ios::check(&report.question, &report.facts);
            Ok(print_check(out, check))
        }
        (None, Some(redirect_uri)) => check_files(out, &args, redirect_uri).await,
        (None, None) => Err(Failure::usage("name --redirect-uri, or --facts")),
    }
}

/// Checks the association file, Apple's copy of it, and the entitlements.
async fn check_files(
    out: &Output,
    args: &DoctorIosArgs,
    redirect_uri: &str,
) -> Result<usize, Failure> {
    let app_id = app_id(args)?;
    let origin = https_origin(redirect_uri, "universal link: Apple associates hosts of")?;
    let domains = args.entitlements.as_deref().map(domains).transpose()?;
    let host = ios::file_host(domains.as_deref().unwrap_or_default(), origin.host());
    let place = match &args.site_association {
        Some(place) => place.clone(),
        None => format!("https://{host}{}", site_association::PATH),
    };
    let site = answer(&place).await?;
    let found = site_association::check(&site, app_id, redirect_uri);
    let mut stops = print_found(out, &place, &found, "the file lets the link open the app");

    let copy_place = match (&args.apple_copy, &args.site_association) {
        (Some(place), _) => Some(place.clone()),
        (None, None) => Some(format!("{}{host}", site_association::COPY)),
        (None, Some(_)) => None,
    };
    let copy = match &copy_place {
        None => None,
        Some(place) => copy(out, place).await?,
    };
    let check_copy =
        |copy: Response| site_association::check_copy(&copy, &site, &found, app_id, redirect_uri);
    let copy = copy.map(check_copy);
    if let (Some(place), Some(copy)) = (&copy_place, &copy) {
        stops += print_found(out, place, copy, "Apple's copy lets the link open the app");
    }

    let question = Question {
        login: Login::AppSwitch,
        authorization_url: String::new(),
        redirect_uri: redirect_uri.into(),
        ephemeral: false,
        safari_view: false,
    };
    let facts = Facts {
        version: None,
        app_id: app_id.into(),
        url_schemes: None,
        domains,
        site: found.association,
        apple_copy: copy.as_ref().and_then(|it| it.association),
    };
    let check = ios::check(&question, &facts);
    print_plan(out, &check);
    let mut rest = check.warnings;
    rest.retain(|it| !is_of_a_file(it, &facts));
    let warnings = rest.len();
    stops += print_problems(out, rest);
    let faults = found.faults.len() + copy.map_or(0, |it| it.faults.len());
    out.object(&json!({
        "file": place,
        "app_id": app_id,
        "returns": check.returns,
        "faults": faults,
        "warnings": warnings,
        "stops": stops,
    }));
    Ok(stops)
}

/// Whether a fault of a file says the same, in more detail.
fn is_of_a_file(warning: &Warning, facts: &Facts) -> bool {
    let files = [facts.site, facts.apple_copy];
    match warning.code {
        "not_associated" | "stale_copy" => true,
        "no_webcredentials" => files.iter().flatten().any(|it| !it.webcredentials),
        _ => false,
    }
}

/// Apple's copy. If this machine cannot reach Apple, the rest is checked without it.
async fn copy(out: &Output, place: &str) -> Result<Option<Response>, Failure> {
    match answer(place).await {
        Ok(copy) => Ok(Some(copy)),
        Err(failure) if place.starts_with(site_association::COPY) => {
            let problem = Warning {
                severity: Severity::Notice,
                code: "copy_not_read",
                message: format!("Apple's copy of the file was not read: {}", failure.message),
                fix: format!("open {place} on another network"),
            };
            print_problems(out, [problem]);
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

fn print_found(out: &Output, place: &str, found: &Found, right: &str) -> usize {
    out.line(bold(clean(place)));
    let stops = print_problems(out, found.faults.iter().map(Fault::warning));
    if found.association.is_some_and(|it| it.applinks) {
        out.line(good(format_args!("  {right}")));
    }
    stops
}

/// The application identifier: ten letters and digits of the team, a dot, and the bundle identifier.
fn app_id(args: &DoctorIosArgs) -> Result<&str, Failure> {
    let where_it_is = "Xcode shows the team and the bundle identifier in Signing & Capabilities: \
                       A1B2C3D4E5.com.example.app";
    let Some(app_id) = &args.app_id else {
        return Err(
            Failure::usage("--app-id is needed to check the association file").next(where_it_is),
        );
    };
    let is_team = |it: &str| it.len() == 10 && it.chars().all(|c| c.is_ascii_alphanumeric());
    match app_id.split_once('.') {
        Some((team, bundle)) if is_team(team) && !bundle.is_empty() => Ok(app_id),
        _ => Err(Failure::usage(format!(
            "{app_id:?} is no application identifier: the team's ten letters and digits are missing"
        ))
        .next(where_it_is)),
    }
}

/// The associated domains of an entitlements file.
fn domains(file: &Path) -> Result<Vec<String>, Failure> {
    let failure = |why: String| Failure::usage(why).at(file.display().to_string());
    let entitlements = plist::Value::from_reader(std::io::Cursor::new(content(file)?))
        .map_err(|error| failure(format!("the entitlements cannot be read: {error}")))?;
    let Some(entitlements) = entitlements.as_dictionary() else {
        return Err(failure("the entitlements are not a dictionary".into()));
    };
    let Some(domains) = entitlements.get(ASSOCIATED_DOMAINS) else {
        return Ok(Vec::new());
    };
    let texts = domains.as_array().map(|all| {
        let texts = all.iter().map(|it| it.as_string().map(String::from));
        texts.collect::<Option<Vec<String>>>()
    });
    texts
        .flatten()
        .ok_or_else(|| failure(format!("{ASSOCIATED_DOMAINS} is not a list of texts")))
}
