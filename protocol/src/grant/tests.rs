use super::*;
use alloc::vec;

fn tokens(n: u32, expires_in: i64) -> TokenResponse {
    TokenResponse {
        access_token: alloc::format!("A{n}").into(),
        expires_in: Some(expires_in),
        refresh_token: Some(alloc::format!("R{n}").into()),
        scope: None,
        id_token: None,
    }
}

fn grant() -> Grant {
    Grant::new(Purpose::Login, vec!["a".into()], 0, tokens(1, 100), 300)
}

fn use_at(grant: &mut Grant, now: i64) -> Effect {
    grant.step(Input::Use {
        now,
        skew: 20,
        rejected: None,
    })
}

fn give(n: u32) -> Effect {
    Effect::Give(alloc::format!("A{n}").into())
}

fn refused(code: &str) -> TokenFailure {
    TokenFailure::Refused(OAuthError::new(code, None, &[]))
}

#[test]
fn a_token_is_refreshed_before_it_expires_and_the_mark_comes_first() {
    let mut grant = grant();
    assert_eq!(use_at(&mut grant, 79), give(1));
    assert_eq!(grant.phase, Phase::Ready);
    assert_eq!(use_at(&mut grant, 80), Effect::Refresh("R1".into()));
    assert_eq!(
        grant.phase,
        Phase::Rotating {
            since: 80,
            again: false
        }
    );
    let answered = Input::Answered {
        asked_at: 80,
        tokens: tokens(2, 100),
        lifetime: 300,
    };
    assert_eq!(grant.step(answered), give(2));
    assert_eq!(use_at(&mut grant, 159), give(2));
    assert_eq!(use_at(&mut grant, 160), Effect::Refresh("R2".into()));
}

#[test]
fn a_short_life_is_not_refreshed_all_the_time() {
    let mut grant = Grant::new(Purpose::Login, vec![], 0, tokens(1, 8), 300);
    assert_eq!(use_at(&mut grant, 5), give(1));
    assert_eq!(use_at(&mut grant, 6), Effect::Refresh("R1".into()));
}

#[test]
fn after_a_lost_answer_the_old_token_serves_then_the_refresh_token_is_tried_again() {
    let mut grant = grant();
    use_at(&mut grant, 80);
    assert_eq!(grant.step(Input::Lost { now: 85 }), give(1));
    assert_eq!(use_at(&mut grant, 99), give(1));
    assert_eq!(use_at(&mut grant, 100), Effect::Refresh("R1".into()));
    let failure = refused("invalid_grant");
    assert_eq!(
        grant.step(Input::Failed { now: 101, failure }),
        Effect::LoginRequired(Ended::RotationInterrupted)
    );
    assert_eq!(
        use_at(&mut grant, 102),
        Effect::LoginRequired(Ended::RotationInterrupted)
    );
}

#[test]
fn a_mark_that_a_dead_process_left_is_a_lost_answer() {
    let mut grant = grant();
    use_at(&mut grant, 80);
    let mut found = Grant::from_json(&grant.to_json()).unwrap();
    assert_eq!(use_at(&mut found, 81), give(1));
    assert_eq!(use_at(&mut found, 100), Effect::Refresh("R1".into()));
    let answered = Input::Answered {
        asked_at: 100,
        tokens: tokens(2, 100),
        lifetime: 300,
    };
    assert_eq!(found.step(answered), give(2));
    assert_eq!(found.phase, Phase::Ready);
}

#[test]
fn a_request_that_never_left_changes_nothing() {
    let mut grant = grant();
    use_at(&mut grant, 120);
    assert_eq!(grant.step(Input::NotSent { now: 121 }), Effect::try_again());
    assert_eq!(grant.phase, Phase::Ready);
    use_at(&mut grant, 122);
    grant.step(Input::Lost { now: 123 });
    use_at(&mut grant, 124);
    grant.step(Input::NotSent { now: 125 });
    assert_eq!(grant.phase, Phase::Interrupted { since: 124 });
}

#[test]
fn the_service_ended_the_session() {
    let mut grant = grant();
    use_at(&mut grant, 120);
    let failure = refused("invalid_grant");
    assert_eq!(
        grant.step(Input::Failed { now: 121, failure }),
        Effect::LoginRequired(Ended::Revoked)
    );
    assert_eq!(grant.fresh(121, 0), None);
}

#[test]
fn a_refused_client_does_not_log_the_person_out() {
    let mut grant = grant();
    use_at(&mut grant, 120);
    let failure = refused("invalid_client");
    let effect = grant.step(Input::Failed { now: 121, failure });
    assert!(matches!(effect, Effect::Misconfigured(_)));
    assert_eq!(grant.phase, Phase::Ready);
}

#[test]
fn busy_before_rotation_is_later_and_any_other_5xx_is_interrupted() {
    let mut grant = grant();
    use_at(&mut grant, 120);
    let failure = TokenFailure::Busy {
        retry_after: Some(9),
    };
    assert_eq!(
        grant.step(Input::Failed { now: 121, failure }),
        Effect::TryAgain {
            retry_after: Some(9),
            broken: None
        }
    );
    assert_eq!(grant.phase, Phase::Ready);
    use_at(&mut grant, 122);
    let failure = TokenFailure::Failed(500);
    grant.step(Input::Failed { now: 123, failure });
    assert_eq!(grant.phase, Phase::Interrupted { since: 123 });
}

