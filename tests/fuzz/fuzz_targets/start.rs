//! The answer of a backend to a start: the URL that an app would open.
//!
//! Input: an HTTP answer. The cookie that was sent is `S3CR3T-7f31`.
//!
//! A browser that opens the URL reaches only the provider, with one `state`, and is redirected back
//! to this app. Cookies are sent to the backend only.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use switchback_fuzz::{SECRET, response};
use switchback_protocol::callback::MAX_URL;
use switchback_protocol::cookies::Jar;
use switchback_protocol::http::Response;
use switchback_protocol::mediated::start::Started;
use switchback_protocol::mediated::{Backend, Mediation};
use switchback_protocol::time::Time;
use switchback_protocol::{Environment, Provider, Purpose};
use url::Url;

const REDIRECT_URI: &str = "https://service.example/truid/complete";

fuzz_target!(|input: &[u8]| {
    let Some(response) = response(input) else {
        return;
    };
    let now = Time::wall(1_700_000_000);
    for backend in [
        Backend::switchback("https://service.example/truid"),
        Backend::custom("https://service.example/start/{purpose}"),
    ] {
        let mediation = Mediation::new(
            Provider::truid(),
            backend,
            REDIRECT_URI,
            Environment::Production,
        );
        let mediation = mediation.expect("it is configured well");
        let session = ("cookie", format!("sid={SECRET}").into());
        let asked = mediation.start(Purpose::Login, &BTreeMap::new(), [session]);
        let mut jar = Jar::default();
        let read = mediation.read_start(Purpose::Login, &asked, &response, &mut jar, &now);
        assert!(jar.header("https://elsewhere.invalid/", &now).is_none());
        match read {
            Ok(started) => may_be_opened(&started, &response, &jar, &now),
            Err(why) => {
                let shown = format!("{why:?}");
                assert!(!shown.contains(SECRET), "{shown}");
            }
        }
    }
});

fn may_be_opened(started: &Started, response: &Response, jar: &Jar, now: &Time) {
    assert!((200..400).contains(&response.status));
    assert!(jar.header(REDIRECT_URI, now).is_some());
    let url = started.url.expose();
    assert!(url.len() <= MAX_URL);
    let read = Url::parse(url).expect("the second parser refuses the URL");
    assert_eq!(read.origin().ascii_serialization(), "https://api.truid.app");
    assert_eq!(
        (read.username(), read.password(), read.fragment()),
        ("", None, None)
    );
    let values = |name: &str| -> Vec<String> {
        let found = read.query_pairs().filter(|(found, _)| found == name);
        found.map(|(_, value)| value.into_owned()).collect()
    };
    match (&values("state")[..], &started.state) {
        ([seen], Some(known)) => assert_eq!(seen, known.expose()),
        ([], Some(known)) => assert!(!known.expose().is_empty()),
        ([], None) => {
            let pushed = [values("request_uri"), values("request")].concat();
            assert!(!pushed.is_empty(), "its state is unknown");
        }
        (seen, known) => panic!("{} {}", seen.len(), known.is_some()),
    }
    for back in values("redirect_uri") {
        let back = Url::parse(&back).expect("the second parser refuses the redirect URI");
        assert_eq!(
            back.origin().ascii_serialization(),
            "https://service.example"
        );
        assert_eq!((back.query(), back.fragment()), (None, None));
    }
    assert!(started.life.is_none_or(|life| (1..=86_400).contains(&life)));
    assert_eq!(started.single_use, !values("request_uri").is_empty());
    let other = Started {
        url: "another".into(),
        state: started.state.as_ref().map(|_| "another".into()),
        ..started.clone()
    };
    assert_eq!(format!("{started:?}"), format!("{other:?}"));
}
