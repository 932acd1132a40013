//! Scopes: the data points that were asked for, out of those that a client registered
//! (RFC 6749 section 3.3).

use super::scope_mistake;
use crate::truid::claims;
use crate::{Refusal, RegisteredClient};

/// Some of a client's data points.
#[derive(Clone)]
pub(crate) struct Scope {
    words: Box<[Word]>,
    /// Whether the service named them. For an identity verification it need not.
    named: bool,
}

/// One of the words between the spaces.
#[derive(Clone, Copy)]
struct Word {
    /// The data point, by its place in the client's registration.
    place: u16,
    /// The scope of OpenID Connect that stands for the data point, where that was sent.
    openid: Option<&'static str>,
}

impl Word {
    /// Reads a data point, or a scope of OpenID Connect that stands for one.
    fn read(name: &str, client: &RegisteredClient) -> Result<Word, Refusal> {
        let openid = claims::openid_scope(name);
        let data_point = openid.map_or(name, |(_, data_point)| data_point);
        let place = client.data_points.iter().position(|own| own == data_point);
        match place.and_then(|place| u16::try_from(place).ok()) {
            Some(place) => Ok(Word {
                place,
                openid: openid.map(|(name, _)| name),
            }),
            None => Err(Refusal::scope(scope_mistake::word(name, client))),
        }
    }

    fn data_point(self, client: &RegisteredClient) -> &str {
        let name = client.data_points.get(usize::from(self.place));
        name.map_or("", String::as_str)
    }
}

impl Scope {
    /// Reads a `scope`: data points with one space between them, each registered for the
    /// client. One that is named twice counts once.
    ///
    /// # Errors
    /// `invalid_scope`, with the first data point that is not registered.
    pub(crate) fn parse(text: &str, client: &RegisteredClient) -> Result<Scope, Refusal> {
        if let Some(mistake) = scope_mistake::separator(text) {
            return Err(Refusal::scope(mistake));
        }
        let mut words: Vec<Word> = Vec::new();
        for name in text.split(' ') {
            let word = Word::read(name, client)?;
            if !words.iter().any(|own| own.place == word.place) {
                words.push(word);
            }
        }
        Ok(Scope {
            words: words.into(),
            named: true,
        })
    }

    /// All that a client is registered for: the default of a request that names nothing.
    pub(crate) fn registered(client: &RegisteredClient) -> Scope {
        let places = 0..u16::try_from(client.data_points.len()).unwrap_or(u16::MAX);
        let word = |place| Word {
            place,
            openid: None,
        };
        Scope {
            words: places.map(word).collect(),
            named: false,
        }
    }

    /// Reads the `scope` of a refresh, which may ask for less but not for more (RFC 6749
    /// section 6).
    ///
    /// # Errors
    /// `invalid_scope`.
    pub(crate) fn narrow(&self, text: &str, client: &RegisteredClient) -> Result<Scope, Refusal> {
        let asked = Scope::parse(text, client)?;
        let granted = |word: &Word| self.words.iter().any(|own| own.place == word.place);
        if asked.words.iter().all(granted) {
            return Ok(asked);
        }
        Err(Refusal::scope(
            "the scope asks for more than was granted; leave it out, or start a new authorization request",
        ))
    }

    /// The data points.
    pub(crate) fn data_points<'a>(
        &'a self,
        client: &'a RegisteredClient,
    ) -> impl Iterator<Item = &'a str> {
        self.words.iter().map(|word| word.data_point(client))
    }

    /// The first data point alone.
    pub(crate) fn first(&self) -> Scope {
        Scope {
            words: self.words.iter().take(1).copied().collect(),
            named: self.named,
        }
    }

    /// The place of a data point in the registration, if it is in this scope.
    pub(crate) fn place(&self, name: &str, client: &RegisteredClient) -> Option<u16> {
        let mut words = self.words.iter();
        let word = words.find(|word| word.data_point(client) == name)?;
        Some(word.place)
    }

    /// The data points that the service named and that are not among `read`, as far as there
    /// is a claim to read.
    pub(crate) fn unread<'a>(&self, read: &[u16], client: &'a RegisteredClient) -> Vec<&'a str> {
        let words = self.words.iter().filter(|_| self.named);
        let unread = words.filter(|word| !read.contains(&word.place));
        unread
            .map(|word| word.data_point(client))
            .filter(|name| claims::has_claim(name))
            .collect()
    }

    /// The scope as it stands in an answer: in the words in which it was asked for.
    pub(crate) fn text(&self, client: &RegisteredClient) -> String {
        let words = self.words.iter();
        let words = words.map(|word| word.openid.unwrap_or(word.data_point(client)));
        words.collect::<Vec<_>>().join(" ")
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
        // The scopes of OpenID Connect that Truid documents, told as they were asked for.
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
