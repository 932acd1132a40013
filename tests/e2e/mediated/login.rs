//! Complete logins through the example backend, with the sandbox behind it.

use switchback::event;
use switchback::provider::truid::ClaimType;
use switchback::{Client, Error, LoginOutcome, LoginRequest, Provider, Purpose, Revocation};

use super::example_backend::{COMPLETE, OWN_SCHEME};
use super::{ExampleBackendFixture, login_request};
use crate::support::session_of;

#[tokio::test]
async fn a_person_logs_in_for_every_purpose_of_the_example() {
    let has_example = |purpose: &Purpose| *purpose != Purpose::Signing;
    for purpose in Purpose::ALL.into_iter().filter(has_example) {
        let fixture = ExampleBackendFixture::new().await;
        let app = fixture.app();
        let request = LoginRequest::mediated(purpose);
        let login = app.begin(request).await.unwrap();
        assert!(
            login.url.contains(Provider::truid().purpose_name(purpose)),
            "{}",
            login.url
        );
        assert_eq!(login.open_before, None);
        assert_eq!(app.pending_logins().await.unwrap().len(), 1);
        let link = fixture.approve(&login.url);
        assert!(app.accepts(&link));
        assert_eq!(
            app.attempt_of("https://other.example/").await.unwrap(),
            None
        );
        let attempt = app.attempt_of(&link).await.unwrap();
        assert_eq!(attempt, Some(login.id.clone()));
        let completion = app.complete(&link).await.unwrap();
        let LoginOutcome::LoggedIn {
            session,
            denied_scopes,
        } = completion
        else {
            panic!("{completion:?}")
        };
        assert_eq!(denied_scopes, Vec::<String>::new());
        assert_eq!(session.as_str(), login.id.as_str());
        let session = app.session(&session).await.unwrap();
        assert_eq!((session.purpose(), session.expires_at()), (purpose, None));
        let info = session.user_info().await.unwrap();
        let claims = [ClaimType::Email, ClaimType::Name];
        let presentation = session.presentation(&claims).await.unwrap();
        assert_eq!(info.sub, presentation.sub);
        assert_eq!(info.email.as_deref(), presentation.text(ClaimType::Email));
        assert!(session.subject().unwrap().is(&info.sub));
        let counters = fixture.sandbox.counters();
        assert_eq!((counters.code_exchanges, counters.refreshes), (1, 0));
    }
}

#[tokio::test]
async fn the_backend_receives_the_callback_unchanged() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let mut request = login_request();
    request.extra.insert("locale".into(), "sv SE&x".into());
    let login = app.begin(request).await.unwrap();
    let link = fixture.approve(&login.url);
    let (_, query) = link.split_once('?').unwrap();
    // Unknown parameters are forwarded in their encoding; the fragment is not.
    let strange = format!("{link}&x=%7e+%2B&empty&y=#z=1");
    session_of(app.complete(&strange).await.unwrap());

    let started = &fixture.backend.seen("/truid/start/login-session")[0];
    assert_eq!(
        started.0,
        "GET /truid/start/login-session?locale=sv%20SE%26x"
    );
    let completed = &fixture.backend.seen(COMPLETE)[0];
    assert_eq!(
        completed.0,
        format!("GET {COMPLETE}?{query}&x=%7e+%2B&empty&y=")
    );
    for (_, headers) in [started, completed] {
        assert_eq!(headers["x-requested-with"], "XMLHttpRequest");
        assert_eq!(headers["accept"], "application/json");
        // Only backends of Switchback get this header.
        assert!(!headers.contains_key("switchback-session"));
    }
}

#[tokio::test]
async fn a_decline_is_forwarded_to_the_backend() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let waiting = fixture.sandbox.app().open(&login.url).unwrap();
    let link = fixture.sandbox.app().decline(&waiting.id).unwrap();
    for _ in 0..2 {
        let completion = app.complete(&link).await.unwrap();
        assert_eq!(completion, LoginOutcome::Declined);
    }
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
    let timeline = app.timeline(&login.id).await.unwrap().unwrap();
    let events: Vec<_> = timeline
        .entries()
        .iter()
        .map(|m| m.event.as_str())
        .collect();
    assert_eq!(
        events,
        [
            event::LOGIN_BEGUN,
            event::CALLBACK_RECEIVED,
            event::CALLBACK_FORWARDED,
            event::LOGIN_DECLINED
        ]
    );
}

