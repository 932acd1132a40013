//! A correct client with new values for each login, so that a test can change one value and see
//! the effect.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use switchback_sandbox::{Config, RegisteredClient, Sandbox};

use crate::support::*;

pub(crate) const EMAIL: &str = "truid.app/data-point/email";
pub(crate) const EMAIL_CLAIM: &str = "truid.app/claim/email/v1";
pub(crate) const BACKEND_REDIRECT: &str = "https://service.example/truid/complete";

/// The lifetime of the first access token of a login session, in seconds.
pub(crate) const FIRST_LIFE: i64 = 150;
/// After this time, in seconds, a refresh is not early, and the access token is still valid.
pub(crate) const DUE: i64 = 140;

/// A client with its running sandbox.
pub(crate) struct TestClient {
    pub(crate) sandbox: Sandbox,
    pub(crate) to: std::net::SocketAddr,
    /// The number of logins, for unique values.
    logins: usize,
}

/// The parameters of a login, with the code verifier.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) parameters: Vec<(&'static str, String)>,
    pub(crate) verifier: String,
}

impl Login {
    pub(crate) fn set(mut self, name: &'static str, value: &str) -> Login {
        self.parameters.retain(|(own, _)| *own != name);
        self.parameters.push((name, value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Login {
        self.parameters.retain(|(own, _)| *own != name);
        self
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        let pair = self.parameters.iter().find(|(own, _)| *own == name);
        &pair.unwrap().1
    }

    fn form(&self) -> String {
        let pairs = self.parameters.iter();
        encode(&pairs.map(|(n, v)| (*n, v.as_str())).collect::<Vec<_>>())
    }
}

impl TestClient {
    pub(crate) async fn start() -> TestClient {
        TestClient::start_with(Config::default()).await
    }

    pub(crate) async fn start_with(config: Config) -> TestClient {
        let sandbox = Sandbox::start(config).await.unwrap();
        let to = sandbox.address();
        TestClient {
            sandbox,
            to,
            logins: 0,
        }
    }

    /// A login of the public client, for the e-mail address.
    pub(crate) fn login(&mut self) -> Login {
        self.logins += 1;
        let number = self.logins;
        let verifier = format!("verifier-{number:0>40}");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let parameters = vec![
            ("response_type", "code".to_owned()),
            ("client_id", "demo-app".to_owned()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("scope", EMAIL.to_owned()),
            ("state", format!("state-{number:0>30}")),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
        ];
        Login {
            parameters,
            verifier,
        }
    }

    /// A login of the confidential client, with its secret, for a pushed authorization request.
    pub(crate) fn confidential_login(&mut self) -> Login {
        self.login()
            .set("client_id", "demo-backend")
            .set("client_secret", RegisteredClient::DEMO_BACKEND_SECRET)
            .set("redirect_uri", BACKEND_REDIRECT)
    }

    pub(crate) async fn authorize(&self, login: &Login, headers: &[&str]) -> Answer {
        self.authorize_for("login-session", login, headers).await
    }

    /// As `authorize`, for any function of Truid.
    pub(crate) async fn authorize_for(
        &self,
        function: &str,
        login: &Login,
        headers: &[&str],
    ) -> Answer {
        let request = format!("GET /oauth2/v1/authorize/{function}?{}", login.form());
        send(self.to, &request, headers, "").await
    }

    pub(crate) async fn push(&self, login: &Login, headers: &[&str]) -> Answer {
        self.push_for("login-session", login, headers).await
    }

    /// As `push`, for any function of Truid.
    pub(crate) async fn push_for(&self, function: &str, login: &Login, headers: &[&str]) -> Answer {
        let headers: Vec<&str> = [FORM].iter().chain(headers).copied().collect();
        let request = format!("POST /oauth2/v1/par/{function}");
        send(self.to, &request, &headers, &login.form()).await
    }

    /// Pushes a login and opens its URL. Returns the authorization request and its answer.
    pub(crate) async fn open_pushed(&self, login: &Login) -> (String, Answer) {
        let pushed = self.push(login, &[]).await.json();
        let query = encode(&[
            ("client_id", login.get("client_id")),
            ("request_uri", text(&pushed, "request_uri")),
        ]);
        let request = format!("GET /oauth2/v1/authorize/login-session?{query}");
        let answer = send(self.to, &request, &[], "").await;
        (request, answer)
    }

    /// Approves the oldest pending request. Returns the callback.
    pub(crate) fn approve(&self) -> String {
        let waiting = self.sandbox.app().waiting().remove(0);
        self.sandbox.app().approve(&waiting.id).unwrap()
    }

    /// Opens and approves the login. Returns the code.
    pub(crate) async fn code(&self, login: &Login) -> String {
        assert_eq!(self.authorize(login, &[]).await.status, 200);
        parameter(&self.approve(), "code").unwrap()
    }

    pub(crate) async fn exchange(&self, login: &Login, code: &str) -> Answer {
        self.exchange_with(login, code, &[]).await
    }

    pub(crate) async fn exchange_with(
        &self,
        login: &Login,
        code: &str,
        headers: &[&str],
    ) -> Answer {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("client_id", "demo-app"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &login.verifier),
        ];
        self.token(&parameters, headers).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.refresh_with(token, &[]).await
    }

    pub(crate) async fn refresh_with(&self, token: &str, headers: &[&str]) -> Answer {
        let parameters = [
            ("grant_type", "refresh_token"),
            ("client_id", "demo-app"),
            ("refresh_token", token),
        ];
        self.token(&parameters, headers).await
    }

    pub(crate) async fn token(&self, parameters: &[(&str, &str)], headers: &[&str]) -> Answer {
        let headers: Vec<&str> = [FORM].iter().chain(headers).copied().collect();
        send(
            self.to,
            "POST /oauth2/v1/token",
            &headers,
            &encode(parameters),
        )
        .await
    }

    /// The tokens of a complete login.
    pub(crate) async fn logged_in(&mut self) -> Value {
        let login = self.login();
        let code = self.code(&login).await;
        self.exchange(&login, &code).await.json()
    }

    pub(crate) async fn present(&self, token: &str, claims: &str) -> Answer {
        let bearer = format!("Authorization: Bearer {token}");
        let query = encode(&[("claims", claims)]);
        let request = format!("GET /exchange/v2/presentation?{query}");
        send(self.to, &request, &[&bearer], "").await
    }

    /// The ids of all findings.
    pub(crate) fn found(&self) -> Vec<&'static str> {
        let found = self.sandbox.findings();
        found.iter().map(|found| found.finding.id()).collect()
    }
}
