//! The check of a configuration, whether it was written in Rust or in TOML.

use url::Url;

use switchback_config_file::{ConfigError, KeyPath, Problem, Problems, nearest};

use super::{Config, FURTHEST};
use crate::clients::apps::{is_app_id, is_fingerprint, is_package};
use crate::clients::is_path;
use crate::clients::key::PublicKey;
use crate::misbehaviour::rules::MAX_RULES;
use crate::network::addresses;
use crate::truid::claims::DATA_POINTS;
use crate::{Apps, AuthenticationMethod, RegisteredClient};

impl Config {
    /// Checks everything that [`Sandbox::start`](crate::Sandbox::start) needs.
    ///
    /// # Errors
    /// All mistakes, not only the first.
    pub fn check(&self) -> Result<(), ConfigError> {
        let mut found = Problems::default();
        problems(self, &mut found);
        ConfigError::from_problems(found).map_or(Ok(()), Err)
    }

    /// The JSON Schema (2020-12) of the configuration file.
    pub fn json_schema() -> serde_json::Value {
        switchback_config_file::json_schema::<Self>()
    }

    /// Probable mistakes that are allowed: data points that the sandbox does not know. A client
    /// may request them, but no person has them.
    pub fn warnings(&self) -> Vec<Problem> {
        let mut warnings = Vec::new();
        for (index, client) in self.clients.iter().enumerate() {
            let place = KeyPath::default().key("client").index(index);
            for (n, point) in client.data_points.iter().enumerate() {
                if !DATA_POINTS.iter().any(|known| known.key == point) {
                    warnings.push(Problem {
                        key: place.key("data_points").index(n).to_string(),
                        position: None,
                        reason: unknown_data_point(point),
                    });
                }
            }
        }
        warnings
    }
}

/// The warning for an unknown data point.
fn unknown_data_point(point: &str) -> String {
    let what = "the sandbox does not know this data point, so no person has it";
    match nearest(point, DATA_POINTS.iter().map(|known| known.key)) {
        Some(near) => format!("{what}; did you mean {near}?"),
        None => what.into(),
    }
}

/// Adds all mistakes in `config` to `found`.
pub(super) fn problems(config: &Config, found: &mut Problems) {
    let root = KeyPath::default();
    if let Some(Err(reason)) = config.public_url.as_deref().map(addresses::public) {
        found.add(root.key("public_url"), reason);
    }
    let folder = config.tls.as_ref().map(|tls| tls.folder.as_os_str());
    if folder.is_some_and(|folder| folder.is_empty()) {
        found.add(
            root.key("tls").key("folder"),
            "it is missing; set the folder in which the sandbox stores its certificate authority",
        );
    }
    if !matches!(config.par_status, 200 | 201) {
        found.add(root.key("par_status"), "it must be 200 or 201");
    }
    if config.now.is_some_and(|now| !(0..=FURTHEST).contains(&now)) {
        found.add(
            root.key("now"),
            "it must be from 0 to 1,000,000,000,000 seconds since 1970",
        );
    }
    lifetimes(config, &root.key("lifetimes"), found);
    apps(&config.apps, &root.key("apps"), found);
    limits(config, &root.key("limits"), found);
    clients(config, &root.key("client"), found);
    rules(config, &root.key("misbehave"), found);
    people(config, &root.key("person"), found);
}

fn limits(config: &Config, place: &KeyPath, found: &mut Problems) {
    let limits = &config.limits;
    for (key, limit) in [
        ("waiting", limits.waiting),
        ("pushed", limits.pushed),
        ("grants", limits.grants),
        ("flows", limits.flows),
    ] {
        if limit == 0 {
            found.add(place.key(key), "it must be at least 1");
        }
    }
}

fn clients(config: &Config, place: &KeyPath, found: &mut Problems) {
    if config.clients.is_empty() {
        found.add(
            place.clone(),
            "there is no client; add a [[client]], or leave the key out for the demo clients",
        );
    }
    for (index, client) in config.clients.iter().enumerate() {
        let place = place.index(index);
        self::client(client, &place, found);
        let id = &client.client_id;
        let earlier = &config.clients[..index];
        if !id.is_empty() && earlier.iter().any(|other| other.client_id == *id) {
            found.add(
                place.key("client_id"),
                "another client has the same client_id; each client needs its own",
            );
        }
    }
}

fn rules(config: &Config, place: &KeyPath, found: &mut Problems) {
    if config.rules.len() > MAX_RULES {
        found.add(place.clone(), "there are more than 100 rules; remove some");
    }
    for (index, rule) in config.rules.iter().enumerate() {
        let place = place.index(index);
        if let Err((key, reason)) = rule.problem() {
            found.add(place.key(key), reason);
        }
        let known = |id: &String| config.clients.iter().any(|client| client.client_id == *id);
        if rule.client_id.as_ref().is_some_and(|id| !known(id)) {
            found.add(place.key("client_id"), "no client has this client_id");
        }
    }
}

fn people(config: &Config, place: &KeyPath, found: &mut Problems) {
    if config.people.is_empty() {
        found.add(
            place.clone(),
            "there is no person; add a [[person]], or leave the key out for the invented people",
        );
    }
    for (index, person) in config.people.iter().enumerate() {
        let place = place.index(index);
        for (key, reason) in person.problems() {
            found.add(place.key(key), reason);
        }
        let earlier = &config.people[..index];
        if !person.id.is_empty() && earlier.iter().any(|other| other.id == person.id) {
            found.add(
                place.key("id"),
                "another person has the same id; each person needs their own",
            );
        }
    }
}

