use super::*;
use crate::Provider;
use alloc::string::ToString as _;

fn registration(provider: Provider) -> Registration {
    Registration::new(provider, "client", "https://example.com/cb", false).unwrap()
}

fn begun() -> Attempt {
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let request = LoginRequest::new(Purpose::Login, ["a"]);
    let registration = registration(Provider::truid());
    Attempt::begin(&registration, request, &random, 1000, 600)
}

fn callback(answer: Answer) -> Callback {
    Callback {
        state: (&Random::new(&[1; 32])).into(),
        issuer: None,
        answer,
    }
}

fn code() -> Callback {
    callback(Answer::Code("C".into()))
}

fn at(attempt: &mut Attempt, callback: &Callback, now: i64, session: bool) -> Effect {
    attempt.step(Input::Callback {
        callback,
        now,
        session,
    })
}

fn invalid_grant() -> OAuthError {
    OAuthError::new("invalid_grant", None, &[])
}

#[test]
fn the_callback_finds_its_attempt() {
    let attempt = begun();
    assert!(attempt.matches(&code()));
    assert_eq!(attempt.id(), AttemptId::of(&code().state));
    assert_eq!(attempt.id().as_str().len(), 32);
    assert!(attempt.is_pending(1599) && !attempt.is_pending(1600));
}

#[test]
fn a_code_is_exchanged_once_and_the_same_link_gives_the_same_session() {
    let mut attempt = begun();
    let effect = at(&mut attempt, &code(), 1100, false);
    assert_eq!(effect, Effect::Exchange("C".into()));
    assert_eq!(attempt.phase, Phase::Exchanging { again: false });
    assert_eq!(attempt.step(Input::Exchanged), Effect::LoggedIn);
    assert_eq!(attempt.code_verifier().expose(), "");
    assert_eq!(at(&mut attempt, &code(), 1101, true), Effect::LoggedIn);
    assert_eq!(at(&mut attempt, &code(), 9999, true), Effect::LoggedIn);
    assert_eq!(at(&mut attempt, &code(), 9999, false), Effect::Replayed);
}

#[test]
fn a_process_that_died_after_storing_the_session_has_logged_in() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
    assert_eq!(at(&mut found, &code(), 1105, true), Effect::LoggedIn);
    assert_eq!(found.phase, Phase::Completed);
}

#[test]
fn a_process_that_died_before_storing_the_session_is_followed_by_one_more_try() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
    let effect = at(&mut found, &code(), 1105, false);
    assert_eq!(effect, Effect::Exchange("C".into()));
    assert_eq!(
        found.step(Input::Refused(invalid_grant())),
        Effect::Refused {
            error: invalid_grant(),
            interrupted: true
        }
    );
}

#[test]
fn a_code_that_never_left_can_be_tried_again() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    assert_eq!(attempt.step(Input::NotSent), Effect::TryAgain);
    assert_eq!(attempt.phase, Phase::Open);
    at(&mut attempt, &code(), 1101, false);
    assert_eq!(
        attempt.step(Input::Refused(invalid_grant())),
        Effect::Refused {
            error: invalid_grant(),
            interrupted: false
        }
    );
}

#[test]
fn declined_stays_declined() {
    let mut attempt = begun();
    let declined = callback(Answer::Declined);
    assert_eq!(at(&mut attempt, &declined, 1001, false), Effect::Declined);
    assert_eq!(at(&mut attempt, &code(), 1002, false), Effect::Declined);
}

#[test]
fn a_refusal_behind_a_code_cannot_take_it_back() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let declined = callback(Answer::Declined);
    assert_eq!(at(&mut attempt, &declined, 1101, false), Effect::TryAgain);
    assert_eq!(attempt.phase, Phase::Exchanging { again: false });
}

#[test]
fn too_late_is_expired() {
    let mut attempt = begun();
    assert_eq!(at(&mut attempt, &code(), 1600, false), Effect::Expired);
    assert_eq!(attempt.phase, Phase::Open);
}

#[test]
fn a_callback_names_the_promised_issuer_and_no_other() {
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let promised = Provider::truid().with_issuer("https://id.example");
    for (provider, issuer, good) in [
        (promised.clone(), Some("https://id.example"), true),
        (promised.clone(), Some("https://id.example/"), false),
        (promised.clone(), Some("https://evil.example"), false),
        (promised, None, false),
        (Provider::truid(), None, true),
        (Provider::truid(), Some("https://evil.example"), false),
    ] {
        let registration = registration(provider);
        let request = LoginRequest::new(Purpose::Login, ["a"]);
        let mut attempt = Attempt::begin(&registration, request, &random, 0, 9);
        let mut callback = code();
        callback.issuer = issuer.map(Into::into);
        let effect = at(&mut attempt, &callback, 1, false);
        assert_eq!(effect == Effect::Exchange("C".into()), good, "{issuer:?}");
        assert_eq!(effect == Effect::Broken(Rule::Issuer), !good, "{issuer:?}");
    }
}

#[test]
fn the_url_is_the_same_whenever_it_is_asked_for() {
    let attempt = begun();
    let registration = registration(Provider::truid());
    let found = Attempt::from_json(&attempt.to_json()).unwrap();
    assert_eq!(
        found.url(&registration).unwrap(),
        attempt.url(&registration).unwrap()
    );
}

#[test]
fn a_timeline_is_bounded_and_readable() {
    let mut timeline = Timeline::default();
    timeline.add(10, "login.begun", None);
    timeline.add(12, "callback.received", Some("code".into()));
    assert_eq!(
        timeline.to_string(),
        "    0 s  login.begun\n    2 s  callback.received  (code)\n"
    );
    for n in 0..100 {
        timeline.add(n, "x", None);
    }
    assert_eq!(timeline.moments().len(), Timeline::LONGEST);
}

/// Written by version 1 and never changed again: a later version must read it.
#[test]
fn the_frozen_form_of_version_1_is_read() {
    let fixture = include_bytes!("../../fixtures/attempt-v1.json");
    let mut attempt = Attempt::from_json(fixture).unwrap();
    assert_eq!(attempt.phase, Phase::Exchanging { again: false });
    assert_eq!(attempt.nonce().unwrap().expose(), "frozen-nonce");
    assert_eq!(attempt.timeline.moments()[0].event, "login.begun");
    let callback = Callback {
        state: "frozen-state".into(),
        issuer: Some("https://id.example".into()),
        answer: Answer::Code("C".into()),
    };
    assert!(attempt.matches(&callback));
    let effect = at(&mut attempt, &callback, 1_700_000_001, false);
    assert_eq!(effect, Effect::Exchange("C".into()));
    assert_eq!(attempt.code_verifier().expose(), "frozen-verifier");
}

#[test]
fn debug_shows_no_extra_parameter() {
    let mut request = LoginRequest::new(Purpose::Login, ["a"]);
    request
        .extra
        .insert("login_hint".into(), "9012241234".into());
    let shown = alloc::format!("{request:?}");
    assert!(shown.contains("login_hint") && !shown.contains("9012241234"));
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let attempt = Attempt::begin(&registration(Provider::truid()), request, &random, 0, 9);
    assert!(!alloc::format!("{attempt:?}").contains("9012241234"));
}
