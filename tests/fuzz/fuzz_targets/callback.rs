//! The callback link: our reader compared with the reader of browsers, the crate `url`.
//!
//! Input: the redirect URI, a line end, the link.
//!
//! Our reader and a browser read the same host, path and relevant parameters. A well-formed link
//! with each relevant parameter once is read, whatever its other content. (Our reader deliberately
//! accepts less than a browser does: see `docs/explanation/dependencies.md`.)
#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use switchback_protocol::callback::{self, Answer, Callback, MAX_URL};
use switchback_protocol::{Environment, RedirectUri, Secret};
use url::{Url, form_urlencoded};

fuzz_target!(|input: &[u8]| {
    let Some((ours, link)) = std::str::from_utf8(input)
        .ok()
        .and_then(|input| input.split_once('\n'))
    else {
        return;
    };
    let Ok(ours) = RedirectUri::new(ours, Environment::Test) else {
        return;
    };
    let read = callback::read(link, &ours);
    match &read {
        Ok(Some(callback)) => {
            agree(callback, link, &ours);
            keeps_its_secrets(callback);
        }
        _ if must_be_read(link, &ours) => panic!("{read:?}"),
        _ => {}
    }
});

fn agree(callback: &Callback, link: &str, ours: &RedirectUri) {
    assert!(link.len() <= MAX_URL);
    if let Ok(registered) = Url::parse(ours.as_str()) {
        let link = Url::parse(link).expect("the second parser refuses the link");
        assert_eq!(link.scheme(), registered.scheme());
        assert_eq!(host(&link), host(&registered));
        assert_eq!(link.port(), registered.port());
        assert_eq!((link.username(), link.password()), ("", None));
        assert_eq!(path(&link), path(&registered));
    }
    let query = query(link);
    let values = |name: &str| -> Vec<String> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let found = pairs.filter(|(found, _)| found == name);
        found.map(|(_, value)| value.into_owned()).collect()
    };
    let given = |name: &str| -> Option<String> {
        let mut values = values(name);
        assert!(values.len() <= 1, "{name} is there twice");
        values.pop().filter(|value| !value.is_empty())
    };
    assert_eq!(given("state").as_deref(), Some(callback.state.expose()));
    assert_eq!(given("iss"), callback.issuer);
    let (code, error) = (given("code"), given("error"));
    match &callback.answer {
        Answer::Code(ours) => {
            assert_eq!((code.as_deref(), error), (Some(ours.expose()), None));
        }
        Answer::Declined => {
            assert_eq!((code, error.as_deref()), (None, Some("access_denied")));
        }
        Answer::Refused(_) => assert!(code.is_none() && error.is_some()),
    }
}

fn query(link: &str) -> &str {
    let before = link.split('#').next().unwrap_or_default();
    before.split_once('?').map_or("", |(_, query)| query)
}

/// For a custom scheme, `url` leaves the host unchanged; RFC 3986 §6.2.2 does not.
fn host(url: &Url) -> Vec<u8> {
    let host = url.host_str().unwrap_or_default();
    percent_decode_str(host)
        .map(|byte| byte.to_ascii_lowercase())
        .collect()
}

fn path(url: &Url) -> Vec<u8> {
    let path = match url.path() {
        "" => "/",
        path => path,
    };
    percent_decode_str(path).collect()
}

/// Whether the relevant parameters are unambiguous, whatever else the link contains (RFC 6749
/// §4.1.2).
fn must_be_read(link: &str, ours: &RedirectUri) -> bool {
    let is_here = link
        .strip_prefix(ours.as_str())
        .is_some_and(|rest| rest.starts_with('?'));
    let mut given = [0, 0];
    let mut seen = Vec::new();
    for pair in query(link).split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some((decoded, text)) = form_urlencoded::parse(pair.as_bytes()).next() else {
            continue;
        };
        let which = match &*decoded {
            "state" => 0,
            "code" | "error" => 1,
            "iss" => 2,
            _ => continue,
        };
        let is_readable = [name, value].into_iter().all(is_well_formed);
        if !is_readable || text.contains('\u{fffd}') || seen.contains(&decoded) {
            return false;
        }
        if let (Some(given), false) = (given.get_mut(which), text.is_empty()) {
            *given += 1;
        }
        seen.push(decoded);
    }
    is_here && link.len() <= MAX_URL && given == [1, 1]
}

/// RFC 3986 §3.4.
fn is_well_formed(query: &str) -> bool {
    let mut rest = query.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        rest = match first {
            b'%' => match more {
                [a, b, more @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => more,
                _ => return false,
            },
            b if b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(b) => more,
            _ => return false,
        };
    }
    true
}

fn keeps_its_secrets(callback: &Callback) {
    let mut other = callback.clone();
    other.state = Secret::from("another");
    if let Answer::Code(code) = &mut other.answer {
        *code = Secret::from("another");
    }
    assert_eq!(format!("{callback:?}"), format!("{other:?}"));
    let state = callback.state.expose();
    if let Answer::Refused(error) = &callback.answer
        && state.len() >= 4
        && !"[redacted]".contains(state)
        && !state.contains(['[', ']'])
    {
        // A code of a standard is not redacted, even if a secret has the same text:
        // `invalid_scope`.
        let is_word = state.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let code = (!is_word).then_some(&error.code);
        let said = [code, error.description.as_ref()];
        assert!(said.into_iter().flatten().all(|said| !said.contains(state)));
    }
}
