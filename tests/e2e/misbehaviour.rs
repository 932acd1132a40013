//! The client against the sandbox: the sandbox finds no fault in it, and each misbehaviour of the
//! sandbox ends well or in an error that says what to do.

use std::collections::BTreeSet;

use switchback::provider::truid::DataPoint;
use switchback::{Client, Error, LoginOutcome, LoginRequest, Purpose, Session};
use switchback_sandbox::{Endpoint, Finding, Misbehaviour, Rule};

use crate::support::{Fixture, session_of};

/// A login that requests only the data that the test reads.
fn email_request() -> LoginRequest {
    LoginRequest::new(Purpose::Login, [DataPoint::Email])
}

async fn logged_in(fixture: &Fixture, app: &Client) -> Session {
    let login = app.begin(email_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let id = session_of(app.complete(&link).await.unwrap());
    app.session(&id).await.unwrap()
}

fn finding_ids(fixture: &Fixture) -> BTreeSet<&'static str> {
    let found = fixture.sandbox.findings();
    found.iter().map(|found| found.finding.id()).collect()
}

/// Whether the trace contains the misbehaviour. Without this check the test would prove nothing.
fn is_in_trace(fixture: &Fixture, misbehaviour: Misbehaviour) -> bool {
    let flows = fixture.sandbox.flows();
    let flows = flows
        .iter()
        .filter_map(|flow| fixture.sandbox.flow(&flow.id));
    flows
        .flat_map(|flow| flow.said)
        .any(|step| step.misbehaviour == Some(misbehaviour))
}

fn misbehave(fixture: &Fixture, misbehaviour: Misbehaviour, endpoint: Endpoint) {
    let rule = Rule {
        endpoint: Some(endpoint),
        ..Rule::new(misbehaviour)
    };
    fixture.sandbox.misbehave(rule).unwrap();
}

#[tokio::test]
async fn the_client_causes_no_findings() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    for _ in 0..2 {
        let session = logged_in(&fixture, &app).await;
        session.user_info().await.unwrap();
        fixture.advance(61);
        session.access_token().await.unwrap();
        session.user_info().await.unwrap();
        session.log_out().await.unwrap();
    }
    let declined = app.begin(email_request()).await.unwrap();
    let waiting = fixture.sandbox.app().open(&declined.url).unwrap();
    let link = fixture.sandbox.app().decline(&waiting.id).unwrap();
    let outcome = app.complete(&link).await.unwrap();
    assert!(matches!(outcome, LoginOutcome::Declined), "{outcome:?}");
    assert_eq!(finding_ids(&fixture), BTreeSet::new());
}

#[tokio::test]
async fn no_wrong_callback_logs_in() {
    for misbehaviour in Misbehaviour::ALL {
        if !misbehaviour.endpoints().contains(&Endpoint::Callback) {
            continue;
        }
        let fixture = Fixture::new().await;
        let app = fixture.app();
        misbehave(&fixture, *misbehaviour, Endpoint::Callback);
        let login = app.begin(email_request()).await.unwrap();
        let waiting = fixture.sandbox.app().open(&login.url).unwrap();
        let choice = switchback_sandbox::Choice::new(switchback_sandbox::Decision::Approve);
        let callback = fixture.sandbox.app().decide(&waiting.id, &choice).unwrap();
        let mut outcomes = Vec::new();
        for _ in 0..callback.times {
            let link = callback.redirect.as_deref().unwrap();
            assert!(app.accepts(link), "{misbehaviour}");
            outcomes.push(app.complete(link).await);
        }
        let logged_in = |outcome: &Result<LoginOutcome, Error>| {
            matches!(outcome, Ok(LoginOutcome::LoggedIn { .. }))
        };
        match misbehaviour {
            // Repeated and additional parameters are accepted, once.
            Misbehaviour::CallbackTwice | Misbehaviour::CallbackExtra => {
                assert!(outcomes.iter().all(logged_in), "{outcomes:?}");
                assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
            }
            // The attempt stays open: the callback may still arrive.
            Misbehaviour::CallbackNever => {
                assert!(outcomes.is_empty());
                assert_eq!(app.pending_logins().await.unwrap().len(), 1);
            }
            _ => {
                assert!(
                    !outcomes.iter().any(logged_in),
                    "{misbehaviour}: {outcomes:?}"
                );
                assert_eq!(
                    fixture.sandbox.counters().code_exchanges,
                    0,
                    "{misbehaviour}"
                );
            }
        }
        assert!(is_in_trace(&fixture, *misbehaviour), "{misbehaviour}");
        fixture.advance(60);
        assert_eq!(finding_ids(&fixture), BTreeSet::new(), "{misbehaviour}");
    }
}

