use super::*;
use crate::OAuthError;
use crate::Purpose;
use crate::attempt::tests::apply;
use crate::attempt::{Effect, Input, Outcome, StoredSession};
use crate::callback::{Answer, Callback};
use crate::lease::{Caller, Lease, Owner};
use crate::token::TokenFailure;

const URL: &str = "https://service.example/truid/complete";

fn started(state: Option<&str>) -> Started {
    Started {
        url: "https://api.example/authorize".into(),
        state: state.map(Secret::from),
        life: state.is_none().then_some(60),
        single_use: state.is_none(),
    }
}

fn begun(state: Option<&str>) -> Attempt {
    let mut jar = Jar::default();
    jar.store(URL, ["sid=1; Path=/"], None, &Time::wall(1_000));
    Attempt::begin_mediated(
        &RedirectUri::new(URL, crate::Environment::Production).unwrap(),
        LoginRequest::new(Purpose::Login, [""; 0]),
        &Random::new(&[7; 32]),
        started(state),
        jar,
        None,
        Time::wall(1_000),
        600,
    )
}

fn callback(state: &str, answer: Answer) -> Callback {
    Callback {
        redirect_uri: URL.into(),
        state: state.into(),
        issuer: Some("any issuer: the backend checks it".into()),
        answer,
    }
}

fn code(state: &str) -> Callback {
    callback(state, Answer::Code("C".into()))
}

fn at(attempt: &mut Attempt, callback: &Callback, session: StoredSession) -> Effect {
    let caller = Caller {
        owner: Owner::new("me"),
        holder_has_ended: false,
    };
    let input = Input::Callback {
        callback: callback.clone(),
        now: Time::wall(1_100),
        caller,
        session,
    };
    apply(attempt, input)
}

#[track_caller]
fn forwarded(attempt: &mut Attempt, callback: &Callback) -> Lease {
    match at(attempt, callback, StoredSession::Absent) {
        Effect::Forward { lease } => lease,
        other => panic!("not forwarded: {other:?}"),
    }
}

fn refused(lease: Lease) -> Input {
    let failure = TokenFailure::Refused(bad_state());
    Input::Failed { lease, failure }
}

fn forgotten(lease: Lease) -> Input {
    let error = bad_state();
    Input::Forgotten { lease, error }
}

fn refusal(interrupted: bool) -> Effect {
    Effect::Done(Outcome::Refused {
        error: bad_state(),
        interrupted,
    })
}

fn bad_state() -> OAuthError {
    OAuthError::new("bad_state", None, &[])
}

#[test]
fn every_answer_is_forwarded_under_a_lease() {
    for answer in [
        Answer::Code("C".into()),
        Answer::Declined,
        Answer::Refused(bad_state()),
    ] {
        let mut attempt = begun(Some("s"));
        let lease = forwarded(&mut attempt, &callback("s", answer));
        assert_eq!(attempt.lease(), Some(&lease));
        assert_eq!(
            apply(&mut attempt, Input::SessionStored),
            Effect::Done(Outcome::LoggedIn)
        );
        assert!(attempt.cookies().is_empty());
        assert_eq!(attempt.mediated_url().unwrap().expose(), "");
    }
}

#[test]
fn the_backends_answer_ends_the_attempt() {
    for (input, effect) in [
        (
            (|lease| Input::Declined { lease }) as fn(Lease) -> Input,
            Effect::Done(Outcome::Declined),
        ),
        (forgotten, Effect::Done(Outcome::Forgotten)),
        (refused, refusal(false)),
        (
            |lease| Input::Refused {
                lease,
                error: bad_state(),
            },
            refusal(false),
        ),
    ] {
        let mut attempt = begun(Some("s"));
        let lease = forwarded(&mut attempt, &code("s"));
        assert_eq!(apply(&mut attempt, input(lease)), effect);
        let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
        assert_eq!(at(&mut found, &code("s"), StoredSession::Absent), effect);
    }
}

/// The error is about the backend's client, so the app's configuration is correct.
#[test]
fn invalid_client_behind_a_backend_is_a_refusal() {
    let mut attempt = begun(Some("s"));
    let lease = forwarded(&mut attempt, &code("s"));
    let error = OAuthError::new("invalid_client", None, &[]);
    let failure = TokenFailure::Refused(error.clone());
    let actual = apply(&mut attempt, Input::Failed { lease, failure });
    let interrupted = false;
    assert_eq!(
        actual,
        Effect::Done(Outcome::Refused { error, interrupted })
    );
}

