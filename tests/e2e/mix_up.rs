//! An honest and a malicious provider: RFC 9700 section 4.4, "Mix-Up Attacks".
//!
//! The honest provider is the sandbox. The authorization endpoint of the malicious provider
//! redirects the person to the honest provider, with the `state` and the challenge of its own
//! login. Its token endpoint collects what arrives.

use switchback::ports::Platform;
use switchback::{
    Backend, Client, Config, Error, LoginOutcome, LoginRequest, Provider, Purpose, store,
};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{CLIENT_ID, Fixture, REDIRECT_URI};

const OTHER_REDIRECT_URI: &str = "https://app.example/attacker/callback";

struct Attack {
    fixture: Fixture,
    attacker: MockServer,
}

impl Attack {
    async fn new() -> Self {
        let attacker = MockServer::start().await;
        let json = r#"{"access_token":"A","token_type":"bearer"}"#;
        let answer = ResponseTemplate::new(200).set_body_raw(json, "application/json");
        Mock::given(any())
            .respond_with(answer)
            .mount(&attacker)
            .await;
        let fixture = Fixture::new().await;
        Self { fixture, attacker }
    }

    /// The configuration of a client of the malicious provider.
    fn attacker_config(&self, redirect_uri: &str) -> Config {
        let provider = Provider::truid().with_base_url(&self.attacker.uri());
        Config::direct(provider, "client-at-attacker", redirect_uri)
    }

    fn own_platform(&self) -> Platform {
        let mut platform = Platform::new(store::Memory::new());
        platform.clock = self.fixture.clock.clone();
        platform
    }

    /// The attacker turns the login into a login with the honest provider. The person approves
    /// there and returns with this link.
    fn redirect_to_honest(&self, url: &str) -> String {
        let (_, query) = url.split_once('?').unwrap();
        let theirs = |name: &str| {
            let pair = query.split('&').find(|pair| pair.starts_with(name));
            pair.unwrap().to_owned()
        };
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let honest = format!(
            "{}/oauth2/v1/authorize/login-session?response_type=code&client_id={CLIENT_ID}\
             &redirect_uri={}&scope={}&{}&{}&code_challenge_method=S256",
            self.fixture.sandbox.url(),
            encode(REDIRECT_URI),
            encode("truid.app/data-point/email"),
            theirs("state="),
            theirs("code_challenge="),
        );
        self.fixture.approve(&honest)
    }

    /// The number of codes that the attacker received.
    async fn stolen_codes(&self) -> usize {
        let all = self.attacker.received_requests().await.unwrap();
        let code = |request: &&wiremock::Request| {
            String::from_utf8_lossy(&request.body).contains("&code=")
        };
        all.iter().filter(code).count()
    }
}

fn login_request() -> LoginRequest {
    LoginRequest::new(Purpose::Login, ["truid.app/data-point/email"])
}

#[tokio::test]
async fn rfc_9700_section_4_4_separate_redirect_uris_stop_mix_up() {
    let attack = Attack::new().await;
    let honest = attack.fixture.app();
    let misled = attack.attacker_config(OTHER_REDIRECT_URI);
    let misled = Client::new(misled, attack.fixture.platform()).unwrap();
    let login = misled.begin(login_request()).await.unwrap();
    let link = attack.redirect_to_honest(&login.url);
    // The code is from the honest provider, the state from the other login.
    for (client, completion) in [
        (&misled, LoginOutcome::NotOurs),
        (&honest, LoginOutcome::Unknown),
    ] {
        assert_eq!(client.complete(&link).await.unwrap(), completion);
    }
    assert_eq!(attack.stolen_codes().await, 0);
    assert_eq!(misled.pending_logins().await.unwrap().len(), 1);
}

/// The attack without the protection: a client that shares the redirect URI sends the code to the
/// attacker. (The two clients have separate stores, and their providers are on this machine, so the
/// check takes them for two tests.)
#[tokio::test]
async fn rfc_9700_section_4_4_a_shared_redirect_uri_leaks_the_code() {
    let attack = Attack::new().await;
    let misled = Client::new(attack.attacker_config(REDIRECT_URI), attack.own_platform()).unwrap();
    let login = misled.begin(login_request()).await.unwrap();
    let link = attack.redirect_to_honest(&login.url);
    misled.complete(&link).await.unwrap();
    assert_eq!(attack.stolen_codes().await, 1);
}

