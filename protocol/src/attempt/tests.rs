use super::*;
use crate::Provider;
use crate::callback::Answer;
use crate::identity::id_token::tests::id_token;
use crate::lease::Owner;
use alloc::string::ToString as _;
use alloc::vec;

fn registration(provider: Provider) -> Registration {
    Registration::new(
        provider,
        "client",
        "https://example.com/cb",
        crate::Environment::Production,
    )
    .unwrap()
}

fn begun() -> Attempt {
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let request = LoginRequest::new(Purpose::Login, ["a"]);
    let registration = registration(Provider::truid());
    Attempt::begin(&registration, request, &random, Time::wall(1000), 600)
}

#[test]
fn a_request_for_a_signature_has_no_control_character() {
    let url = |id: &str, message: &str, content_type: &str| {
        let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
        let digest = switchback_jades::DocumentDigest::of(b"a");
        let sign = SignRequest::new(id, digest, message).with_content_type(content_type);
        let request = LoginRequest::signing(sign, ["a"]);
        let registration = registration(Provider::truid());
        Attempt::begin(&registration, request, &random, Time::wall(1000), 600).url(&registration)
    };
    assert!(url("urn:a", "I sign \u{e5}", "text/plain").is_ok());
    for (text, result) in [
        ("id", url("urn:\u{0}", "a", "a/b")),
        ("user message", url("urn:a", "two\nlines", "a/b")),
        ("content type", url("urn:a", "a", "a/b\u{7f}")),
    ] {
        assert_eq!(result, Err(AuthorizationError::ControlCharacter(text)));
    }
}

fn callback(answer: Answer) -> Callback {
    Callback {
        redirect_uri: "https://example.com/cb".into(),
        state: (&Random::new(&[1; 32])).into(),
        issuer: None,
        answer,
    }
}

fn code() -> Callback {
    callback(Answer::Code("C".into()))
}

fn caller(name: &str) -> Caller {
    Caller {
        owner: Owner::new(name),
        holder_has_ended: false,
    }
}

/// Applies an event and stores the result. Returns the last effect.
pub(super) fn apply(attempt: &mut Attempt, input: Input) -> Effect {
    let before = attempt.generation;
    let (next, mut effects) = step(Some(attempt), &input);
    let next = next.unwrap();
    assert_eq!(next.generation > before, next != *attempt);
    *attempt = next;
    effects.pop().unwrap()
}

fn at(attempt: &mut Attempt, callback: &Callback, now: i64, session: bool) -> Effect {
    let me = caller("me");
    at_by(attempt, callback, now, session, &me)
}

fn at_by(
    attempt: &mut Attempt,
    callback: &Callback,
    now: i64,
    session: bool,
    caller: &Caller,
) -> Effect {
    let session = match session {
        true => StoredSession::Active,
        false => StoredSession::Absent,
    };
    apply(
        attempt,
        Input::Callback {
            callback: callback.clone(),
            now: Time::wall(now),
            caller: caller.clone(),
            session,
        },
    )
}

fn is_exchange(effect: &Effect) -> bool {
    matches!(effect, Effect::Exchange { code, .. } if code.is("C"))
}

/// Reports the result of a request under the stored lease.
fn apply_under_lease(attempt: &mut Attempt, input: impl FnOnce(Lease) -> Input) -> Effect {
    let lease = attempt.lease().unwrap().clone();
    apply(attempt, input(lease))
}

fn refused(lease: Lease) -> Input {
    failed(lease, TokenFailure::Refused(invalid_grant()))
}

fn failed(lease: Lease, failure: TokenFailure) -> Input {
    Input::Failed { lease, failure }
}

fn refusal(interrupted: bool) -> Effect {
    Effect::Done(Outcome::Refused {
        error: invalid_grant(),
        interrupted,
    })
}

fn try_again() -> Effect {
    Effect::TryAgain {
        retry_after: None,
        broken: None,
    }
}

