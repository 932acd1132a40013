use super::*;
use crate::lease::Owner;
use crate::time::Uptime;
use alloc::borrow::ToOwned as _;

pub(super) fn tokens(n: u32, expires_in: i64) -> TokenResponse {
    TokenResponse {
        access_token: alloc::format!("A{n}").into(),
        expires_in: Some(expires_in),
        refresh_token: Field::Present(alloc::format!("R{n}").into()),
        scope: Field::Absent,
        id_token: Field::Absent,
    }
}

pub(super) fn grant() -> Grant {
    Grant::new(
        Purpose::Login,
        vec!["a".into()],
        Time::wall(0),
        tokens(1, 100),
        300,
    )
}

pub(super) fn caller(name: &str) -> Caller {
    Caller {
        owner: Owner::new(name),
        holder_has_ended: false,
    }
}

pub(super) fn using(now: i64) -> Input {
    Input::Use {
        now: Time::wall(now),
        skew: 20,
        rejected: None,
        caller: caller("me"),
    }
}

/// Applies an event that keeps the session and has one effect.
pub(super) fn step(grant: &mut Grant, input: Input) -> Effect {
    let (next, mut effects) = super::step(Some(grant), &input);
    *grant = next.expect("the session was deleted");
    assert_eq!(effects.len(), 1, "{effects:?}");
    effects.remove(0)
}

pub(super) fn use_at(grant: &mut Grant, now: i64) -> Effect {
    step(grant, using(now))
}

/// The refresh token to send, and its rotation.
pub(super) fn sent(effect: Effect) -> (Secret, Generation) {
    match effect {
        Effect::Refresh {
            token, rotation, ..
        } => (token, rotation),
        other => panic!("nothing is sent: {other:?}"),
    }
}

/// Starts a refresh.
pub(super) fn rotate(grant: &mut Grant, now: i64) -> Generation {
    sent(use_at(grant, now)).1
}

pub(super) fn answered(rotation: Generation, n: u32, asked_at: i64) -> Input {
    Input::Answered {
        rotation,
        asked_at: Time::wall(asked_at),
        tokens: tokens(n, 100),
        lifetime: 300,
    }
}

pub(super) fn failed(rotation: Generation, now: i64, failure: TokenFailure) -> Input {
    Input::Failed {
        rotation,
        now: Time::wall(now),
        failure,
    }
}

pub(super) fn lost(rotation: Generation, now: i64) -> Input {
    let now = Time::wall(now);
    Input::Lost { rotation, now }
}

pub(super) fn interrupted(grant: &Grant) -> bool {
    matches!(grant.phase, Phase::Interrupted { .. })
}

pub(super) fn give(n: u32) -> Effect {
    Effect::ReturnToken(alloc::format!("A{n}").into())
}

pub(super) fn refused(code: &str) -> TokenFailure {
    TokenFailure::Refused(OAuthError::new(code, None, &[]))
}

#[test]
fn a_token_is_refreshed_before_it_expires() {
    let mut grant = grant();
    assert_eq!(use_at(&mut grant, 79), give(1));
    assert_eq!((&grant.phase, grant.generation), (&Phase::Ready, 1));
    let (token, rotation) = sent(use_at(&mut grant, 80));
    assert_eq!((token.expose(), rotation, grant.generation), ("R1", 2, 2));
    let lease = grant.lease().unwrap();
    assert_eq!((lease.by.as_str(), lease.since), ("me", Time::wall(80)));
    assert_eq!(step(&mut grant, answered(rotation, 2, 80)), give(2));
    assert_eq!(grant.generation, 3);
    assert_eq!(use_at(&mut grant, 159), give(2));
    assert_eq!(sent(use_at(&mut grant, 160)).0.expose(), "R2");
}

#[test]
fn the_skew_is_at_most_a_quarter_of_the_lifetime() {
    let mut grant = Grant::new(Purpose::Login, vec![], Time::wall(0), tokens(1, 8), 300);
    assert_eq!(use_at(&mut grant, 5), give(1));
    assert_eq!(sent(use_at(&mut grant, 6)).0.expose(), "R1");
}

#[test]
fn after_a_lost_answer_the_refresh_token_is_sent_again() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 80);
    assert_eq!(step(&mut grant, lost(rotation, 85)), give(1));
    assert_eq!(use_at(&mut grant, 99), give(1));
    let (token, rotation) = sent(use_at(&mut grant, 100));
    assert_eq!(token.expose(), "R1");
    let over = Effect::LoginRequired(SessionEnd::RotationInterrupted);
    let refused = failed(rotation, 101, refused("invalid_grant"));
    assert_eq!(step(&mut grant, refused), over);
    assert_eq!(use_at(&mut grant, 102), over);
}

