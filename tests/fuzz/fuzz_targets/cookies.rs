//! The cookies of an answer, and the hosts that get them.
//!
//! Input: the URL of the answer, then a `Set-Cookie` header a line; a line that begins with `Date:
//! ` is the header of the answer.
//!
//! A cookie is sent only to its own host and to hosts of its domain, in one line of ASCII, until
//! its expiry. It is the same after it was stored, and the same answer again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use switchback_protocol::cookies::{Jar, MAX_COOKIE_BYTES, MAX_COOKIES};
use switchback_protocol::http::Response;
use switchback_protocol::time::Time;
use url::Url;

const NOW: i64 = 1_700_000_000;

fuzz_target!(|input: &[u8]| {
    let Ok(input) = std::str::from_utf8(input) else {
        return;
    };
    let (url, lines) = input.split_once('\n').unwrap_or((input, ""));
    let lines: Vec<&str> = lines.split('\n').collect();
    let now = Time::wall(NOW);
    let mut jar = Jar::default();
    let answer = answer(&lines);
    jar.store_from(url, &answer, &now);

    let stored = serde_json::to_value(&jar).expect("it is written");
    let kept = stored.as_array().expect("a list");
    assert!(kept.len() <= MAX_COOKIES.min(lines.len()));
    assert_eq!(format!("{jar:?}"), format!("Jar({} cookies)", kept.len()));
    assert_eq!(
        serde_json::from_value::<Jar>(stored.clone()).as_ref().ok(),
        Some(&jar)
    );
    assert_eq!(jar.secrets().len(), kept.len());
    assert!(jar.is_empty() != jar.has_valid_cookie(&now));

    if lines.len() <= MAX_COOKIES {
        let mut again = jar.clone();
        again.store_from(url, &answer, &now);
        // A cookie that is removed and set again moves to the end.
        assert_eq!(sorted(&again), sorted(&jar));
    }
    goes_to_its_own(&jar, url, &now);
    for cookie in kept {
        keeps_to_its_domain(cookie);
        ends_when_it_was_said_to(cookie);
    }
});

fn answer(lines: &[&str]) -> Response {
    let header = |line: &&str| match line.strip_prefix("Date: ") {
        Some(date) => ("date".to_owned(), date.to_owned()),
        None => ("set-cookie".to_owned(), (*line).to_owned()),
    };
    Response {
        status: 200,
        headers: lines.iter().map(header).collect(),
        body: Vec::new(),
    }
}

fn sorted(jar: &Jar) -> Vec<String> {
    let stored = serde_json::to_value(jar).expect("it is written");
    let cookies = stored.as_array().expect("a list").iter();
    let mut cookies: Vec<String> = cookies.map(Value::to_string).collect();
    cookies.sort();
    cookies
}

fn pairs(jar: &Jar, url: &str, now: &Time) -> Vec<String> {
    let header = jar.header(url, now);
    let header = header.as_ref().map_or("", |header| header.expose());
    assert!(
        header
            .bytes()
            .all(|byte| matches!(byte, 0x20..=0x7e | b'\t'))
    );
    let pairs = header.split("; ").filter(|pair| !pair.is_empty());
    pairs.map(str::to_owned).collect()
}

fn goes_to_its_own(jar: &Jar, url: &str, now: &Time) {
    let there = pairs(jar, url, now);
    assert!(there.iter().all(|pair| pair.len() <= MAX_COOKIE_BYTES + 1));
    for elsewhere in [
        "https://elsewhere.invalid/",
        "https://127.0.0.9/",
        "nowhere",
    ] {
        let ours = Url::parse(url).is_ok_and(|url| {
            url.host_str().is_some_and(|host| {
                host == "127.0.0.9" || host == "elsewhere.invalid" || host.ends_with(".invalid")
            })
        });
        assert!(ours || jar.header(elsewhere, now).is_none(), "{elsewhere}");
    }
    // A cookie that is sent over http is also sent over https, but not the reverse.
    if let Some(rest) = url.strip_prefix("https://")
        && !rest.contains("@")
    {
        let plain = pairs(jar, &["http://", rest].concat(), now);
        assert!(plain.iter().all(|pair| there.contains(pair)) || rest.contains(':'));
    }
}

fn alone(cookie: &Value) -> Jar {
    let alone = serde_json::from_value(Value::Array(vec![cookie.clone()]));
    alone.expect("it was written")
}

/// RFC 6265 §5.1.3: a domain matches only at a dot.
fn keeps_to_its_domain(cookie: &Value) {
    let domain = cookie["domain"].as_str().expect("a domain");
    let path = cookie["path"].as_str().expect("a path");
    let neighbour = format!("https://evil{domain}{path}");
    assert!(alone(cookie).header(&neighbour, &Time::wall(NOW)).is_none());
}

fn ends_when_it_was_said_to(cookie: &Value) {
    let alone = alone(cookie);
    let Some(seconds) = cookie["life"]["seconds"].as_i64() else {
        return assert!(alone.has_valid_cookie(&Time::wall(i64::MAX)));
    };
    assert!(seconds > 0, "one that is over is not kept");
    assert!(alone.has_valid_cookie(&Time::wall(NOW + (seconds - 1).min(i64::MAX - NOW))));
    if let Some(end) = NOW.checked_add(seconds) {
        assert!(!alone.has_valid_cookie(&Time::wall(end)));
    }
}
