use super::complete::Forwarded;
use super::start::{NotStarted, Started};
use super::*;
use crate::cookies::Jar;
use crate::http::{Response, bearer};
use crate::rule::Rule;
use crate::time::Time;
use crate::token::TokenFailure;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;
use proptest::prelude::*;

const REDIRECT: &str = "https://service.example/truid/complete";
const START: &str = "https://service.example/truid/{purpose}?app=1";
const COOKIE: (&str, &str) = ("set-cookie", "sid=s3ss10n; Path=/; Secure");
const NOW: Time = Time::wall(1_000);
/// A page of the provider.
const PAGE: &str = "https://api.truid.app/oauth2/v1/authorize/login-session";

fn theirs() -> Mediation {
    Mediation::new(
        Provider::truid(),
        Backend::custom(START),
        REDIRECT,
        Environment::Production,
    )
    .unwrap()
}

fn ours() -> Mediation {
    let backend = Backend::switchback("https://service.example/truid/");
    Mediation::new(
        Provider::truid(),
        backend,
        REDIRECT,
        Environment::Production,
    )
    .unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(n, v)| (n.to_string(), v.to_string()));
    Response {
        status,
        headers: headers.collect(),
        body: body.into(),
    }
}

fn read(mediation: &Mediation, response: &Response) -> Result<Started, NotStarted> {
    let asked = mediation.start(Purpose::Login, &BTreeMap::new(), None);
    mediation.read_start(Purpose::Login, &asked, response, &mut Jar::default(), &NOW)
}

fn located(url: &str) -> Result<Started, NotStarted> {
    read(&theirs(), &answer(202, &[COOKIE, ("location", url)], ""))
}

fn broken(url: &str) -> Option<Rule> {
    match located(url) {
        Err(NotStarted::Broken(rule)) => Some(rule),
        _ => None,
    }
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(n, _)| *n == name);
    found.map(|(_, value)| value.expose())
}

mod complete;
mod configuration;
mod start;