fn exchanging(attempt: &Attempt) -> Option<bool> {
    match attempt.phase {
        Phase::Exchanging { again, .. } => Some(again),
        _ => None,
    }
}

fn invalid_grant() -> OAuthError {
    OAuthError::new("invalid_grant", None, &[])
}

#[test]
fn a_callback_matches_its_attempt() {
    let attempt = begun();
    assert!(attempt.matches(&code()));
    assert_eq!(attempt.id(), AttemptId::of(&code().state));
    assert_eq!(attempt.id().as_str().len(), 32);
    assert!(attempt.is_pending(&Time::wall(1599)) && !attempt.is_pending(&Time::wall(1600)));
}

#[test]
fn opening_the_callback_again_exchanges_no_second_code() {
    let mut attempt = begun();
    let effect = at(&mut attempt, &code(), 1100, false);
    assert!(is_exchange(&effect), "{effect:?}");
    assert_eq!(exchanging(&attempt), Some(false));
    assert_eq!(
        apply(&mut attempt, Input::SessionStored),
        Effect::Done(Outcome::LoggedIn)
    );
    assert_eq!(attempt.code_verifier().expose(), "");
    assert_eq!(
        at(&mut attempt, &code(), 1101, true),
        Effect::Done(Outcome::LoggedIn)
    );
    assert_eq!(
        at(&mut attempt, &code(), 9999, true),
        Effect::Done(Outcome::LoggedIn)
    );
    assert_eq!(
        at(&mut attempt, &code(), 9999, false),
        Effect::Done(Outcome::Replayed)
    );
}

#[test]
fn a_crash_after_storing_the_session_completes_the_login() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
    assert_eq!(
        at(&mut found, &code(), 1105, true),
        Effect::Done(Outcome::LoggedIn)
    );
    assert_eq!(found.phase, Phase::Completed);
}

#[test]
fn a_callback_for_an_ended_session_is_replayed() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let me = caller("me");
    let over = Input::Callback {
        callback: code(),
        now: Time::wall(1105),
        caller: me,
        session: StoredSession::Ended,
    };
    assert_eq!(apply(&mut attempt, over), Effect::Done(Outcome::Replayed));
    assert_eq!(attempt.phase, Phase::Completed);
}

#[test]
fn a_crash_before_storing_the_session_exchanges_again() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let mut found = Attempt::from_json(&attempt.to_json()).unwrap();
    let effect = at(&mut found, &code(), 1105, false);
    assert!(is_exchange(&effect), "{effect:?}");
    assert_eq!(apply_under_lease(&mut found, refused), refusal(true));
}

#[test]
fn a_code_that_was_not_sent_can_be_sent_later() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    assert_eq!(
        apply_under_lease(&mut attempt, |lease| Input::NotSent { lease }),
        try_again()
    );
    assert_eq!(attempt.phase, Phase::Open);
    at(&mut attempt, &code(), 1101, false);
    assert_eq!(apply_under_lease(&mut attempt, refused), refusal(false));
}

#[test]
fn another_process_waits_for_the_lease_holder() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let (mut other, mut successor) = (caller("other"), caller("successor"));
    let effect = at_by(&mut attempt, &code(), 1110, false, &other);
    assert_eq!(effect, Effect::Wait { at_most: 50 });
    // The holder is known to have ended.
    other.holder_has_ended = true;
    let effect = at_by(&mut attempt.clone(), &code(), 1110, false, &other);
    assert!(is_exchange(&effect), "{effect:?}");
    // The holder no longer waits for an answer.
    let mut unanswered = attempt.clone();
    apply_under_lease(&mut unanswered, |lease| Input::Lost { lease });
    let effect = at_by(&mut unanswered, &code(), 1110, false, &successor);
    assert!(is_exchange(&effect), "{effect:?}");
    // The holder's state is unknown, and the lease has expired.
    successor.holder_has_ended = false;
    let effect = at_by(&mut attempt, &code(), 1160, false, &successor);
    assert!(is_exchange(&effect), "{effect:?}");
    assert_eq!(exchanging(&attempt), Some(true));
}