#[test]
fn a_lease_of_an_ended_process_is_taken_over() {
    let mut grant = grant();
    rotate(&mut grant, 80);
    let found = Grant::from_json(&grant.to_json()).unwrap();
    for (now, by, gone) in [
        // The holder is known to have ended.
        (100, "successor", true),
        // The holder's state is unknown, and the lease has expired.
        (140, "successor", false),
        // The caller itself held the lease in an earlier run.
        (100, "me", false),
    ] {
        let mut found = found.clone();
        let using = |now| Input::Use {
            now: Time::wall(now),
            skew: 20,
            rejected: None,
            caller: Caller {
                owner: Owner::new(by),
                holder_has_ended: gone,
            },
        };
        assert_eq!(step(&mut found, using(81)), give(1));
        let (token, rotation) = sent(step(&mut found, using(now)));
        assert_eq!(token.expose(), "R1");
        assert!(matches!(found.phase, Phase::Rotating { again: true, .. }));
        assert_eq!(step(&mut found, answered(rotation, 2, now)), give(2));
        assert_eq!(found.phase, Phase::Ready);
    }
}

#[test]
fn others_wait_or_use_the_old_token_during_refresh() {
    let mut grant = grant();
    rotate(&mut grant, 80);
    let before = grant.clone();
    let other = |now| Input::Use {
        now: Time::wall(now),
        skew: 20,
        rejected: None,
        caller: caller("other"),
    };
    assert_eq!(step(&mut grant, other(99)), give(1));
    assert_eq!(step(&mut grant, other(100)), Effect::Wait { at_most: 40 });
    assert_eq!(step(&mut grant, other(139)), Effect::Wait { at_most: 1 });
    assert_eq!(grant, before, "looking changes nothing");
}

#[test]
fn a_late_answer_after_a_takeover_is_dropped() {
    let mut grant = grant();
    let suspended = rotate(&mut grant, 80);
    let successor = Input::Use {
        now: Time::wall(140),
        skew: 20,
        rejected: None,
        caller: caller("successor"),
    };
    let (_, rotation) = sent(step(&mut grant, successor));
    let before = grant.clone();
    assert_eq!(step(&mut grant, answered(suspended, 2, 80)), Effect::Reload);
    assert_eq!(step(&mut grant, lost(suspended, 141)), Effect::Reload);
    assert_eq!(grant, before);
    assert_eq!(step(&mut grant, answered(rotation, 3, 140)), give(3));
}

#[test]
fn a_late_answer_without_a_takeover_is_stored() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 80);
    step(&mut grant, lost(rotation, 85));
    assert_eq!(step(&mut grant, answered(rotation, 2, 80)), give(2));
    assert_eq!(grant.phase, Phase::Ready);
    assert_eq!(step(&mut grant, answered(rotation, 3, 80)), Effect::Reload);
}

#[test]
fn an_unsent_takeover_still_accepts_the_late_answer() {
    let mut grant = grant();
    let suspended = rotate(&mut grant, 80);
    let successor = Input::Use {
        now: Time::wall(140),
        skew: 20,
        rejected: None,
        caller: caller("successor"),
    };
    let (_, rotation) = sent(step(&mut grant, successor));
    let now = Time::wall(141);
    step(&mut grant, Input::NotSent { rotation, now });
    assert_eq!(step(&mut grant, answered(suspended, 2, 80)), give(2));
    assert_eq!(grant.phase, Phase::Ready);
}

#[test]
fn nothing_is_sent_near_the_end_of_a_lease() {
    let mut grant = grant();
    rotate(&mut grant, 80);
    let lease = grant.lease().unwrap();
    assert!(lease.may_send(&Time::wall(80)) && lease.may_send(&Time::wall(109)));
    // The process was suspended, or the clock was set back before the start of the lease.
    assert!(!lease.may_send(&Time::wall(110)) && !lease.may_send(&Time::wall(19)));
}

#[test]
fn a_request_that_was_not_sent_changes_nothing() {
    let mut grant = grant();
    let not_sent = |rotation, now| Input::NotSent {
        rotation,
        now: Time::wall(now),
    };
    let rotation = rotate(&mut grant, 120);
    let effect = step(&mut grant, not_sent(rotation, 121));
    assert_eq!(effect, Effect::try_again());
    assert_eq!(grant.phase, Phase::Ready);
    let rotation = rotate(&mut grant, 122);
    step(&mut grant, lost(rotation, 123));
    let rotation = rotate(&mut grant, 124);
    step(&mut grant, not_sent(rotation, 125));
    assert!(interrupted(&grant));
}

