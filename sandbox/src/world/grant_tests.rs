//! How long grants last, and what ends them early.

use super::World;
use super::testing::*;
use super::token_tests::why;
use crate::{Config, Finding, Purpose};

const LOGIN: Purpose = Purpose::Login;

#[test]
fn the_access_tokens_of_a_login_session_live_longer_each_time() {
    let mut world = world();
    let mut tokens = world.logged_in(LOGIN);
    let mut now = NOW;
    for expected in [150, 300, 300] {
        assert_eq!(tokens.expires_in, expected);
        assert!(
            world
                .opens(&tokens.access_token, now + expected - 1)
                .is_ok()
        );
        let refusal = refused(world.opens(&tokens.access_token, now + expected));
        assert_eq!(refusal.error, "invalid_token");
        assert!(refusal.description.contains("expired"), "{refusal}");
        now += expected;
        tokens = world
            .tokens(&Parameters::refresh(&tokens.refresh_token), now)
            .unwrap();
    }
}

/// The usual leeway of a client. It has to be of no harm: neither is the first access token
/// refreshed at once, nor is the refresh found to be early.
#[test]
fn a_client_may_refresh_a_minute_before_the_end() {
    let mut world = world();
    let mut tokens = world.logged_in(LOGIN);
    let mut now = NOW;
    for _ in 0..4 {
        let good_for = tokens.expires_in - 60;
        assert!(good_for > 60, "{good_for}");
        now += good_for;
        let refresh = Parameters::refresh(&tokens.refresh_token);
        tokens = world.tokens(&refresh, now).unwrap();
    }
    let mut found = world
        .trace
        .iter()
        .flat_map(|(_, flow)| flow.kinds(world.moment(now)));
    assert!(!found.any(|found| found == Finding::RefreshEarly));
}

#[test]
fn the_first_access_token_of_a_login_session_is_no_longer_than_others() {
    let mut config = Config::default();
    config.lifetimes.access_token = 100;
    let mut world = World::new(&config, [7; 32]);
    assert_eq!(world.logged_in(LOGIN).expires_in, 100);
}

#[test]
fn a_login_session_ends_when_it_is_idle() {
    let mut world = world();
    let first = world.logged_in(LOGIN);
    let again = Parameters::refresh(&first.refresh_token);
    let second = world.tokens(&again, NOW + 1_799).unwrap();
    let last = Parameters::refresh(&second.refresh_token);
    let refusal = why(&mut world, &last, NOW + 1_799 + 1_800);
    assert_eq!(refusal.error, "invalid_grant");
    assert!(refusal.description.contains("expired"), "{refusal}");
    assert_eq!(world.counters().revoked_grants, 0, "it ended by itself");
}

#[test]
fn an_identity_verification_ends_and_an_onboarding_does_not() {
    let mut world = world();
    let first = world.logged_in(Purpose::IdentityVerification);
    assert_eq!(first.expires_in, 300);
    let again = Parameters::refresh(&first.refresh_token);
    let second = world.tokens(&again, NOW + 3_500).unwrap();
    assert_eq!(second.expires_in, 100, "no longer than the grant");
    let last = Parameters::refresh(&second.refresh_token);
    assert_eq!(why(&mut world, &last, NOW + 3_600).error, "invalid_grant");

    let first = world.logged_in(Purpose::Onboarding);
    let again = Parameters::refresh(&first.refresh_token);
    let years = NOW + 10 * 365 * 86_400;
    assert_eq!(world.tokens(&again, years).unwrap().expires_in, 300);
}

#[test]
fn a_session_can_be_ended_from_the_truid_app() {
    let mut world = world();
    let session = world.logged_in(LOGIN);
    let onboarding = world.logged_in(Purpose::Onboarding);
    assert_eq!(world.end_sessions("other-app", NOW * 1_000), 0);
    assert_eq!(world.end_sessions("demo-app", NOW * 1_000), 1);
    assert_eq!(world.end_sessions("demo-app", NOW * 1_000), 0);
    let refusal = refused(world.opens(&session.access_token, NOW));
    assert!(
        refusal.description.contains("ended from the Truid app"),
        "{refusal}"
    );
    let refresh = Parameters::refresh(&session.refresh_token);
    assert_eq!(why(&mut world, &refresh, NOW).error, "invalid_grant");
    assert!(world.opens(&onboarding.access_token, NOW).is_ok());
}

#[test]
fn only_a_live_session_can_be_ended() {
    let mut world = world();
    let code = world.code(LOGIN);
    let asked = Parameters::exchange(&code);
    assert_eq!(
        world.end_sessions("demo-app", NOW * 1_000),
        0,
        "no session yet"
    );
    world.tokens(&asked, NOW).unwrap();
    assert_eq!(
        world.end_sessions("demo-app", (NOW + 1_800) * 1_000),
        0,
        "idle"
    );
    assert_eq!(world.end_sessions("demo-app", (NOW + 1_799) * 1_000), 1);
    assert_eq!(world.counters().revoked_grants, 1);
    let refusal = why(&mut world, &asked, NOW);
    assert_eq!(refusal.error, "invalid_grant");
    let told = refusal.description;
    assert!(told.contains("ended from the Truid app"), "{told}");
    assert!(!told.contains("used before"), "{told}");
    assert_eq!(world.counters().revoked_grants, 1);
}

#[test]
fn the_oldest_grant_goes_when_there_are_too_many() {
    let mut config = Config::default();
    config.limits.grants = 1;
    let mut world = World::new(&config, [7; 32]);
    let first = world.logged_in(LOGIN);
    let second = world.logged_in(LOGIN);
    let refresh = Parameters::refresh(&first.refresh_token);
    assert_eq!(why(&mut world, &refresh, NOW).error, "invalid_grant");
    assert_eq!(
        refused(world.opens(&first.access_token, NOW)).error,
        "invalid_token"
    );
    assert!(world.opens(&second.access_token, NOW).is_ok());
}

#[test]
fn a_grant_that_is_over_goes_before_one_that_is_not() {
    let mut config = Config::default();
    config.limits.grants = 3;
    let mut world = World::new(&config, [7; 32]);
    let live = world.logged_in(Purpose::Onboarding);
    let reused = world.code(LOGIN);
    let asked = Parameters::exchange(&reused);
    world.tokens(&asked, NOW).unwrap();
    why(&mut world, &asked, NOW);
    let newer = world.logged_in(LOGIN);
    world.logged_in(LOGIN);
    for token in [&live.access_token, &newer.access_token] {
        assert!(world.opens(token, NOW).is_ok());
    }
    let refusal = why(&mut world, &asked, NOW);
    assert!(refusal.description.contains("expired"), "{refusal}");
}

#[test]
fn many_refreshes_at_once_keep_memory_bounded() {
    let mut world = world();
    let first = world.logged_in(Purpose::Onboarding);
    let mut refresh_token = first.refresh_token;
    for _ in 0..40 {
        refresh_token = world
            .tokens(&Parameters::refresh(&refresh_token), NOW)
            .unwrap()
            .refresh_token;
    }
    assert_eq!(
        refused(world.opens(&first.access_token, NOW)).error,
        "invalid_token"
    );
}