#[test]
fn a_report_under_an_expired_lease_changes_nothing() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let suspended = attempt.lease().unwrap().clone();
    let successor = caller("successor");
    at_by(&mut attempt, &code(), 1160, false, &successor);
    let before = attempt.clone();
    let lease = || suspended.clone();
    for late in [
        refused(lease()),
        Input::NotSent { lease: lease() },
        Input::Lost { lease: lease() },
    ] {
        // The suspended process reads the result of the one that took over.
        assert_eq!(apply(&mut attempt, late), Effect::Reload);
    }
    assert!(attempt == before);
    // The same after the login was completed.
    apply(&mut attempt, Input::SessionStored);
    assert_eq!(apply(&mut attempt, refused(lease())), Effect::Reload);
    assert_eq!(attempt.phase, Phase::Completed);
}

#[test]
fn a_changed_wall_clock_does_not_expire_a_login() {
    use crate::time::Uptime;
    let time = |wall, seconds| Time {
        wall,
        uptime: Some(Uptime { boot: 1, seconds }),
    };
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let request = LoginRequest::new(Purpose::Login, ["a"]);
    let registration = registration(Provider::truid());
    let begun = Attempt::begin(&registration, request, &random, time(90_000, 50), 600);
    for wall in [0, 90_000, 900_000] {
        assert!(begun.is_pending(&time(wall, 649)), "{wall}");
        assert!(!begun.is_pending(&time(wall, 650)), "{wall}");
    }
}

#[test]
fn a_login_by_another_person_is_refused() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let (next, effects) = step(Some(&attempt), &Input::OtherPerson);
    let ended = [Effect::EndSession, Effect::Done(Outcome::OtherPerson)];
    assert_eq!(effects, ended);
    attempt = next.unwrap();
    // The same while that person's session is not deleted yet.
    for session in [false, true] {
        let again = at(&mut attempt, &code(), 1101, session);
        assert_eq!(again, Effect::Done(Outcome::OtherPerson));
    }
}

#[test]
fn an_unconfirmed_session_is_confirmed_before_completion() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let before = attempt.clone();
    let unconfirmed = Input::Callback {
        callback: code(),
        now: Time::wall(1105),
        caller: caller("me"),
        session: StoredSession::Unconfirmed,
    };
    assert_eq!(apply(&mut attempt, unconfirmed), Effect::Confirm);
    assert!(attempt == before);
}

#[test]
fn each_token_failure_has_one_effect_and_phase() {
    let error = |code| OAuthError::new(code, None, &[]);
    let later = |retry_after, broken| Effect::TryAgain {
        retry_after,
        broken,
    };
    let lost = Phase::Exchanging {
        lease: None,
        again: false,
    };
    let rule = Rule::Field("access_token");
    for (failure, effect, phase) in [
        // A failure of the server: the code may have been used.
        (
            TokenFailure::Refused(error("server_error")),
            try_again(),
            lost.clone(),
        ),
        (TokenFailure::Failed(502), try_again(), lost.clone()),
        (
            TokenFailure::Broken(rule),
            later(None, Some(rule)),
            lost.clone(),
        ),
        // The server did not process the code.
        (
            TokenFailure::Busy {
                retry_after: Some(7),
            },
            later(Some(7), None),
            Phase::Open,
        ),
        (
            TokenFailure::Refused(error("invalid_client")),
            Effect::Misconfigured(error("invalid_client")),
            Phase::Open,
        ),
        (
            TokenFailure::Refused(invalid_grant()),
            refusal(false),
            Phase::Refused(invalid_grant()),
        ),
    ] {
        let mut attempt = begun();
        at(&mut attempt, &code(), 1100, false);
        let actual = apply_under_lease(&mut attempt, |lease| failed(lease, failure));
        assert_eq!((actual, attempt.phase), (effect, phase));
    }
}

