//! Refused refreshes: the error code, and how often it comes in a row.

use super::tests::{
    answered, failed, give, grant, interrupted, lost, refused, rotate, sent, step, tokens, use_at,
};
use super::*;

/// Refreshes an expired access token once for each error code. Returns the effects.
fn refused_in_turn(grant: &mut Grant, codes: &[&str]) -> Vec<Effect> {
    let turns = codes.iter().zip(200..);
    turns
        .map(|(code, now)| {
            let rotation = rotate(grant, now);
            step(grant, failed(rotation, now, refused(code)))
        })
        .collect()
}

fn later() -> Effect {
    Effect::TryAgain {
        retry_after: None,
        broken: None,
    }
}

fn over(ended: SessionEnd) -> Effect {
    Effect::LoginRequired(ended)
}

#[test]
fn a_refused_client_does_not_log_the_person_out() {
    for code in ["invalid_client", "unauthorized_client"] {
        let mut grant = grant();
        for effect in refused_in_turn(&mut grant, &[code; 3]) {
            assert!(matches!(effect, Effect::Misconfigured(_)));
        }
        assert_eq!(grant.phase, Phase::Ready);
    }
}

#[test]
fn errors_that_need_the_person_end_the_session() {
    for code in [
        "invalid_grant",
        "access_denied",
        "interaction_required",
        "login_required",
        "account_selection_required",
        "consent_required",
        "unmet_authentication_requirements",
        "insufficient_user_authentication",
    ] {
        let mut grant = grant();
        assert_eq!(
            refused_in_turn(&mut grant, &[code]),
            [over(SessionEnd::Revoked)]
        );
        assert!(grant.ending_error().unwrap().is(code));
    }
}

#[test]
fn a_repeated_unknown_error_ends_the_session() {
    for code in ["token_expired", "Forbidden", "invalid_token", "400"] {
        let mut grant = grant();
        let effects = refused_in_turn(&mut grant, &[code, code]);
        assert_eq!(effects, [later(), over(SessionEnd::RotationInterrupted)]);
        assert_eq!(grant.ending_error().unwrap().code, code);
        let stored = Grant::from_json(&grant.to_json()).unwrap();
        assert_eq!(stored.ending_error().unwrap().code, code);
    }
}

#[test]
fn a_repeated_request_error_ends_the_session() {
    for code in ["invalid_request", "invalid_scope", "unsupported_grant_type"] {
        let mut grant = grant();
        let mut effects = refused_in_turn(&mut grant, &[code, code]);
        assert_eq!(effects.pop(), Some(over(SessionEnd::RotationInterrupted)));
        assert!(matches!(&effects[..], [Effect::Misconfigured(error)] if error.is(code)));
    }
}

#[test]
fn another_answer_resets_the_refusal_count() {
    let between = [
        refused("server_error"),
        refused("temporarily_unavailable"),
        refused("slow_down"),
        refused("invalid_client"),
        TokenFailure::Failed(502),
        TokenFailure::Busy { retry_after: None },
        TokenFailure::Broken(Rule::EmptyBody),
    ];
    for failure in between {
        let mut grant = grant();
        refused_in_turn(&mut grant, &["strange"]);
        let rotation = rotate(&mut grant, 210);
        step(&mut grant, failed(rotation, 211, failure.clone()));
        let effects = refused_in_turn(&mut grant, &["strange", "strange"]);
        let last = over(SessionEnd::RotationInterrupted);
        assert_eq!(effects, [later(), last], "{failure:?}");
    }
    // An answer with tokens resets the count.
    let mut grant = grant();
    refused_in_turn(&mut grant, &["strange"]);
    let rotation = rotate(&mut grant, 210);
    step(&mut grant, answered(rotation, 2, 210));
    let rotation = rotate(&mut grant, 400);
    let strange = failed(rotation, 401, refused("strange"));
    assert_eq!(step(&mut grant, strange), later());
}

/// A request without an answer says nothing about the refresh token.
#[test]
fn lost_requests_do_not_reset_the_refusal_count() {
    let mut grant = grant();
    refused_in_turn(&mut grant, &["strange"]);
    let rotation = rotate(&mut grant, 210);
    let now = Time::wall(211);
    step(&mut grant, Input::NotSent { rotation, now });
    let rotation = rotate(&mut grant, 212);
    step(&mut grant, lost(rotation, 213));
    let effects = refused_in_turn(&mut grant, &["stranger"]);
    assert_eq!(effects, [over(SessionEnd::RotationInterrupted)]);
    assert_eq!(grant.ending_error().unwrap().code, "stranger");
}

#[test]
fn unknown_errors_keep_a_valid_access_token() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 80);
    let strange = || refused("strange");
    assert_eq!(step(&mut grant, failed(rotation, 81, strange())), give(1));
    assert!(interrupted(&grant));
    // No refresh is sent before the access token has expired.
    assert_eq!(use_at(&mut grant, 99), give(1));
    let rotation = rotate(&mut grant, 100);
    let end = step(&mut grant, failed(rotation, 101, strange()));
    assert_eq!(end, over(SessionEnd::RotationInterrupted));
}

#[test]
fn an_unreadable_refresh_token_keeps_the_access_token() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 80);
    let mut came = tokens(2, 100);
    came.refresh_token = Field::Unreadable;
    let answer = Input::Answered {
        rotation,
        asked_at: Time::wall(80),
        tokens: came,
        lifetime: 300,
    };
    assert_eq!(step(&mut grant, answer), give(2));
    assert_eq!(use_at(&mut grant, 179), give(2));
    // The old refresh token may be used up, and is sent once more at the end.
    assert_eq!(sent(use_at(&mut grant, 180)).0.expose(), "R1");
    assert!(matches!(grant.phase, Phase::Rotating { again: true, .. }));
}