#[test]
fn logging_out_wins_over_a_refresh_in_flight() {
    let mut grant = grant();
    use_at(&mut grant, 80);
    grant.step(Input::LogOut);
    let late = Input::Answered {
        asked_at: 80,
        tokens: tokens(2, 100),
        lifetime: 300,
    };
    assert_eq!(grant.step(late), Effect::LoginRequired(Ended::LoggedOut));
    let json = grant.to_json();
    let text = core::str::from_utf8(&json).unwrap();
    assert!(!text.contains("A1") && !text.contains("R1"), "{text}");
}

#[test]
fn a_token_that_a_resource_refused_is_not_given_again() {
    let mut grant = grant();
    let (older, token) = (Secret::from("A0"), Secret::from("A1"));
    let input = |rejected| Input::Use {
        now: 1,
        skew: 20,
        rejected: Some(rejected),
    };
    // Somebody else's complaint about an older token changes nothing.
    assert_eq!(grant.step(input(&older)), give(1));
    assert_eq!(grant.step(input(&token)), Effect::Refresh("R1".into()));
    let mut lone = grant.clone();
    lone.refresh_token = None;
    lone.phase = Phase::Ready;
    lone.access = Grant::new(Purpose::Login, vec![], 0, tokens(1, 100), 300).access;
    assert_eq!(
        lone.step(input(&token)),
        Effect::LoginRequired(Ended::Revoked)
    );
    // One resource's word does not end it.
    assert_eq!(use_at(&mut lone, 2), give(1));
}

#[test]
fn without_a_refresh_token_the_access_token_is_all_there_is() {
    let mut first = tokens(1, 100);
    first.refresh_token = None;
    let mut grant = Grant::new(Purpose::IdentityVerification, vec![], 0, first, 300);
    assert_eq!(use_at(&mut grant, 99), give(1));
    assert_eq!(
        use_at(&mut grant, 100),
        Effect::LoginRequired(Ended::Expired)
    );
}

#[test]
fn a_narrower_scope_is_reported() {
    let mut narrow = tokens(1, 100);
    narrow.scope = Some("a".into());
    let asked = vec!["a".into(), "b".into()];
    let grant = Grant::new(Purpose::Login, asked, 0, narrow, 300);
    assert_eq!(grant.withheld(), ["b"]);
}

#[test]
fn one_grant_is_about_one_person() {
    let mut grant = grant();
    assert_eq!(grant.hold_to("me"), Ok(true));
    assert_eq!(grant.hold_to("me"), Ok(false));
    assert_eq!(grant.hold_to("you"), Err(Rule::Subject));
}

/// Written by version 1 and never changed again: a later version must read it.
#[test]
fn the_frozen_form_of_version_1_is_read() {
    let fixture = include_bytes!("../../fixtures/grant-v1.json");
    let mut grant = Grant::from_json(fixture).unwrap();
    assert_eq!(grant.purpose, Purpose::Login);
    assert_eq!(grant.expires_at(), Some(1_700_000_060));
    assert_eq!(grant.withheld(), ["truid.app/data-point/email"]);
    assert_eq!(
        use_at(&mut grant, 1_700_000_000),
        Effect::Give("frozen-access-token".into())
    );
    assert_eq!(
        use_at(&mut grant, 1_700_000_060),
        Effect::Refresh("frozen-refresh-token".into())
    );
    assert_eq!(
        grant.phase,
        Phase::Rotating {
            since: 1_700_000_060,
            again: true
        }
    );
}

#[test]
fn a_later_version_is_said_to_be_one() {
    assert_eq!(
        Grant::from_json(br#"{"version":2,"all":"new"}"#),
        Err(Unreadable::Version { found: 2, known: 1 })
    );
    assert_eq!(
        Grant::from_json(b"{\"version\":1}"),
        Err(Unreadable::Damaged)
    );
    assert_eq!(Grant::from_json(b"\xff"), Err(Unreadable::Damaged));
}

#[test]
fn an_error_that_no_standard_knows_is_a_lost_answer() {
    for code in ["temporarily_unavailable", "server_error", "Forbidden"] {
        let mut grant = grant();
        use_at(&mut grant, 80);
        let failure = refused(code);
        assert_eq!(grant.step(Input::Failed { now: 81, failure }), give(1));
        assert_eq!(grant.phase, Phase::Interrupted { since: 81 });
    }
}

#[test]
fn nothing_about_the_person_stays_behind() {
    let mut first = tokens(1, 100);
    first.id_token = Some("I1".into());
    let mut grant = Grant::new(Purpose::Login, vec![], 0, first, 300);
    assert_eq!(grant.hold_to("me-myself"), Ok(true));
    grant.step(Input::LogOut);
    let json = grant.to_json();
    let text = core::str::from_utf8(&json).unwrap();
    for gone in ["me-myself", "A1", "R1", "I1"] {
        assert!(!text.contains(gone), "{text}");
    }
}
