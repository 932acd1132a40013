//! Tests of reading TOML, and of the error messages.

use super::*;
use crate::{Assurance, Person, RegisteredClient};

fn good(text: &str) -> Config {
    Config::from_toml(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The error message for a wrong file, a line for each mistake.
fn bad(text: &str) -> Vec<String> {
    let error = Config::from_toml(text).unwrap_err();
    assert_eq!(error.to_string().lines().count(), error.problems().len());
    error.to_string().lines().map(str::to_owned).collect()
}

/// Line, column and key of each mistake.
fn places(text: &str) -> Vec<String> {
    let place = |line: &String| line.split(": ").take(2).collect::<Vec<_>>().join(" ");
    bad(text).iter().map(place).collect()
}

#[test]
fn an_empty_file_is_the_default() {
    let config = good("");
    assert_eq!(config.clients, Config::default().clients);
    assert_eq!(config.people, Person::invented());
    assert_eq!(config.listen.to_string(), "127.0.0.1:0");
    assert_eq!((config.seed, config.now), (None, None));
}

#[test]
fn missing_keys_have_the_default_values() {
    let config = good(
        r#"
        listen = "[::1]:8090"
        par_status = 200
        seed = "one"
        now = 1800000000
        [lifetimes]
        code = 60
        [limits]
        grants = 5
        [[client]]
        client_id = "app"
        redirect_uris = ["app:/cb"]
        [[client]]
        client_id = "backend"
        client_name = "A shop"
        client_secret = "s3cret"
        redirect_uris = ["https://shop.example/cb"]
        data_points = ["truid.app/data-point/email"]
        assurance = "substantial"
        [[person]]
        id = "a"
        name = "A"
        [[person]]
        id = "b"
        assurance = "low"
        "#,
    );
    assert_eq!(config.listen, "[::1]:8090".parse().unwrap());
    assert_eq!(config.par_status, 200);
    assert_eq!(config.seed.as_deref(), Some("one"));
    assert_eq!(config.now, Some(1_800_000_000));
    assert_eq!((config.lifetimes.code, config.lifetimes.waiting), (60, 600));
    assert_eq!((config.limits.grants, config.limits.pushed), (5, 10_000));
    assert_eq!(
        config.clients,
        [
            RegisteredClient::public("app", "app:/cb"),
            RegisteredClient {
                name: "A shop".into(),
                data_points: vec!["truid.app/data-point/email".into()],
                assurance: Some(Assurance::Substantial),
                ..RegisteredClient::confidential("backend", "s3cret", "https://shop.example/cb")
            },
        ]
    );
    assert_eq!(
        config.people,
        [
            Person {
                name: Some("A".into()),
                ..Person::new("a")
            },
            Person {
                assurance: Assurance::Low,
                ..Person::new("b")
            },
        ]
    );
}

#[test]
fn all_mistakes_are_reported_in_the_order_of_the_file() {
    let text = r#"listen = "localhost"
par_status = "200"
colour = "red"
[lifetimes]
code = 1.5
accestoken = 5
[[client]]
client_id = "a"
redirect_uri = "https://a.example/cb"
[[client]]
client_id = "a"
redirect_uris = ["https://a.example/cb", "https://a.example/cb?x", 5]
assurance = "highest"
[[client]]
client_id = "c"
redirect_uris = ["https://a.example/cb", "https://a.example/cb?x"]
[[person]]
birthdate = "24/12/1990"
"#;
    assert_eq!(
        places(text),
        [
            "1:1 listen",
            "2:1 par_status",
            "3:1 colour",
            "5:1 lifetimes.code",
            "6:1 lifetimes.accestoken",
            "7:1 client[0].redirect_uris",
            "9:1 client[0].redirect_uri",
            "11:1 client[1].client_id",
            "12:68 client[1].redirect_uris[2]",
            "13:1 client[1].assurance",
            "16:42 client[2].redirect_uris[1]",
            "17:1 person[0].id",
            "18:1 person[0].birthdate",
        ]
    );
}

#[test]
fn each_mistake_has_a_message() {
    for (text, words) in [
        (
            "listen = 'localhost'",
            "1:1: listen: it must be an IP address and a port, such as \"127.0.0.1:8090\"",
        ),
        (
            "listen = 8090",
            "ADDRESS:PORT, such as \"127.0.0.1:8090\", but is a number",
        ),
        (
            "[lifetimes]\ncode = '60s'",
            "it must be a whole number of seconds, but is text",
        ),
        (
            "par_status = '200'",
            "it must be a whole number, but is text",
        ),
        (
            "par_status = 70000",
            "it must be a whole number within the allowed range",
        ),
        (
            "now = 1.5",
            "it must be a whole number, but is a decimal number",
        ),
        ("seed = 5", "it must be text in quotes, but is a number"),
        ("client = 'a'", "it must be a list in [ ], but is text"),
        (
            "client = ['a']",
            "client[0]: it must be a table, but is text",
        ),
        ("client = []", "add a [[client]]"),
        (
            "[limits]\ngrants = true",
            "2:1: limits.grants: it must be a whole number, but is true or false",
        ),
        (
            "limit = 1",
            "there is no such key here; did you mean limits? Known keys: listen, ",
        ),
        (
            "[[person]]\nid = 'a'\nassurance = 'top'",
            "it must be one of low, substantial, high",
        ),
        (
            "[[person]]\nid = 'a'\nportrait = 'a.gif'",
            ".png, .jpg or .jpeg",
        ),
        (
            "[[person]]\nid = 'a'\nportrait = 'no.png'",
            "no.png cannot be read",
        ),
        ("listen = ", "1:10: this is not valid TOML: "),
        (
            "seed = 'a'\nseed = 'b'",
            "2:1: this is not valid TOML: duplicate key",
        ),
    ] {
        let lines = bad(text);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(words), "{text}: {lines:?}");
    }
}

#[test]
fn an_unreadable_value_is_not_reported_as_missing() {
    assert_eq!(
        places("[[client]]\nclient_id = 5\nredirect_uris = 'https://a.example'"),
        ["2:1 client[0].client_id", "3:1 client[0].redirect_uris"]
    );
    assert_eq!(places("person = 5"), ["1:1 person"]);
}

/// For any place of the secret in the file, and any mistake in it or near it.
#[test]
fn no_error_repeats_a_secret() {
    let client = "[[client]]\nclient_id = 'a'\nredirect_uris = ['a:b']\n";
    for wrong in [
        "client_secret = 4711081512",
        "client_secret = '4711081512-ö'",
        "client_secret = ['4711081512']",
        "client_secret = '4711081512",
        "client_secret = 4711081512-x",
        "client_secret = \"4711081512\\q\"",
        "client_secret '4711081512'",
        "client_secret = '4711081512' x",
        "secret = '4711081512'",
        "assurance = '4711081512'",
        "[lifetimes]\ncode = '4711081512'",
        "4711081512",
        "'4711081512",
        "x = { secret = '4711081512', }}",
    ] {
        let error = Config::from_toml(&format!("{client}{wrong}")).unwrap_err();
        assert!(!error.to_string().contains("4711"), "{wrong}: {error}");
        assert!(!format!("{error:?}").contains("4711"), "{wrong}: {error:?}");
        assert!(error.problems()[0].position.is_some(), "{wrong}: {error}");
    }
}

#[test]
fn times_is_a_number_or_always() {
    let text = |times: &str| format!("[[misbehave]]\nmisbehaviour = \"slow\"\ntimes = {times}\n");
    let wanted = "3:1: misbehave[0].times: it must be a number from 1, or \"always\"";
    for (times, rest) in [
        ("\"alwys\"", ""),
        ("-1", ""),
        ("5000000000", ""),
        ("true", ", but is true or false"),
    ] {
        assert_eq!(bad(&text(times)), [format!("{wanted}{rest}")]);
    }
    assert_eq!(
        good(&text("\"always\"")).rules[0].times,
        crate::Times::ALWAYS
    );
    assert_eq!(good(&text("3")).rules[0].times, crate::Times::Count(3));
}
