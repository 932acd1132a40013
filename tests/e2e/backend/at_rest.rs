//! What the database stores for each purpose, and what a browser may store.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde_json::Value;
use switchback_backend::store::{AttemptRow, GrantRow};
use switchback_backend::{Platform, Sealed, Service};
use switchback_protocol::{Provider, Purpose};

use super::support::{Answer, BackendFixture, HTML, KEY, Node, XHR, attempt_id, path, purpose_of};
use crate::support::ObservedTransport;

/// Opens sealed values by the documented format, without the code that seals them: the associated
/// data are table, id, key and the plain columns, each with its length.
fn unseal(table: &str, id: &str, sealed: &Sealed, open: &[Option<&[u8]>]) -> String {
    let key = STANDARD.decode(KEY).unwrap();
    let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
    let (nonce, msg) = sealed.bytes.split_first_chunk::<24>().unwrap();
    let names = [table, id, &sealed.key].map(|name| Some(name.as_bytes()));
    let mut aad = Vec::new();
    for column in names.iter().chain(open) {
        let length = column.map_or(u64::MAX, |column| column.len() as u64);
        aad.extend_from_slice(&length.to_be_bytes());
        aad.extend_from_slice(column.unwrap_or_default());
    }
    let payload = Payload { msg, aad: &aad };
    let plain = cipher.decrypt(&XNonce::from(*nonce), payload).unwrap();
    String::from_utf8(plain).unwrap()
}

fn unseal_grant(row: &GrantRow) -> String {
    let subject = row.subject.as_ref().map(String::as_bytes);
    let (purpose, generation) = (row.purpose.as_bytes(), row.generation.to_be_bytes());
    let remove_at = row.remove_at.to_be_bytes();
    let open = [
        Some(purpose),
        subject,
        Some(&generation[..]),
        Some(&remove_at[..]),
    ];
    unseal("grants", &row.id, &row.sealed, &open)
}

fn unseal_attempt(row: &AttemptRow) -> String {
    let (visitor, generation) = (row.initiator.as_bytes(), row.generation.to_be_bytes());
    let remove_at = row.remove_at.to_be_bytes();
    let open = [Some(visitor), Some(&generation[..]), Some(&remove_at[..])];
    unseal("attempts", &row.id, &row.sealed, &open)
}

/// A node that records the provider's newest tokens.
fn node_recording_tokens(fixture: &BackendFixture) -> (Node, Arc<Mutex<[String; 2]>>) {
    let newest = Arc::new(Mutex::new([String::new(), String::new()]));
    let noted = Arc::clone(&newest);
    let plain = fixture.platform();
    let tap = ObservedTransport {
        inner: Arc::clone(&plain.http),
        on_answer: Box::new(move |_, response| {
            let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
            let token = |name: &str| Some(body[name].as_str()?.to_owned());
            if let (Some(access), Some(refresh)) = (token("access_token"), token("refresh_token")) {
                *noted.lock().unwrap() = [access, refresh];
            }
        }),
    };
    let platform = Platform {
        http: Arc::new(tap),
        ..plain
    };
    let node = Node::of(Service::new(fixture.config(), platform).unwrap());
    (node, newest)
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_database() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = BackendFixture::new().await;
    fixture.log_in(&fixture.node()).await;
    let super::database::Address::Sqlite(path) = &fixture.database.address else {
        panic!("it is a file");
    };
    let folder = std::path::Path::new(path).parent().unwrap();
    let mut names = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.path());
        names.push(file.file_name());
    }
    for name in ["service.db", "service.db-wal"] {
        assert!(names.iter().any(|found| found == name), "{names:?}");
    }
}

/// The table of Truid's guide: what each purpose may store, and for how long.
#[tokio::test]
async fn each_purpose_stores_only_what_it_may() {
    for (purpose, keeps_access, keeps_refresh, stays) in [
        (Purpose::Login, true, true, false),
        (Purpose::Onboarding, false, true, true),
        (Purpose::IdentityVerification, true, false, false),
    ] {
        let fixture = BackendFixture::new().await;
        let (node, newest) = node_recording_tokens(&fixture);
        let function = format!("/truid/{}", Provider::truid().purpose_name(purpose));
        let started = node.get(&function, &[XHR]).await;
        let cookie = started.cookie().unwrap();
        let state = started.json()["state"].as_str().unwrap().to_owned();
        let id = attempt_id(&state);
        let link = fixture.approve(started.location());
        let completed = node.complete(path(&link), &cookie).await;
        let session = completed.cookie().unwrap();
        let shown = [("cookie", &*session)];
        let data = format!("/truid/user-info?purpose={purpose}");
        assert_eq!(node.get(&data, &shown).await.status, 200);

        let store = fixture.store.clone().unwrap();
        let [access, refresh] = newest.lock().unwrap().clone();
        assert!(access.len() > 20 && refresh.len() > 20);
        let row = store.grant(id.clone()).await.unwrap().unwrap();
        let grant = unseal_grant(&row);
        assert!(
            grant.contains("scope") || grant.contains("granted"),
            "{grant}"
        );
        assert_eq!(grant.contains(&access), keeps_access, "{function}");
        assert_eq!(grant.contains(&refresh), keeps_refresh, "{function}");
        // The stored login no longer has its verifier and code.
        let row = store.attempt(id.clone()).await.unwrap().unwrap();
        let attempt = unseal_attempt(&row);
        for token in [&access, &refresh] {
            assert!(!attempt.contains(token), "{function}");
        }
        let attempt: Value = serde_json::from_str(&attempt).unwrap();
        assert!(
            attempt.to_string().contains("\"code_verifier\":\"\""),
            "{attempt}"
        );

        node.post("/truid/log-out", &shown, "").await.is(204, "");
        let left = store.grant(id.clone()).await.unwrap();
        assert_eq!(left.is_some(), stays, "{function}");
        if let Some(row) = left {
            let grant = unseal_grant(&row);
            assert!(!grant.contains(&access) && grant.contains(&refresh));
        }
        assert!(!node.accepts(&session).await);
    }
}

