//! The attacks of RFC 9700 section 4, named by section: on an app alone (direct) and on an app with
//! its backend (mediated). `docs/explanation/attacks.md` lists the tests of each section; a test here compares
//! both.

mod browser;
mod injection;
mod leakage;
mod redirection;
mod table;
mod tokens;

use std::sync::{Arc, Mutex};

use switchback::http::Reqwest;
use switchback::ports::HttpTransport as _;
use switchback::{Client, Secret};
use switchback_protocol::http::{Method, Request, Response};
use switchback_sandbox::Sandbox;
use url::Url;

use crate::support::{Fixture, ObservedTransport};

/// All requests of an app, and their answers.
#[derive(Clone, Default)]
struct RecordedTraffic(Arc<Mutex<Vec<(Request, Response)>>>);

impl RecordedTraffic {
    fn app(fixture: &Fixture) -> (Client, Self) {
        let traffic = Self::default();
        let notes = traffic.clone();
        let mut platform = fixture.platform();
        platform.http = Arc::new(ObservedTransport {
            inner: platform.http,
            on_answer: Box::new(move |request, response| {
                let both = (request.clone(), response.clone());
                notes.0.lock().unwrap().push(both);
            }),
        });
        (Client::new(fixture.config(), platform).unwrap(), traffic)
    }

    fn all(&self) -> Vec<(Request, Response)> {
        self.0.lock().unwrap().clone()
    }

    /// The newest token of this name that the app received.
    fn token(&self, name: &str) -> String {
        let all = self.all();
        let mut answers = all.iter().rev().filter_map(|(_, answer)| {
            let body: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
            Some(body[name].as_str()?.to_owned())
        });
        answers.next().unwrap()
    }
}

/// A URL with another value of a query parameter, or without it.
fn altered(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(url).unwrap();
    let own = url.query_pairs().into_owned();
    let mut pairs: Vec<_> = own.filter(|(own, _)| own != name).collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url.into()
}

/// The value of a query parameter.
fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let mut pairs = url.query_pairs().filter(|(own, _)| own == name);
    pairs.next().unwrap().1.into_owned()
}

/// A request of the attacker to the provider: a form, or a GET with a token.
async fn sent(
    provider: &Sandbox,
    path: &str,
    token: Option<&str>,
    form: Option<&[(&str, &str)]>,
) -> (u16, serde_json::Value) {
    let mut headers = vec![];
    if let Some(token) = token {
        headers.push(("authorization", Secret::from(format!("Bearer {token}"))));
    }
    let body = form.map(|form| {
        headers.push(("content-type", "application/x-www-form-urlencoded".into()));
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form).finish().into()
    });
    let request = Request {
        method: if body.is_some() {
            Method::Post
        } else {
            Method::Get
        },
        once: true,
        url: format!("{}{path}", provider.url()),
        headers,
        body,
    };
    let answer = Reqwest::new().send(request).await.unwrap();
    let body = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, body)
}