/// The session after each misbehaviour: it is alive, or the person must log in again. A token is
/// used twice only if its answer was lost.
#[tokio::test]
async fn every_wrong_refresh_answer_ends_well() {
    for misbehaviour in Misbehaviour::ALL {
        // This delays answers in real time: the client's timeout has separate tests.
        if !misbehaviour.endpoints().contains(&Endpoint::Refresh)
            || *misbehaviour == Misbehaviour::Slow
        {
            continue;
        }
        let fixture = Fixture::new().await;
        let app = fixture.app();
        let session = logged_in(&fixture, &app).await;
        fixture.advance(61);
        misbehave(&fixture, *misbehaviour, Endpoint::Refresh);
        let first = session.access_token().await;
        assert!(is_in_trace(&fixture, *misbehaviour), "{misbehaviour}");
        fixture.sandbox.behave();
        // The next token is requested after every access token has expired.
        fixture.advance(301);
        let second = session.access_token().await;
        let lost = matches!(
            misbehaviour,
            Misbehaviour::DroppedAfter
                | Misbehaviour::ServerErrorAfter
                | Misbehaviour::TruncatedBody
                | Misbehaviour::OversizedBody
                | Misbehaviour::RotatedTokenWithheld
                | Misbehaviour::SessionEnded
                // A refusal is final, although this one used nothing up.
                | Misbehaviour::AccessDenied
        );
        match &second {
            Ok(_) => assert!(!lost, "{misbehaviour}: it cannot be alive"),
            Err(Error::LoginRequired { .. }) => assert!(lost, "{misbehaviour}: {second:?}"),
            Err(other) => panic!("{misbehaviour}: {other:?} after {first:?}"),
        }
        let mut allowed = BTreeSet::new();
        if lost {
            allowed.extend([Finding::RefreshTokenReused.id(), Finding::GrantRevoked.id()]);
        }
        assert!(
            finding_ids(&fixture).is_subset(&allowed),
            "{misbehaviour}: {:?}",
            finding_ids(&fixture)
        );
    }
}

/// The same for the exchange of a code: the person is logged in, or the outcome says to begin
/// again.
#[tokio::test]
async fn no_code_is_repeated_in_vain() {
    for misbehaviour in Misbehaviour::ALL {
        if !misbehaviour.endpoints().contains(&Endpoint::CodeExchange)
            || *misbehaviour == Misbehaviour::Slow
        {
            continue;
        }
        let fixture = Fixture::new().await;
        let app = fixture.app();
        let login = app.begin(email_request()).await.unwrap();
        let link = fixture.approve(&login.url);
        misbehave(&fixture, *misbehaviour, Endpoint::CodeExchange);
        let first = app.complete(&link).await;
        assert!(is_in_trace(&fixture, *misbehaviour), "{misbehaviour}");
        fixture.sandbox.behave();
        let second = app.complete(&link).await;
        let settled = |outcome: &Result<LoginOutcome, Error>| {
            matches!(
                outcome,
                Ok(LoginOutcome::LoggedIn { .. } | LoginOutcome::Refused { .. })
            )
        };
        assert!(
            settled(&first) || settled(&second),
            "{misbehaviour}: {first:?}, {second:?}"
        );
        let exchanged = fixture.sandbox.counters().code_exchanges;
        assert!(exchanged <= 1, "{misbehaviour}");
        // The design allows one more try after a lost answer; its refusal says that the login must
        // begin again.
        let mut found = finding_ids(&fixture);
        found.remove(Finding::CodeReused.id());
        assert_eq!(found, BTreeSet::new(), "{misbehaviour}");
    }
}
