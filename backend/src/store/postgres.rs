//! PostgreSQL, for a service with several nodes.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgPool, PgPoolOptions};
use switchback_protocol::lease::Owner;
use switchback_protocol::stored::Generation;

use super::batch::Batches;
use super::sql::{commit, insert, migrations, not_migrated, number, remove_expired, statements};
use super::transport::Transport;
use super::{
    AttemptRow, CleanUpBatch, ClientRow, Commit, GrantRow, RowStore, SessionRow, SignatureRow,
    StoreError, StoreFuture, Table,
};
use crate::sealing::Mac;

/// How long a caller waits for a connection. It is short, because each waiting request counts
/// towards the limit on requests: a missing database must be reported before all of them wait.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long one attempt to connect may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A PostgreSQL database that all nodes of a service share.
pub struct Postgres {
    read: PgPool,
    /// The same pool: PostgreSQL has many writers at a time.
    write: PgPool,
    attempts: Batches,
    clock_offset: AtomicI64,
}

impl Postgres {
    /// Connects to an address like `postgres://user:password@host/database`, with at most
    /// `connections` connections, and migrates the tables. If several nodes start at the same
    /// time, one of them migrates. If the host is neither loopback nor a socket, and neither the
    /// address nor `PGSSLMODE` has an `sslmode`, the server's certificate is verified
    /// (`verify-full`).
    ///
    /// # Errors
    /// If the database cannot be reached or used. No error holds the password.
    pub async fn connect(address: &str, connections: u32) -> Result<Self, StoreError> {
        Self::connect_within(ACQUIRE_TIMEOUT, address, connections).await
    }

    async fn connect_within(
        patience: Duration,
        address: &str,
        connections: u32,
    ) -> Result<Self, StoreError> {
        let transport = Transport::read(address)?;
        let options = transport.options.clone();
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(patience)
            .connect_with(options.clone())
            .await;
        let pool = match pool {
            // The pool tried several times, and its error has no reason.
            Err(timed_out @ sqlx::Error::PoolTimedOut) => {
                let once = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
                let error = once.ok().and_then(Result::err).unwrap_or(timed_out);
                return Err(transport.failed(&error));
            }
            pool => pool.map_err(|error| transport.failed(&error))?,
        };
        migrations().run(&pool).await.map_err(not_migrated)?;
        let adding = pool.clone();
        let attempts = Batches::new(move |rows| {
            let pool = adding.clone();
            Box::pin(async move {
                insert::<sqlx::Postgres>(rows)
                    .build()
                    .execute(&pool)
                    .await?;
                Ok(())
            })
        });
        let store = Self {
            attempts,
            read: pool.clone(),
            write: pool,
            clock_offset: AtomicI64::new(0),
        };
        store.measure_clock().await?;
        Ok(store)
    }
}

/// Skips rows that another transaction has locked; the next batch removes them.
fn remove_expired(table: Table) -> &'static str {
    remove_expired!(
        table,
        "ctid = ANY (ARRAY(SELECT ctid FROM ",
        " FOR UPDATE SKIP LOCKED))"
    )
}

impl RowStore for Postgres {
    fn clock_offset(&self) -> i64 {
        self.clock_offset.load(Ordering::Relaxed)
    }

    fn measure_clock(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let there: i64 =
                sqlx::query_scalar("SELECT floor(extract(epoch FROM clock_timestamp()))::BIGINT")
                    .fetch_one(&self.read)
                    .await?;
            let here = SystemTime::now().duration_since(UNIX_EPOCH);
            let here = here.map_or(0, |since| {
                i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
            });
            self.clock_offset.store(there - here, Ordering::Relaxed);
            Ok(())
        })
    }

    /// Another node may run, although this node cannot reach it.
    fn is_gone(&self, _: &Owner) -> bool {
        false
    }

    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            sqlx::query("SELECT 1").execute(&self.write).await?;
            Ok(())
        })
    }

    statements!();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server without a certificate in the place of the database receives neither the user name
    /// nor the password.
    #[tokio::test]
    async fn a_server_without_tls_receives_no_password() {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = vec![0; 8];
            stream.read_exact(&mut heard).await.unwrap();
            // `N`: the server has no TLS.
            stream.write_all(b"N").await.unwrap();
            stream.read_to_end(&mut heard).await.unwrap();
            heard
        });
        // Loopback, in a spelling that the check does not know.
        let address = format!("postgres://me:hunter2@127.1:{port}/service");
        let error = Postgres::connect(&address, 1)
            .await
            .err()
            .unwrap()
            .to_string();
        for word in ["TLS", "sslrootcert=FILE", "sslmode=disable"] {
            assert!(error.contains(word), "{error}");
        }
        assert!(!error.contains("hunter2"), "{error}");
        // Only the SSLRequest message: its length and its code.
        assert_eq!(heard.await.unwrap(), [0, 0, 0, 8, 4, 210, 22, 47]);
    }

    #[tokio::test]
    async fn a_refused_connection_is_reported() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = closed.local_addr().unwrap();
        drop(closed);
        let address = format!("postgres://me:hunter2@{at}/service");
        let connected = Postgres::connect_within(Duration::from_millis(1), &address, 1).await;
        let error = connected.err().unwrap().to_string();
        assert!(error.contains("refused"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
