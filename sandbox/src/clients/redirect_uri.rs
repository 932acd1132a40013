//! Redirect URIs are compared character for character (RFC 9700 section 2.1). What differs is
//! told part by part (RFC 3986 section 3).

use url::{Host, Url};

use crate::known;

/// What is wrong with a redirect URI that is none of these, and what they are.
pub(crate) fn mistake(registered: &[String], given: &str) -> String {
    let all = known::list(registered);
    let nearest = registered
        .iter()
        .filter_map(|own| Some((own, differences(own, given)?)))
        .min_by_key(|(_, differences)| differences.iter().map(|(far, _)| far).sum::<u8>());
    let Some((own, differences)) = nearest else {
        return format!("it is not an absolute URI; registered are {all}");
    };
    let what = words(&differences);
    match registered.len() {
        1 => format!("registered is {own}, and this one has {what}"),
        _ => format!("the nearest is {own}, and this one has {what}; registered are {all}"),
    }
}

/// How a redirect URI differs from the one that it has to be.
pub(crate) fn difference(own: &str, given: &str) -> String {
    match differences(own, given) {
        Some(differences) => words(&differences),
        None => "no absolute URI".to_owned(),
    }
}

fn words(differences: &[(u8, &'static str)]) -> String {
    let words: Vec<&str> = differences.iter().map(|(_, words)| *words).collect();
    words.join(", ")
}

/// Each part that differs, with how far off that is. Nothing where `given` is no absolute URI.
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
        differs(same, 1, "another number of slashes after its scheme");
        if same {
            return Some(all);
        }
    }
    let (path, other) = (a.path(), b.path());
    let slash = other.strip_suffix('/') == Some(path);
    let no_slash = path.strip_suffix('/') == Some(other);
    let case = path.eq_ignore_ascii_case(other);
    differs(a.scheme() != b.scheme(), 5, "another scheme");
    let loopback = is_loopback(&a) && is_loopback(&b);
    differs(
        a.host() != b.host(),
        8,
        match loopback {
            true => "another host (localhost and 127.0.0.1 are two)",
            false => "another host",
        },
    );
    // Another scheme has another port by itself.
    let same_port = a.port() == b.port();
    differs(!same_port, 3, "another port");
    differs(slash, 1, "a slash too many at its end");
    differs(no_slash, 1, "no slash at its end");
    let path_differs = path != other && !slash && !no_slash;
    differs(
        path_differs && case,
        1,
        "other upper and lower case in its path",
    );
    differs(path_differs && !case, 4, "another path");
    differs(b.query().is_some(), 1, "a query, which was added");
    differs(b.fragment().is_some(), 1, "a fragment, which was added");
    let user = !b.username().is_empty() || b.password().is_some();
    differs(user, 6, "a user name, which was added");
    if all.is_empty() {
        let case = own.eq_ignore_ascii_case(given);
        all.push(match case {
            true => (1, "other upper and lower case"),
            false => (
                2,
                "another spelling of the same (such as the port, or a dot in the path)",
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
    fn each_part_that_differs_is_told() {
        let web = "https://app.example/truid/callback";
        let own = "demoapp:///callback";
        let here = "http://127.0.0.1:8765/callback";
        for (registered, given, what) in [
            (
                web,
                "https://app.example/truid/callback/",
                "a slash too many at its end",
            ),
            (
                "https://app.example/cb/",
                "https://app.example/cb",
                "no slash at its end",
            ),
            (
                web,
                "https://app.example/truid/Callback",
                "other upper and lower case in its path",
            ),
            (
                web,
                "HTTPS://App.example/truid/callback",
                "other upper and lower case",
            ),
            (
                web,
                "https://app.example/truid/callback?a=b",
                "a query, which was added",
            ),
            (
                web,
                "https://app.example/truid/callback?",
                "a query, which was added",
            ),
            (
                web,
                "https://app.example/truid/callback#x",
                "a fragment, which was added",
            ),
            (
                web,
                "https://me@app.example/truid/callback",
                "a user name, which was added",
            ),
            (web, "https://app.example/truid/callback2", "another path"),
            (web, "https://app.example", "another path"),
            (
                web,
                "https://app.example:8443/truid/callback",
                "another port",
            ),
            (web, "http://app.example/truid/callback", "another scheme"),
            (
                web,
                "https://app.example.evil/truid/callback",
                "another host",
            ),
            (
                web,
                "https://www.app.example/truid/callback",
                "another host",
            ),
            (
                web,
                "http://other.example:81/x?y",
                "another scheme, another host, another port, another path, a query, which was added",
            ),
            (
                own,
                "demoapp://callback",
                "another number of slashes after its scheme",
            ),
            (
                own,
                "demoapp:/callback",
                "another number of slashes after its scheme",
            ),
            (own, "otherapp:///callback", "another scheme"),
            (own, "demoapp:///callback/", "a slash too many at its end"),
            (
                here,
                "http://localhost:8765/callback",
                "another host (localhost and 127.0.0.1 are two)",
            ),
            (here, "http://127.0.0.1:8766/callback", "another port"),
            (here, "http://127.0.0.1/callback", "another port"),
            (web, "/truid/callback", "no absolute URI"),
            (web, "", "no absolute URI"),
        ] {
            assert_eq!(difference(registered, given), what, "{given}");
        }
        for given in [
            "https://app.example:443/truid/callback",
            "https://app.example/truid/./callback",
        ] {
            let what = difference(web, given);
            assert!(what.starts_with("another spelling"), "{given}: {what}");
        }
    }

    #[test]
    fn the_nearest_is_named_and_all_are_listed() {
        let registered = [
            "https://app.example/truid/callback".to_owned(),
            "demoapp:///callback".to_owned(),
        ];
        let all = "registered are https://app.example/truid/callback, demoapp:///callback";
        for (given, near, what) in [
            ("https://a.example/truid/callback", 0, "another host"),
            (
                "demoapp://callback",
                1,
                "another number of slashes after its scheme",
            ),
            ("demoapp:///done", 1, "another path"),
        ] {
            let near = &registered[near];
            let said = mistake(&registered, given);
            assert_eq!(
                said,
                format!("the nearest is {near}, and this one has {what}; {all}")
            );
        }
        let said = mistake(&registered, "callback");
        assert_eq!(said, format!("it is not an absolute URI; {all}"));
        let said = mistake(&registered[..1], "https://app.example/x");
        assert_eq!(
            said,
            "registered is https://app.example/truid/callback, and this one has another path"
        );
    }
}