#[test]
fn no_input_restores_a_deleted_attempt() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let lease = attempt.lease().unwrap().clone();
    let unknown = vec![Effect::Done(Outcome::Unknown)];
    for (input, effects) in [
        (refused(lease.clone()), unknown.clone()),
        (Input::Lost { lease }, unknown),
        // A session that was stored meanwhile stays.
        (Input::SessionStored, vec![Effect::Done(Outcome::LoggedIn)]),
        (
            Input::OtherPerson,
            vec![Effect::EndSession, Effect::Done(Outcome::OtherPerson)],
        ),
    ] {
        assert!(step(None, &input) == (None, effects));
    }
}

#[test]
fn declined_stays_declined() {
    let mut attempt = begun();
    let declined = callback(Answer::Declined);
    assert_eq!(
        at(&mut attempt, &declined, 1001, false),
        Effect::Done(Outcome::Declined)
    );
    assert_eq!(
        at(&mut attempt, &code(), 1002, false),
        Effect::Done(Outcome::Declined)
    );
}

#[test]
fn a_refusal_after_a_code_changes_nothing() {
    let mut attempt = begun();
    at(&mut attempt, &code(), 1100, false);
    let declined = callback(Answer::Declined);
    assert_eq!(at(&mut attempt, &declined, 1101, false), try_again());
    assert_eq!(exchanging(&attempt), Some(false));
}

#[test]
fn a_callback_after_the_deadline_is_expired() {
    let mut attempt = begun();
    assert_eq!(
        at(&mut attempt, &code(), 1600, false),
        Effect::Done(Outcome::Expired)
    );
    assert_eq!(attempt.phase, Phase::Open);
}

#[test]
fn a_callback_must_name_the_configured_issuer() {
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let promised = Provider::truid().with_issuer("https://id.example");
    let unknown = |issuer: &str| Some(Effect::UnknownIssuer(issuer.into()));
    let mismatch = || Some(Effect::Broken(Rule::Issuer));
    let at_apex = Provider::truid().with_base_url("https://truid.app");
    let at_ip = Provider::truid().with_base_url("https://10.0.0.1");
    for (provider, issuer, failure) in [
        (promised.clone(), Some("https://id.example"), None),
        (promised.clone(), Some("https://id.example/"), mismatch()),
        (promised.clone(), Some("https://evil.example"), mismatch()),
        (promised.clone(), Some("https://api.truid.app"), mismatch()),
        (promised, None, mismatch()),
        // Without a configured issuer, a service may start to send `iss`.
        (Provider::truid(), None, None),
        (Provider::truid(), Some("https://api.truid.app"), None),
        (
            Provider::truid(),
            Some("https://API.truid.app/oauth2/v1"),
            None,
        ),
        (Provider::truid(), Some("https://truid.app/"), None),
        (at_apex, Some("https://id.truid.app"), None),
        (
            Provider::truid(),
            Some("https://evil.example"),
            unknown("https://evil.example"),
        ),
        (
            Provider::truid(),
            Some("https://id.truid.app"),
            unknown("https://id.truid.app"),
        ),
        (
            Provider::truid(),
            Some("https://app"),
            unknown("https://app"),
        ),
        (
            Provider::truid(),
            Some("https://eviltruid.app"),
            unknown("https://eviltruid.app"),
        ),
        (
            Provider::truid(),
            Some("https://api.truid.app@evil.example"),
            unknown("https://api.truid.app@evil.example"),
        ),
        (
            Provider::truid(),
            Some("api.truid.app"),
            unknown("api.truid.app"),
        ),
        (Provider::truid(), Some("\u{1b}[2J"), unknown("[2J")),
        (at_ip, Some("https://0.0.1"), unknown("https://0.0.1")),
    ] {
        let registration = registration(provider);
        let request = LoginRequest::new(Purpose::Login, ["a"]);
        let mut attempt = Attempt::begin(&registration, request, &random, Time::wall(0), 9);
        let mut callback = code();
        callback.issuer = issuer.map(Into::into);
        let stored = Attempt::from_json(&attempt.to_json()).unwrap();
        assert_eq!(stored, attempt);
        let effect = at(&mut attempt, &callback, 1, false);
        assert_eq!(is_exchange(&effect), failure.is_none(), "{issuer:?}");
        let is_unknown = matches!(failure, Some(Effect::UnknownIssuer(_)));
        if let Some(failure) = failure {
            assert_eq!(effect, failure);
        }
        if is_unknown {
            assert_eq!(attempt, stored, "{issuer:?}: the attempt has changed");
        }
    }
}

