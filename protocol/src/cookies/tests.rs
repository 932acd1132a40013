use super::*;
use alloc::format;
use alloc::string::ToString as _;
use proptest::prelude::*;

const HERE: &str = "https://app.service.example/truid/start";
const NOW: Time = Time::wall(1_000_000);

fn jar_at(url: &str, set: &[&str]) -> Jar {
    let mut jar = Jar::default();
    jar.store(url, set.iter().copied(), None, &NOW);
    jar
}

fn jar(set: &[&str]) -> Jar {
    jar_at(HERE, set)
}

fn sent(jar: &Jar, url: &str) -> String {
    sent_at(jar, url, NOW)
}

fn sent_at(jar: &Jar, url: &str, now: Time) -> String {
    let header = jar.header(url, &now);
    header.map_or(String::new(), |header| header.expose().to_string())
}

#[test]
fn a_cookie_is_sent_back_to_its_origin() {
    let jar = jar(&["a=1; Path=/; HttpOnly; SameSite=Lax", "b = \"2\" ;path=/"]);
    assert_eq!(sent(&jar, HERE), "a=1; b=\"2\"");
    let stored = serde_json::to_string(&jar).unwrap();
    let stored: Jar = serde_json::from_str(&stored).unwrap();
    assert_eq!(stored, jar);
    assert_eq!(sent(&stored, HERE), "a=1; b=\"2\"");
}

#[test]
fn without_domain_a_cookie_is_host_only() {
    let own = jar(&["a=1; Path=/"]);
    let wide = jar(&["a=1; Path=/; Domain=.Service.Example"]);
    for (url, to_own, to_wide) in [
        ("https://app.service.example/", true, true),
        ("https://APP.service.example:443/x", true, true),
        ("https://service.example/", false, true),
        ("https://other.service.example/", false, true),
        ("https://x.app.service.example/", false, true),
        ("https://evilservice.example/", false, false),
        ("https://service.example.evil/", false, false),
        ("https://app.service.example@evil.example/", false, false),
    ] {
        assert_eq!(!sent(&own, url).is_empty(), to_own, "{url}");
        assert_eq!(!sent(&wide, url).is_empty(), to_wide, "{url}");
    }
}

#[test]
fn a_cookie_for_another_domain_is_refused() {
    for domain in [
        "evil.example",
        "x.app.service.example",
        "pp.service.example",
    ] {
        assert!(
            jar(&[&format!("a=1; Domain={domain}")]).is_empty(),
            "{domain}"
        );
    }
    let address = "http://127.0.0.1/";
    assert!(jar_at(address, &["a=1; Domain=0.0.1"]).is_empty());
    assert!(!jar_at(address, &["a=1; Domain=127.0.0.1"]).is_empty());
}

#[test]
fn a_cookie_path_matches_at_slashes() {
    // The default path is the folder of the page that set the cookie.
    let folder = jar(&["a=1", "bad=path; Path=relative"]);
    let one = jar(&["a=1; Path=/truid/complete"]);
    for (path, to_folder, to_one) in [
        ("/truid", true, false),
        ("/truid/", true, false),
        ("/truid/complete", true, true),
        ("/truid/complete?code=c", true, true),
        ("/truid/complete/x", true, true),
        ("/truid/completely", true, false),
        ("/truidx", false, false),
        ("/", false, false),
    ] {
        let url = format!("https://app.service.example{path}");
        assert_eq!(!sent(&folder, &url).is_empty(), to_folder, "{path}");
        assert_eq!(!sent(&one, &url).is_empty(), to_one, "{path}");
    }
    assert_eq!(sent(&folder, HERE), "a=1; bad=path");
}

#[test]
fn the_longest_path_comes_first_then_the_oldest() {
    let jar = jar(&["a=1; Path=/", "b=2; Path=/truid", "c=3; Path=/"]);
    assert_eq!(sent(&jar, HERE), "b=2; a=1; c=3");
}

#[test]
fn a_secure_cookie_needs_https() {
    let secure = jar(&["a=1; Path=/; Secure"]);
    assert_eq!(sent(&secure, "http://app.service.example/"), "");
    assert_eq!(sent(&secure, HERE), "a=1");
    assert!(jar_at("http://app.service.example/", &["a=1; Secure"]).is_empty());
}

