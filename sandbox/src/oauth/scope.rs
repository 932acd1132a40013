//! Scopes: the data points that were asked for, out of those that a client registered
//! (RFC 6749 section 3.3).

use crate::truid::claims;
use crate::{Refusal, RegisteredClient};

/// Some of a client's data points, by their place in its registration.
#[derive(Clone)]
pub(crate) struct Scope(Box<[u16]>);

impl Scope {
    /// Reads a `scope`: data points with one space between them, each registered for the
    /// client. One that is named twice counts once.
    ///
    /// # Errors
    /// `invalid_scope`, with the first data point that is not registered.
    pub(crate) fn parse(text: &str, client: &RegisteredClient) -> Result<Scope, Refusal> {
        let mut picks = Vec::new();
        for name in text.split(' ') {
            if name.is_empty() {
                return Err(Refusal::scope(
                    "the scope must have exactly one space between two data points, and none around them",
                ));
            }
            let place = client.data_points.iter().position(|own| own == name);
            let Some(place) = place.and_then(|place| u16::try_from(place).ok()) else {
                return Err(Refusal::scope(format!(
                    "{} is not among the data points that this client is registered for",
                    shown(name)
                )));
            };
            if !picks.contains(&place) {
                picks.push(place);
            }
        }
        Ok(Scope(picks.into()))
    }

    /// Reads the `scope` of a refresh, which may ask for less but not for more (RFC 6749
    /// section 6).
    ///
    /// # Errors
    /// `invalid_scope`.
    pub(crate) fn narrow(&self, text: &str, client: &RegisteredClient) -> Result<Scope, Refusal> {
        let asked = Scope::parse(text, client)?;
        if asked.0.iter().all(|pick| self.0.contains(pick)) {
            return Ok(asked);
        }
        Err(Refusal::scope(
            "the scope asks for more than was granted; leave it out, or start a new authorization request",
        ))
    }

    /// The data points.
    pub(crate) fn names<'a>(
        &'a self,
        client: &'a RegisteredClient,
    ) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter_map(|pick| client.data_points.get(usize::from(*pick)))
            .map(String::as_str)
    }

    /// The first data point alone.
    pub(crate) fn first(&self) -> Scope {
        Scope(self.0.iter().take(1).copied().collect())
    }

    /// The place of a data point in the registration, if it is in this scope.
    pub(crate) fn place(&self, name: &str, client: &RegisteredClient) -> Option<u16> {
        let named = |pick: &u16| {
            client
                .data_points
                .get(usize::from(*pick))
                .map(String::as_str)
        };
        self.0
            .iter()
            .copied()
            .find(|pick| named(pick) == Some(name))
    }

    /// The data points that are not among `read`, as far as there is a claim to read.
    pub(crate) fn unread<'a>(&self, read: &[u16], client: &'a RegisteredClient) -> Vec<&'a str> {
        let unread = self.0.iter().filter(|pick| !read.contains(pick));
        unread
            .filter_map(|pick| client.data_points.get(usize::from(*pick)))
            .map(String::as_str)
            .filter(|name| claims::has_claim(name))
            .collect()
    }

    /// The scope as it stands in an answer.
    pub(crate) fn text(&self, client: &RegisteredClient) -> String {
        self.names(client).collect::<Vec<_>>().join(" ")
    }
}

/// A part of a scope as a description may show it: one that looks like a data point or a
/// scope of OpenID Connect.
fn shown(name: &str) -> &str {
    let plain = |b: u8| b.is_ascii_lowercase() || matches!(b, b'.' | b'/' | b'-' | b':');
    if name.len() <= 60 && name.bytes().all(plain) {
        name
    } else {
        "a part of the scope"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "truid.app/data-point/name";
    const EMAIL: &str = "truid.app/data-point/email";

    #[test]
    fn a_scope_is_read_against_the_registration() {
        let mut client = RegisteredClient::demo_app();
        client.data_points = vec![NAME.into(), EMAIL.into()];
        let read = |text: &str| Scope::parse(text, &client).map(|scope| scope.text(&client));
        assert_eq!(read(EMAIL).unwrap(), EMAIL);
        assert_eq!(
            read(&format!("{EMAIL} {NAME}")).unwrap(),
            format!("{EMAIL} {NAME}")
        );
        assert_eq!(read(&format!("{EMAIL} {EMAIL}")).unwrap(), EMAIL);
        for bad in [
            "openid",
            "truid.app/data-point/address",
            "truid.app/data-point/Email",
            " ",
            &format!("{EMAIL} "),
            &format!("{EMAIL}  {NAME}"),
            &format!("{EMAIL},{NAME}"),
        ] {
            assert_eq!(read(bad).unwrap_err().error, "invalid_scope", "{bad}");
        }
        assert!(
            read("openid")
                .unwrap_err()
                .description
                .starts_with("openid ")
        );
        assert!(!read("S3cr3t").unwrap_err().description.contains("S3cr3t"));
        let both = Scope::parse(&format!("{EMAIL} {NAME}"), &client).unwrap();
        let one = both.narrow(NAME, &client).unwrap();
        assert_eq!(one.text(&client), NAME);
        assert_eq!(
            one.narrow(EMAIL, &client).err().unwrap().error,
            "invalid_scope"
        );
    }
}
