use super::*;

const APP: &str = "TEAM123456.com.example.app";
const URI: &str = "https://app.example/truid/callback";

/// A file that names the app in both services, with this rest of its entry.
fn file(rest: &str) -> String {
    format!(
        r#"{{"applinks":{{"details":[{{"appIDs":["{APP}"]{rest}}}]}},"webcredentials":{{"apps":["{APP}"]}}}}"#
    )
}

fn found(body: &str) -> Found {
    let found = check_file(body.as_bytes(), APP, URI);
    for fault in &found.faults {
        for text in [fault.message(), fault.fix().into()] {
            assert!(!text.is_empty() && !text.contains("  "), "{text}");
        }
    }
    // What the file allows agrees with what is wrong.
    let stops = |it: &Fault| it.severity() == Severity::Stops;
    if let Some(association) = found.association {
        assert_eq!(association.applinks, !found.faults.iter().any(stops));
    }
    found
}

fn codes(body: &str) -> Vec<&'static str> {
    found(body).faults.iter().map(Fault::code).collect()
}

fn components(components: &str) -> Vec<&'static str> {
    codes(&file(&format!(r#","components":{components}"#)))
}

#[test]
fn the_app_is_searched_in_both_services() {
    assert_eq!(codes(&file("")), [""; 0]);
    let other = |it: &str| file("").replace(APP, it);
    assert_eq!(
        codes(&other("TEAM123456.com.example.app.debug")),
        ["no_app"; 2]
    );
    assert_eq!(
        codes(&other("OTHERTEAM1.com.example.app")),
        ["other_prefix"; 2]
    );
    assert_eq!(codes(&other("com.example.app")), ["no_app"; 2]);
    assert_eq!(codes("{}"), ["no_applinks", "no_app"]);
    assert_eq!(codes(r#"{"applinks":{}}"#), ["no_app"; 2]);

    let only_links = file("").replace("webcredentials", "appclips");
    assert_eq!(codes(&only_links), ["no_app"]);
    let association = found(&only_links).association.unwrap();
    assert!(association.applinks && !association.webcredentials);
    let only_credentials = file("").replace("applinks", "activitycontinuation");
    assert_eq!(codes(&only_credentials), ["no_applinks"]);
    let association = found(&only_credentials).association.unwrap();
    assert!(!association.applinks && association.webcredentials);
}

#[test]
fn the_first_component_that_matches_decides() {
    for (all, expected) in [
        ("[]", &["unmatched"][..]),
        (r#"[{"/":"/truid/callback"}]"#, &[]),
        (r#"[{"/":"/truid/*","comment":"the login"}]"#, &[]),
        (r#"[{"/":"/truid/?*"},{"/":"*","exclude":true}]"#, &[]),
        (r#"[{}]"#, &[]),
        (
            r#"[{"/":"/truid/*","exclude":true},{"/":"*"}]"#,
            &["excluded"],
        ),
        (r#"[{"/":"/other"},{"exclude":true}]"#, &["excluded"]),
        (r#"[{"/":"/truid/callback/"}]"#, &["unmatched"]),
        (r#"[{"/":"/truid"}]"#, &["unmatched"]),
        // Capital letters.
        (r#"[{"/":"/Truid/*"}]"#, &["unmatched"]),
        (r#"[{"/":"/Truid/*","caseSensitive":false}]"#, &[]),
        // The query. An item that is missing counts as an empty text.
        (r#"[{"?":"*"}]"#, &[]),
        (r#"[{"?":{"utm":"*"}}]"#, &[]),
        (r#"[{"?":{"utm":"?*"}}]"#, &["unmatched"]),
        (r#"[{"?":{"state":"?*"}}]"#, &[]),
        (r#"[{"?":{"state":"????"}}]"#, &["unmatched"]),
        (r#"[{"?":{"code":"?*"}}]"#, &["depends_on_query"]),
        (r#"[{"?":"code=*"}]"#, &["depends_on_query"]),
        (r#"[{"?":{"iss":"https:*"},"exclude":true},{}]"#, &[]),
        (
            r#"[{"?":{"iss":"https:*"},"percentEncoded":false,"exclude":true},{}]"#,
            &["depends_on_query"],
        ),
        // The fragment.
        (r##"[{"#":"*"}]"##, &[]),
        (r##"[{"#":"no_universal_links","exclude":true},{}]"##, &[]),
        (r##"[{"#":"done"}]"##, &["unmatched"]),
    ] {
        assert_eq!(components(all), expected, "{all}");
    }
    assert_eq!(
        found(&file(r#","components":[{"/":"/a"},{"exclude":true}]"#)).faults,
        [Fault::Excluded { rule: 2 }]
    );
}

#[test]
fn defaults_are_taken_from_the_nearest_level() {
    let with = |outer: &str, inner: &str, own: &str| {
        let entry = format!(r#""appID":"{APP}","components":[{{"/":"/TRUID/*"{own}}}]{inner}"#);
        codes(&format!(
            r#"{{"applinks":{{{outer}"details":[{{{entry}}}]}},"webcredentials":{{"apps":["{APP}"]}}}}"#
        ))
    };
    let outer = r#""defaults":{"caseSensitive":false},"#;
    let inner = r#","defaults":{"caseSensitive":true}"#;
    let own = r#","caseSensitive":false"#;
    assert_eq!(with("", "", ""), ["unmatched"]);
    assert_eq!(with(outer, "", ""), [""; 0]);
    assert_eq!(with(outer, inner, ""), ["unmatched"]);
    assert_eq!(with(outer, inner, own), [""; 0]);
}

#[test]
fn variables_are_substituted() {
    let with = |path: &str| {
        let entry = format!(r#""appIDs":["{APP}"],"components":[{{"/":"{path}"}}]"#);
        codes(&format!(
            r#"{{"applinks":{{"substitutionVariables":{{"provider":["other","truid"]}},
            "details":[{{{entry}}}]}},"webcredentials":{{"apps":["{APP}"]}}}}"#
        ))
    };
    assert_eq!(with("/$(provider)/callback"), [""; 0]);
    assert_eq!(with("/$(lower)*/callback"), [""; 0]);
    assert_eq!(with("/$(missing)/callback"), ["unmatched"]);
    assert_eq!(with("/$(digit)*/callback"), ["unmatched"]);
}

#[test]
fn paths_of_older_systems_are_read() {
    let paths = |all: &str| codes(&file(&format!(r#","paths":{all}"#)));
    assert_eq!(paths(r#"["/truid/*"]"#), [""; 0]);
    assert_eq!(paths(r#"["*"]"#), [""; 0]);
    assert_eq!(paths(r#"["NOT /truid/*","*"]"#), ["excluded"]);
    assert_eq!(paths(r#"["*","NOT /truid/*"]"#), [""; 0]);
    assert_eq!(paths("[]"), ["unmatched"]);
    // `components` replace them.
    let both = r#","paths":["NOT *"],"components":[{"/":"/truid/*"}]"#;
    assert_eq!(codes(&file(both)), [""; 0]);
    // The form of the first iOS 9.
    let by_app = format!(
        r#"{{"applinks":{{"apps":[],"details":{{"{APP}":{{"paths":["/truid/*"]}}}}}},"webcredentials":{{"apps":["{APP}"]}}}}"#
    );
    assert_eq!(codes(&by_app), [""; 0]);
}

#[test]
fn only_the_entry_of_the_app_must_be_right() {
    let with = |entry: &str| {
        codes(&file("").replace(r#""details":["#, &format!(r#""details":[{entry},"#)))
    };
    assert_eq!(with(r#"{"appID":"A.b","paths":7}"#), [""; 0]);
    assert_eq!(with("7"), [""; 0]);
    assert_eq!(
        with(&format!(r#"{{"appIDs":["{APP}"],"components":7}}"#)),
        ["not_association"]
    );
    // The entries of the app are one list.
    assert_eq!(
        with(&format!(
            r#"{{"appID":"{APP}","components":[{{"exclude":true}}]}}"#
        )),
        ["excluded"]
    );
}

#[test]
fn what_is_not_an_association_file_is_refused() {
    for broken in [
        "",
        "{",
        "[]",
        "null",
        "<html>",
        "\u{feff}{}",
        r#"{"applinks":7}"#,
    ] {
        assert_eq!(codes(broken), ["not_association"], "{broken}");
    }
    let large = format!("{}{}", file(""), " ".repeat(MAX_BYTES));
    assert_eq!(codes(&large), ["too_large"]);
    let signed = check_file(b"\x30\x82\x05\x00{}", APP, URI);
    assert_eq!(signed.faults, [Fault::Signed]);
    assert_eq!(signed.association, None);
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    Response {
        status,
        headers: headers
            .iter()
            .map(|(n, v)| ((*n).into(), (*v).into()))
            .collect(),
        body: body.into(),
    }
}

const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[test]
fn the_answer_of_the_site_is_checked_first() {
    let good = file("");
    let found = |status, headers: &[_], body: &str| {
        let found = check(&answer(status, headers, body), APP, URI);
        found.faults.iter().map(Fault::code).collect::<Vec<_>>()
    };
    assert_eq!(found(200, &JSON, &good), [""; 0]);
    assert_eq!(found(200, &[], &good), ["content_type"]);
    assert_eq!(
        found(200, &[("content-type", "text/html")], "<html>"),
        ["not_association", "content_type"]
    );
    let to = [("location", "https://www.app.example/")];
    assert_eq!(found(301, &to, &good), ["redirect"]);
    assert_eq!(found(304, &[], ""), ["status"]);
    for status in [204, 404, 503] {
        assert_eq!(found(status, &JSON, &good), ["status"]);
    }
}

#[test]
fn the_copy_of_apple_is_compared_with_the_file() {
    let site = |body: &str| answer(200, &JSON, body);
    let compare = |copy: &Response, site: &Response| {
        let site_found = check(site, APP, URI);
        let found = check_copy(copy, site, &site_found, APP, URI);
        for fault in &found.faults {
            assert!(!fault.message().is_empty() && !fault.fix().is_empty());
        }
        found
    };
    let good = site(&file(""));
    let links = |it: &Found| it.association.map(|it| it.applinks);

    // Another spelling of the same JSON.
    let spaced = site(&file("").replace(':', " : "));
    assert_eq!(compare(&spaced, &good).faults, []);

    let old = compare(&site("{}"), &good);
    let stale = |lacks| [Fault::StaleCopy { lacks }];
    assert_eq!(old.faults, stale(Some(Service::AppLinks)));
    assert_eq!(links(&old), Some(false));
    let no_credentials = site(&file("").replace("webcredentials", "appclips"));
    assert_eq!(
        compare(&no_credentials, &good).faults,
        stale(Some(Service::WebCredentials))
    );
    let other_path = site(&file(r#","components":[{"/":"/a"},{}]"#));
    let old = compare(&other_path, &good);
    assert_eq!(old.faults, stale(None));
    assert_eq!(links(&old), Some(true));

    let reason = (
        "apple-failure-reason",
        "SWCERR00101 Bad HTTP Response: 403 Forbidden",
    );
    let blocked = compare(&answer(404, &[reason], "Not Found\n"), &good);
    assert!(blocked.faults[0].message().contains("403 Forbidden"));
    assert_eq!(blocked.faults[0].code(), "no_copy");
    assert_eq!(links(&blocked), Some(false));

    // The file itself is missing: its own fault says so.
    let missing = answer(404, &[], "");
    assert_eq!(compare(&answer(404, &[reason], ""), &missing).faults, []);
    let still_there = compare(&good, &missing);
    assert_eq!(still_there.faults, []);
    assert_eq!(links(&still_there), Some(true));
}
