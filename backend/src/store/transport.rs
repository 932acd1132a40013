//! TLS to PostgreSQL. By default, nothing is sent over a network to a server that has not proven
//! its identity, least of all a password.

use std::net::IpAddr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::StoreError;

/// The environment variable with the `sslmode`, if the address has none. Every PostgreSQL client
/// reads it.
const VARIABLE: &str = "PGSSLMODE";

/// What to do if the default `verify-full` fails.
const TLS_HELP: &str = "the database is on another machine and its address has no sslmode, so \
     the service requires TLS and a certificate for that host (sslmode=verify-full). If your own \
     CA signed the certificate, add ?sslrootcert=FILE to the address; if the network in between \
     is private, add ?sslmode=disable";

/// The address of PostgreSQL, and the TLS mode.
pub(super) struct Transport {
    pub(super) options: PgConnectOptions,
    /// Whether `verify-full` is the default, and not from the address or the environment.
    requires_tls: bool,
}

impl Transport {
    /// Reads an address, and the environment variables that PostgreSQL's own programs read.
    pub(super) fn read(address: &str) -> Result<Self, StoreError> {
        Self::read_in(address, std::env::var(VARIABLE).ok().as_deref())
    }

    fn read_in(address: &str, environment: Option<&str>) -> Result<Self, StoreError> {
        let unreadable =
            "the database address cannot be read: write postgres://user:password@host/database";
        let options = address.parse::<PgConnectOptions>();
        let options = options.map_err(|_| StoreError(unreadable.into()))?;
        let has_mode = has_ssl_mode(address)
            // A malformed mode does not count.
            || environment.is_some_and(|mode| mode.parse::<PgSslMode>().is_ok());
        let requires_tls = !has_mode && !is_local(&options);
        let options = match requires_tls {
            true => options.ssl_mode(PgSslMode::VerifyFull),
            false => options,
        };
        Ok(Self {
            options,
            requires_tls,
        })
    }

    /// An error of the connection; with the remedy if the default TLS mode may be the cause.
    pub(super) fn failed(&self, error: &sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Tls(_) | sqlx::Error::Io(_) if self.requires_tls => {
                StoreError(format!("{error}; {TLS_HELP}"))
            }
            _ => StoreError(error.to_string()),
        }
    }
}

/// Whether an address has an `sslmode`, in either of the two spellings that sqlx reads.
fn has_ssl_mode(address: &str) -> bool {
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    let (_, query) = address.split_once('?').unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == "sslmode" || key == "ssl-mode")
}

/// Whether the database is on this machine: a socket or loopback. A name that resolves to loopback
/// does not count, because it may resolve to another address later.
fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    options.get_socket().is_some()
        || host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(address: &str, environment: Option<&str>) -> String {
        let read = Transport::read_in(address, environment).unwrap();
        format!("{:?}", read.options.get_ssl_mode())
    }

    #[test]
    fn remote_hosts_default_to_verify_full() {
        for address in [
            "postgres://me@db.example/service",
            "postgres://me:secret@db/service",
            "postgresql://me@10.0.0.7:5433/service",
            "postgres://me@192.168.1.2/service",
            "postgres://me@[2001:db8::1]/service",
            "postgres://me@0.0.0.0/service",
            "postgres://me@localhost.example/service",
            "postgres://me@127.0.0.1.example/service",
            "postgres://me@127.1/service",
            "postgres://me@localhost/service?host=db.example",
            "postgres://me@127.0.0.1/service?hostaddr=10.0.0.7",
            "postgres://me@db/service?application_name=sslmode%3Ddisable",
            "postgres://me@db/sslmode=disable",
            "postgres://me@db/service#?sslmode=disable",
        ] {
            assert_eq!(mode(address, None), "VerifyFull", "{address}");
            // A malformed mode does not count.
            assert_eq!(
                mode(address, Some("verify_fully")),
                "VerifyFull",
                "{address}"
            );
        }
    }

    #[test]
    fn local_hosts_do_not_require_tls() {
        for address in [
            "postgres://me@localhost/service",
            "postgres://me@LOCALHOST:5433/service",
            "postgres://me@127.0.0.1/service",
            "postgres://me@127.8.9.1/service",
            "postgres://me@[::1]/service",
            "postgres://me@[::ffff:127.0.0.1]/service",
            "postgres://me@%2Fvar%2Frun%2Fpostgresql/service",
            "postgres://me@db/service?host=/var/run/postgresql",
            "postgres://me@db/service?hostaddr=127.0.0.1",
        ] {
            assert_ne!(mode(address, None), "VerifyFull", "{address}");
        }
    }

    #[test]
    fn an_explicit_ssl_mode_is_used() {
        for (address, expected) in [
            ("postgres://me@db/service?sslmode=disable", "Disable"),
            ("postgres://me@db/service?ssl-mode=prefer", "Prefer"),
            ("postgres://me@db/service?a=b&sslmode=require", "Require"),
            ("postgres://me@db/service?ssl%6Dode=verify-ca", "VerifyCa"),
            (
                "postgres://me@127.0.0.1/x?sslmode=verify-full",
                "VerifyFull",
            ),
        ] {
            assert_eq!(mode(address, None), expected, "{address}");
        }
        // The mode may also come from the environment.
        let read = Transport::read_in("postgres://me@db/service", Some("disable")).unwrap();
        assert!(!read.requires_tls);
    }
}
