//! Logins in direct mode, with crashes, late links and forged links.

use std::sync::Arc;

use switchback::event;
use switchback::ports::SecureStore as _;
use switchback::provider::truid::{ClaimType, DataPoint};
use switchback::{
    Client, Config, Error, LoginOutcome, LoginRequest, Provider, Purpose, Rule, SessionId,
};
use switchback_protocol::attempt::TimelineEntry;
use switchback_protocol::link_check::Login;

use crate::support::{CLIENT_ID, Fixture, REDIRECT_URI, request, session_of};

#[tokio::test]
async fn a_person_logs_in_for_every_purpose() {
    for purpose in Purpose::ALL {
        let fixture = Fixture::new().await;
        let app = fixture.app();
        let login = app.begin(request(purpose)).await.unwrap();
        assert!(login.url.contains(Provider::truid().purpose_name(purpose)));
        let link = fixture.approve(&login.url);
        assert!(app.accepts(&link));
        let LoginOutcome::LoggedIn {
            session,
            denied_scopes,
        } = app.complete(&link).await.unwrap()
        else {
            panic!("not logged in")
        };
        assert_eq!(denied_scopes, Vec::<String>::new());
        assert_eq!(session.as_str(), login.id.as_str());

        let session = app.session(&session).await.unwrap();
        assert_eq!(session.purpose(), purpose);
        let presentation = session.presentation(&ClaimType::ALL).await.unwrap();
        let info = session.user_info().await.unwrap();
        assert_eq!(info.sub, presentation.sub);
        assert_eq!(
            info.email.as_deref(),
            presentation.text(ClaimType::Email),
            "two ways to the same person"
        );
        assert!(presentation.claims.len() >= 15, "{presentation:?}");
        let counters = fixture.sandbox.counters();
        assert_eq!((counters.code_exchanges, counters.refreshes), (1, 0));
    }
}

#[tokio::test]
async fn every_claim_of_the_sandbox_is_typed() {
    let fixture = Fixture::new().await;
    let session = fixture.logged_in(&fixture.app()).await;
    let presentation = session.presentation(&ClaimType::ALL).await.unwrap();
    use switchback::identity::ClaimValue;
    use switchback::provider::truid::{PortraitImage, StructuredName};
    for claim in &presentation.claims {
        let expected = match ClaimType::from_key(&claim.key).unwrap() {
            ClaimType::PortraitImage => PortraitImage::read(&claim.value).is_some(),
            ClaimType::StructuredName => StructuredName::read(&claim.value).is_some(),
            _ => matches!(claim.value, ClaimValue::Text(_)),
        };
        assert!(expected, "{claim:?}");
    }
    let portrait = presentation.get(ClaimType::PortraitImage);
    let portrait = portrait.and_then(PortraitImage::read).expect("a portrait");
    assert!(portrait.bytes().unwrap().starts_with(b"\x89PNG"));
}

#[tokio::test]
async fn presentation_v1_is_read() {
    let fixture = Fixture::new().await;
    let provider = Provider::truid()
        .with_presentation_v1()
        .with_base_url(fixture.sandbox.url());
    let config = Config::direct(provider, CLIENT_ID, REDIRECT_URI);
    let app = Client::new(config, fixture.platform()).unwrap();
    let session = fixture.logged_in(&app).await;
    let presentation = session.presentation(&[ClaimType::Name]).await.unwrap();
    assert_eq!(presentation.claims.len(), 1);
}

