//! Sessions with cookies, and sessions that a backend rejects.

use super::*;
use crate::lease::Owner;
use alloc::string::ToString as _;

const API: &str = "https://service.example/api/orders";
const NOW: Time = Time::wall(1_000);

fn of_cookies() -> Grant {
    let mut jar = Jar::default();
    jar.store(API, ["sid=1; Path=/", "b=2; Path=/"], None, &NOW);
    Grant::of_cookies(Purpose::Login, NOW, jar)
}

fn of_tokens() -> Grant {
    let tokens = TokenResponse {
        access_token: "A1".into(),
        expires_in: Some(900),
        refresh_token: Field::Present("R1".into()),
        scope: Field::Absent,
        id_token: Field::Absent,
    };
    Grant::new(Purpose::Login, vec![], NOW, tokens, 900)
}

fn on(grant: &Grant, input: Input) -> (Grant, Vec<Effect>) {
    let (next, effects) = step(Some(grant), &input);
    (next.unwrap(), effects)
}

fn set(cookies: &[&str]) -> Input {
    Input::CookiesSet {
        url: API.to_string(),
        set_cookie: cookies.iter().map(|cookie| Secret::from(*cookie)).collect(),
        date: None,
        now: NOW,
    }
}

fn rejected_by_backend(sent: &str) -> Input {
    Input::RejectedByBackend {
        url: API.to_string(),
        sent: sent.into(),
        now: NOW,
    }
}

#[test]
fn a_cookie_session_has_no_token_and_does_not_expire() {
    let grant = of_cookies();
    let using = Input::Use {
        now: Time::wall(i64::MAX),
        skew: 30,
        rejected: None,
        caller: Caller {
            owner: Owner::new("me"),
            holder_has_ended: false,
        },
    };
    assert_eq!(
        on(&grant, using),
        (grant.clone(), vec![Effect::OnlyCookies])
    );
    assert!(!grant.is_over() && !grant.is_refreshable());
    assert_eq!(grant.expires_at(), None);
}

#[test]
fn only_changed_cookies_increase_the_generation() {
    let (next, effects) = on(&of_cookies(), set(&["sid=3; Path=/"]));
    assert_eq!((next.generation, effects), (2, vec![]));
    let header = next.cookies().unwrap().header(API, &NOW).unwrap();
    assert_eq!(header.expose(), "sid=3; b=2");
    assert_eq!(on(&next, set(&[])).0.generation, 2);
    assert_eq!(on(&next, set(&["sid=3; Path=/"])).0.generation, 2);
}

#[test]
fn a_rejected_credential_ends_the_session_unless_replaced() {
    for (grant, sent, other) in [
        (of_cookies(), "sid=1; b=2", "sid=0; b=2"),
        (of_tokens(), "A1", "A0"),
    ] {
        let (next, effects) = on(&grant, rejected_by_backend(other));
        assert_eq!((next, effects), (grant.clone(), vec![Effect::Reload]));
        let (next, effects) = on(&grant, rejected_by_backend(sent));
        assert_eq!(next.ended(), Some(SessionEnd::EndedByBackend));
        assert_eq!(effects, [Effect::LoginRequired(SessionEnd::EndedByBackend)]);
        assert!(next.cookies().is_none());
    }
}

#[test]
fn a_rejection_without_a_cookie_ends_nothing() {
    let mut jar = Jar::default();
    let shop = "https://service.example/shop/cart";
    jar.store(shop, ["sid=1; Path=/shop; Max-Age=60"], None, &NOW);
    let grant = Grant::of_cookies(Purpose::Login, NOW, jar);
    assert_eq!(on(&grant, rejected_by_backend("")), (grant.clone(), vec![]));
    // After the last cookie has expired, a rejection ends the session.
    let later = Input::RejectedByBackend {
        url: API.to_string(),
        sent: "".into(),
        now: Time::wall(1_060),
    };
    let (next, _) = on(&grant, later);
    assert_eq!(next.ended(), Some(SessionEnd::EndedByBackend));
}

#[test]
fn a_deleted_session_stores_no_cookies() {
    for input in [set(&["sid=9"]), rejected_by_backend("sid=1; b=2")] {
        let (next, effects) = step(None, &input);
        assert_eq!(next, None);
        assert_eq!(effects, [Effect::LoginRequired(SessionEnd::NoSession)]);
    }
}