#[test]
fn the_id_token_must_repeat_the_nonce() {
    let random = [1, 2, 3].map(|n| Random::new(&[n; 32]));
    let registration = registration(Provider::truid().with_issuer("https://id.example"));
    let begin = |nonce| {
        let mut request = LoginRequest::new(Purpose::Login, ["a"]);
        request.nonce = nonce;
        Attempt::begin(&registration, request, &random, Time::wall(0), 9)
    };
    let (with, without) = (begin(true), begin(false));
    let nonce = with.nonce.as_ref().unwrap().expose();
    let claims = |more: &str| {
        let claims = r#"{"sub":"me","aud":"client","iss":"https://id.example""#;
        Field::Present(id_token(&alloc::format!("{claims}{more}}}")))
    };
    let tokens = |id_token| TokenResponse {
        access_token: "A".into(),
        expires_in: None,
        refresh_token: Field::Absent,
        scope: Field::Absent,
        id_token,
    };
    let quoted = alloc::format!(r#","nonce":"{nonce}""#);
    let good = tokens(claims(&quoted));
    assert_eq!(with.identify(&good, "client"), Ok(Some("me".into())));
    // An ID token for another client identifies no person here.
    assert_eq!(with.identify(&good, "other"), Ok(None));
    // Without an ID token there is no nonce to compare.
    assert_eq!(with.identify(&tokens(Field::Absent), "client"), Ok(None));
    for other in [
        claims(""),
        claims(r#","nonce":"another""#),
        claims(r#","nonce":7"#),
        claims(&alloc::format!("{quoted}{quoted}")),
        Field::Present("no JWT".into()),
        Field::Unreadable,
    ] {
        let tokens = tokens(other.clone());
        assert_eq!(
            with.identify(&tokens, "client"),
            Err(Rule::Nonce),
            "{other:?}"
        );
        assert!(without.identify(&tokens, "client").is_ok(), "{other:?}");
    }
}

#[test]
fn a_nonce_mismatch_refuses_the_login_permanently() {
    let mut attempt = begun();
    let Effect::Exchange { lease, .. } = at(&mut attempt, &code(), 1001, false) else {
        panic!("no code is sent")
    };
    let (next, effects) = step(
        Some(&attempt),
        &failed(lease, TokenFailure::Broken(Rule::Nonce)),
    );
    assert_eq!(effects, [Effect::Broken(Rule::Nonce)]);
    let again = at(&mut next.unwrap(), &code(), 1002, false);
    let Effect::Done(Outcome::Refused { error, interrupted }) = again else {
        panic!("{again:?}")
    };
    assert_eq!((&*error.code, interrupted), ("nonce_mismatch", false));
}

#[test]
fn a_stored_attempt_has_the_same_url() {
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
    assert_eq!(timeline.entries().len(), Timeline::LONGEST);
}

/// Version 1 wrote this file. Never change it: later versions must read it.
#[test]
fn stored_version_1_is_read() {
    let fixture = include_bytes!("../../fixtures/attempt-v1.json");
    let mut attempt = Attempt::from_json(fixture).unwrap();
    assert_eq!(exchanging(&attempt), Some(false));
    assert_eq!(attempt.nonce.as_ref().unwrap().expose(), "frozen-nonce");
    assert_eq!(attempt.timeline.entries()[0].event, "login.begun");
    let callback = Callback {
        redirect_uri: attempt.redirect_uri.clone(),
        state: "frozen-state".into(),
        issuer: Some("https://id.example".into()),
        answer: Answer::Code("C".into()),
    };
    assert!(attempt.matches(&callback));
    let effect = at(&mut attempt, &callback, 1_700_000_001, false);
    assert!(is_exchange(&effect), "{effect:?}");
    assert_eq!(attempt.code_verifier().expose(), "frozen-verifier");
}

/// Version 2 wrote this file. Never change it.
#[test]
fn stored_version_2_is_read() {
    let fixture = include_bytes!("../../fixtures/attempt-v2.json");
    let attempt = Attempt::from_json(fixture).unwrap();
    assert_eq!(attempt.generation, 2);
    assert_eq!(exchanging(&attempt), Some(false));
    assert_eq!(attempt.lease().unwrap().by.as_str(), "frozen-owner");
    assert_eq!(attempt.begun_at.uptime.unwrap().boot, u64::MAX);
    assert_eq!(attempt.subject().unwrap().expose(), "frozen-subject");
    let written: serde_json::Value = serde_json::from_slice(&attempt.to_json()).unwrap();
    let mut frozen: serde_json::Value = serde_json::from_slice(fixture).unwrap();
    frozen["version"] = Attempt::VERSION.into();
    assert_eq!(written, frozen, "the written form differs from the file");
}

/// Version 3 wrote this file. Never change it.
#[test]
fn stored_version_3_is_read() {
    let fixture = include_bytes!("../../fixtures/attempt-v3.json");
    let attempt = Attempt::from_json(fixture).unwrap();
    assert!(attempt.has_state(&"frozen-state".into()) && !attempt.has_state(&"frozen-key".into()));
    assert_eq!(attempt.open_by(), Some(1_700_000_060));
    assert!(!attempt.may_open_again(&Time::wall(1_700_000_001)));
    let written: serde_json::Value = serde_json::from_slice(&attempt.to_json()).unwrap();
    let frozen: serde_json::Value = serde_json::from_slice(fixture).unwrap();
    assert_eq!(written, frozen, "the written form differs from the file");
}

/// Every phase in the form of versions 2 and 3.
#[test]
fn every_stored_phase_is_read() {
    for (fixture, many) in [
        (&include_bytes!("../../fixtures/phases-v2.json")[..], 7),
        (include_bytes!("../../fixtures/phases-v3.json"), 8),
    ] {
        let all: serde_json::Value = serde_json::from_slice(fixture).unwrap();
        let phases = all["attempt"].as_array().unwrap();
        assert_eq!(phases.len(), many);
        for frozen in phases {
            let phase: Phase = serde_json::from_value(frozen.clone()).unwrap();
            assert_eq!(&serde_json::to_value(&phase).unwrap(), frozen);
        }
    }
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
    let attempt = Attempt::begin(
        &registration(Provider::truid()),
        request,
        &random,
        Time::wall(0),
        9,
    );
    assert!(!alloc::format!("{attempt:?}").contains("9012241234"));
}

#[test]
fn an_invalid_id_is_refused() {
    let id = "0123456789abcdef0123456789abcdef";
    assert_eq!(id.parse::<AttemptId>().unwrap().as_str(), id);
    let (short, long, capital) = (&id[1..], alloc::format!("{id}0"), id.to_uppercase());
    let path = alloc::format!("../{}", &id[3..]);
    for text in [
        "",
        "none",
        "å",
        short,
        &long,
        &capital,
        &path,
        &id.replace('0', "\n"),
    ] {
        assert_eq!(text.parse::<AttemptId>(), Err(InvalidId), "{text:?}");
        let stored = serde_json::to_string(text).unwrap();
        assert!(
            serde_json::from_str::<AttemptId>(&stored).is_err(),
            "{text:?}"
        );
    }
}
