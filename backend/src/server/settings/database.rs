//! Checks the database and the keys.

use std::path::PathBuf;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use switchback_config_file::Problems;

use super::common::at;
use super::plan::KeySource;
use super::sources::{Sources, default_key_file};
use super::{Database, Settings};
use crate::sealing::Keys;

/// The default number of connections to PostgreSQL.
const CONNECTIONS: u32 = 10;

pub(super) fn database(
    settings: &Settings,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Option<Database> {
    let given = &settings.database;
    let names = [
        ("sqlite", given.sqlite.is_some()),
        ("sqlite_env", given.sqlite_env.is_some()),
        ("postgres", given.postgres.is_some()),
        ("postgres_env", given.postgres_env.is_some()),
    ];
    let mut named = names.iter().filter(|(_, is_there)| *is_there);
    let Some((name, _)) = named.next() else {
        found.add(
            at("database", "sqlite"),
            "no database is configured: write [database] and sqlite = \"service.db\" for a file, \
             or postgres = \"postgres://user@host/name\" for several nodes",
        );
        return None;
    };
    if let Some((other, _)) = named.next() {
        let reason = format!(
            "{name} is configured too, and there is only one database: remove one of the two"
        );
        found.add(at("database", other), reason);
        return None;
    }
    let variable = |name: &Option<String>| name.as_deref().map(|name| sources.variable(name));
    let place = at("database", name);
    let sqlite = given.sqlite.clone().map(Ok).or_else(|| {
        variable(&given.sqlite_env).map(|value| value.map(|v| PathBuf::from(v.trim())))
    });
    if let Some(file) = sqlite {
        let checked = file.and_then(|file| check_database_file(sources.path(&file)));
        return checked
            .map(Database::Sqlite)
            .map_err(|reason| found.add(place, reason))
            .ok();
    }
    if given.postgres.as_deref().is_some_and(has_password) {
        found.add(
            place,
            "no secret may be in this file, which is often copied and shared: remove \
             the password and set PGPASSWORD or use ~/.pgpass, or name a \
             variable with the whole address, postgres_env = \"NAME\"",
        );
        return None;
    }
    let address = given.postgres.clone().map(|text| Ok(text.into()));
    let address = match address.or_else(|| variable(&given.postgres_env))? {
        Ok(address) => address,
        Err(reason) => {
            found.add(place, reason);
            return None;
        }
    };
    let is_postgres = ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| address.trim().starts_with(scheme));
    // The parser's own error may contain a password.
    match PgConnectOptions::from_str(address.trim()) {
        Ok(options) if is_postgres => Some(Database::Postgres {
            at: format!("{}:{}", options.get_host(), options.get_port()),
            address: address.trim().into(),
            connections: given.connections.unwrap_or(CONNECTIONS),
        }),
        _ => {
            found.add(
                place,
                "not an address of a PostgreSQL database: write postgres://user@host:5432/name",
            );
            None
        }
    }
}

/// Checks that the file exists or can be created.
fn check_database_file(file: PathBuf) -> Result<PathBuf, String> {
    let folder = file.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    if file.is_dir() || file.file_name().is_none() {
        Err("this is a folder: name a file, such as \"service.db\"".into())
    } else if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        Err(format!(
            "the folder {folder} does not exist: create it, or name a file in another folder"
        ))
    } else {
        Ok(file)
    }
}

/// Whether an address contains a password: `user:password@`, or `?password=`.
fn has_password(address: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let user = rest.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || query.contains("password=")
}

pub(super) fn keys(
    settings: &Settings,
    database: Option<&Database>,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Option<KeySource> {
    let given = &settings.keys;
    let (file, env) = (at("keys", "file"), at("keys", "env"));
    if given.file.is_some() || given.env.is_some() {
        let place = if given.file.is_some() {
            file.clone()
        } else {
            env.clone()
        };
        let (by_file, by_env) = (given.file.as_deref(), given.env.as_deref());
        let text = sources.file_or_variable((file, by_file), (env, by_env), found)?;
        let keys = Keys::read(&text);
        return match keys {
            Ok(keys) => Some(KeySource::Given(keys)),
            Err(error) => {
                found.add(place, error.to_string());
                None
            }
        };
    }
    match database? {
        Database::Postgres { .. } => {
            found.add(
                file,
                "missing: all nodes that share a PostgreSQL database need the same keys. Make a \
                 key with `switchback serve --new-key`, and name its file, [keys] file = \"FILE\", or \
                 its variable, env = \"NAME\"",
            );
            None
        }
        Database::Sqlite(path) => {
            let key = default_key_file(path);
            if path.exists() && !key.exists() {
                found.add(
                    at("database", "sqlite"),
                    format!(
                        "the database exists, but its key file {} is missing: restore it, or name \
                         another file, [keys] file = \"FILE\"",
                        key.display()
                    ),
                );
                return None;
            }
            Some(KeySource::DefaultFile(key))
        }
    }
}
