//! How PostgreSQL is reached: over a network nothing is sent, a password least of all, to a
//! server that has not proven who it is.

use std::net::IpAddr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::StoreError;

/// What says `sslmode` where the address does not, as for every program that uses PostgreSQL.
const VARIABLE: &str = "PGSSLMODE";

/// What to write, where TLS was not asked for and is demanded all the same.
const TLS_HELP: &str = "the database is on another machine and no sslmode is said, so that TLS \
     is demanded, and a certificate that can be verified for its host (sslmode=verify-full). Add \
     ?sslrootcert=FILE to its address, where a CA of your own has signed the certificate, or \
     ?sslmode=disable, where nobody else can reach the network in between";

/// Where PostgreSQL is, and how it is reached.
pub(super) struct Transport {
    pub(super) options: PgConnectOptions,
    /// Whether TLS was not asked for and is demanded all the same.
    requires_tls: bool,
}

impl Transport {
    /// By an address, and by the variables that PostgreSQL's own programs know.
    pub(super) fn read(address: &str) -> Result<Self, StoreError> {
        Self::read_in(address, std::env::var(VARIABLE).ok().as_deref())
    }

    fn read_in(address: &str, environment: Option<&str>) -> Result<Self, StoreError> {
        let unreadable = "its address cannot be read: write postgres://user:password@host/database";
        let options = address.parse::<PgConnectOptions>();
        let options = options.map_err(|_| StoreError(unreadable.into()))?;
        let has_mode = has_ssl_mode(address)
            // One that cannot be read says nothing.
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

    /// An error in connecting, with what to do where it may come of what was not said.
    pub(super) fn failed(&self, error: &sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Tls(_) | sqlx::Error::Io(_) if self.requires_tls => {
                StoreError(format!("{error}; {TLS_HELP}"))
            }
            _ => StoreError(error.to_string()),
        }
    }
}

/// Whether `sslmode` stands in an address, in either of the spellings that are read.
fn has_ssl_mode(address: &str) -> bool {
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    let (_, query) = address.split_once('?').unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == "sslmode" || key == "ssl-mode")
}

/// Whether it is on this machine: a socket, or loopback. A name that only resolves to loopback
/// today is not.
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
            // It is no mode, and says nothing.
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
        // The variable counts as well; it was read together with the address.
        let read = Transport::read_in("postgres://me@db/service", Some("disable")).unwrap();
        assert!(!read.requires_tls);
    }
}
