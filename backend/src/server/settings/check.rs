//! All that can be wrong with a configuration, beside its grammar.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::http::uri::Authority;
use ipnet::IpNet;
use switchback_protocol::{Provider, Purpose};
use switchback_toml::{Found, Place};

use super::database::{database, keys};
use super::origin::Origin;
use super::place::at;
use super::plan::Tls;
use super::provider::{authentication, provider, registration};
use super::scope_word;
use super::web::{api_keys, page, web};
use super::{LONGEST, Plan, Settings};
use crate::config::{Config, SESSION};
use crate::server::{descriptors, tls};
use crate::web::{AndroidApp, Apps};

/// What it comes to; or notes everything that is wrong.
pub(super) fn check(settings: Settings, origin: &Origin<'_>, found: &mut Found) -> Option<Plan> {
    limits(&settings, found);
    descriptors(&settings, found);
    let proxies = proxies(&settings, found);
    hosts(&settings, found);
    apps(&settings.apps, found);
    let provider = provider(&settings, found);
    let mut web = web(&settings, &provider, found);
    web.api_keys = api_keys(&settings, origin, found);
    let page = page(&settings.web, found);
    web.name.clone_from(&page.name);
    let database = database(&settings, origin, found);
    let keys = keys(&settings, database.as_ref(), origin, found);
    let tls = certificate(&settings, origin, found);
    let registration = registration(&settings, &provider, &web, found);
    let authentication = authentication(&settings, origin, found);
    let scopes = purposes(&settings, &provider, found);
    let mut config = Config::new(registration?, authentication?);
    config.scopes = scopes;
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

fn limits(settings: &Settings, found: &mut Found) {
    let mut within = |table, key, value: Option<i64>, range: RangeInclusive<i64>| {
        if value.is_some_and(|value| !range.contains(&value)) {
            let (least, most) = range.into_inner();
            found.add(at(table, key), format!("it must be from {least} to {most}"));
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
    let (in_all, of_one) = (limits.connections, limits.connections_per_address);
    within(
        "limits",
        "connections",
        in_all.and_then(number),
        8..=1_000_000,
    );
    let of_one = of_one.and_then(number);
    within("limits", "connections_per_address", of_one, 1..=1_000_000);
    let connections = settings.database.connections.map(i64::from);
    within("database", "connections", connections, 1..=1000);
    // A session bounds it anyway, and so it was meant otherwise.
    let session = l.session.filter(|seconds| (1..=LONGEST).contains(seconds));
    if let (Some(token), Some(session)) = (l.token, session.or(Some(SESSION)))
        && (session + 1..=LONGEST).contains(&token)
    {
        found.add(
            at("lifetimes", "token"),
            format!("no session lives for so long: write {session} at most, or a longer session"),
        );
    }
}

/// Whether this process may open as many files as the connections that are asked for take.
fn descriptors(settings: &Settings, found: &mut Found) {
    if let Some(connections) = settings.limits.connections
        && let Some(most) = descriptors::most_connections(settings)
        && connections > most
    {
        found.add(
            at("limits", "connections"),
            format!(
                "the limit on open files (ulimit -n; LimitNOFILE of systemd) leaves room for \
                 {most}: raise it, or write {most} at most"
            ),
        );
    }
}

fn proxies(settings: &Settings, found: &mut Found) -> Vec<IpNet> {
    let mut proxies = Vec::new();
    for (index, text) in settings.trusted_proxies.iter().enumerate() {
        let one = text.parse::<IpAddr>().map(IpNet::from);
        match one.or_else(|_| text.parse::<IpNet>()) {
            Ok(net) => proxies.push(net),
            Err(_) => found.add(
                Place::default().key("trusted_proxies").index(index),
                "it must be an address or a network, such as 10.0.0.7 or 10.0.0.0/8",
            ),
        }
    }
    proxies
}

fn hosts(settings: &Settings, found: &mut Found) {
    let is_name = |host: &str| {
        let authority = host.parse::<Authority>();
        authority.is_ok_and(|authority| authority.host() == host)
    };
    for (index, host) in settings.hosts.iter().enumerate() {
        if !is_name(host) {
            found.add(
                Place::default().key("hosts").index(index),
                "it must be a name or an address without a port, such as switchback.internal",
            );
        }
    }
}

fn apps(apps: &Apps, found: &mut Found) {
    let mut note = |place: Place, apps: Apps| {
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

fn certificate(settings: &Settings, origin: &Origin<'_>, found: &mut Found) -> Option<Tls> {
    let given = settings.tls.as_ref()?;
    let files = [("certificate", &given.certificate), ("key", &given.key)];
    let missing = files.iter().filter(|(_, file)| file.as_os_str().is_empty());
    let missing: Vec<_> = missing.map(|(key, _)| *key).collect();
    for key in &missing {
        found.add(at("tls", key), "it is missing: name a file in PEM");
    }
    if !missing.is_empty() {
        return None;
    }
    let (certificate, key) = (origin.path(&given.certificate), origin.path(&given.key));
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
    found: &mut Found,
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
        if scope.is_empty() {
            found.add(
                place.clone(),
                format!(
                    "nothing is asked for: name at least one data point, such as [\"{}\"]",
                    scope_word::example(provider).0
                ),
            );
        }
        let mut words = Vec::new();
        for (index, word) in scope.iter().enumerate() {
            match scope_word::mistake(provider, word) {
                None => words.extend(provider.scope_word(word)),
                Some(reason) => found.add(place.clone().index(index), reason),
            }
        }
        scopes.insert(purpose, words);
    }
    if settings.purposes.is_empty() {
        found.add(
            Place::default().key("purposes"),
            format!(
                "no purpose is offered: write [purposes] and {} = [\"{}\"]",
                Purpose::Login.as_str(),
                scope_word::example(provider).0
            ),
        );
    }
    scopes
}

/// The purpose of this name, where the provider has it; or what to write.
fn offered(name: &str, provider: &Provider) -> Result<Purpose, String> {
    let named = Purpose::ALL.into_iter().find(|it| it.as_str() == name);
    match named {
        Some(purpose) if provider.purposes().any(|known| known == purpose) => Ok(purpose),
        _ => {
            // The provider's own word, or the general one written in another way.
            let meant = provider
                .purpose_named(name)
                .ok()
                .filter(|_| named.is_none());
            let known = provider.purposes().map(Purpose::as_str);
            let known = known.collect::<Vec<_>>().join(", ");
            Err(match meant {
                Some(meant) => format!("it is called {} here: write that", meant.as_str()),
                None => format!(
                    "{} has no such purpose: write one of {known}",
                    provider.name()
                ),
            })
        }
    }
}
