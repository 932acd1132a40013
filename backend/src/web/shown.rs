//! What a request shows, and what it wants.

use axum::http::{HeaderMap, header};

use super::cookie::Cookies;
use crate::credential::Credential;

/// The header by which an app asks for tokens in place of a cookie.
pub(crate) const SESSION_HEADER: &str = "switchback-session";

/// What opens a session, as it was shown.
#[derive(Clone)]
pub(crate) enum Shown {
    Cookie(Credential),
    Bearer(Credential),
    /// An `Authorization` header with something else in it, or more than one of them: no
    /// cookie is looked at.
    Other,
    Nothing,
}

impl Shown {
    pub(crate) fn by(headers: &HeaderMap, cookies: &Cookies) -> Self {
        let mut all = headers.get_all(header::AUTHORIZATION).iter();
        if let Some(value) = all.next() {
            if all.next().is_some() {
                return Self::Other;
            }
            let token = value.to_str().ok().and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme
                    .eq_ignore_ascii_case("bearer")
                    .then_some(token.trim())
            });
            return token
                .and_then(Credential::read)
                .map_or(Self::Other, Self::Bearer);
        }
        cookies.read(headers).map_or(Self::Nothing, Self::Cookie)
    }

    pub(crate) fn credential(&self) -> Option<&Credential> {
        match self {
            Self::Cookie(credential) | Self::Bearer(credential) => Some(credential),
            Self::Other | Self::Nothing => None,
        }
    }
}

/// Whether an app asks for tokens.
pub(crate) fn wants_tokens(headers: &HeaderMap) -> bool {
    let value = headers.get(SESSION_HEADER);
    value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"token"))
}

/// Whether a person's browser asks, and not a script or an app.
pub(crate) fn is_browser(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    let html = accepts.is_some_and(|accepts| accepts.contains("text/html"));
    html && !headers.contains_key("x-requested-with")
}
