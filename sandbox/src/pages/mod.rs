//! The pages, from the templates in `templates/`, which escape whatever they are given.
//! No scripts within, nothing from elsewhere.

mod diagram;
mod findings;
mod misbehave;
mod phones;
mod trace;
mod words;

use askama::Template;

use crate::function::Function;
use crate::{Refusal, RegisteredClient, Waiting, claims};

pub(crate) use findings::{finding, findings};
pub(crate) use misbehave::{Ask, misbehave};
pub(crate) use phones::{phones, sample_callback};
pub(crate) use trace::{flow, trace};

/// The most requests in the list: who has more has a program that makes them.
const MOST_ROWS: usize = 100;

/// The style sheet of all pages.
pub(crate) const STYLE: &str = include_str!("../../templates/style.css");

/// The style sheet of the pages for developers.
pub(crate) const TRACE_STYLE: &str = include_str!("../../templates/trace.css");

/// The script that keeps a page up to date.
pub(crate) const LIVE: &str = include_str!("../../templates/live.js");

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    url: &'a str,
    clients: &'a [RegisteredClient],
}

impl Home<'_> {
    /// How a client authenticates. A configured secret is not shown: it may be a real one
    /// by mistake.
    fn secret(&self, client: &RegisteredClient) -> &'static str {
        match client.secret.as_deref() {
            None => "none: a public client",
            Some(RegisteredClient::DEMO_BACKEND_SECRET) => RegisteredClient::DEMO_BACKEND_SECRET,
            Some(_) => "as configured",
        }
    }
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct Authorize<'a> {
    waiting: &'a Waiting,
    words: &'static str,
    title: &'static str,
    data: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "list.html")]
struct List {
    rows: Vec<Row>,
    /// How many wait that have no row.
    more: usize,
}

/// One request in the list.
struct Row {
    id: String,
    client_name: String,
    title: &'static str,
    left: i64,
}

#[derive(Template)]
#[template(path = "request.html")]
struct Request<'a> {
    waiting: &'a Waiting,
    words: &'static str,
    title: &'static str,
    data: Vec<&'a str>,
    left: i64,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'a> {
    title: &'static str,
    refusal: &'a Refusal,
}

/// The start page.
pub(crate) fn home(url: &str, clients: &[RegisteredClient]) -> String {
    render(&Home { url, clients })
}

/// What a browser sees at the authorization endpoint. The QR code for another device has
/// its place here.
pub(crate) fn authorize(waiting: &Waiting) -> String {
    let (words, title) = function(waiting);
    render(&Authorize {
        waiting,
        words,
        title,
        data: data(waiting),
    })
}

/// What waits in the fake Truid app.
pub(crate) fn list(waiting: &[Waiting], now: i64) -> String {
    let rows = waiting
        .iter()
        .take(MOST_ROWS)
        .map(|waiting| Row {
            id: waiting.id.clone(),
            client_name: waiting.client_name.clone(),
            title: function(waiting).1,
            left: waiting.deadline.saturating_sub(now),
        })
        .collect();
    let more = waiting.len().saturating_sub(MOST_ROWS);
    render(&List { rows, more })
}

/// One request in the fake Truid app.
pub(crate) fn request(waiting: &Waiting, now: i64) -> String {
    let (words, title) = function(waiting);
    let left = waiting.deadline.saturating_sub(now);
    render(&Request {
        waiting,
        words,
        title,
        data: data(waiting),
        left,
    })
}

/// A refusal.
pub(crate) fn refused(refusal: &Refusal) -> String {
    let title = match refusal.error {
        "not_found" => "There is no such request",
        "already_decided" => "This was decided before",
        "expired" => "This request has expired",
        _ => "This request was refused",
    };
    render(&Refused { title, refusal })
}

fn function(waiting: &Waiting) -> (&'static str, &'static str) {
    Function::from_name(&waiting.function)
        .map_or(("", ""), |function| (function.words(), function.title()))
}

fn data(waiting: &Waiting) -> Vec<&str> {
    waiting
        .data_points
        .iter()
        .map(|key| claims::words(key))
        .collect()
}

/// Renders into memory, which does not fail.
fn render(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_escaped() {
        let evil = "<script>\"'&";
        let waiting = Waiting {
            id: evil.into(),
            client_name: evil.into(),
            client_id: evil.into(),
            function: "idv".into(),
            data_points: vec![evil.into()],
            user_message: None,
            flow: "f1".into(),
            since: 0,
            deadline: 600,
        };
        let mut client = RegisteredClient::confidential(evil, evil, evil);
        client.name = evil.into();
        for page in [
            authorize(&waiting),
            request(&waiting, 0),
            list(std::slice::from_ref(&waiting), 0),
            refused(&Refusal::bad(evil)),
            home(evil, &[client]),
        ] {
            assert!(page.starts_with("<!doctype html>"), "{page}");
            assert!(page.contains("&#60;script&#62;"), "{page}");
            assert!(
                !page.contains("<script") && !page.contains("\"'&"),
                "{page}"
            );
            assert!(page.contains("<html lang=\"en\">") && page.contains("<main>"));
            assert!(page.contains("sandbox"), "marked as a sandbox");
        }
    }

    #[test]
    fn a_request_is_put_in_words() {
        let waiting = Waiting {
            id: "ID".into(),
            client_name: "Demo Shop".into(),
            client_id: "demo-app".into(),
            function: "login-session".into(),
            data_points: vec!["truid.app/data-point/email".into()],
            user_message: None,
            flow: "f1".into(),
            since: 0,
            deadline: 600,
        };
        let page = request(&waiting, 540);
        for part in [
            "Demo Shop</strong> wants you to log in",
            "E-mail address",
            "60 seconds",
            "action=\"/app/ID/approve\"",
            "action=\"/app/ID/decline\"",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(authorize(&waiting).contains("href=\"/app/ID\""));
        assert!(list(&[], 0).contains("Nothing waits"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let waiting = |n: usize| Waiting {
            id: format!("ID-{n}"),
            client_name: "Demo Shop".into(),
            client_id: "demo-app".into(),
            function: "idv".into(),
            data_points: Vec::new(),
            user_message: None,
            flow: "f1".into(),
            since: 0,
            deadline: 600,
        };
        let mut all: Vec<Waiting> = (0..100).map(waiting).collect();
        let page = list(&all, 0);
        assert!(page.contains("/app/ID-99\"") && !page.contains("And "));
        all.push(waiting(100));
        let page = list(&all, 0);
        assert!(page.contains("/app/ID-99\"") && !page.contains("/app/ID-100\""));
        assert!(page.contains("And 1 more."), "{page}");
    }

    #[test]
    fn only_the_demonstration_secret_is_shown() {
        let own = RegisteredClient::confidential("a", "S3CRET", "https://a.example/");
        let page = home(
            "http://127.0.0.1:1",
            &[own, RegisteredClient::demo_backend()],
        );
        assert!(!page.contains("S3CRET") && page.contains("demo-backend-secret"));
    }
}