#[tokio::test]
async fn values_from_before_the_login_open_nothing() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    // The attacker knows this cookie, and has set it in the victim's browser.
    let planted = node.get("/truid/login-session", &[XHR]).await;
    let planted = planted.cookie().unwrap();
    for kind in [XHR, HTML] {
        let shown = [kind, ("cookie", &planted)];
        let started = node.get("/truid/login-session", &shown).await;
        let link = fixture.approve(started.location());
        let completed = node.get(path(&link), &shown).await;
        let session = completed.cookie().unwrap();
        assert!(node.accepts(&session).await);
        assert!(!node.accepts(&planted).await);
        let halves = |cookie: &str| {
            let value = cookie.split_once('=').unwrap().1;
            (value[..21].to_owned(), value[22..].to_owned())
        };
        let (old, new) = (halves(&planted), halves(&session));
        assert!(old.0 != new.0 && old.1 != new.1, "neither half is kept");
    }
}

#[tokio::test]
async fn the_cookie_is_host_only_and_http_only() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let whole = |set: &str| {
        let (pair, attributes) = set.split_once("; ").unwrap();
        let (name, _) = pair.split_once('=').unwrap();
        (name.to_owned(), attributes.to_owned())
    };
    let all = |answer: &Answer| -> Vec<(String, String)> {
        let all = answer.headers.get_all("set-cookie").iter();
        all.map(|set| whole(set.to_str().unwrap())).collect()
    };
    const KEPT: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
    const GONE: &str = "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
    let set = |name: &str, attributes: &str| (name.to_owned(), attributes.to_owned());
    let login = "__Host-switchback";
    let (onboarding, verification) = (
        "__Host-switchback-onboarding",
        "__Host-switchback-identity-verification",
    );
    for (function, own) in [
        ("login-session", vec![login]),
        // The browser gets a new cookie to begin logins with, too.
        ("confirm-signup", vec![onboarding, login]),
        ("idv", vec![verification, login]),
    ] {
        let started = node.get(&format!("/truid/{function}"), &[XHR]).await;
        assert_eq!(all(&started), [set(login, KEPT)]);
        let link = fixture.approve(started.location());
        let cookie = started.cookie().unwrap();
        let completed = node.complete(path(&link), &cookie).await;
        let expected: Vec<_> = own.iter().map(|name| set(name, KEPT)).collect();
        assert_eq!(all(&completed), expected);
        let session = completed.cookie().unwrap();
        let shown = [("cookie", &*session)];
        if function != "login-session" {
            let purpose = purpose_of(function);
            let address = format!("/truid/log-out?purpose={purpose}");
            let gone = node.post(&address, &shown, "").await;
            assert_eq!(all(&gone), [set(own[0], GONE)]);
        }
        let gone = node.post("/truid/log-out", &shown, "").await;
        let every = [login, "__Host-switchback-signing", verification, onboarding];
        assert_eq!(all(&gone), every.map(|name| set(name, GONE)));
    }
}

/// `document::check` tests these headers in each answer.
#[tokio::test]
async fn pages_are_not_cached_framed_referred_or_sniffed() {
    let fixture = BackendFixture::new().await;
    let node = fixture.node();
    let answers = [
        node.get("/truid/login-session", &[XHR]).await,
        node.get("/truid/login-session", &[HTML]).await,
        node.get("/truid/complete", &[HTML]).await,
        node.get("/truid/complete", &[XHR]).await,
        node.get("/truid/session", &[]).await,
        node.post("/truid/session", &[], "").await,
        node.post("/truid/log-out", &[HTML], "").await,
        node.get("/elsewhere", &[]).await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{answer:?}");
        assert!(policy.contains("frame-ancestors 'self'"), "{answer:?}");
    }
}
