//! Tests of the lifetimes of grants and tokens, and of revocation.

use super::Provider;
use super::testing::*;
use super::token_tests::why;
use crate::{Config, Finding, Purpose};

const LOGIN: Purpose = Purpose::Login;

#[test]
fn access_tokens_of_a_login_session_get_longer_lifetimes() {
    let mut provider = provider();
    let mut tokens = provider.logged_in(LOGIN);
    let mut now = NOW;
    for expected in [150, 300, 300] {
        assert_eq!(tokens.expires_in, expected);
        assert!(
            provider
                .check_access(&tokens.access_token, now + expected - 1)
                .is_ok()
        );
        let refusal = refused(provider.check_access(&tokens.access_token, now + expected));
        assert_eq!(refusal.error, "invalid_token");
        assert!(refusal.description.contains("expired"), "{refusal}");
        now += expected;
        tokens = provider
            .tokens(&Parameters::refresh(&tokens.refresh_token), now)
            .unwrap();
    }
}

/// A client that refreshes a minute before the expiry, as is usual, neither refreshes the first
/// access token immediately nor causes the finding `refresh-early`.
#[test]
fn a_client_may_refresh_a_minute_before_the_end() {
    let mut provider = provider();
    let mut tokens = provider.logged_in(LOGIN);
    let mut now = NOW;
    for _ in 0..4 {
        let good_for = tokens.expires_in - 60;
        assert!(good_for > 60, "{good_for}");
        now += good_for;
        let refresh = Parameters::refresh(&tokens.refresh_token);
        tokens = provider.tokens(&refresh, now).unwrap();
    }
    let mut found = provider
        .trace
        .iter()
        .flat_map(|(_, flow)| flow.kinds(provider.moment(now)));
    assert!(!found.any(|found| found == Finding::RefreshEarly));
}

#[test]
fn the_first_access_token_has_at_most_the_normal_lifetime() {
    let mut config = Config::default();
    config.lifetimes.access_token = 100;
    let mut provider = Provider::new(&config, [7; 32]);
    assert_eq!(provider.logged_in(LOGIN).expires_in, 100);
}

#[test]
fn an_idle_login_session_ends() {
    let mut provider = provider();
    let first = provider.logged_in(LOGIN);
    let again = Parameters::refresh(&first.refresh_token);
    let second = provider.tokens(&again, NOW + 1_799).unwrap();
    let last = Parameters::refresh(&second.refresh_token);
    let refusal = why(&mut provider, &last, NOW + 1_799 + 1_800);
    assert_eq!(refusal.error, "invalid_grant");
    assert!(refusal.description.contains("expired"), "{refusal}");
    assert_eq!(
        provider.counters().revoked_grants,
        0,
        "the session expired, it was not revoked"
    );
}

#[test]
fn an_identity_verification_ends_and_an_onboarding_does_not() {
    let mut provider = provider();
    let first = provider.logged_in(Purpose::IdentityVerification);
    assert_eq!(first.expires_in, 300);
    let again = Parameters::refresh(&first.refresh_token);
    let second = provider.tokens(&again, NOW + 3_500).unwrap();
    assert_eq!(second.expires_in, 100, "no longer than the grant");
    let last = Parameters::refresh(&second.refresh_token);
    assert_eq!(
        why(&mut provider, &last, NOW + 3_600).error,
        "invalid_grant"
    );

    let first = provider.logged_in(Purpose::Onboarding);
    let again = Parameters::refresh(&first.refresh_token);
    let years = NOW + 10 * 365 * 86_400;
    assert_eq!(provider.tokens(&again, years).unwrap().expires_in, 300);
}

#[test]
fn the_person_can_end_a_session_in_the_truid_app() {
    let mut provider = provider();
    let session = provider.logged_in(LOGIN);
    let onboarding = provider.logged_in(Purpose::Onboarding);
    assert_eq!(provider.end_sessions("other-app", NOW * 1_000), 0);
    assert_eq!(provider.end_sessions("demo-app", NOW * 1_000), 1);
    assert_eq!(provider.end_sessions("demo-app", NOW * 1_000), 0);
    let refusal = refused(provider.check_access(&session.access_token, NOW));
    assert!(
        refusal
            .description
            .contains("ended the session in the Truid app"),
        "{refusal}"
    );
    let refresh = Parameters::refresh(&session.refresh_token);
    assert_eq!(why(&mut provider, &refresh, NOW).error, "invalid_grant");
    assert!(provider.check_access(&onboarding.access_token, NOW).is_ok());
}

#[test]
fn only_active_sessions_are_ended() {
    let mut provider = provider();
    let code = provider.code(LOGIN);
    let asked = Parameters::exchange(&code);
    assert_eq!(
        provider.end_sessions("demo-app", NOW * 1_000),
        0,
        "no session yet"
    );
    provider.tokens(&asked, NOW).unwrap();
    assert_eq!(
        provider.end_sessions("demo-app", (NOW + 1_800) * 1_000),
        0,
        "idle"
    );
    assert_eq!(provider.end_sessions("demo-app", (NOW + 1_799) * 1_000), 1);
    assert_eq!(provider.counters().revoked_grants, 1);
    let refusal = why(&mut provider, &asked, NOW);
    assert_eq!(refusal.error, "invalid_grant");
    let text = refusal.description;
    assert!(
        text.contains("ended the session in the Truid app"),
        "{text}"
    );
    assert!(!text.contains("used before"), "{text}");
    assert_eq!(provider.counters().revoked_grants, 1);
}

#[test]
fn the_oldest_grant_is_dropped_at_the_limit() {
    let mut config = Config::default();
    config.limits.grants = 1;
    let mut provider = Provider::new(&config, [7; 32]);
    let first = provider.logged_in(LOGIN);
    let second = provider.logged_in(LOGIN);
    let refresh = Parameters::refresh(&first.refresh_token);
    assert_eq!(why(&mut provider, &refresh, NOW).error, "invalid_grant");
    assert_eq!(
        refused(provider.check_access(&first.access_token, NOW)).error,
        "invalid_token"
    );
    assert!(provider.check_access(&second.access_token, NOW).is_ok());
}

#[test]
fn ended_grants_are_dropped_first() {
    let mut config = Config::default();
    config.limits.grants = 3;
    let mut provider = Provider::new(&config, [7; 32]);
    let live = provider.logged_in(Purpose::Onboarding);
    let reused = provider.code(LOGIN);
    let asked = Parameters::exchange(&reused);
    provider.tokens(&asked, NOW).unwrap();
    why(&mut provider, &asked, NOW);
    let newer = provider.logged_in(LOGIN);
    provider.logged_in(LOGIN);
    for token in [&live.access_token, &newer.access_token] {
        assert!(provider.check_access(token, NOW).is_ok());
    }
    let refusal = why(&mut provider, &asked, NOW);
    assert!(refusal.description.contains("expired"), "{refusal}");
}

#[test]
fn the_number_of_access_tokens_of_a_grant_is_limited() {
    let mut provider = provider();
    let first = provider.logged_in(Purpose::Onboarding);
    let mut refresh_token = first.refresh_token;
    for _ in 0..40 {
        refresh_token = provider
            .tokens(&Parameters::refresh(&refresh_token), NOW)
            .unwrap()
            .refresh_token;
    }
    assert_eq!(
        refused(provider.check_access(&first.access_token, NOW)).error,
        "invalid_token"
    );
}
