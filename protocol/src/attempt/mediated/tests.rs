use super::*;
use crate::OAuthError;
use crate::Purpose;
use crate::attempt::{Effect, Input, Kept};
use crate::callback::{Answer, Callback};
use crate::lease::{Caller, Lease, Owner};

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
    jar.take(URL, ["sid=1; Path=/"], &Time::wall(1_000));
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
        state: state.into(),
        issuer: Some("whoever: the backend judges it".into()),
        answer,
    }
}

fn code(state: &str) -> Callback {
    callback(state, Answer::Code("C".into()))
}

fn at(attempt: &mut Attempt, callback: &Callback, session: Kept) -> Effect {
    let caller = Caller {
        owner: Owner::new("me"),
        holder_is_gone: false,
    };
    attempt.step(Input::Callback {
        callback,
        now: Time::wall(1_100),
        caller: &caller,
        session,
    })
}

#[track_caller]
fn forwarded(attempt: &mut Attempt, callback: &Callback) -> Lease {
    match at(attempt, callback, Kept::Nothing) {
        Effect::Forward { lease } => lease,
        other => panic!("not forwarded: {other:?}"),
    }
}

fn bad_state() -> OAuthError {
    OAuthError::new("bad_state", None, &[])
}

#[test]
fn every_answer_is_forwarded_under_a_mark() {
    for answer in [
        Answer::Code("C".into()),
        Answer::Declined,
        Answer::Refused(bad_state()),
    ] {
        let mut attempt = begun(Some("s"));
        let lease = forwarded(&mut attempt, &callback("s", answer));
        assert_eq!(attempt.lease(), Some(&lease));
        assert_eq!(attempt.step(Input::Exchanged), Effect::LoggedIn);
        assert!(attempt.cookies().is_empty());
        assert_eq!(attempt.mediated_url().unwrap().expose(), "");
    }
}

#[test]
fn what_the_backend_says_ends_it() {
    for (input, effect) in [
        (
            (|lease| Input::Declined { lease }) as fn(&Lease) -> Input<'_>,
            Effect::Declined,
        ),
        (|lease| Input::Forgotten { lease }, Effect::Forgotten),
        (
            |lease| Input::Refused {
                lease,
                error: bad_state(),
            },
            Effect::Refused {
                error: bad_state(),
                interrupted: false,
            },
        ),
    ] {
        let mut attempt = begun(Some("s"));
        let lease = forwarded(&mut attempt, &code("s"));
        assert_eq!(attempt.step(input(&lease)), effect);
        let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
        assert_eq!(at(&mut found, &code("s"), Kept::Nothing), effect);
    }
}

#[test]
fn a_lost_answer_is_followed_by_one_more_and_a_refusal_is_known_for_what_it_is() {
    let mut attempt = begun(Some("s"));
    let lease = forwarded(&mut attempt, &code("s"));
    assert_eq!(
        attempt.step(Input::Lost { lease: &lease }),
        Effect::TryAgain
    );
    let lease = forwarded(&mut attempt, &code("s"));
    let error = bad_state();
    assert_eq!(
        attempt.step(Input::Refused {
            lease: &lease,
            error: error.clone()
        }),
        Effect::Refused {
            error,
            interrupted: true
        }
    );
}

#[test]
fn its_name_stays_when_the_state_becomes_another() {
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
fn a_blind_attempt_takes_any_state_until_it_is_done() {
    let mut attempt = begun(None);
    assert!(attempt.is_blind() && attempt.matches(&code("any")));
    assert_eq!(attempt.open_by(), Some(1_060));
    assert!(!attempt.may_open_again(&Time::wall(1_001)));
    forwarded(&mut attempt, &code("mine"));
    attempt.step(Input::Exchanged);
    assert!(attempt.matches(&code("mine")) && !attempt.matches(&code("another")));
    assert_eq!(
        at(&mut attempt, &code("mine"), Kept::Alive),
        Effect::LoggedIn
    );
}

#[test]
fn a_forged_link_does_not_end_the_login_for_the_real_one() {
    for input in [
        (|lease| Input::Refused {
            lease,
            error: bad_state(),
        }) as fn(&Lease) -> Input<'_>,
        |lease| Input::Declined { lease },
        // Whatever is wrong with it is 401 to some.
        |lease| Input::Forgotten { lease },
    ] {
        let mut attempt = begun(None);
        let forged = callback("forged", Answer::Declined);
        let lease = forwarded(&mut attempt, &forged);
        let told = attempt.step(input(&lease));
        assert_eq!(at(&mut attempt, &forged, Kept::Nothing), told);
        forwarded(&mut attempt, &code("mine"));
        assert_eq!(attempt.step(Input::Exchanged), Effect::LoggedIn);
    }
}

#[test]
fn a_url_that_may_be_opened_again_is_until_it_is_over() {
    let mut attempt = begun(Some("s"));
    assert!(attempt.may_open_again(&Time::wall(9_000)));
    let mut limited = started(Some("t"));
    limited.life = Some(60);
    attempt.reopened(limited, attempt.cookies(), Time::wall(1_050));
    assert!(attempt.may_open_again(&Time::wall(1_109)));
    assert!(!attempt.may_open_again(&Time::wall(1_110)));
}

#[test]
fn what_comes_late_is_not_forwarded() {
    let mut attempt = begun(Some("s"));
    let caller = Caller {
        owner: Owner::new("me"),
        holder_is_gone: false,
    };
    let effect = attempt.step(Input::Callback {
        callback: &code("s"),
        now: Time::wall(1_600),
        caller: &caller,
        session: Kept::Nothing,
    });
    assert_eq!(effect, Effect::Expired);
}
