//! The check that the database belongs to the configured client.
//!
//! The provider issued the stored refresh tokens to one client (RFC 6749 section 10.4). In the name
//! of another client each of them is refused, which would end every session.

use switchback_protocol::{Origin, Registration};

use super::Service;
use crate::error::Error;
use crate::store::ClientRow;

impl Service {
    /// Checks that the database belongs to the configured client, and writes the client into a
    /// database that has none. Call it once, before the first request; the server does. Several
    /// nodes may call it at the same time.
    ///
    /// # Errors
    /// [`Error::Configuration`] if the database belongs to another client, [`Error::Store`].
    pub async fn check_database(&self) -> Result<(), Error> {
        let ours = client_row(self.inner.registration());
        let stored = self.inner.platform.store.claim(ours.clone()).await?;
        if stored == ours {
            return Ok(());
        }
        Err(Error::Configuration(format!(
            "the database belongs to {}, and the configuration names {}: the provider would refuse \
             the stored tokens, and every session would end. Write the earlier provider, base URL \
             and client id into the configuration again, or use an empty database. If the provider \
             only moved this client to another URL, with its tokens, run `DELETE FROM client` in \
             the database",
            named(&stored),
            named(&ours)
        )))
    }
}

fn client_row(registration: &Registration) -> ClientRow {
    let provider = registration.provider();
    ClientRow {
        provider: provider.id().into(),
        base_url: normalized(provider.base_url()),
        client_id: registration.client_id().into(),
    }
}

/// The URL in one spelling: `HTTPS://Id.example:443` is `https://id.example`.
fn normalized(base_url: &str) -> String {
    let after_scheme = base_url.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
    match Origin::of(base_url) {
        Some(origin) => format!("{origin}{path}"),
        None => base_url.into(),
    }
}

fn named(client: &ClientRow) -> String {
    format!(
        "the client {:?} of {} at {}",
        client.client_id, client.provider, client.base_url
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_base_url_are_equal() {
        for (given, expected) in [
            ("https://id.example", "https://id.example"),
            ("HTTPS://ID.example:443", "https://id.example"),
            ("https://id.example:8443", "https://id.example:8443"),
            ("https://id.example/Tenant/a", "https://id.example/Tenant/a"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:8400/a", "http://[::1]:8400/a"),
        ] {
            assert_eq!(normalized(given), expected);
        }
    }
}
