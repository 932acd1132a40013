//! Checks a configuration that parsed.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::http::uri::Authority;
use ipnet::IpNet;
use switchback_config_file::{KeyPath, Problems};
use switchback_protocol::{Provider, Purpose};

use super::common::at;
use super::database::{database, keys};
use super::plan::Tls;
use super::provider::{authentication, provider, registration};
use super::scope_token;
use super::signing::signing;
use super::sources::Sources;
use super::web::{api_keys, page, web};
use super::{LONGEST, Plan, Settings};
use crate::config::{Config, DEFAULT_SESSION_LIFETIME};
use crate::server::{descriptors, tls};
use crate::web::{AndroidApp, Apps};

/// Checks everything, and notes each mistake in `found`.
pub(super) fn check(
    settings: Settings,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Option<Plan> {
    limits(&settings, found);
    descriptors(&settings, found);
    let proxies = proxies(&settings, found);
    hosts(&settings, found);
    apps(&settings.apps, found);
    let provider = provider(&settings, found);
    let mut web = web(&settings, &provider, found);
    web.api_keys = api_keys(&settings, sources, found);
    let page = page(&settings.web, found);
    web.name.clone_from(&page.name);
    let database = database(&settings, sources, found);
    let keys = keys(&settings, database.as_ref(), sources, found);
    let tls = certificate(&settings, sources, found);
    let registration = registration(&settings, &provider, &web, found);
    let authentication = authentication(&settings, sources, found);
    let scopes = purposes(&settings, &provider, found);
    let signing = signing(&settings, sources, found);
    let mut config = Config::new(registration?, authentication?);
    config.scopes = scopes;
    config.signing = signing;
    let given = settings.lifetimes;
    for (to, from) in [
        (&mut config.login_timeout, given.login),
        (&mut config.session_lifetime, given.session),
        (&mut config.token_lifetime, given.token),
        (&mut config.refresh_skew, given.refresh_skew),
        (&mut config.grace, given.grace),
        (&mut config.cached_for, settings.cache.seconds),
    ] {
        *to = from.unwrap_or(*to);
    }
    config.cached_sessions = settings.cache.sessions.unwrap_or(config.cached_sessions);
    config.pushed = settings.provider.pushed.unwrap_or(config.pushed);
    Some(Plan {
        database: database?,
        keys: keys?,
        config,
        web,
        page,
        proxies,
        tls,
        settings,
    })
}

fn limits(settings: &Settings, found: &mut Problems) {
    let mut within = |table, key, value: Option<i64>, range: RangeInclusive<i64>| {
        if value.is_some_and(|value| !range.contains(&value)) {
            let (least, most) = range.into_inner();
            found.add(at(table, key), format!("must be from {least} to {most}"));
        }
    };
    let number = |value: usize| Some(i64::try_from(value).unwrap_or(i64::MAX));
    let (l, limits) = (&settings.lifetimes, &settings.limits);
    within("lifetimes", "login", l.login, 1..=LONGEST);
    within("lifetimes", "session", l.session, 1..=LONGEST);
    within("lifetimes", "token", l.token, 1..=LONGEST);
    within("lifetimes", "refresh_skew", l.refresh_skew, 0..=LONGEST);
    within("lifetimes", "grace", l.grace, 0..=LONGEST);
    within("cache", "seconds", settings.cache.seconds, 0..=LONGEST);
    let sessions = settings.cache.sessions.and_then(number);
    within("cache", "sessions", sessions, 1..=10_000_000);
    within("limits", "body", number(limits.body), 1024..=16_384);
    within("limits", "requests", number(limits.requests), 1..=1_000_000);
    let starts = Some(i64::from(limits.starts_per_minute));
    within("limits", "starts_per_minute", starts, 0..=10_000_000);
    let seconds = i64::try_from(limits.read_seconds).ok().or(Some(i64::MAX));
    within("limits", "read_seconds", seconds, 1..=300);
    let seconds = i64::try_from(limits.write_seconds).ok().or(Some(i64::MAX));
    within("limits", "write_seconds", seconds, 1..=300);
    let (total, per_network) = (limits.connections, limits.connections_per_address);
    within(
        "limits",
        "connections",
        total.and_then(number),
        8..=1_000_000,
    );
    let per_network = per_network.and_then(number);
    within(
        "limits",
        "connections_per_address",
        per_network,
        1..=1_000_000,
    );
    let connections = settings.database.connections.map(i64::from);
    within("database", "connections", connections, 1..=1000);
    // The end of the session ends the token too, so a longer lifetime is a mistake.
    let session = l.session.filter(|seconds| (1..=LONGEST).contains(seconds));
    if let (Some(token), Some(session)) = (l.token, session.or(Some(DEFAULT_SESSION_LIFETIME)))
        && (session + 1..=LONGEST).contains(&token)
    {
        found.add(
            at("lifetimes", "token"),
            format!("longer than a session: write {session} at most, or a longer session"),
        );
    }
}

/// Whether this process may open enough files for the configured connections.
fn descriptors(settings: &Settings, found: &mut Problems) {
    if let Some(connections) = settings.limits.connections
        && let Some(most) = descriptors::most_connections(settings)
        && connections > most
    {
        found.add(
            at("limits", "connections"),
            format!(
                "the limit on open files (ulimit -n; LimitNOFILE of systemd) allows only \
                 {most} connections: raise that limit, or write at most {most}"
            ),
        );
    }
}

fn proxies(settings: &Settings, found: &mut Problems) -> Vec<IpNet> {
    let mut proxies = Vec::new();
    for (index, text) in settings.trusted_proxies.iter().enumerate() {
        let one = text.parse::<IpAddr>().map(IpNet::from);
        match one.or_else(|_| text.parse::<IpNet>()) {
            Ok(net) => proxies.push(net),
            Err(_) => found.add(
                KeyPath::default().key("trusted_proxies").index(index),
                "must be an address or a network, such as 10.0.0.7 or 10.0.0.0/8",
            ),
        }
    }
    proxies
}

fn hosts(settings: &Settings, found: &mut Problems) {
    let is_name = |host: &str| {
        let authority = host.parse::<Authority>();
        authority.is_ok_and(|authority| authority.host() == host)
    };
    for (index, host) in settings.hosts.iter().enumerate() {
        if !is_name(host) {
            found.add(
                KeyPath::default().key("hosts").index(index),
                "must be a host name or an address without a port, such as switchback.internal",
            );
        }
    }
}

fn apps(apps: &Apps, found: &mut Problems) {
    let mut note = |place: KeyPath, apps: Apps| {
        if let Err(error) = apps.check() {
            found.add(place, error.to_string());
        }
    };
    for (index, id) in apps.ios.iter().enumerate() {
        let ios = vec![id.clone()];
        note(
            at("apps", "ios").index(index),
            Apps {
                ios,
                ..Apps::default()
            },
        );
    }
    for (index, app) in apps.android.iter().enumerate() {
        let android: Vec<AndroidApp> = vec![app.clone()];
        note(
            at("apps", "android").index(index),
            Apps {
                android,
                ..Apps::default()
            },
        );
    }
}

fn certificate(settings: &Settings, sources: &Sources<'_>, found: &mut Problems) -> Option<Tls> {
    let given = settings.tls.as_ref()?;
    let files = [("certificate", &given.certificate), ("key", &given.key)];
    let missing = files.iter().filter(|(_, file)| file.as_os_str().is_empty());
    let missing: Vec<_> = missing.map(|(key, _)| *key).collect();
    for key in &missing {
        found.add(at("tls", key), "missing: write the name of a PEM file");
    }
    if !missing.is_empty() {
        return None;
    }
    let (certificate, key) = (sources.path(&given.certificate), sources.path(&given.key));
    match tls::load(&certificate, &key) {
        Ok(config) => Some(Tls {
            certificate,
            key,
            config: Arc::new(config),
        }),
        Err(error) => {
            found.add(at("tls", error.key), error.reason);
            None
        }
    }
}

fn purposes(
    settings: &Settings,
    provider: &Provider,
    found: &mut Problems,
) -> BTreeMap<Purpose, Vec<String>> {
    let mut scopes = BTreeMap::new();
    for (name, scope) in &settings.purposes {
        let place = at("purposes", name);
        let purpose = match offered(name, provider) {
            Ok(purpose) => purpose,
            Err(reason) => {
                found.add(place, reason);
                continue;
            }
        };
        // A signature needs no data about the person.
        if scope.is_empty() && purpose != Purpose::Signing {
            found.add(
                place.clone(),
                format!(
                    "no data point is requested: write at least one, such as [\"{}\"]",
                    scope_token::example(provider).0
                ),
            );
        }
        let mut words = Vec::new();
        for (index, word) in scope.iter().enumerate() {
            match scope_token::problem(provider, word) {
                None => words.extend(provider.scope_token(word)),
                Some(reason) => found.add(place.clone().index(index), reason),
            }
        }
        scopes.insert(purpose, words);
    }
    if settings.purposes.is_empty() {
        found.add(
            KeyPath::default().key("purposes"),
            format!(
                "no purpose is offered: write [purposes] and {} = [\"{}\"]",
                Purpose::Login.as_str(),
                scope_token::example(provider).0
            ),
        );
    }
    scopes
}

/// The purpose with this name, if the provider offers it; otherwise what to write.
fn offered(name: &str, provider: &Provider) -> Result<Purpose, String> {
    let named = Purpose::ALL.into_iter().find(|it| it.as_str() == name);
    match named {
        Some(purpose) if provider.purposes().any(|known| known == purpose) => Ok(purpose),
        _ => {
            // The provider's own name, or the general name in another spelling.
            let meant = provider
                .purpose_named(name)
                .ok()
                .filter(|_| named.is_none());
            let known = provider.purposes().map(Purpose::as_str);
            let known = known.collect::<Vec<_>>().join(", ");
            Err(match meant {
                Some(meant) => format!(
                    "this purpose is called {} here: write that name",
                    meant.as_str()
                ),
                None => format!(
                    "{} does not offer this purpose: write one of {known}",
                    provider.name()
                ),
            })
        }
    }
}
