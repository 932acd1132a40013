//! ID tokens in the answer to a refresh: do the tokens belong to the same person?

use super::tests::{give, rotate, tokens};
use super::*;
use crate::identity::id_token::tests::id_token;

fn about(subject: &str) -> Secret {
    id_token(&alloc::format!(r#"{{"sub":"{subject}"}}"#))
}

/// A session whose login brought this ID token, with this verified subject.
fn session(id_token: Field<Secret>, subject: Option<&str>) -> Grant {
    let mut first = tokens(1, 100);
    first.id_token = id_token;
    let grant = Grant::new(Purpose::Login, vec![], Time::wall(0), first, 300);
    grant.of(subject.map(Into::into))
}

fn refreshed(grant: &Grant, id_token: Field<Secret>) -> (Option<Grant>, Vec<Effect>) {
    let mut grant = grant.clone();
    let mut tokens = tokens(2, 100);
    tokens.id_token = id_token;
    let answer = Input::Answered {
        rotation: rotate(&mut grant, 80),
        asked_at: Time::wall(80),
        tokens,
        lifetime: 300,
    };
    super::step(Some(&grant), &answer)
}

/// ID tokens whose subject is not exactly `me`.
fn not_about_me() -> Vec<Field<Secret>> {
    let padded = |claims: &str| {
        use base64::Engine as _;
        let claims = base64::engine::general_purpose::URL_SAFE.encode(claims);
        alloc::format!("e30.{claims}.sig")
    };
    let is = |token: &str| Field::Present(token.into());
    vec![
        Field::Present(about("you")),
        is(&padded(r#"{"sub":"you"}"#)),
        is(&padded(r#"{"sub":"you" }"#)),
        Field::Present(id_token(r#"{"sub":"me","sub":"you"}"#)),
        Field::Present(id_token(r#"{"sub":"you","sub":"me"}"#)),
        Field::Present(id_token(r#"{"sub":7}"#)),
        Field::Present(id_token("{}")),
        is("e30.{}.sig"),
        is("no JWT"),
        is("a.b.c.d.e"),
        Field::Unreadable,
    ]
}

#[test]
fn a_refresh_for_another_person_ends_the_session() {
    let known_by = [
        session(Field::Absent, Some("me")),
        session(Field::Present(about("me")), Some("me")),
        // The unverified ID token of the login is enough for this comparison.
        session(Field::Present(about("me")), None),
    ];
    for grant in known_by {
        for good in [Field::Absent, Field::Present(about("me"))] {
            assert_eq!(refreshed(&grant, good).1, [give(2)]);
        }
        for other in not_about_me() {
            let (next, effects) = refreshed(&grant, other.clone());
            let over = Effect::LoginRequired(SessionEnd::OtherPerson);
            assert_eq!(effects, [Effect::Revoke("R2".into()), over], "{other:?}");
            let next = next.unwrap();
            assert_eq!(next.ended(), Some(SessionEnd::OtherPerson));
            assert_eq!(next.subject(), grant.subject());
        }
    }
}

#[test]
fn an_unverified_id_token_sets_no_subject() {
    let grant = session(Field::Present(about("me")), None);
    assert_eq!(grant.subject(), None);
    let (next, _) = refreshed(&grant, Field::Present(about("me")));
    assert_eq!(next.unwrap().subject(), None);
    // An unverified claim does not confirm the expected person either.
    let mut grant = grant;
    grant.expect(&"me".into()).unwrap();
    assert!(grant.is_unconfirmed());
    assert!(
        refreshed(&grant, Field::Present(about("me")))
            .0
            .unwrap()
            .is_unconfirmed()
    );
}

#[test]
fn without_a_subject_any_id_token_is_accepted() {
    let grant = session(Field::Absent, None);
    for any in not_about_me() {
        assert_eq!(refreshed(&grant, any).1, [give(2)]);
    }
}