#[tokio::test]
async fn login_and_session_survive_the_process() {
    let fixture = Fixture::new().await;
    let login = fixture.app().begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve(&login.url);

    let second = fixture.app();
    let pending = second.pending_logins().await.unwrap();
    assert_eq!(pending.len(), 1);
    assert_eq!(pending[0].id, login.id);
    let id = session_of(second.complete(&link).await.unwrap());

    let third = fixture.app();
    assert_eq!(third.pending_logins().await.unwrap(), []);
    assert_eq!(third.sessions().await.unwrap(), std::slice::from_ref(&id));
    third
        .session(&id)
        .await
        .unwrap()
        .access_token()
        .await
        .unwrap();
    // The same link returns the same session without a new exchange, in any process.
    assert_eq!(session_of(third.complete(&link).await.unwrap()), id);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

#[tokio::test]
async fn fifty_calls_with_one_link_are_one_exchange() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let link = Arc::new(fixture.approve(&login.url));
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (app, link) = (app.clone(), link.clone());
            tokio::spawn(async move { app.complete(&link).await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(session_of(call.await.unwrap()).as_str(), login.id.as_str());
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
}

#[tokio::test]
async fn a_cancelled_caller_does_not_lose_the_login() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    let call = tokio::spawn({
        let (app, link) = (app.clone(), link.clone());
        async move { app.complete(&link).await }
    });
    tokio::task::yield_now().await;
    call.abort();
    let id = session_of(app.complete(&link).await.unwrap());
    app.session(&id)
        .await
        .unwrap()
        .access_token()
        .await
        .unwrap();
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
}

#[tokio::test]
async fn several_logins_at_once_do_not_mix() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let first = app.begin(request(Purpose::Login)).await.unwrap();
    fixture.advance(1);
    let second = app.begin(request(Purpose::Onboarding)).await.unwrap();
    fixture.advance(1);
    let third = app.begin(request(Purpose::Login)).await.unwrap();
    let order: Vec<_> = app.pending_logins().await.unwrap();
    let order: Vec<_> = order.into_iter().map(|pending| pending.id).collect();
    assert_eq!(
        order,
        [&first, &second, &third].map(|login| login.id.clone())
    );

    app.cancel_login(&third.id).await.unwrap();
    app.cancel_login(&third.id).await.unwrap();
    let late = fixture.approve(&third.url);
    assert_eq!(app.complete(&late).await.unwrap(), LoginOutcome::Unknown);

    for login in [&second, &first] {
        let link = fixture.approve(&login.url);
        let attempt = app.attempt_of(&link).await.unwrap();
        assert_eq!(attempt, Some(login.id.clone()));
        let id = session_of(app.complete(&link).await.unwrap());
        assert_eq!(id.as_str(), login.id.as_str());
    }
    assert_eq!(app.sessions().await.unwrap().len(), 2);
    assert_eq!(app.pending_logins().await.unwrap(), []);
}

#[tokio::test]
async fn sessions_are_in_the_order_of_their_logins() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let mut expected = Vec::new();
    for _ in 0..6 {
        expected.push(fixture.logged_in(&app).await.id().clone());
        fixture.advance(1);
    }
    let mut same_second = Vec::new();
    for _ in 0..3 {
        same_second.push(fixture.logged_in(&app).await.id().clone());
    }
    same_second.sort();
    expected.extend(same_second);
    for app in [app, fixture.app()] {
        assert_eq!(app.sessions().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_person_declines() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let waiting = fixture.sandbox.app().open(&login.url).unwrap();
    let link = fixture.sandbox.app().decline(&waiting.id).unwrap();
    for _ in 0..2 {
        assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Declined);
    }
    let timeline = app.timeline(&login.id).await.unwrap().expect("it stays");
    let events: Vec<_> = timeline
        .entries()
        .iter()
        .map(|entry| &*entry.event)
        .collect();
    assert_eq!(
        events,
        ["login.begun", "callback.received", "login.declined"]
    );
    assert_eq!(app.pending_logins().await.unwrap(), []);
    assert_eq!(app.sessions().await.unwrap(), []);
}

