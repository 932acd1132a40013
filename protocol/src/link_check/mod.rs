//! Will this login come back? Decides, before anything is opened, what a login opens on a phone, and
//! whether its link then opens this app.
//!
//! The platform gathers facts ([`android::Facts`], [`ios::Facts`]). [`android::check`] and
//! [`ios::check`] return the [plan](Step) (what to open, in which order, and why) and
//! [warnings](Warning) (what stops the link, and how to fix it). The same functions and the same texts
//! serve an app before its login, the timeline of an attempt, and the command line, which also reads
//! the file of the link's host ([`asset_links`], [`site_association`]).
//!
//! Before you change it: the system opens the link, and no function here can know more than the system
//! says. [`Return`] is a prediction; the warnings explain it. `tests/vectors/android-links.json` and
//! `ios-links.json` have the cases, and the tests of the libraries show that the predicted return
//! happens.

pub mod android;
pub mod asset_links;
pub mod ios;
mod pattern;
pub mod site_association;
mod step;
#[cfg(test)]
mod tests;
mod warning;

pub use step::{Chosen, LeftOut, Opens, Step};
pub use warning::{Severity, Warning};

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

/// What kind of login a provider has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    /// The authorization URL opens an identity app, which returns by the redirect URI.
    AppSwitch,
    /// The authorization URL is a page in the browser.
    Page,
}

/// A question and the facts to answer it, for example in a JSON file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report<Question, Facts> {
    /// The login.
    pub question: Question,
    /// What is known.
    pub facts: Facts,
}

/// What happens when the provider redirects to the redirect URI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Return {
    /// The link opens this app.
    ThisApp,
    /// The system asks the person which app to open.
    Asks,
    /// The link opens another app.
    OtherApp,
    /// The browser shows the redirect URI as a page.
    Browser,
    /// Nothing opens the link.
    Nothing,
    /// The system does not say what opens the link.
    Unknown,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCheck {
    /// What happens to the link. An Auth Tab and `ASWebAuthenticationSession` return it to this app
    /// in any case.
    pub returns: Return,
    /// Every way to open the login, in order. The first one without a reason to leave it out is
    /// tried first.
    pub steps: Vec<Step>,
    /// What is wrong, the worst first.
    pub warnings: Vec<Warning>,
}

impl LinkCheck {
    /// The steps of the plan.
    pub fn plan(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.choice.is_ok())
    }
}

/// Not `sort_by_key`, whose code is longer than a whole check: phones have it too.
fn worst_first(warnings: Vec<Warning>) -> Vec<Warning> {
    let mut sorted: Vec<Warning> = Vec::with_capacity(warnings.len());
    for warning in warnings {
        let worse = |it: &Warning| it.severity <= warning.severity;
        let place = sorted.iter().take_while(|it| worse(it)).count();
        sorted.insert(place, warning);
    }
    sorted
}

/// The parts of a URI before its path, and its path, for a URI without query and fragment.
fn split_path(uri: &str) -> (&str, &str) {
    let authority = uri.find("://").map_or(0, |at| at + 3);
    match uri[authority..].find('/') {
        Some(at) => uri.split_at(authority + at),
        None => (uri, "/"),
    }
}