#[test]
fn invalid_grant_ends_the_session() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 120);
    let refused = failed(rotation, 121, refused("invalid_grant"));
    let over = Effect::LoginRequired(SessionEnd::Revoked);
    assert_eq!(step(&mut grant, refused), over);
    assert_eq!(grant.fresh(&Time::wall(121), 0), None);
}

#[test]
fn busy_is_ready_and_5xx_is_interrupted() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 120);
    let later = |seconds| Effect::TryAgain {
        retry_after: Some(seconds),
        broken: None,
    };
    let busy = TokenFailure::Busy {
        retry_after: Some(9),
    };
    assert_eq!(step(&mut grant, failed(rotation, 121, busy)), later(9));
    assert_eq!(grant.phase, Phase::Ready);
    // No process sends a request before that.
    assert_eq!(use_at(&mut grant, 122), later(8));
    assert_eq!(use_at(&mut grant, 129), later(1));
    let rotation = rotate(&mut grant, 130);
    step(&mut grant, failed(rotation, 131, TokenFailure::Failed(500)));
    assert!(interrupted(&grant));
}

#[test]
fn retry_after_counts_for_at_most_an_hour() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 120);
    let busy = TokenFailure::Busy {
        retry_after: Some(u32::MAX),
    };
    step(&mut grant, failed(rotation, 121, busy));
    assert!(matches!(use_at(&mut grant, 3720), Effect::TryAgain { .. }));
    // A clock that was set back does not prolong the pause.
    assert_eq!(sent(use_at(&mut grant.clone(), 3721)).0.expose(), "R1");
    assert_eq!(sent(use_at(&mut grant, -5_000)).0.expose(), "R1");
}

#[test]
fn logging_out_wins_over_a_running_refresh() {
    let mut grant = grant();
    let rotation = rotate(&mut grant, 80);
    let (gone, effects) = super::step(Some(&grant), &Input::LogOut);
    assert_eq!((gone, effects), (None, vec![Effect::Revoke("R1".into())]));
    let late = super::step(None, &answered(rotation, 2, 80));
    let dropped = vec![
        Effect::Revoke("R2".into()),
        Effect::LoginRequired(SessionEnd::LoggedOut),
    ];
    assert_eq!(late, (None, dropped));
    let none = vec![Effect::LoginRequired(SessionEnd::NoSession)];
    assert_eq!(super::step(None, &using(81)), (None, none));
    assert_eq!(super::step(None, &Input::LogOut), (None, vec![]));
}

#[test]
fn a_token_refused_by_a_resource_is_refreshed() {
    let mut grant = grant();
    let input = |rejected: &str| Input::Use {
        now: Time::wall(1),
        skew: 20,
        rejected: Some(rejected.into()),
        caller: caller("me"),
    };
    // The refusal of an older token changes nothing.
    assert_eq!(step(&mut grant, input("A0")), give(1));
    assert_eq!(sent(step(&mut grant, input("A1"))).0.expose(), "R1");
    let mut first = tokens(1, 100);
    first.refresh_token = Field::Absent;
    let mut lone = Grant::new(Purpose::Login, vec![], Time::wall(0), first, 300);
    assert_eq!(
        step(&mut lone, input("A1")),
        Effect::LoginRequired(SessionEnd::Revoked)
    );
    // The refusal by one resource does not end the session.
    assert_eq!(use_at(&mut lone, 2), give(1));
}

#[test]
fn without_a_refresh_token_the_session_expires() {
    let mut first = tokens(1, 100);
    first.refresh_token = Field::Absent;
    let purpose = Purpose::IdentityVerification;
    let mut grant = Grant::new(purpose, vec![], Time::wall(0), first, 300);
    assert_eq!(use_at(&mut grant, 99), give(1));
    let over = Effect::LoginRequired(SessionEnd::Expired);
    assert_eq!(use_at(&mut grant, 100), over);
}