/// As in browsers, so that a backend on a developer's machine works without changes.
#[test]
fn loopback_accepts_secure_cookies_and_no_prefixes() {
    for here in [
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://[::1]:1/",
    ] {
        let jar = jar_at(here, &["a=1; Path=/; Secure"]);
        assert_eq!(sent(&jar, here), "a=1", "{here}");
        for promise in ["__Host-a=1; Path=/; Secure", "__Secure-a=1; Path=/; Secure"] {
            assert!(jar_at(here, &[promise]).is_empty(), "{promise}");
        }
    }
    for elsewhere in ["http://10.0.2.2/", "http://mac.local/"] {
        assert!(jar_at(elsewhere, &["a=1; Secure"]).is_empty());
    }
}

/// The cookie is valid for half an hour, and the clock of the phone is wrong.
#[test]
fn expires_counts_from_the_date_of_the_answer() {
    for date in [
        "Mon, 12 Jan 1970 13:46:40 GMT",
        "Monday, 12-Jan-70 13:46:40 GMT",
        "Mon Jan 12 13:46:40 1970",
    ] {
        for off in [-100_000, -7_200, 0, 7_200, 1_000_000] {
            let phone = |seconds: i64| Time::wall(NOW.wall + off + seconds);
            let headers = [
                ("date", date),
                (
                    "set-cookie",
                    "a=1; Path=/; Expires=Mon, 12 Jan 1970 14:16:40 GMT",
                ),
                ("set-cookie", "b=1; Path=/"),
            ];
            let mut answer = Response {
                status: 202,
                headers: headers.map(|(n, v)| (n.into(), v.into())).to_vec(),
                body: Vec::new(),
            };
            let mut jar = Jar::default();
            jar.store_from(HERE, &answer, &phone(0));
            assert_eq!(sent_at(&jar, HERE, phone(1_799)), "a=1; b=1", "{off}");
            assert_eq!(sent_at(&jar, HERE, phone(1_800)), "b=1", "{off}");
            // One second before the answer: the cookie is deleted.
            answer.headers[2].1 = "b=; Path=/; Expires=Mon, 12 Jan 1970 13:46:39 GMT".into();
            jar.store_from(HERE, &answer, &phone(0));
            assert_eq!(sent_at(&jar, HERE, phone(0)), "a=1", "{off}");
        }
    }
}

/// A time of the service is not compared with the clock of the phone.
#[test]
fn without_date_only_an_old_expires_counts() {
    for (expires, lives) in [
        // By the phone's clock: in 100 seconds, an hour ago, two days ago, long ago.
        ("Mon, 12 Jan 1970 13:48:20 GMT", true),
        ("Mon, 12 Jan 1970 12:46:40 GMT", true),
        ("Sat, 10 Jan 1970 13:46:40 GMT", false),
        ("Thu, 01 Jan 1970 00:00:00 GMT", false),
    ] {
        let jar = jar(&[&format!("a=1; Path=/; Expires={expires}")]);
        assert_eq!(!jar.is_empty(), lives, "{expires}");
        let later = Time::wall(NOW.wall + 90_000_000);
        assert_eq!(!sent_at(&jar, HERE, later).is_empty(), lives, "{expires}");
    }
}

#[test]
fn unknown_attributes_are_ignored() {
    for attribute in [
        "Comment=Åsas kaka",
        "Comment=\u{fffd}sa",
        // UTF-8, decoded as Latin-1.
        "Comment=Ã\u{85}sa",
        "Ünbekannt",
        "Comment=\u{1}\u{7f}",
        "Priority=High",
        "SameSite=Läx",
    ] {
        let jar = jar(&[&format!("a=1; {attribute}; Path=/")]);
        assert_eq!(
            sent(&jar, "https://app.service.example/x"),
            "a=1",
            "{attribute}"
        );
    }
}

#[test]
fn a_cookie_prefix_is_enforced() {
    for kept in [
        "__Host-a=1; Path=/; Secure",
        "__Secure-a=1; Secure; Domain=service.example",
        "__host-a=1; path=/; secure",
    ] {
        assert!(!jar(&[kept]).is_empty(), "{kept}");
    }
    for broken in [
        "__Host-a=1; Path=/",
        "__Host-a=1; Secure",
        "__Host-a=1; Secure; Path=/truid",
        "__Host-a=1; Secure; Path=/; Domain=app.service.example",
        "__HOST-a=1; Path=/",
        "__Secure-a=1; Path=/",
        "__secure-a=1",
    ] {
        assert!(jar(&[broken]).is_empty(), "{broken}");
    }
    let plain = "http://127.0.0.1/";
    assert!(jar_at(plain, &["__Host-a=1; Path=/; Secure"]).is_empty());
}

