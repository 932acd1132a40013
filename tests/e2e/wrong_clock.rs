//! Clocks that are wrong by hours, or jump: the person stays logged in, and no refresh is added.

use switchback::ports::Clock as _;
use switchback_sandbox::{Endpoint, Misbehaviour, Rule};

use crate::support::{Fixture, session_of};

const HOURS: i64 = 3_600;

#[tokio::test]
async fn a_clock_jump_causes_no_refresh() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let token = session.access_token().await.unwrap();
    for jump in [5 * HOURS, -9 * HOURS, 24 * HOURS, -20 * HOURS] {
        fixture.clock.set_forward(jump);
        assert_eq!(session.access_token().await.unwrap(), token);
        // The next process, before a restart of the machine, returns the same token.
        let later = fixture.app().session(session.id()).await.unwrap();
        assert_eq!(later.access_token().await.unwrap(), token);
    }
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
    // The token still expires in time.
    fixture.advance(60);
    assert_ne!(session.access_token().await.unwrap(), token);
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}

#[tokio::test]
async fn a_restart_with_a_wrong_clock_causes_one_refresh() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    fixture.clock.restart(-9 * HOURS);
    let later = fixture.app().session(session.id()).await.unwrap();
    for _ in 0..5 {
        later.access_token().await.unwrap();
    }
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
    fixture.clock.restart(30 * HOURS);
    let later = fixture.app().session(session.id()).await.unwrap();
    for _ in 0..5 {
        later.access_token().await.unwrap();
    }
    assert_eq!(fixture.sandbox.counters().refreshes, 2);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn a_clock_that_is_hours_off_does_not_matter() {
    for off in [7 * HOURS, -7 * HOURS] {
        let fixture = Fixture::new().await;
        fixture.clock.set_forward(off);
        let app = fixture.app();
        assert_eq!(app.clock_offset(), None);
        let session = fixture.logged_in(&app).await;
        let there = app.clock_offset().unwrap();
        assert!((there + off).abs() <= 2, "{there} for {off}");
        for _ in 0..3 {
            session.access_token().await.unwrap();
            session.user_info().await.unwrap();
        }
        assert_eq!(fixture.sandbox.counters().refreshes, 0);
        fixture.advance(60);
        session.access_token().await.unwrap();
        assert_eq!(fixture.sandbox.counters().refreshes, 1);
    }
}

#[tokio::test]
async fn a_login_survives_a_clock_jump() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    for jump in [5 * HOURS, -9 * HOURS] {
        let (_, link) = fixture.approved_login(&app).await;
        fixture.clock.set_forward(jump);
        session_of(app.complete(&link).await.unwrap());
    }
}

#[tokio::test]
async fn a_date_that_is_days_off_is_ignored() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let before = app.clock_offset();
    for (seconds, believed) in [(3 * 24 * HOURS, false), (3 * HOURS, true)] {
        let rule = Rule {
            endpoint: Some(Endpoint::UserInfo),
            seconds: Some(seconds),
            ..Rule::new(Misbehaviour::ClockSkewed)
        };
        fixture.sandbox.misbehave(rule).unwrap();
        session.user_info().await.unwrap();
        let after = app.clock_offset();
        assert_eq!(after == before, !believed, "{seconds}: {after:?}");
    }
    assert!((app.clock_offset().unwrap() - 3 * HOURS).abs() <= 2);
    assert!(fixture.clock.now().uptime.is_some());
}