#[test]
fn a_changed_wall_clock_does_not_age_a_token() {
    let time = |wall, boot, seconds| Time {
        wall,
        uptime: Some(Uptime { boot, seconds }),
    };
    let issued = time(1_000_000, 1, 500);
    let mut grant = Grant::new(Purpose::Login, vec![], issued, tokens(1, 100), 300);
    for wall in [0, 1_000_000, 2_000_000] {
        let fresh = |seconds| grant.fresh(&time(wall, 1, seconds), 0).is_some();
        assert!(fresh(599) && !fresh(600), "{wall}");
    }
    // After a restart of the machine the wall clock counts. If it was set back, one refresh is
    // enough.
    assert!(grant.fresh(&time(1_000_099, 2, 5), 0).is_some());
    assert!(grant.fresh(&time(1_000_100, 2, 5), 0).is_none());
    let back = time(900_000, 2, 5);
    let using = |now| Input::Use {
        now,
        skew: 20,
        rejected: None,
        caller: caller("me"),
    };
    let (_, rotation) = sent(step(&mut grant, using(back)));
    let answer = Input::Answered {
        rotation,
        asked_at: back,
        tokens: tokens(2, 100),
        lifetime: 300,
    };
    assert_eq!(step(&mut grant, answer), give(2));
    assert_eq!(step(&mut grant, using(time(900_000, 2, 6))), give(2));
}

#[test]
fn an_unreadable_scope_counts_as_denied() {
    for (scope, denied_scopes) in [
        (Field::Present("a"), &["b"][..]),
        (Field::Present("b a"), &[]),
        (Field::Present(""), &["a", "b"]),
        (Field::Present("b,a"), &[]),
        (Field::Present("a,c"), &["b"]),
        (Field::Present("x,y"), &["a", "b"]),
        (Field::Unreadable, &["a", "b"]),
        (Field::Absent, &[]),
    ] {
        let mut first = tokens(1, 100);
        first.scope = scope.and_then(|text| Some(text.into()));
        let asked = vec!["a".into(), "b".into()];
        let grant = Grant::new(Purpose::Login, asked, Time::wall(0), first, 300);
        assert_eq!(grant.denied_scopes(), denied_scopes);
    }
}

#[test]
fn a_grant_is_bound_to_one_subject() {
    let mut grant = grant();
    let identified = |subject: &str| Input::Identified {
        subject: subject.into(),
    };
    assert_eq!(step(&mut grant, identified("me")), Effect::SamePerson);
    assert_eq!(grant.generation, 2);
    assert_eq!(step(&mut grant, identified("me")), Effect::SamePerson);
    assert_eq!(step(&mut grant, identified("you")), Effect::OtherPerson);
    assert_eq!(grant.generation, 2, "nothing was changed");
}

#[test]
fn an_expected_subject_is_unconfirmed_until_identified() {
    let expect = |grant: &mut Grant| grant.expect(&"me".into());
    let identified = |subject: &str| Input::Identified {
        subject: subject.into(),
    };
    let mut unknown = grant();
    assert_eq!(expect(&mut unknown), Ok(()));
    let read = Grant::from_json(&unknown.to_json()).unwrap();
    assert!(read.is_unconfirmed() && read.subject().is_none());
    assert_eq!(
        step(&mut read.clone(), identified("you")),
        Effect::OtherPerson
    );
    assert_eq!(step(&mut unknown, identified("me")), Effect::SamePerson);
    assert!(!unknown.is_unconfirmed() && unknown.subject().unwrap().is("me"));
    let mut known = grant();
    step(&mut known, identified("you"));
    assert_eq!(expect(&mut known), Err(Rule::Subject));
}

/// Version 1 wrote this file. Never change it: later versions must read it.
#[test]
fn stored_version_1_is_read() {
    let fixture = include_bytes!("../../fixtures/grant-v1.json");
    let mut grant = Grant::from_json(fixture).unwrap();
    assert_eq!(grant.purpose, Purpose::Login);
    assert_eq!(grant.generation, 0);
    assert_eq!(grant.expires_at(), Some(1_700_000_060));
    assert_eq!(grant.denied_scopes(), ["truid.app/data-point/email"]);
    assert_eq!(
        use_at(&mut grant, 1_700_000_000),
        Effect::ReturnToken("frozen-access-token".into())
    );
    // Version 1 stored no lease, so there is no holder to wait for.
    let (token, rotation) = sent(use_at(&mut grant, 1_700_000_060));
    assert_eq!((token.expose(), rotation), ("frozen-refresh-token", 1));
    assert!(matches!(grant.phase, Phase::Rotating { again: true, .. }));
}

