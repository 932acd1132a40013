//! `switchback url`: prints an authorization URL and its parts.

use serde_json::{Map, Value, json};
use switchback::{Platform, store};
use url::Url;

use crate::args::{Common, UrlArgs};
use crate::exit::Failure;
use crate::format;
use crate::home::Home;
use crate::output::{Output, bold, clean, key};
use crate::profile::Profile;

pub(crate) async fn run(out: &Output, common: &Common, args: UrlArgs) -> Result<(), Failure> {
    let profile = Profile::of_login(
        args.service,
        args.purpose,
        Home::new(common)?.profiles(out)?,
    )?;
    // This store is in memory, and ends with this function.
    let client = profile.client(Platform::new(store::Memory::new()))?;
    let login = client.begin(profile.request()).await?;
    let parts = Url::parse(&login.url).map_err(|error| {
        Failure::failed(format!("the authorization URL cannot be parsed: {error}"))
    })?;
    let mut endpoint = parts.clone();
    endpoint.set_query(None);

    let pairs = parts.query_pairs();
    let parameters: Map<String, Value> = pairs.map(|(n, v)| (n.into(), json!(v))).collect();
    out.object(&json!({
        "url": login.url,
        "endpoint": endpoint.as_str(),
        "parameters": parameters,
    }));

    out.line(&login.url);
    out.line("");
    let mut rows = vec![vec![key("endpoint").to_string(), endpoint.into()]];
    for (name, value) in parts.query_pairs() {
        let mut name = clean(&name);
        // A scope is a list: one token on each line.
        let values = match &*name {
            "scope" => value.split(' ').collect(),
            _ => vec![&*value],
        };
        for value in values {
            let note = note(&name).map_or(String::new(), |note| format!("  ({note})"));
            rows.push(vec![
                key(&name).to_string(),
                format!("{}{note}", clean(value)),
            ]);
            name.clear();
        }
    }
    out.table("", &rows);
    out.line("");
    out.line(bold(format_args!(
        "{} wants {}. Nothing was stored or sent.",
        clean(&profile.client_id),
        format::purpose_phrase(profile.purpose)
    )));
    Ok(())
}

/// The note for parameters that are new in every URL.
fn note(name: &str) -> Option<&'static str> {
    match name {
        "state" => Some("new each time"),
        "code_challenge" => Some("new each time"),
        _ => None,
    }
}