#[test]
fn refusal_after_a_lost_answer_is_interrupted() {
    for refused in [refused as fn(Lease) -> Input, forgotten] {
        let mut attempt = begun(Some("s"));
        let lease = forwarded(&mut attempt, &code("s"));
        assert!(!attempt.may_have_been_sent());
        let actual = apply(&mut attempt, Input::Lost { lease });
        assert!(matches!(actual, Effect::TryAgain { .. }), "{actual:?}");
        let lease = forwarded(&mut attempt, &code("s"));
        assert!(attempt.may_have_been_sent());
        assert_eq!(apply(&mut attempt, refused(lease)), refusal(true));
        // The same callback gets the same result, in another process too.
        let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
        assert_eq!(
            at(&mut found, &code("s"), StoredSession::Absent),
            refusal(true)
        );
    }
}

/// A callback without a code cannot succeed later.
#[test]
fn a_refusal_in_the_callback_is_final() {
    let mut attempt = begun(Some("s"));
    let error = OAuthError::new("server_error", None, &[]);
    let answer = Answer::Refused(error.clone());
    let lease = forwarded(&mut attempt, &callback("s", answer));
    let refused = Input::Refused {
        lease,
        error: error.clone(),
    };
    let interrupted = false;
    let actual = apply(&mut attempt, refused);
    assert_eq!(
        actual,
        Effect::Done(Outcome::Refused { error, interrupted })
    );
}

#[test]
fn reopening_changes_the_state_and_not_the_id() {
    let mut attempt = begun(Some("first"));
    let id = attempt.id();
    for state in ["second", "third"] {
        attempt.reopened(started(Some(state)), attempt.cookies(), Time::wall(1_050));
    }
    assert_eq!(attempt.id(), id);
    for known in ["first", "second", "third"] {
        assert!(attempt.matches(&code(known)), "{known}");
    }
    assert!(!attempt.matches(&code("fourth")));
    for n in 0..9 {
        let state = alloc::format!("{n}");
        attempt.reopened(started(Some(&state)), attempt.cookies(), Time::wall(1_050));
    }
    assert!(attempt.matches(&code("8")) && !attempt.matches(&code("first")));
}

#[test]
fn an_attempt_without_state_accepts_any_until_completed() {
    let mut attempt = begun(None);
    assert!(attempt.awaits_unknown_state() && attempt.matches(&code("any")));
    assert_eq!(attempt.open_by(), Some(1_060));
    assert!(!attempt.may_open_again(&Time::wall(1_001)));
    forwarded(&mut attempt, &code("mine"));
    apply(&mut attempt, Input::SessionStored);
    assert!(attempt.matches(&code("mine")) && !attempt.matches(&code("another")));
    assert_eq!(
        at(&mut attempt, &code("mine"), StoredSession::Active),
        Effect::Done(Outcome::LoggedIn)
    );
}

#[test]
fn a_forged_callback_does_not_end_the_login() {
    for input in [
        refused as fn(Lease) -> Input,
        |lease| Input::Declined { lease },
        // Some backends answer 401 to any invalid callback.
        forgotten,
    ] {
        let mut attempt = begun(None);
        let forged = callback("forged", Answer::Declined);
        let lease = forwarded(&mut attempt, &forged);
        let actual = apply(&mut attempt, input(lease));
        assert_eq!(at(&mut attempt, &forged, StoredSession::Absent), actual);
        forwarded(&mut attempt, &code("mine"));
        assert_eq!(
            apply(&mut attempt, Input::SessionStored),
            Effect::Done(Outcome::LoggedIn)
        );
    }
}

#[test]
fn a_url_can_be_opened_again_until_it_expires() {
    let mut attempt = begun(Some("s"));
    assert!(attempt.may_open_again(&Time::wall(9_000)));
    let mut limited = started(Some("t"));
    limited.life = Some(60);
    attempt.reopened(limited, attempt.cookies(), Time::wall(1_050));
    assert!(attempt.may_open_again(&Time::wall(1_109)));
    assert!(!attempt.may_open_again(&Time::wall(1_110)));
}

#[test]
fn a_callback_after_the_deadline_is_not_forwarded() {
    let mut attempt = begun(Some("s"));
    let caller = Caller {
        owner: Owner::new("me"),
        holder_has_ended: false,
    };
    let late = Input::Callback {
        callback: code("s"),
        now: Time::wall(1_600),
        caller,
        session: StoredSession::Absent,
    };
    assert_eq!(apply(&mut attempt, late), Effect::Done(Outcome::Expired));
}
