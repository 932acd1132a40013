//! The registered services, as in Truid's service enrollment.

pub(crate) mod apps;
pub(crate) mod key;
mod method;
pub(crate) mod redirect_uri;

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use self::apps::SAMPLE_CALLBACK;
use crate::Assurance;
use crate::truid::claims::{DATA_POINTS, has_claim};

pub use apps::{AndroidApp, Apps};
pub use method::AuthenticationMethod;

/// A registered service ("Service Enrollment" in the guide). Every client of the sandbox is a
/// test service, so redirect URIs with `http` or a custom scheme are allowed. Keys that RFC 7591
/// defines have its names.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["client_id", "redirect_uris"]))]
pub struct RegisteredClient {
    /// The client identifier.
    // `Config::check` reports a missing value, together with all other mistakes.
    #[serde(default)]
    #[schemars(length(min = 1))]
    pub client_id: String,
    /// The name that the person sees. If left out: the `client_id`.
    #[serde(default, rename = "client_name")]
    pub name: String,
    /// The client secret of a confidential client. Without a secret and a `public_key`, the
    /// client is public (an app), and the sandbox refuses its requests if they contain a secret.
    /// Truid documents no public clients; that a test service can be one is a guess.
    #[serde(rename = "client_secret")]
    #[schemars(length(min = 1))]
    pub secret: Option<String>,
    /// The public key of a confidential client that signs instead of sending a secret
    /// (`private_key_jwt`), in PEM: a P-256 key for ES256, or an RSA key of at least 2,048 bits
    /// for RS256. RFC 7591 has `jwks` instead. That Truid accepts such a key is a guess.
    #[schemars(regex(pattern = "BEGIN PUBLIC KEY"))]
    pub public_key: Option<String>,
    /// The only authentication method that the sandbox accepts from this client. If left out: all
    /// methods that its secret and its key allow. Truid documents `client_secret_post`; that it
    /// accepts others is a guess.
    #[serde(rename = "token_endpoint_auth_method")]
    pub authentication: Option<AuthenticationMethod>,
    /// The redirect URIs. A request must contain one of them, character for character. If a URI
    /// begins with a slash, it is a path on the sandbox itself.
    #[serde(default)]
    #[schemars(length(min = 1))]
    #[schemars(extend("examples" = [["https://app.example/truid/callback"]]))]
    pub redirect_uris: Vec<String>,
    /// The data points that the service may request, as in `truid.app/data-point/email`. If left
    /// out: all data points.
    #[serde(default = "all_data_points")]
    #[schemars(length(min = 1), inner(regex(pattern = "/")))]
    pub data_points: Vec<String>,
    /// The lowest assurance level that the service accepts. If left out: any level. That Truid's
    /// services can set this is a guess.
    pub assurance: Option<Assurance>,
}

fn all_data_points() -> Vec<String> {
    DATA_POINTS.iter().map(|d| d.key.to_owned()).collect()
}

impl RegisteredClient {
    /// The secret of [`RegisteredClient::demo_backend`], which is public.
    pub const DEMO_BACKEND_SECRET: &str = "demo-backend-secret";

    /// A public client (an app without a backend) with all data points.
    pub fn public(client_id: impl Into<String>, redirect_uri: impl Into<String>) -> Self {
        let client_id = client_id.into();
        RegisteredClient {
            name: client_id.clone(),
            client_id,
            secret: None,
            public_key: None,
            authentication: None,
            redirect_uris: vec![redirect_uri.into()],
            data_points: all_data_points(),
            assurance: None,
        }
    }

    /// A confidential client (a service with a backend) with all data points.
    pub fn confidential(
        client_id: impl Into<String>,
        secret: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        RegisteredClient {
            secret: Some(secret.into()),
            ..RegisteredClient::public(client_id, redirect_uri)
        }
    }

    /// A confidential client that signs instead of sending a secret (`private_key_jwt`), with
    /// all data points. `public_key` is in PEM, for P-256 or RSA.
    pub fn with_key(
        client_id: impl Into<String>,
        public_key: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        RegisteredClient {
            public_key: Some(public_key.into()),
            authentication: Some(AuthenticationMethod::PrivateKeyJwt),
            ..RegisteredClient::public(client_id, redirect_uri)
        }
    }

    /// Whether the client has a secret or a key to authenticate with (RFC 6749 section 2.1).
    pub fn is_confidential(&self) -> bool {
        self.secret.is_some() || self.public_key.is_some()
    }

    /// Whether the registration allows this authentication method.
    pub(crate) fn takes(&self, method: AuthenticationMethod) -> bool {
        match (self.authentication, method) {
            (Some(own), method) => own == method,
            (None, AuthenticationMethod::None) => !self.is_confidential(),
            (None, AuthenticationMethod::PrivateKeyJwt) => self.public_key.is_some(),
            (None, _) => self.secret.is_some(),
        }
    }

