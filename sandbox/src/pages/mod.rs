//! The pages, from the templates in `templates/`, which escape all values. The pages load
//! nothing from other servers, and scripts are separate files (`http` sends a policy that
//! allows no others).

pub(crate) mod app;
mod authorize;
mod certificates;
mod diagram;
mod findings;
mod link;
mod misbehave;
pub(crate) mod people;
mod phones;
mod snippets;
mod trace;
mod words;

use askama::Template;
use url::form_urlencoded;

use crate::truid::claims;
use crate::{Refusal, RegisteredClient, Waiting};

pub(crate) use authorize::{authorize, code_of};
pub(crate) use certificates::certificates;
pub(crate) use findings::{finding, findings};
pub(crate) use link::link;
pub(crate) use misbehave::{RuleForm, misbehave};
pub(crate) use phones::{phones, sample_callback};
pub(crate) use trace::{flow, trace};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    url: &'a str,
    /// Whether the sandbox has its own certificate authority.
    has_authority: bool,
    clients: &'a [RegisteredClient],
}

impl Home<'_> {
    /// The examples to copy.
    fn snippets(&self, client: &RegisteredClient) -> Vec<snippets::Snippet> {
        snippets::of(self.url, self.has_authority, client)
    }

    /// The query of a login as this client, if the sandbox can log in as it.
    fn log_in(&self, client: &RegisteredClient) -> Option<String> {
        client.can_be_tried(self.url).then(|| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("client_id", &client.client_id).finish()
        })
    }

    /// The client of the button at the top of the page.
    fn tried(&self) -> Option<(&str, String)> {
        let mut clients = self.clients.iter();
        clients.find_map(|client| Some((client.name.as_str(), self.log_in(client)?)))
    }

    /// How a client authenticates, and whether that text is the secret itself. The page does
    /// not show a configured secret: it could be a real one by mistake.
    fn secret(&self, client: &RegisteredClient) -> (&'static str, bool) {
        match client.secret.as_deref() {
            None if client.is_confidential() => ("None: it signs with its key", false),
            None => ("None: a public client", false),
            Some(RegisteredClient::DEMO_BACKEND_SECRET) => {
                (RegisteredClient::DEMO_BACKEND_SECRET, true)
            }
            Some(_) => ("As configured", false),
        }
    }
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused<'a> {
    title: &'static str,
    refusal: &'a Refusal,
}

#[derive(Template)]
#[template(path = "logged_in.html")]
struct LoggedIn<'a> {
    client_id: &'a str,
    outcome: Result<&'a [(String, String)], &'a str>,
}

/// The outcome of a login that was started from the start page: the claims, or the error.
pub(crate) fn logged_in(client_id: &str, outcome: Result<&[(String, String)], &str>) -> String {
    render(&LoggedIn { client_id, outcome })
}

/// The start page.
pub(crate) fn home(url: &str, has_authority: bool, clients: &[RegisteredClient]) -> String {
    render(&Home {
        url,
        has_authority,
        clients,
    })
}

/// A refusal.
pub(crate) fn refused(refusal: &Refusal) -> String {
    let title = title(refusal);
    render(&Refused { title, refusal })
}

fn title(refusal: &Refusal) -> &'static str {
    match refusal.error {
        "not_found" => "Not found",
        "no_such_person" => "There is no person with that id",
        "already_decided" => "This request was decided before",
        "expired" => "This request has expired",
        _ => "This request was refused",
    }
}

fn data(waiting: &Waiting) -> Vec<&str> {
    waiting
        .data_points
        .iter()
        .map(|key| claims::words(key))
        .collect()
}

/// Renders into memory, which cannot fail.
fn render(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::app::{Outcome, list, outcome, request};
    use super::*;
    use crate::network::addresses::Names;
    use crate::{Person, Purpose};

    fn names() -> Names {
        Names::new("127.0.0.1:8080".parse().unwrap(), false, None)
    }

    #[test]
    fn all_values_are_escaped() {
        let evil = "<script>\"'&";
        let waiting = Waiting {
            id: evil.into(),
            client_name: evil.into(),
            client_id: evil.into(),
            purpose: Purpose::IdentityVerification,
            data_points: vec![evil.into()],
            user_message: Some(evil.into()),
            document: None,
            flow: "f1".into(),
            since: 0,
            deadline: 600,
        };
        let mut client = RegisteredClient::confidential(evil, evil, evil);
        client.name = evil.into();
        let person = Person {
            id: evil.into(),
            name: Some(evil.into()),
            email: Some(evil.into()),
            ..Person::default()
        };
        let all = [std::sync::Arc::new(person.clone())];
        for page in [
            authorize(&waiting, &names(), false),
            authorize(&waiting, &names(), true),
            request(&waiting, &person, &all, false, 0),
            outcome(&waiting, &Outcome::Twice(evil)),
            outcome(&waiting, &Outcome::Never),
            people::list(&all),
            people::one(&person, &[("name", evil.into())], false),
            app::refused(&Refusal::bad(evil)),
            list(std::slice::from_ref(&waiting), 0),
            refused(&Refusal::bad(evil)),
            home(evil, false, &[client]),
            logged_in(evil, Ok(&[(evil.into(), evil.into())])),
            logged_in("a", Err(evil)),
        ] {
            assert!(page.starts_with("<!doctype html>"), "{page}");
            assert!(page.contains("&#60;script&#62;"), "{page}");
            assert!(
                !page.contains("<script>") && !page.contains("\"'&"),
                "{page}"
            );
            assert!(page.contains("<html lang=\"en\">") && page.contains("<main>"));
            assert!(page.contains("not Truid"), "marked as a sandbox: {page}");
        }
    }

    #[test]
    fn a_request_is_shown_with_its_data_points() {
        let waiting = Waiting {
            id: "ID".into(),
            client_name: "Demo Shop".into(),
            client_id: "demo-app".into(),
            purpose: Purpose::Login,
            data_points: vec!["truid.app/data-point/email".into()],
            user_message: None,
            document: None,
            flow: "f1".into(),
            since: 0,
            deadline: 600,
        };
        let person = Person::default();
        let page = request(&waiting, &person, &[], false, 540);
        for part in [
            "Demo Shop</strong> wants you to log in",
            "E-mail address",
            "1:00",
            "maja.sjostrom@example.com",
            "action=\"/app/ID/approve\"",
            "action=\"/app/ID/decline\"",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(authorize(&waiting, &names(), false).contains("href=\"/app/ID\""));
        assert!(list(&[], 0).contains("No request is pending"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let waiting = |n: usize| Waiting {
            id: format!("ID-{n}"),
            client_name: "Demo Shop".into(),
            client_id: "demo-app".into(),
            purpose: Purpose::IdentityVerification,
            data_points: Vec::new(),
            user_message: None,
            document: None,
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
            false,
            &[own, RegisteredClient::demo_backend()],
        );
        assert!(!page.contains("S3CRET") && page.contains("demo-backend-secret"));
    }
}