#[tokio::test]
async fn the_same_link_returns_the_same_session() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let first = app.complete(&link).await.unwrap();
    assert_eq!(app.complete(&link).await.unwrap(), first);
    let id = session_of(first.clone());
    assert_eq!(app.sessions().await.unwrap(), std::slice::from_ref(&id));
    // A new process, much later.
    fixture.clock.advance(3_000);
    assert_eq!(fixture.app().complete(&link).await.unwrap(), first);
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
    let session = app.session(&id).await.unwrap();
    assert_eq!(
        session.log_out().await.unwrap().revocation,
        Revocation::Done
    );
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Replayed);
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn foreign_forged_and_malformed_links_differ() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.at(&format!("{COMPLETE}?code=c&state=unknown"));
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Unknown);
    let other = link.replace("127.0.0.1", "127.0.0.2");
    assert_eq!(app.complete(&other).await.unwrap(), LoginOutcome::NotOurs);
    let twice = format!("{link}&code=d");
    assert!(matches!(
        app.complete(&twice).await.unwrap(),
        LoginOutcome::Malformed(_)
    ));
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 0);
    let link = fixture.approve(&login.url);
    fixture.clock.advance(600);
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Expired);
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 0);
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    app.cancel_login(&login.id).await.unwrap();
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Unknown);
}

#[tokio::test]
async fn concurrent_logins_have_separate_cookies() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let first = app.begin(login_request()).await.unwrap();
    let second = app.begin(login_request()).await.unwrap();
    for login in [second, first] {
        let link = fixture.approve(&login.url);
        let id = session_of(app.complete(&link).await.unwrap());
        assert_eq!(id.attempt(), &login.id);
        app.session(&id).await.unwrap().user_info().await.unwrap();
    }
    assert_eq!(app.sessions().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_restarted_backend_has_forgotten_the_login() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    fixture.backend.forget_sessions();
    for _ in 0..2 {
        let completion = app.complete(&link).await.unwrap();
        assert_eq!(completion, LoginOutcome::Forgotten);
    }
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 1);
    assert_eq!(app.pending_logins().await.unwrap(), []);
}

/// The backend began the login, and was restarted while the person was in the identity app: its
/// answer is the same as for a decline.
#[tokio::test]
async fn an_approval_is_never_reported_as_declined() {
    for forget in [true, false] {
        let fixture = ExampleBackendFixture::new().await;
        let app = fixture.app();
        let login = app.begin(login_request()).await.unwrap();
        let waiting = fixture.sandbox.app().open(&login.url).unwrap();
        let approved = match forget {
            true => fixture.sandbox.app().approve(&waiting.id).unwrap(),
            false => fixture.sandbox.app().decline(&waiting.id).unwrap(),
        };
        fixture.backend.forget_sessions();
        let expected = match forget {
            true => LoginOutcome::Forgotten,
            false => LoginOutcome::Declined,
        };
        assert_eq!(app.complete(&approved).await.unwrap(), expected);
    }
}

/// This backend answers 500 if Truid refuses the code, and has used up the state.
#[tokio::test]
async fn a_refused_code_is_an_interruption() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    let again = app.reopen(&login.id).await.unwrap().unwrap();
    assert_eq!(again.url, login.url, "it may be opened more than once");
    let forged = link.replace("code=", "code=x");
    let error = app.complete(&forged).await.unwrap_err();
    assert!(matches!(error, Error::TryAgain { .. }), "{error:?}");
    for _ in 0..2 {
        let completion = app.complete(&forged).await.unwrap();
        assert!(
            matches!(&completion, LoginOutcome::Refused { error, interrupted: true } if error.is("access_denied")),
            "{completion:?}"
        );
    }
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 2);
}