/// Version 2 wrote this file. Never change it.
#[test]
fn stored_version_2_is_read() {
    let fixture = include_bytes!("../../fixtures/grant-v2.json");
    let grant = Grant::from_json(fixture).unwrap();
    assert_eq!(grant.generation, 7);
    assert_eq!(grant.lease().unwrap().by.as_str(), "frozen-owner");
    let written: serde_json::Value = serde_json::from_slice(&grant.to_json()).unwrap();
    let mut frozen: serde_json::Value = serde_json::from_slice(fixture).unwrap();
    frozen["version"] = Grant::VERSION.into();
    assert_eq!(written, frozen, "the written form differs from the file");
}

/// Version 3 wrote this file. Never change it.
#[test]
fn stored_version_3_is_read() {
    let fixture = include_bytes!("../../fixtures/grant-v3.json");
    let grant = Grant::from_json(fixture).unwrap();
    let jar = grant.cookies().unwrap();
    let sent = jar.header("https://app.example/truid/x", &Time::wall(1_700_000_000));
    assert_eq!(
        sent.unwrap().expose(),
        "frozen=v; __Host-frozen=frozen-cookie"
    );
    let written: serde_json::Value = serde_json::from_slice(&grant.to_json()).unwrap();
    let frozen: serde_json::Value = serde_json::from_slice(fixture).unwrap();
    assert_eq!(written, frozen, "the written form differs from the file");
}

/// Version 3 wrote this file after a signing. Never change it.
#[test]
fn a_stored_signing_is_read() {
    let fixture = include_bytes!("../../fixtures/grant-v3-signing.json");
    let grant = Grant::from_json(fixture).unwrap();
    let request = grant.sign_request().unwrap();
    assert_eq!(request.id, "https://example.com/docs/frozen.pdf");
    assert_eq!(request.user_message, "I sign the frozen document");
    let written: serde_json::Value = serde_json::from_slice(&grant.to_json()).unwrap();
    let frozen: serde_json::Value = serde_json::from_slice(fixture).unwrap();
    assert_eq!(written, frozen, "the written form differs from the file");

    let shown = alloc::format!("{grant:?}");
    assert!(!shown.contains("frozen document"), "{shown}");
    assert!(
        grant
            .clone()
            .over(SessionEnd::Revoked)
            .sign_request()
            .is_some()
    );
    assert!(grant.over(SessionEnd::LoggedOut).sign_request().is_none());
}

/// Every phase in the form of versions 2 and 3.
#[test]
fn every_stored_phase_is_read() {
    for (fixture, many) in [
        (&include_bytes!("../../fixtures/phases-v2.json")[..], 11),
        (include_bytes!("../../fixtures/phases-v3.json"), 12),
    ] {
        let all: serde_json::Value = serde_json::from_slice(fixture).unwrap();
        let phases = all["grant"].as_array().unwrap();
        assert_eq!(phases.len(), many);
        for frozen in phases {
            let phase: Phase = serde_json::from_value(frozen.clone()).unwrap();
            assert_eq!(&serde_json::to_value(&phase).unwrap(), frozen);
        }
    }
}

#[test]
fn version_1_is_written_as_the_current_version() {
    let fixture = include_bytes!("../../fixtures/grant-v1.json");
    let json = Grant::from_json(fixture).unwrap().to_json();
    let text = core::str::from_utf8(&json).unwrap();
    assert!(text.contains(r#""version":3"#), "{text}");
}

#[test]
fn a_later_version_is_reported() {
    assert_eq!(
        Grant::from_json(br#"{"version":4,"all":"new"}"#),
        Err(Unreadable::Version { found: 4, known: 3 })
    );
    assert_eq!(
        Grant::from_json(b"{\"version\":1}"),
        Err(Unreadable::Damaged)
    );
    assert_eq!(Grant::from_json(b"\xff"), Err(Unreadable::Damaged));
}

#[test]
fn an_ended_session_stores_no_token() {
    let mut first = tokens(1, 100);
    first.id_token = Field::Present("I1".into());
    let mut grant = Grant::new(Purpose::Login, vec![], Time::wall(0), first, 300);
    grant.bind_to_subject(&"me-myself".into()).unwrap();
    let shown = |grant: &Grant| {
        let json = grant.to_json();
        core::str::from_utf8(&json).unwrap().to_owned()
    };
    let revoked = shown(&grant.clone().over(SessionEnd::Revoked));
    // The subject stays, so that the next login can be limited to the same person.
    assert!(revoked.contains("me-myself"), "{revoked}");
    let logged_out = shown(&grant.over(SessionEnd::LoggedOut));
    assert!(!logged_out.contains("me-myself"), "{logged_out}");
    for gone in ["A1", "R1", "I1"] {
        assert!(!revoked.contains(gone) && !logged_out.contains(gone));
    }
}
