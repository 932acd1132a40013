//! A session belongs to one person, and another person does not replace it silently.

use switchback::{Error, LoginOutcome, Purpose, Rule};
use switchback_sandbox::{Endpoint, Misbehaviour};

use crate::support::{Fixture, request, session_of};

/// Two of the sandbox's people.
const PEOPLE: [&str; 2] = ["maja", "robin"];

#[tokio::test]
async fn a_second_person_gets_a_separate_session() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let mut sessions = Vec::new();
    for person in PEOPLE {
        let login = app.begin(request(Purpose::Login)).await.unwrap();
        let link = fixture.approve_as(&login.url, person);
        let id = session_of(app.complete(&link).await.unwrap());
        sessions.push(app.session(&id).await.unwrap());
    }
    let mut subjects = Vec::new();
    for session in &sessions {
        assert_eq!(session.subject(), None, "not read yet");
        subjects.push(session.user_info().await.unwrap().sub);
        assert!(session.subject().unwrap().is(subjects.last().unwrap()));
    }
    assert_ne!(subjects[0], subjects[1]);
    sessions[1].log_out().await.unwrap();
    sessions[0].access_token().await.unwrap();
}

#[tokio::test]
async fn a_login_for_one_person_rejects_another() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve_as(&login.url, PEOPLE[0]);
    let id = session_of(app.complete(&link).await.unwrap());
    let first = app.session(&id).await.unwrap();
    first.user_info().await.unwrap();
    // The session ends, and its subject is still known, also to the next process.
    fixture.sandbox.app().end_sessions("test-app");
    fixture.advance(60);
    first.access_token().await.unwrap_err();
    let app = fixture.app();
    let subject = app.session(&id).await.unwrap().subject().unwrap();

    let again = request(Purpose::Login).for_person(subject.clone());
    let login = app.begin(again.clone()).await.unwrap();
    let link = fixture.approve_as(&login.url, PEOPLE[1]);
    for _ in 0..2 {
        let outcome = app.complete(&link).await.unwrap();
        assert_eq!(outcome, LoginOutcome::OtherPerson);
    }
    assert_eq!(app.sessions().await.unwrap(), []);

    let login = app.begin(again).await.unwrap();
    let link = fixture.approve_as(&login.url, PEOPLE[0]);
    let id = session_of(app.complete(&link).await.unwrap());
    assert_eq!(app.session(&id).await.unwrap().subject(), Some(subject));
}

#[tokio::test]
async fn another_subject_breaks_the_protocol() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let me = session.user_info().await.unwrap();
    let rule = switchback_sandbox::Rule {
        endpoint: Some(Endpoint::Refresh),
        ..switchback_sandbox::Rule::new(Misbehaviour::OtherSubject)
    };
    fixture.sandbox.misbehave(rule).unwrap();
    fixture.advance(60);
    session.access_token().await.unwrap();
    let error = session.user_info().await.unwrap_err();
    let subject = matches!(
        error,
        Error::Protocol {
            rule: Rule::Subject,
            ..
        }
    );
    assert!(subject, "{error:?}");
    assert_eq!(session.subject().unwrap().expose(), me.sub);
}