#[tokio::test]
async fn a_login_of_another_person_is_dropped() {
    let fixture = ExampleBackendFixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let maja = session.user_info().await.unwrap().sub;
    let ask = || login_request().for_person(maja.as_str().into());
    let login = app.begin(ask()).await.unwrap();
    let again = session_of(app.complete(&fixture.approve(&login.url)).await.unwrap());
    assert!(
        app.session(&again)
            .await
            .unwrap()
            .subject()
            .unwrap()
            .is(&maja)
    );

    let login = app.begin(ask()).await.unwrap();
    let waiting = fixture.sandbox.app().open(&login.url).unwrap();
    let choice = switchback_sandbox::Choice {
        person: Some("robin".into()),
        ..switchback_sandbox::Choice::new(switchback_sandbox::Decision::Approve)
    };
    let callback = fixture.sandbox.app().decide(&waiting.id, &choice);
    let link = callback.unwrap().redirect.unwrap();
    assert_eq!(
        app.complete(&link).await.unwrap(),
        LoginOutcome::OtherPerson
    );
    assert_eq!(app.sessions().await.unwrap().len(), 2);
    let Err(Error::LoginRequired { .. }) = app.session(&login.id.clone().into()).await else {
        panic!("there is a session")
    };
}

/// App to app, as in Truid's guide for development: the link has the app's custom scheme, and the
/// app forwards the callback to its path at the backend.
#[tokio::test]
async fn a_test_service_may_use_a_custom_scheme() {
    let fixture = ExampleBackendFixture::new().await;
    fixture.backend.redirect("login-session", OWN_SCHEME);
    let mut config = fixture.config();
    config.redirect_uri = OWN_SCHEME.into();
    let strict = Client::new(config.clone(), fixture.platform()).unwrap_err();
    assert!(strict.to_string().contains("as a test service"), "{strict}");
    config.test_service = true;
    let app = Client::new(config, fixture.platform()).unwrap();
    let login = app.begin(login_request()).await.unwrap();
    let link = fixture.approve(&login.url);
    assert!(link.starts_with(OWN_SCHEME) && app.accepts(&link), "{link}");
    let id = session_of(app.complete(&link).await.unwrap());
    app.session(&id).await.unwrap().user_info().await.unwrap();
    let (_, query) = link.split_once('?').unwrap();
    let forwarded = &fixture.backend.seen(COMPLETE)[0];
    assert_eq!(forwarded.0, format!("GET {COMPLETE}?{query}"));
    assert!(forwarded.1.contains_key("cookie"));
}

/// As in Truid's services.
#[tokio::test]
async fn each_purpose_may_have_its_redirect_uri() {
    let fixture = ExampleBackendFixture::new().await;
    let own = [
        (Purpose::Login, "login-session", "/truid/v1/complete-login"),
        (
            Purpose::Onboarding,
            "confirm-signup",
            "/truid/v1/complete-signup",
        ),
    ];
    let mut config = fixture.config();
    for (purpose, function, path) in own {
        fixture.backend.redirect(function, &fixture.at(path));
        // Without this configuration the error says what to do, and no URL is opened.
        let error = fixture.app().begin(LoginRequest::mediated(purpose)).await;
        let Err(Error::Configuration { what }) = error else {
            panic!("{error:?}")
        };
        assert!(
            what.contains(path)
                && what.contains("as the redirect URI of this purpose")
                && what.contains(COMPLETE),
            "{what}"
        );
        config.redirect_uris.insert(purpose, fixture.at(path));
    }
    let app = Client::new(config, fixture.platform()).unwrap();
    for (purpose, _, path) in own {
        let login = app.begin(LoginRequest::mediated(purpose)).await.unwrap();
        let link = fixture.approve(&login.url);
        assert!(link.starts_with(&fixture.at(path)) && app.accepts(&link));
        // The right state at the redirect URI of another purpose is unknown.
        let elsewhere = link.replace(path, COMPLETE);
        assert_eq!(
            app.complete(&elsewhere).await.unwrap(),
            LoginOutcome::Unknown
        );
        let id = session_of(app.complete(&link).await.unwrap());
        assert_eq!(app.session(&id).await.unwrap().purpose(), purpose);
        assert_eq!(fixture.backend.seen(path).len(), 1);
    }
    assert_eq!(fixture.backend.seen(COMPLETE).len(), 0);
    // A purpose without a separate redirect URI uses the common one.
    let login = app.begin(LoginRequest::mediated(Purpose::IdentityVerification));
    let link = fixture.approve(&login.await.unwrap().url);
    assert!(link.starts_with(&fixture.at(COMPLETE)), "{link}");
    session_of(app.complete(&link).await.unwrap());
}
