//! Decisions, made once and in time.

use super::testing::*;
use super::{Waiting, World};
use crate::Purpose;

fn asked(world: &mut World) -> Waiting {
    world
        .ask(Purpose::IdentityVerification, &Parameters::authorization())
        .unwrap()
}

#[test]
fn a_decision_is_made_once() {
    let mut world = world();
    let (first, second) = (asked(&mut world), asked(&mut world));
    assert_eq!(world.list(NOW), [first.clone(), second.clone()]);
    let callback = world.approve(&first.id, NOW).unwrap();
    assert!(callback.starts_with("https://app.example/truid/callback?code="));
    assert!(callback.ends_with("&state=s+t%26te"), "{callback}");
    let callback = world.decline(&second.id, NOW).unwrap();
    assert_eq!(
        callback,
        "https://app.example/truid/callback?error=access_denied&state=s+t%26te"
    );
    assert!(world.list(NOW).is_empty());
    for id in [&first.id, &second.id] {
        assert_eq!(refused(world.approve(id, NOW)).error, "already_decided");
        assert_eq!(refused(world.decline(id, NOW)).error, "already_decided");
        assert_eq!(refused(world.look(id, NOW)).error, "already_decided");
    }
}

#[test]
fn a_request_expires() {
    let mut world = world();
    let waiting = asked(&mut world);
    assert_eq!(world.list(NOW + 599).len(), 1);
    assert_eq!(world.list(NOW + 600).len(), 0);
    assert_eq!(refused(world.look(&waiting.id, NOW + 600)).error, "expired");
    assert_eq!(
        refused(world.approve(&waiting.id, NOW + 600)).error,
        "expired"
    );
    assert_eq!(
        refused(world.decline(&waiting.id, NOW + 600)).error,
        "expired"
    );
    assert!(world.approve(&waiting.id, NOW + 599).is_ok());
}

#[test]
fn unknown_ids() {
    let mut world = world();
    let code = world.code(Purpose::IdentityVerification);
    for id in ["", "x", code.as_str()] {
        assert_eq!(refused(world.approve(id, NOW)).error, "not_found");
    }
    let waiting = asked(&mut world);
    world.reset(None);
    assert_eq!(refused(world.approve(&waiting.id, NOW)).error, "not_found");
    assert_eq!(world.counters(), crate::Counters::default());
}

#[test]
fn memory_is_bounded() {
    let mut config = crate::Config::default();
    config.limits.waiting = 2;
    let mut world = World::new(&config, [7; 32]);
    let ids: Vec<String> = (0..3).map(|_| asked(&mut world).id).collect();
    assert_eq!(refused(world.approve(&ids[0], NOW)).error, "not_found");
    assert!(world.approve(&ids[2], NOW).is_ok());
}