fn lifetimes(config: &Config, place: &KeyPath, found: &mut Problems) {
    let l = &config.lifetimes;
    for (key, seconds) in [
        ("waiting", l.waiting),
        ("request_uri", l.request_uri),
        ("code", l.code),
        ("access_token", l.access_token),
        ("first_login_access_token", l.first_login_access_token),
        ("idle_login", l.idle_login),
        ("identity_verification", l.identity_verification),
        ("signing", l.signing),
    ] {
        if !(1..=FURTHEST).contains(&seconds) {
            found.add(
                place.key(key),
                "a lifetime must be from 1 to 1,000,000,000,000 seconds",
            );
        }
    }
}

fn apps(apps: &Apps, place: &KeyPath, found: &mut Problems) {
    for (index, id) in apps.ios.iter().enumerate() {
        if !is_app_id(id) {
            found.add(
                place.key("ios").index(index),
                "it must look like ABCDE12345.com.example.app: ten capital letters and digits, \
                 a dot, and the bundle identifier",
            );
        }
    }
    for (index, app) in apps.android.iter().enumerate() {
        let place = place.key("android").index(index);
        if !is_package(&app.package) {
            found.add(
                place.key("package"),
                "it must be an application id, such as com.example.app",
            );
        }
        let prints = place.key("sha256_cert_fingerprints");
        if app.sha256_cert_fingerprints.is_empty() {
            found.add(
                prints.clone(),
                "it is missing; `./gradlew signingReport` prints it",
            );
        }
        for (index, print) in app.sha256_cert_fingerprints.iter().enumerate() {
            if !is_fingerprint(print) {
                found.add(
                    prints.index(index),
                    "it must be 32 pairs of upper-case hex digits, separated by colons",
                );
            }
        }
    }
}

fn client(client: &RegisteredClient, place: &KeyPath, found: &mut Problems) {
    let visible = |s: &str| s.bytes().all(|b| matches!(b, 0x20..=0x7e));
    if client.client_id.is_empty() {
        found.add(
            place.key("client_id"),
            "it is missing; every client needs one",
        );
    } else if !visible(&client.client_id) {
        found.add(
            place.key("client_id"),
            "it has characters that are not printable ASCII (RFC 6749 appendix A.1)",
        );
    }
    match client.secret.as_deref() {
        Some("") => found.add(
            place.key("client_secret"),
            "it is empty; leave it out for a public client",
        ),
        Some(secret) if !visible(secret) => found.add(
            place.key("client_secret"),
            "it has characters that are not printable ASCII (RFC 6749 appendix A.2)",
        ),
        _ => {}
    }
    let key = client.public_key.as_deref().map(PublicKey::read);
    if let Some(Err(reason)) = key {
        found.add(place.key("public_key"), reason);
    }
    if let Some(reason) = client.authentication.and_then(|m| lacks(client, m)) {
        found.add(place.key("token_endpoint_auth_method"), reason);
    }
    let uris = place.key("redirect_uris");
    if client.redirect_uris.is_empty() {
        found.add(
            uris.clone(),
            "it is missing; a client needs at least one, as in [\"https://app.example/callback\"]",
        );
    }
    for (index, uri) in client.redirect_uris.iter().enumerate() {
        if let Err(reason) = redirect_uri(uri) {
            found.add(uris.index(index), reason);
        }
    }
    let points = place.key("data_points");
    if client.data_points.is_empty() {
        found.add(
            points.clone(),
            "it is empty, so the client could request no data; leave it out for all data points",
        );
    }
    for (index, point) in client.data_points.iter().enumerate() {
        // A scope token (RFC 6749 section 3.3) in the form of a data point.
        let token = |b: u8| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if !point.contains('/') || !point.bytes().all(token) {
            found.add(
                points.index(index),
                "it is not a data point, such as truid.app/data-point/email",
            );
        }
    }
}

/// The mistake, if the client lacks what this method needs.
fn lacks(client: &RegisteredClient, method: AuthenticationMethod) -> Option<&'static str> {
    match method {
        AuthenticationMethod::None if client.is_confidential() => {
            Some("none is for public clients, which have neither client_secret nor public_key")
        }
        AuthenticationMethod::ClientSecretBasic | AuthenticationMethod::ClientSecretPost
            if client.secret.is_none() =>
        {
            Some("this method needs a client_secret; add one")
        }
        AuthenticationMethod::PrivateKeyJwt if client.public_key.is_none() => {
            Some("this method needs a public_key; add one")
        }
        _ => None,
    }
}

fn redirect_uri(uri: &str) -> Result<(), &'static str> {
    if !uri.bytes().all(|b| matches!(b, 0x21..=0x7e)) {
        return Err("it has characters that a URI cannot have; percent-encode them");
    }
    let whole;
    let uri = match is_path(uri) {
        true => {
            whole = format!("https://sandbox.invalid{uri}");
            &whole
        }
        false => uri,
    };
    match Url::parse(uri) {
        Err(_) => Err("it is not an absolute URI, such as https://app.example/callback"),
        Ok(url) if url.query().is_some() || url.fragment().is_some() => {
            Err("it has a query or a fragment; register the URI without them")
        }
        Ok(url) if matches!(url.scheme(), "javascript" | "data" | "file") => {
            Err("its scheme leads to no app; use https, http or a custom scheme")
        }
        Ok(_) => Ok(()),
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