#[tokio::test]
async fn an_app_adds_events_to_the_timeline() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (login, link) = fixture.approved_login(&app).await;
    let entry = |event: &str| TimelineEntry {
        at: login.expires_at,
        event: event.into(),
        note: Some("com.example.browser".into()),
    };
    let before = vec![entry(event::OPEN_FAILED), entry(event::OPEN_DONE)];
    app.record(&login.id, before).await.unwrap();
    app.complete(&link).await.unwrap();
    let after = vec![entry(event::OPEN_RETURNED)];
    app.record(&login.id, after).await.unwrap();
    let timeline = app.timeline(&login.id).await.unwrap().unwrap();
    let added: Vec<_> = timeline
        .entries()
        .iter()
        .filter(|moment| moment.note.as_deref() == Some("com.example.browser"))
        .map(|moment| moment.event.as_str())
        .collect();
    assert_eq!(
        added,
        [event::OPEN_FAILED, event::OPEN_DONE, event::OPEN_RETURNED]
    );
    app.cancel_login(&login.id).await.unwrap();
    app.record(&login.id, vec![entry(event::OPEN_DONE)])
        .await
        .unwrap();
    assert_eq!(app.timeline(&login.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_client_says_what_a_login_opens() {
    let fixture = Fixture::new().await;
    let links = fixture.app().links(Purpose::Login).unwrap();
    assert_eq!(links.login, Login::AppSwitch);
    assert!(
        links
            .authorization_url
            .ends_with("/authorize/login-session")
    );
    assert_eq!(links.redirect_uri, fixture.config().redirect_uri);
}

#[tokio::test]
async fn a_late_link_is_expired_and_deleted_after_a_day() {
    let fixture = Fixture::new().await;
    let mut config = fixture.config();
    config.login_timeout = 25;
    let app = Client::new(config, fixture.platform()).unwrap();
    let (login, link) = fixture.approved_login(&app).await;
    fixture.advance(25);
    assert_eq!(app.pending_logins().await.unwrap(), []);
    assert_eq!(app.reopen(&login.id).await.unwrap().map(|o| o.url), None);
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Expired);
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);

    fixture.advance(24 * 3600 + 1);
    app.begin(request(Purpose::Login)).await.unwrap();
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Unknown);
    assert_eq!(app.timeline(&login.id).await.unwrap(), None);
}

#[tokio::test]
async fn an_expired_code_is_refused() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    fixture.advance(31);
    for _ in 0..2 {
        let LoginOutcome::Refused { error, interrupted } = app.complete(&link).await.unwrap()
        else {
            panic!("not refused")
        };
        assert_eq!(error.code, "invalid_grant");
        assert!(!interrupted);
    }
}

#[tokio::test]
async fn foreign_links_are_not_ours() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    app.begin(request(Purpose::Login)).await.unwrap();
    for link in [
        "https://app.example.evil/truid/callback?code=c&state=s",
        "https://app.example/other?code=c&state=s",
        "app.example",
    ] {
        assert!(!app.accepts(link));
        assert_eq!(app.complete(link).await.unwrap(), LoginOutcome::NotOurs);
    }
    let forged = format!("{REDIRECT_URI}?code=c&state=forged");
    assert!(app.accepts(&forged));
    assert_eq!(app.complete(&forged).await.unwrap(), LoginOutcome::Unknown);
    let torn = format!("{REDIRECT_URI}?code=c");
    assert!(matches!(
        app.complete(&torn).await.unwrap(),
        LoginOutcome::Malformed(_)
    ));
    assert_eq!(app.pending_logins().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_link_after_log_out_is_replayed() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    let id = session_of(app.complete(&link).await.unwrap());
    app.session(&id).await.unwrap().log_out().await.unwrap();
    for app in [app, fixture.app()] {
        assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Replayed);
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
}

#[tokio::test]
async fn a_link_of_an_ended_session_is_replayed() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    let id = session_of(app.complete(&link).await.unwrap());
    fixture.sandbox.app().end_sessions(CLIENT_ID);
    fixture.advance(60);
    let session = app.session(&id).await.unwrap();
    session.access_token().await.unwrap_err();
    assert_eq!(app.complete(&link).await.unwrap(), LoginOutcome::Replayed);
    // A month later the entry is deleted.
    assert_eq!(fixture.store.list("").unwrap().len(), 2);
    fixture.advance(30 * 24 * 3600 + 1);
    app.begin(request(Purpose::Login)).await.unwrap();
    assert_eq!(fixture.store.list("").unwrap().len(), 1);
}