#[tokio::test]
async fn rfc_9700_section_4_4_two_providers_cannot_share_a_redirect_uri() {
    let attack = Attack::new().await;
    let honest = attack.fixture.app();
    let session = attack.fixture.logged_in(&honest).await;
    // The error of the client that begins a login.
    let complaint = async |config: Config, platform: Platform| {
        let misled = Client::new(config, platform).unwrap();
        let mut whats = Vec::new();
        for client in [&misled, &honest] {
            match client.begin(login_request()).await {
                Err(Error::Configuration { what }) => whats.push(what),
                begun => assert!(begun.is_ok(), "{begun:?}"),
            }
        }
        assert!(whats.len() != 1, "{whats:?}");
        whats.pop()
    };
    let platform = || attack.fixture.platform();
    let what = complaint(attack.attacker_config(REDIRECT_URI), platform()).await;
    for part in [
        attack.fixture.sandbox.url(),
        &attack.attacker.uri(),
        REDIRECT_URI,
        "register another redirect URI",
        "RFC 9700",
    ] {
        assert!(what.as_ref().unwrap().contains(part), "{what:?}");
    }
    // The check compares normalized URIs, for all purposes.
    let mut spelled = attack.attacker_config(OTHER_REDIRECT_URI);
    let uri = "https://APP.example:443/truid/callback";
    spelled
        .redirect_uris
        .insert(Purpose::Onboarding, uri.into());
    assert!(complaint(spelled, platform()).await.is_some());
    // An issuer of one client alone does not help: a callback without `iss` could be sent to the
    // other.
    let mut named = attack.attacker_config(REDIRECT_URI);
    named.provider = named.provider.with_issuer("https://attacker.example");
    assert!(complaint(named, platform()).await.is_some());
    // The same provider, and a separate redirect URI.
    assert!(
        complaint(attack.fixture.config(), platform())
            .await
            .is_none()
    );
    let other = attack.attacker_config(OTHER_REDIRECT_URI);
    assert!(complaint(other, platform()).await.is_none());
    // Nothing was sent, and the person stays logged in.
    assert_eq!(attack.stolen_codes().await, 0);
    session.user_info().await.unwrap();
}

/// Also with separate stores, if the provider has another name.
#[tokio::test]
async fn rfc_9700_section_4_4_the_check_covers_the_whole_process() {
    const SHARED: &str = "https://app.example/shared/callback";
    let attack = Attack::new().await;
    let mut config = attack.fixture.config();
    config.redirect_uri = SHARED.into();
    let _honest = Client::new(config, attack.fixture.platform()).unwrap();
    let mut config = attack.attacker_config(SHARED);
    config.provider = crate::other_provider::example_id().with_base_url(&attack.attacker.uri());
    let misled = Client::new(config, attack.own_platform()).unwrap();
    let request = LoginRequest::new(Purpose::Login, ["openid"]);
    let begun = misled.begin(request).await;
    assert!(
        matches!(&begun, Err(Error::Configuration { what }) if what.contains(SHARED)),
        "{begun:?}"
    );
}

/// The bindings give each client a separate store object, and nothing is on this machine.
#[tokio::test]
async fn rfc_9700_section_4_4_the_check_needs_no_common_store() {
    let client = |base_url: &str| {
        let provider = Provider::truid().with_base_url(base_url);
        let config = Config::direct(provider, CLIENT_ID, "https://app.example/two/callback");
        Client::new(config, Platform::new(store::Memory::new())).unwrap()
    };
    let one = client("https://honest.example");
    let _two = client("https://attacker.example");
    let begun = one.begin(login_request()).await;
    assert!(
        matches!(&begun, Err(Error::Configuration { what }) if what.contains("attacker.example")),
        "{begun:?}"
    );
}

/// In mediated mode the app does not check the issuer, so an issuer does not help.
#[tokio::test]
async fn rfc_9700_section_4_4_a_mediated_client_cannot_share_a_redirect_uri() {
    let attack = Attack::new().await;
    let honest = attack.fixture.app();
    let provider = Provider::truid().with_base_url(&attack.attacker.uri());
    let provider = provider.with_issuer("https://attacker.example");
    let backend = Backend::custom("https://app.example/truid/login");
    let mediated = Config::mediated(provider, backend, REDIRECT_URI);
    let mediated = Client::new(mediated, attack.fixture.platform()).unwrap();
    for client in [&honest, &mediated] {
        let begun = client.begin(login_request()).await;
        assert!(
            matches!(&begun, Err(Error::Configuration { what }) if what.contains(REDIRECT_URI)),
            "{begun:?}"
        );
    }
    assert_eq!(attack.stolen_codes().await, 0);
}

/// RFC 9207: both issuers are configured, so the callback names its provider.
#[tokio::test]
async fn rfc_9700_section_4_4_two_issuers_may_share_a_redirect_uri() {
    let attack = Attack::new().await;
    let named = |mut config: Config, issuer: &str| {
        config.provider = config.provider.with_issuer(issuer);
        config
    };
    let honest = named(attack.fixture.config(), "https://honest.example");
    let honest = Client::new(honest, attack.fixture.platform()).unwrap();
    let misled = named(
        attack.attacker_config(REDIRECT_URI),
        "https://attacker.example",
    );
    let misled = Client::new(misled, attack.fixture.platform()).unwrap();
    let login = misled.begin(login_request()).await.unwrap();
    let link = attack.redirect_to_honest(&login.url) + "&iss=https%3A%2F%2Fhonest.example";
    assert_eq!(honest.complete(&link).await.unwrap(), LoginOutcome::Unknown);
    let refused = misled.complete(&link).await;
    assert!(
        matches!(refused, Err(Error::Protocol { .. })),
        "{refused:?}"
    );
    assert_eq!(attack.stolen_codes().await, 0);
}
