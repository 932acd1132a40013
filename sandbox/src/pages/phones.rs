//! The pages for phones and emulators.

use askama::Template;
use url::form_urlencoded;

use super::render;
use crate::network::addresses::EMULATOR;
use crate::shared::Shared;

/// The parameters of a callback that are named on a page (RFC 6749 section 4.1.2, RFC
/// 9207). The name of any other could be a secret in the wrong place.
const KNOWN: [&str; 6] = [
    "code",
    "state",
    "error",
    "error_description",
    "error_uri",
    "iss",
];

#[derive(Template)]
#[template(path = "phones.html")]
struct Phones<'a> {
    url: &'a str,
    port: u16,
    tls: bool,
    /// What the certificate is called on the phone.
    authority: &'a str,
    /// Whether only this machine reaches it.
    loopback: bool,
    /// Whether it was told a URL of its own.
    public: bool,
    /// Where other machines find it.
    beyond: Vec<String>,
    /// Where a phone on a network finds it; empty where it does not, or nobody knows.
    phone: String,
    /// Where this machine and a simulator on it find it.
    here: String,
    /// Where an emulator finds it.
    emulator: String,
    /// Where a program on the phone's own loopback finds it.
    reversed: String,
    ios: &'a [String],
    android: bool,
}

impl Phones<'_> {
    /// Whether a phone on a network reaches it by https, which Switchback wants there.
    fn is_secure(&self) -> bool {
        self.phone.starts_with("https:")
    }
}

#[derive(Template)]
#[template(path = "callback.html")]
struct Callback<'a> {
    url: &'a str,
    parameters: Vec<&'static str>,
    others: usize,
    error: Option<String>,
}

/// What to set where.
pub(crate) fn phones(shared: &Shared) -> String {
    let names = &shared.names;
    let (listen, public) = (names.listen(), names.public_host().is_some());
    let beyond = names.beyond_loopback();
    let phone = match public {
        true => names.url().to_owned(),
        false => beyond.first().cloned().unwrap_or_default(),
    };
    let scheme = if names.tls() { "https" } else { "http" };
    render(&Phones {
        url: names.url(),
        port: listen.port(),
        tls: names.tls(),
        authority: shared.tls.as_ref().map_or("", |tls| &tls.authority.name),
        loopback: listen.ip().is_loopback(),
        public,
        beyond,
        phone,
        here: names.at(listen.ip()),
        emulator: names.at(EMULATOR.into()),
        reversed: format!("{scheme}://localhost:{}", listen.port()),
        ios: &shared.apps.ios,
        android: !shared.apps.android.is_empty(),
    })
}

/// A login that came back to a browser. Shows no value but that of `error`: a code and a
/// state are for the app alone.
pub(crate) fn sample_callback(shared: &Shared, query: &str) -> String {
    let pairs = || form_urlencoded::parse(query.as_bytes());
    let came = |name: &&str| pairs().any(|(own, _)| own == *name);
    let error = pairs().find(|(name, _)| name == "error");
    let error = error.map(|(_, value)| value.chars().take(100).collect());
    render(&Callback {
        url: shared.names.url(),
        parameters: KNOWN.into_iter().filter(came).collect(),
        others: pairs()
            .filter(|(name, _)| !KNOWN.contains(&name.as_ref()))
            .count(),
        error,
    })
}