#[test]
fn a_cookie_expires_after_its_lifetime() {
    let at = |seconds| Time::wall(NOW.wall + seconds);
    let mut jar = Jar::default();
    let set = [
        "session=1",
        "age=2; Max-Age=60",
        // Max-Age wins over Expires.
        "both=3; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        // 1,000,100 seconds after the epoch.
        "date=4; Expires=Mon, 12 Jan 1970 13:48:20 GMT",
        "none=5; Max-Age=soon; Expires=later",
    ];
    jar.store(HERE, set, Some(NOW.wall), &NOW);
    for (seconds, cookies) in [
        (0, "session=1; age=2; both=3; date=4; none=5"),
        (59, "session=1; age=2; both=3; date=4; none=5"),
        (60, "session=1; date=4; none=5"),
        (100, "session=1; none=5"),
    ] {
        assert_eq!(sent_at(&jar, HERE, at(seconds)), cookies, "{seconds}");
    }
}

#[test]
fn a_changed_wall_clock_does_not_expire_a_cookie() {
    let at = |wall, seconds| Time {
        wall,
        uptime: Some(crate::time::Uptime { boot: 7, seconds }),
    };
    let mut jar = Jar::default();
    jar.store(HERE, ["a=1; Max-Age=60"], None, &at(1_000, 0));
    assert_eq!(sent_at(&jar, HERE, at(900_000, 59)), "a=1");
    assert_eq!(sent_at(&jar, HERE, at(1_000, 60)), "");
}

#[test]
fn a_cookie_is_replaced_by_name_domain_and_path() {
    let mut jar = jar(&["a=1; Path=/", "b=1; Path=/", "a=1; Path=/truid"]);
    jar.store(HERE, ["a=2; Path=/"], None, &NOW);
    assert_eq!(sent(&jar, HERE), "a=1; a=2; b=1");
    jar.store(HERE, ["a=; Path=/truid; Max-Age=0"], None, &NOW);
    assert_eq!(sent(&jar, HERE), "a=2; b=1");
    for gone in [
        "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "b=; Path=/; Max-Age=-1",
        "c=; Path=/; Max-Age=-99999999999999999999",
    ] {
        jar.store(HERE, [gone], None, &NOW);
    }
    assert!(jar.is_empty(), "{}", sent(&jar, HERE));
}

#[test]
fn number_and_size_are_bounded() {
    let mut jar = Jar::default();
    for n in 0..MAX_COOKIES + 10 {
        jar.store(HERE, [format!("c{n}={n}").as_str()], None, &NOW);
    }
    let header = sent(&jar, HERE);
    assert_eq!(header.split("; ").count(), MAX_COOKIES);
    assert!(header.starts_with("c10=10") && header.ends_with("c59=59"));
    let long = |length| format!("n={}", "x".repeat(length - 1));
    assert!(super::Jar::is_empty(&self::jar(&[&long(
        MAX_COOKIE_BYTES + 1
    )])));
    assert!(!super::Jar::is_empty(&self::jar(&[&long(
        MAX_COOKIE_BYTES
    )])));
}

#[test]
fn an_invalid_cookie_is_ignored() {
    for none in [
        "",
        "a",
        "=1",
        ";",
        "a=1\r\nx: y",
        "a=\u{0}",
        "å=1",
        "a=å",
        "a=1\u{a0}",
        "a=1\n; Path=/",
    ] {
        assert!(jar(&[none]).is_empty(), "{none:?}");
    }
    assert!(jar_at("no url", &["a=1"]).is_empty());
}

#[test]
fn debug_shows_only_the_number_of_cookies() {
    let jar = jar(&["a=hunter2"]);
    assert_eq!(format!("{jar:?}"), "Jar(1 cookies)");
}

proptest! {
    #[test]
    fn no_cookie_leaves_its_origin(header: String, url: String) {
        let mut jar = Jar::default();
        jar.store(HERE, [header.as_str()], None, &NOW);
        prop_assert!(jar.header("https://evil.example/", &NOW).is_none());
        let _ = jar.header(&url, &NOW);
        jar.store(&url, [header.as_str()], None, &NOW);
        let header = jar.header(HERE, &NOW);
        let is_sendable = |byte| matches!(byte, 0x20..=0x7e | b'\t');
        prop_assert!(header.is_none_or(|header| header.expose().bytes().all(is_sendable)));
    }
}

#[test]
fn a_path_longer_than_the_limit_is_ignored() {
    let long = format!("/{}", "x".repeat(1024));
    let jar = jar(&[&format!("a=1; Path={long}")]);
    assert_eq!(sent(&jar, HERE), "a=1");
    assert!(serde_json::to_string(&jar).unwrap().len() < 1024);
}
