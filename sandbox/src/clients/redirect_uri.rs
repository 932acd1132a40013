//! Explains how a redirect URI differs from the registered ones. Redirect URIs are compared
//! character for character (RFC 9700 section 2.1); the explanation names the parts of the URI
//! (RFC 3986 section 3).

use url::{Host, Url};

use crate::suggest;

/// The explanation for a redirect URI that is not among the registered ones.
pub(crate) fn mistake(registered: &[String], given: &str) -> String {
    let all = suggest::list(registered);
    let nearest = registered
        .iter()
        .filter_map(|own| Some((own, differences(own, given)?)))
        .min_by_key(|(_, differences)| differences.iter().map(|(far, _)| far).sum::<u8>());
    let Some((own, differences)) = nearest else {
        return format!("it is not an absolute URI; registered: {all}");
    };
    let what = words(&differences);
    match registered.len() {
        1 => format!("compared with the registered {own}, it has {what}"),
        _ => format!(
            "compared with the most similar registered one, {own}, it has {what}; registered: {all}"
        ),
    }
}

/// How a redirect URI differs from the expected one.
pub(crate) fn difference(own: &str, given: &str) -> String {
    match differences(own, given) {
        Some(differences) => words(&differences),
        None => "a form that is not an absolute URI".to_owned(),
    }
}

fn words(differences: &[(u8, &'static str)]) -> String {
    let words: Vec<&str> = differences.iter().map(|(_, words)| *words).collect();
    words.join(", ")
}

/// Each part that differs, with a distance; `None` if `given` is not an absolute URI.
fn differences(own: &str, given: &str) -> Option<Vec<(u8, &'static str)>> {
    let (a, b) = (Url::parse(own).ok()?, Url::parse(given).ok()?);
    let mut all = Vec::new();
    let mut differs = |differs: bool, far: u8, words: &'static str| {
        if differs {
            all.push((far, words));
        }
    };
    let slashes = |uri: &str| {
        let rest = uri.split_once(':').map_or("", |(_, rest)| rest);
        rest.len() - rest.trim_start_matches('/').len()
    };
    // `app://callback` has a host and no path, `app:///callback` a path and no host.
    if a.scheme() == b.scheme() && !a.is_special() && slashes(own) != slashes(given) {
        let same = own.replace('/', "") == given.replace('/', "");
        differs(same, 1, "a different number of slashes after the scheme");
        if same {
            return Some(all);
        }
    }
    let (path, other) = (a.path(), b.path());
    let slash = other.strip_suffix('/') == Some(path);
    let no_slash = path.strip_suffix('/') == Some(other);
    let case = path.eq_ignore_ascii_case(other);
    differs(a.scheme() != b.scheme(), 5, "a different scheme");
    let loopback = is_loopback(&a) && is_loopback(&b);
    differs(
        a.host() != b.host(),
        8,
        match loopback {
            true => "a different host (localhost and 127.0.0.1 are different)",
            false => "a different host",
        },
    );
    // `port()` is `None` for the default port, so a different scheme alone is not a different port.
    let same_port = a.port() == b.port();
    differs(!same_port, 3, "a different port");
    differs(slash, 1, "an extra slash at its end");
    differs(no_slash, 1, "no slash at its end");
    let path_differs = path != other && !slash && !no_slash;
    differs(
        path_differs && case,
        1,
        "different upper and lower case in its path",
    );
    differs(path_differs && !case, 4, "a different path");
    differs(b.query().is_some(), 1, "an added query");
    differs(b.fragment().is_some(), 1, "an added fragment");
    let user = !b.username().is_empty() || b.password().is_some();
    differs(user, 6, "an added user name");
    if all.is_empty() {
        let case = own.eq_ignore_ascii_case(given);
        all.push(match case {
            true => (1, "different upper and lower case"),
            false => (
                2,
                "a different spelling of the same URI (such as the port, or a dot in the path)",
            ),
        });
    }
    Some(all)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_different_part_is_named() {
        let web = "https://app.example/truid/callback";
        let own = "demoapp:///callback";
        let here = "http://127.0.0.1:8765/callback";
        for (registered, given, what) in [
            (
                web,
                "https://app.example/truid/callback/",
                "an extra slash at its end",
            ),
            (
                "https://app.example/cb/",
                "https://app.example/cb",
                "no slash at its end",
            ),
            (
                web,
                "https://app.example/truid/Callback",
                "different upper and lower case in its path",
            ),
            (
                web,
                "HTTPS://App.example/truid/callback",
                "different upper and lower case",
            ),
            (
                web,
                "https://app.example/truid/callback?a=b",
                "an added query",
            ),
            (web, "https://app.example/truid/callback?", "an added query"),
            (
                web,
                "https://app.example/truid/callback#x",
                "an added fragment",
            ),
            (
                web,
                "https://me@app.example/truid/callback",
                "an added user name",
            ),
            (
                web,
                "https://app.example/truid/callback2",
                "a different path",
            ),
            (web, "https://app.example", "a different path"),
            (
                web,
                "https://app.example:8443/truid/callback",
                "a different port",
            ),
            (
                web,
                "http://app.example/truid/callback",
                "a different scheme",
            ),
            (
                web,
                "https://app.example.evil/truid/callback",
                "a different host",
            ),
            (
                web,
                "https://www.app.example/truid/callback",
                "a different host",
            ),
            (
                web,
                "http://other.example:81/x?y",
                "a different scheme, a different host, a different port, a different path, an added query",
            ),
            (
                own,
                "demoapp://callback",
                "a different number of slashes after the scheme",
            ),
            (
                own,
                "demoapp:/callback",
                "a different number of slashes after the scheme",
            ),
            (own, "otherapp:///callback", "a different scheme"),
            (own, "demoapp:///callback/", "an extra slash at its end"),
            (
                here,
                "http://localhost:8765/callback",
                "a different host (localhost and 127.0.0.1 are different)",
            ),
            (here, "http://127.0.0.1:8766/callback", "a different port"),
            (here, "http://127.0.0.1/callback", "a different port"),
            (web, "/truid/callback", "a form that is not an absolute URI"),
            (web, "", "a form that is not an absolute URI"),
        ] {
            assert_eq!(difference(registered, given), what, "{given}");
        }
        for given in [
            "https://app.example:443/truid/callback",
            "https://app.example/truid/./callback",
        ] {
            let what = difference(web, given);
            assert!(what.starts_with("a different spelling"), "{given}: {what}");
        }
    }

    #[test]
    fn the_most_similar_uri_is_named_and_all_are_listed() {
        let registered = [
            "https://app.example/truid/callback".to_owned(),
            "demoapp:///callback".to_owned(),
        ];
        let all = "registered: https://app.example/truid/callback, demoapp:///callback";
        for (given, near, what) in [
            ("https://a.example/truid/callback", 0, "a different host"),
            (
                "demoapp://callback",
                1,
                "a different number of slashes after the scheme",
            ),
            ("demoapp:///done", 1, "a different path"),
        ] {
            let near = &registered[near];
            let text = mistake(&registered, given);
            let start = format!("compared with the most similar registered one, {near}, it has");
            assert_eq!(text, format!("{start} {what}; {all}"));
        }
        let text = mistake(&registered, "callback");
        assert_eq!(text, format!("it is not an absolute URI; {all}"));
        let text = mistake(&registered[..1], "https://app.example/x");
        assert_eq!(
            text,
            "compared with the registered https://app.example/truid/callback, it has a different path"
        );
    }
}