#[tokio::test]
async fn an_unconfigured_issuer_is_a_configuration_error() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    let foreign = format!("{link}&iss=https%3A%2F%2Fid.example");
    for _ in 0..2 {
        let Err(Error::Configuration { what }) = app.complete(&foreign).await else {
            panic!("there was no such error")
        };
        let says =
            what.contains("\"https://id.example\"") && what.contains("set it at the `Provider`");
        assert!(says, "{what}");
        assert_eq!(app.pending_logins().await.unwrap().len(), 1);
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 0);
    // The next version of the app configures the issuer, as the error says.
    let provider = Provider::truid()
        .with_issuer("https://id.example")
        .with_base_url(fixture.sandbox.url());
    let config = Config::direct(provider, CLIENT_ID, REDIRECT_URI);
    let corrected = Client::new(config, fixture.platform()).unwrap();
    let (_, link) = fixture.approved_login(&corrected).await;
    let link = link + "&iss=https%3A%2F%2Fid.example";
    session_of(corrected.complete(&link).await.unwrap());
    // An issuer on the service's own host needs no configuration.
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    let link = format!(
        "{}&iss={}",
        fixture.approve(&login.url),
        fixture.sandbox.url()
    );
    session_of(app.complete(&link).await.unwrap());
}

#[tokio::test]
async fn a_configured_issuer_is_required() {
    let fixture = Fixture::new().await;
    let provider = Provider::truid()
        .with_issuer("https://id.example")
        .with_base_url(fixture.sandbox.url());
    let config = Config::direct(provider, CLIENT_ID, REDIRECT_URI);
    let app = Client::new(config, fixture.platform()).unwrap();
    for (named, good) in [
        ("", false),
        ("&iss=https%3A%2F%2Fevil.example", false),
        ("&iss=https%3A%2F%2Fid.example", true),
    ] {
        let (_, link) = fixture.approved_login(&app).await;
        let link = link + named;
        match app.complete(&link).await {
            Ok(LoginOutcome::LoggedIn { .. }) => assert!(good, "{named}"),
            Err(Error::Protocol {
                rule: Rule::Issuer, ..
            }) => assert!(!good, "{named}"),
            other => panic!("{named}: {other:?}"),
        }
    }
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
}

#[tokio::test]
async fn state_verifier_and_nonce_differ_for_each_login() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..2 {
        let mut wanted = request(Purpose::Login);
        wanted.nonce = true;
        let login = app.begin(wanted).await.unwrap();
        let url = url::Url::parse(&login.url).unwrap();
        for (name, value) in url.query_pairs() {
            if ["state", "nonce", "code_challenge"].contains(&&*name) {
                assert_eq!(value.len(), 43, "{name}");
                assert!(seen.insert(value.into_owned()), "{name}");
            }
        }
    }
    for key in fixture.store.list("").unwrap() {
        let entry = fixture.store.get(&key).unwrap().unwrap();
        let entry: serde_json::Value = serde_json::from_slice(&entry).unwrap();
        let verifier = entry["code_verifier"].as_str().unwrap().to_owned();
        assert_eq!(verifier.len(), 43);
        assert!(seen.insert(verifier), "the verifier is in the URL");
    }
    assert_eq!(seen.len(), 8);
}

#[tokio::test]
async fn a_code_is_retried_once_after_a_crash_while_sending() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    // The first process sends the code, and ends before it stores the answer.
    let (_, link) = fixture.approved_login(&app).await;
    let keys = fixture.store.list("").unwrap();
    let before = fixture.store.get(&keys[0]).unwrap().unwrap();
    app.complete(&link).await.unwrap();
    let session_key = fixture.store.key_with("/session/");
    fixture.store.delete(&session_key).unwrap();
    let marked = String::from_utf8(before).unwrap();
    let marked = marked.replace("\"open\"", "{\"exchanging\":{\"again\":false}}");
    assert!(marked.contains("exchanging"));
    fixture.store.put(&keys[0], marked.as_bytes()).unwrap();

    // The code was used: the service refuses the second use, and the outcome says `interrupted`.
    let second = fixture.app();
    let LoginOutcome::Refused { error, interrupted } = second.complete(&link).await.unwrap() else {
        panic!("not refused")
    };
    assert_eq!((error.code.as_str(), interrupted), ("invalid_grant", true));
    // The tokens of the first process are worthless: the sandbox has ended the grant.
    assert_eq!(fixture.sandbox.counters().revoked_grants, 1);
}

