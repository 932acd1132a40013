//! Compares this library with its peers in one run: an authorization URL with PKCE, state and
//! nonce; a callback; a token answer.
//!
//! Machines are noisy, so compare the ratios at the end. They are medians of rounds in which all
//! candidates run in turn.

#![expect(clippy::print_stdout, reason = "a benchmark reports on the terminal")]

#[path = "side_by_side.rs"]
mod side_by_side;

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreJsonWebKeySet};
use openidconnect::{IssuerUrl, Nonce};
use sha2::{Digest as _, Sha256};
use switchback_protocol::authorization::AuthorizationRequest;
use switchback_protocol::http::Response;
use switchback_protocol::{
    Environment, Provider, Purpose, Random, RedirectUri, Registration, callback, token,
};

use side_by_side::compare;

const ENDPOINT: &str = "https://api.truid.app/oauth2/v1/authorize/login-session";
const CLIENT_ID: &str = "abcdef";
const REDIRECT_URI: &str = "https://example.com/truid/callback";
const SCOPE: [&str; 3] = [
    "truid.app/data-point/email",
    "truid.app/data-point/name",
    "truid.app/data-point/birthdate",
];
const ANSWER: &[u8] = br#"{"access_token":"2YotnFZFEjr1zCsicMWpAA2YotnFZFEjr1zCsicMWpAA","token_type":"bearer","expires_in":300,"refresh_token":"tGzv3JOkF0XG5Qx2TlKWIAtGzv3JOkF0XG5Qx2TlKWIA","scope":"truid.app/data-point/email truid.app/data-point/name"}"#;

/// How many calls are timed at once.
const CALLS: u32 = 2000;

/// The minimum work: 96 random bytes and one SHA-256.
fn floor() {
    let mut bytes = [0; 96];
    getrandom::fill(&mut bytes).unwrap_or_default();
    black_box(Sha256::digest(black_box(&bytes[..43])));
}

fn switchback_url(registration: &Registration, extra: &BTreeMap<String, String>) {
    let mut bytes = [[0; 32]; 3];
    getrandom::fill(bytes.as_flattened_mut()).unwrap_or_default();
    let state = Random::new(&bytes[0]);
    let verifier = Random::new(&bytes[1]);
    let nonce = Random::new(&bytes[2]);
    let url = AuthorizationRequest {
        purpose: Purpose::Login,
        scope: &SCOPE,
        state: state.as_str(),
        code_verifier: verifier.as_str(),
        nonce: Some(nonce.as_str()),
        extra,
    }
    .url(registration);
    let _ = black_box((url, state, verifier, nonce));
}

fn url(c: &mut Criterion) {
    let extra = BTreeMap::new();
    let registration = Registration::new(
        Provider::truid(),
        CLIENT_ID,
        REDIRECT_URI,
        Environment::Production,
    )
    .expect("a registration");
    let oauth2 = BasicClient::new(ClientId::new(CLIENT_ID.into()))
        .set_auth_uri(AuthUrl::new(ENDPOINT.into()).expect("a URL"))
        .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.into()).expect("a URL"));
    let oauth2_url = || {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let url = oauth2
            .authorize_url(CsrfToken::new_random)
            .add_scopes(SCOPE.map(|scope| Scope::new(scope.into())))
            .set_pkce_challenge(challenge)
            .url();
        let _ = black_box((url, verifier));
    };
    let openid = CoreClient::new(
        ClientId::new(CLIENT_ID.into()),
        IssuerUrl::new("https://api.truid.app".into()).expect("a URL"),
        CoreJsonWebKeySet::new(Vec::new()),
    )
    .set_auth_uri(AuthUrl::new(ENDPOINT.into()).expect("a URL"))
    .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.into()).expect("a URL"));
    let openid_url = || {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let url = openid
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(SCOPE.map(|scope| Scope::new(scope.into())))
            .set_pkce_challenge(challenge)
            .url();
        let _ = black_box((url, verifier));
    };

    let mut group = c.benchmark_group("authorization URL");
    group.bench_function("floor (96 random bytes, one SHA-256)", |b| b.iter(floor));
    group.bench_function("switchback", |b| {
        b.iter(|| switchback_url(&registration, &extra))
    });
    group.bench_function("oauth2 5 (no nonce)", |b| b.iter(oauth2_url));
    group.bench_function("openidconnect 4", |b| b.iter(openid_url));
    group.finish();
    compare(
        "authorization URL",
        CALLS,
        &mut [
            ("floor", &mut floor),
            ("switchback", &mut || switchback_url(&registration, &extra)),
            ("oauth2 5", &mut || oauth2_url()),
            ("openidconnect 4", &mut || openid_url()),
        ],
    );
}

fn read_callback(c: &mut Criterion) {
    let ours = RedirectUri::new(REDIRECT_URI, Environment::Production).expect("a redirect URI");
    let link = format!("{REDIRECT_URI}?code={0}&state={0}", "c".repeat(43));
    let mut switchback = || {
        let _ = black_box(callback::read(black_box(&link), &ours));
    };
    // The peers leave the callback to their caller; this code is from their examples.
    let mut by_url = || {
        let url = url::Url::parse(black_box(&link)).expect("a URL");
        let find = |name: &str| {
            url.query_pairs()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.into_owned())
        };
        black_box((find("code"), find("state")));
    };
    let mut group = c.benchmark_group("callback");
    group.bench_function("switchback (all checks)", |b| b.iter(&mut switchback));
    group.bench_function("url, as in the peers' examples (no checks)", |b| {
        b.iter(&mut by_url)
    });
    group.finish();
    compare(
        "callback",
        CALLS,
        &mut [("url", &mut by_url), ("switchback", &mut switchback)],
    );
}

fn token_answer(c: &mut Criterion) {
    let response = Response {
        status: 200,
        headers: vec![("content-type".into(), "application/json".into())],
        body: ANSWER.to_vec(),
    };
    let mut switchback = || {
        let _ = black_box(token::read(black_box(&response), &[]));
    };
    let mut oauth2 = || {
        let _ = black_box(serde_json::from_slice::<BasicTokenResponse>(black_box(
            ANSWER,
        )));
    };
    let mut group = c.benchmark_group("token answer");
    group.bench_function("switchback (with status and content type)", |b| {
        b.iter(&mut switchback)
    });
    group.bench_function("oauth2 5", |b| b.iter(&mut oauth2));
    group.finish();
    compare(
        "token answer",
        CALLS,
        &mut [("oauth2 5", &mut oauth2), ("switchback", &mut switchback)],
    );
}

criterion_group!(benches, url, read_callback, token_answer);
criterion_main!(benches);
