//! Scopes: the requested data points among those that a client registered (RFC 6749 section 3.3).

use super::scope_mistake;
use crate::truid::claims;
use crate::{Refusal, RegisteredClient};

/// A set of a client's data points.
#[derive(Clone)]
pub(crate) struct Scope {
    tokens: Box<[ScopeToken]>,
    /// Whether the request contained a scope. An identity verification need not have one.
    named: bool,
}

/// One of the parts that spaces separate (`scope-token` in RFC 6749 section 3.3).
#[derive(Clone, Copy)]
struct ScopeToken {
    /// The data point, as an index in the client's registration.
    place: u16,
    /// The OpenID Connect scope, if the request has it instead of the data point.
    openid: Option<&'static str>,
}

impl ScopeToken {
    /// Reads a data point, or an OpenID Connect scope that means one.
    fn read(name: &str, client: &RegisteredClient) -> Result<ScopeToken, Refusal> {
        let openid = claims::openid_scope(name);
        let data_point = openid.map_or(name, |(_, data_point)| data_point);
        let place = client.data_points.iter().position(|own| own == data_point);
        match place.and_then(|place| u16::try_from(place).ok()) {
            Some(place) => Ok(ScopeToken {
                place,
                openid: openid.map(|(name, _)| name),
            }),
            None => Err(Refusal::scope(scope_mistake::token(name, client))),
        }
    }

    fn data_point(self, client: &RegisteredClient) -> &str {
        let name = client.data_points.get(usize::from(self.place));
        name.map_or("", String::as_str)
    }
}

impl Scope {
    /// Parses a `scope`: registered data points, separated by one space. A repeated data point
    /// counts once.
    ///
    /// # Errors
    /// `invalid_scope`, with the first data point that is not registered.
    pub(crate) fn parse(text: &str, client: &RegisteredClient) -> Result<Scope, Refusal> {
        if let Some(mistake) = scope_mistake::separator(text) {
            return Err(Refusal::scope(mistake));
        }
        let mut tokens: Vec<ScopeToken> = Vec::new();
        for name in text.split(' ') {
            let token = ScopeToken::read(name, client)?;
            if !tokens.iter().any(|own| own.place == token.place) {
                tokens.push(token);
            }
        }
        Ok(Scope {
            tokens: tokens.into(),
            named: true,
        })
    }

    /// All registered data points: the default of a request without a scope.
    pub(crate) fn registered(client: &RegisteredClient) -> Scope {
        let places = 0..u16::try_from(client.data_points.len()).unwrap_or(u16::MAX);
        let token = |place| ScopeToken {
            place,
            openid: None,
        };
        Scope {
            tokens: places.map(token).collect(),
            named: false,
        }
    }

    /// No data points: the default of a signing, whose signature alone can be enough.
    pub(crate) fn none() -> Scope {
        Scope {
            tokens: [].into(),
            named: false,
        }
    }

    /// Parses the `scope` of a refresh, which may request less but not more (RFC 6749 section 6).
    ///
    /// # Errors
    /// `invalid_scope`.
    pub(crate) fn narrow(&self, text: &str, client: &RegisteredClient) -> Result<Scope, Refusal> {
        let asked = Scope::parse(text, client)?;
        let granted = |token: &ScopeToken| self.tokens.iter().any(|own| own.place == token.place);
        if asked.tokens.iter().all(granted) {
            return Ok(asked);
        }
        Err(Refusal::scope(
            "the scope contains more than was granted; leave it out, or start a new authorization request",
        ))
    }

    /// The data points.
    pub(crate) fn data_points<'a>(
        &'a self,
        client: &'a RegisteredClient,
    ) -> impl Iterator<Item = &'a str> {
        self.tokens.iter().map(|token| token.data_point(client))
    }

    /// A scope with only the first data point.
    pub(crate) fn first(&self) -> Scope {
        Scope {
            tokens: self.tokens.iter().take(1).copied().collect(),
            named: self.named,
        }
    }

    /// The index of a data point in the registration, if it is in this scope.
    pub(crate) fn place(&self, name: &str, client: &RegisteredClient) -> Option<u16> {
        let mut tokens = self.tokens.iter();
        let token = tokens.find(|token| token.data_point(client) == name)?;
        Some(token.place)
    }

    /// The data points with claims that the service requested and that are not in `read`.
    pub(crate) fn unread<'a>(&self, read: &[u16], client: &'a RegisteredClient) -> Vec<&'a str> {
        let tokens = self.tokens.iter().filter(|_| self.named);
        let unread = tokens.filter(|token| !read.contains(&token.place));
        unread
            .map(|token| token.data_point(client))
            .filter(|name| claims::has_claim(name))
            .collect()
    }

    /// The scope in an answer, with the same names as in the request.
    pub(crate) fn text(&self, client: &RegisteredClient) -> String {
        let tokens = self.tokens.iter();
        let names = tokens.map(|token| token.openid.unwrap_or(token.data_point(client)));
        names.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "truid.app/data-point/name";
    const EMAIL: &str = "truid.app/data-point/email";

    #[test]
    fn a_scope_has_only_registered_data_points() {
        let mut client = RegisteredClient::demo_app();
        client.data_points = vec![NAME.into(), EMAIL.into()];
        let read = |text: &str| Scope::parse(text, &client).map(|scope| scope.text(&client));
        assert_eq!(read(EMAIL).unwrap(), EMAIL);
        assert_eq!(
            read(&format!("{EMAIL} {NAME}")).unwrap(),
            format!("{EMAIL} {NAME}")
        );
        assert_eq!(read(&format!("{EMAIL} {EMAIL}")).unwrap(), EMAIL);
        // The OpenID Connect scopes that Truid documents keep their names.
        client
            .data_points
            .push("truid.app/data-point/phone-number".into());
        for good in ["email", "phone", "email phone", &format!("phone {NAME}")] {
            assert_eq!(Scope::parse(good, &client).unwrap().text(&client), good);
        }
        let email = Scope::parse("email", &client).unwrap();
        assert_eq!(email.data_points(&client).collect::<Vec<_>>(), [EMAIL]);
        let once = Scope::parse(&format!("{EMAIL} email"), &client).unwrap();
        assert_eq!(once.text(&client), EMAIL);
        assert!(once.narrow("email", &client).is_ok());
        client.data_points.pop();
        let read = |text: &str| Scope::parse(text, &client).map(|scope| scope.text(&client));
        for bad in [
            "openid",
            "profile",
            "address",
            "phone",
            "Email",
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
