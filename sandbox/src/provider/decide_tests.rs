//! Tests of decisions.

use super::testing::*;
use super::{Provider, Waiting};
use crate::Purpose;

fn asked(provider: &mut Provider) -> Waiting {
    provider
        .ask(Purpose::IdentityVerification, &Parameters::authorization())
        .unwrap()
}

#[test]
fn a_decision_is_made_once() {
    let mut provider = provider();
    let (first, second) = (asked(&mut provider), asked(&mut provider));
    assert_eq!(provider.all_pending(NOW), [first.clone(), second.clone()]);
    let callback = provider.approve(&first.id, NOW).unwrap();
    assert!(callback.starts_with("https://app.example/truid/callback?code="));
    assert!(callback.ends_with("&state=s+t%26te"), "{callback}");
    let callback = provider.decline(&second.id, NOW).unwrap();
    assert_eq!(
        callback,
        "https://app.example/truid/callback?error=access_denied&state=s+t%26te"
    );
    assert!(provider.all_pending(NOW).is_empty());
    for id in [&first.id, &second.id] {
        assert_eq!(refused(provider.approve(id, NOW)).error, "already_decided");
        assert_eq!(refused(provider.decline(id, NOW)).error, "already_decided");
        assert_eq!(refused(provider.pending(id, NOW)).error, "already_decided");
    }
}

#[test]
fn an_expired_request_cannot_be_decided() {
    let mut provider = provider();
    let waiting = asked(&mut provider);
    assert_eq!(provider.all_pending(NOW + 599).len(), 1);
    assert_eq!(provider.all_pending(NOW + 600).len(), 0);
    assert_eq!(
        refused(provider.pending(&waiting.id, NOW + 600)).error,
        "expired"
    );
    assert_eq!(
        refused(provider.approve(&waiting.id, NOW + 600)).error,
        "expired"
    );
    assert_eq!(
        refused(provider.decline(&waiting.id, NOW + 600)).error,
        "expired"
    );
    assert!(provider.approve(&waiting.id, NOW + 599).is_ok());
}

#[test]
fn unknown_ids_are_refused() {
    let mut provider = provider();
    let code = provider.code(Purpose::IdentityVerification);
    for id in ["", "x", code.as_str()] {
        assert_eq!(refused(provider.approve(id, NOW)).error, "not_found");
    }
    let waiting = asked(&mut provider);
    provider.reset(None);
    assert_eq!(
        refused(provider.approve(&waiting.id, NOW)).error,
        "not_found"
    );
    assert_eq!(provider.counters(), crate::Counters::default());
}

#[test]
fn the_number_of_pending_requests_is_limited() {
    let mut config = crate::Config::default();
    config.limits.waiting = 2;
    let mut provider = Provider::new(&config, [7; 32]);
    let ids: Vec<String> = (0..3).map(|_| asked(&mut provider).id).collect();
    assert_eq!(refused(provider.approve(&ids[0], NOW)).error, "not_found");
    assert!(provider.approve(&ids[2], NOW).is_ok());
}
