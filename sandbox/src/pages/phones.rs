//! The pages for phones and emulators.

use askama::Template;
use url::form_urlencoded;

use super::render;
use crate::network::addresses::EMULATOR;
use crate::shared::Shared;

/// The parameters of a callback that a page may name (RFC 6749 section 4.1.2, RFC 9207). Any
/// other name could be a secret in the wrong place.
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
    /// The name of the certificate on the phone.
    authority: &'a str,
    /// Whether the sandbox listens on loopback only.
    loopback: bool,
    /// Whether the sandbox has a `public_url`.
    public: bool,
    /// The base URLs for other machines.
    beyond: Vec<String>,
    /// The base URL for a phone on a network; empty if there is none or it is unknown.
    phone: String,
    /// The base URL for this machine and a simulator on it.
    here: String,
    /// The base URL for an emulator.
    emulator: String,
    /// The base URL after `adb reverse`: the phone's own loopback.
    reversed: String,
    ios: &'a [String],
    android: bool,
}

impl Phones<'_> {
    /// Whether a phone on a network reaches the sandbox by https, which Switchback requires.
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

/// The page that says what to configure on each kind of device.
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

/// The page of a callback that a browser opened. It shows no value except that of `error`: only
/// the app may read the code and the state.
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