    /// Whether the registration allows a method that sends the secret.
    pub(crate) fn takes_secrets(&self) -> bool {
        self.takes(AuthenticationMethod::ClientSecretBasic)
            || self.takes(AuthenticationMethod::ClientSecretPost)
    }

    /// The public client `demo-app`, "Demo Shop", with the redirect URIs
    /// `https://app.example/truid/callback`, `demoapp:///callback` and `/sample/callback` on
    /// the sandbox.
    pub fn demo_app() -> Self {
        let mut client = RegisteredClient::public("demo-app", "https://app.example/truid/callback");
        client.name = "Demo Shop".into();
        client.redirect_uris.push("demoapp:///callback".into());
        client.redirect_uris.push(SAMPLE_CALLBACK.into());
        client
    }

    /// The confidential client `demo-backend`, "Demo Service", with the secret
    /// [`RegisteredClient::DEMO_BACKEND_SECRET`] and the redirect URI
    /// `https://service.example/truid/complete`.
    pub fn demo_backend() -> Self {
        let mut client = RegisteredClient::confidential(
            "demo-backend",
            Self::DEMO_BACKEND_SECRET,
            "https://service.example/truid/complete",
        );
        client.name = "Demo Service".into();
        client
    }

    /// The sample redirect URI of the sandbox at the base URL `url`.
    pub(crate) fn sample_callback(url: &str) -> String {
        format!("{url}{SAMPLE_CALLBACK}")
    }

    /// Whether the sandbox at the base URL `url` can play this client's app: the client has no
    /// secret, and its callback can lead to the sandbox.
    pub(crate) fn can_be_tried(&self, url: &str) -> bool {
        let callback = Self::sample_callback(url);
        !self.is_confidential() && self.redirect_uris.contains(&callback)
    }

    /// A scope for examples: name and e-mail address if the client may request them, or else its
    /// first data point with a claim.
    pub(crate) fn sample_scope(&self) -> Vec<&str> {
        let points = || self.data_points.iter().map(String::as_str);
        let preferred = ["truid.app/data-point/name", "truid.app/data-point/email"];
        let scope: Vec<&str> = points().filter(|own| preferred.contains(own)).collect();
        match scope.is_empty() {
            true => points().filter(|own| has_claim(own)).take(1).collect(),
            false => scope,
        }
    }

    /// Turns redirect URIs that are paths into absolute URIs, with the sandbox's base URL.
    pub(crate) fn resolve(&mut self, url: &str) {
        for uri in self.redirect_uris.iter_mut().filter(|uri| is_path(uri)) {
            uri.insert_str(0, url);
        }
    }

    /// Whether `secret` is this client's secret. The comparison takes constant time.
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        let own = self.secret.as_deref().unwrap_or_default();
        self.secret.is_some() && bool::from(own.as_bytes().ct_eq(secret.as_bytes()))
    }
}

/// Whether a redirect URI is a path on the sandbox. Two slashes would begin a host.
pub(crate) fn is_path(uri: &str) -> bool {
    uri.starts_with('/') && !uri.starts_with("//")
}

impl fmt::Debug for RegisteredClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegisteredClient")
            .field("client_id", &self.client_id)
            .field("name", &self.name)
            .field("secret", &self.secret.as_ref().map(|_| "[redacted]"))
            // It could be the private key by mistake.
            .field("public_key", &self.public_key.as_ref().map(|_| "[PEM]"))
            .field("authentication", &self.authentication)
            .field("redirect_uris", &self.redirect_uris)
            .field("data_points", &self.data_points)
            .field("assurance", &self.assurance)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri_on_the_sandbox() {
        let mut client = RegisteredClient::demo_app();
        client.resolve("https://127.0.0.1:81");
        assert_eq!(
            client.redirect_uris,
            [
                "https://app.example/truid/callback",
                "demoapp:///callback",
                "https://127.0.0.1:81/sample/callback"
            ]
        );
    }

    #[test]
    fn secrets_are_compared_and_never_shown() {
        let client = RegisteredClient::demo_backend();
        assert!(client.has_secret("demo-backend-secret"));
        assert!(!client.has_secret("demo-backend-secre"));
        assert!(!client.has_secret(""));
        assert!(!RegisteredClient::demo_app().has_secret(""));
        assert!(!format!("{client:?}").contains("demo-backend-secret"));
        let private = RegisteredClient::with_key("a", "PRIVATE KEY", "https://a.example/");
        assert!(!format!("{private:?}").contains("PRIVATE"));
    }
}