#[tokio::test]
async fn a_crash_before_sending_the_code_loses_nothing() {
    let fixture = Fixture::new().await;
    let login = fixture.app().begin(request(Purpose::Login)).await.unwrap();
    let link = fixture.approve(&login.url);
    let keys = fixture.store.list("").unwrap();
    let stored = String::from_utf8(fixture.store.get(&keys[0]).unwrap().unwrap()).unwrap();
    let marked = stored.replace("\"open\"", "{\"exchanging\":{\"again\":false}}");
    fixture.store.put(&keys[0], marked.as_bytes()).unwrap();
    let app = fixture.app();
    assert_eq!(app.pending_logins().await.unwrap().len(), 1);
    session_of(app.complete(&link).await.unwrap());
}

#[tokio::test]
async fn a_pending_login_can_be_reopened() {
    let fixture = Fixture::new().await;
    let login = fixture.app().begin(request(Purpose::Login)).await.unwrap();
    let again = fixture.app().reopen(&login.id).await.unwrap().unwrap();
    assert_eq!(again.url, login.url);
    let nothing = "0123456789abcdef0123456789abcdef".parse().unwrap();
    assert!(fixture.app().reopen(&nothing).await.unwrap().is_none());
}

#[tokio::test]
async fn a_locked_store_begins_no_login_and_loses_none() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let (_, link) = fixture.approved_login(&app).await;
    fixture.store.lock(true);
    assert!(matches!(
        app.begin(request(Purpose::Login)).await,
        Err(Error::StoreLocked)
    ));
    assert!(matches!(app.complete(&link).await, Err(Error::StoreLocked)));
    assert!(matches!(
        app.pending_logins().await,
        Err(Error::StoreLocked)
    ));
    assert!(matches!(app.sessions().await, Err(Error::StoreLocked)));
    fixture.store.lock(false);
    session_of(app.complete(&link).await.unwrap());
}

#[tokio::test]
async fn invalid_login_requests_store_nothing() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let mut secret = request(Purpose::Login);
    secret.extra.insert("client_secret".into(), "x".into());
    let two_in_one = LoginRequest::new(Purpose::Login, ["a b"]);
    for wrong in [secret, two_in_one] {
        let Err(Error::Configuration { what }) = app.begin(wrong).await else {
            panic!("it began")
        };
        assert!(what.contains("extra") || what.contains("entry"), "{what}");
    }
    assert_eq!(fixture.store.list("").unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_presentation_contains_only_requested_data() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let scope = [DataPoint::Email];
    let login = app
        .begin(LoginRequest::new(Purpose::Login, scope))
        .await
        .unwrap();
    let link = fixture.approve(&login.url);
    let session = session_of(app.complete(&link).await.unwrap());
    let session = app.session(&session).await.unwrap();
    assert_eq!(session.scope(), [DataPoint::Email.as_str()]);
    let wanted = [ClaimType::Email, ClaimType::Birthdate];
    let presentation = session.presentation(&wanted).await.unwrap();
    assert_eq!(presentation.claims.len(), 1);
    assert_eq!(presentation.text(ClaimType::Birthdate), None);
}

#[tokio::test]
async fn clients_in_one_store_do_not_see_each_other() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let session = fixture.logged_in(&app).await;
    let mut other = fixture.config();
    other.mode = switchback::Mode::Direct {
        client_id: "another-app".into(),
    };
    let other = Client::new(other, fixture.platform()).unwrap();
    assert_eq!(other.sessions().await.unwrap(), Vec::<SessionId>::new());
    assert!(matches!(
        other.session(session.id()).await,
        Err(Error::LoginRequired { .. })
    ));
}

#[tokio::test]
async fn the_timeline_lists_all_events() {
    let fixture = Fixture::new().await;
    let app = fixture.app();
    let login = app.begin(request(Purpose::Login)).await.unwrap();
    fixture.advance(3);
    let link = fixture.approve(&login.url);
    app.complete(&link).await.unwrap();
    let timeline = app.timeline(&login.id).await.unwrap().unwrap();
    let events: Vec<_> = timeline
        .entries()
        .iter()
        .map(|moment| (moment.at - login.expires_at + 600, moment.event.as_str()))
        .collect();
    assert_eq!(
        events,
        [
            (0, event::LOGIN_BEGUN),
            (3, event::CALLBACK_RECEIVED),
            (3, event::CODE_SENT),
            (3, event::LOGIN_COMPLETED),
        ]
    );
}
