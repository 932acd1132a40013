//! A strict reader of `application/x-www-form-urlencoded`, for queries and bodies alike
//! (RFC 6749 appendix B): UTF-8 only, every `%` followed by two hex digits, no name twice
//! (section 3.1), no more than [`Form::LONGEST`] bytes. `+` and `%20` are both a space.

use std::borrow::Cow;

use crate::{Finding, Refusal};

/// The parameters of a request, in their order.
pub(crate) struct Form<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The parameters whose names may be repeated in a description. Any other name could be a
/// secret that was put in the wrong place.
const KNOWN: [&str; 21] = [
    "response_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "claims",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "request_uri",
    "request",
    "grant_type",
    "code",
    "refresh_token",
    "access_token",
    "error",
    "iss",
];

/// The parameters that a client says and proves with who it is.
const AUTHENTICATION: [&str; 4] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

impl<'a> Form<'a> {
    /// The longest form that is read, in bytes.
    pub(crate) const LONGEST: usize = 16 * 1024;
    /// The most parameters that are read.
    const MOST: usize = 64;

    /// Reads a form.
    ///
    /// # Errors
    /// `invalid_request` where it is too long, or its encoding is wrong. A name that is
    /// there twice is told by [`Form::once`], since an authorization endpoint may have to
    /// send that error back.
    ///
    /// Only [`super::incoming`] and [`super::link`] call it, once for each request and link.
    pub(super) fn parse(text: &'a str) -> Result<Form<'a>, Refusal> {
        if text.len() > Self::LONGEST {
            return Err(Refusal::request(
                Finding::RequestMalformed,
                "the parameters are longer than 16 KiB",
            ));
        }
        let mut pairs = Vec::with_capacity(10);
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = decode(name).map_err(|how| {
                Refusal::request(
                    Finding::RequestMalformed,
                    format!("the name of a parameter {how}"),
                )
            })?;
            let value = decode(value).map_err(|how| {
                let more = match &*name {
                    "scope" => "; separate the data points by one space, %20",
                    _ => "",
                };
                Refusal::request(
                    Finding::RequestMalformed,
                    format!("the value of {} {how}{more}", shown(&name)),
                )
            })?;
            if pairs.len() == Self::MOST {
                return Err(Refusal::request(
                    Finding::RequestMalformed,
                    "there are more than 64 parameters",
                ));
            }
            pairs.push((name, value));
        }
        Ok(Form { pairs })
    }

    /// The value of a parameter. One without a value counts as absent (RFC 6749
    /// section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    /// The value of a parameter that must be there, and what it is where it is not.
    pub(crate) fn need(&self, name: &str, finding: Finding) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::request(finding, format!("{name} is missing")))
    }

    /// All values, whatever they are called.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(_, value)| value.as_ref())
    }

    /// Whether this name is there more than once.
    pub(crate) fn repeats(&self, name: &str) -> bool {
        self.pairs.iter().filter(|(n, _)| n == name).count() > 1
    }

    /// Holds the form to no name twice.
    ///
    /// # Errors
    /// `invalid_request`, with the first name that is there twice.
    pub(crate) fn once(&self) -> Result<(), Refusal> {
        for (index, (name, _)) in self.pairs.iter().enumerate() {
            if self.pairs[..index].iter().any(|(n, _)| n == name) {
                return Err(Refusal::request(
                    Finding::ParameterRepeated,
                    format!("{} is there more than once; send it once", shown(name)),
                ));
            }
        }
        Ok(())
    }

    /// The first parameter with a value that is none of `allowed`, fit to be shown.
    pub(crate) fn other_than(&self, allowed: &[&str]) -> Option<&str> {
        self.pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, _)| name.as_ref())
            .find(|name| !allowed.contains(name))
            .map(shown)
    }

    /// The authorization request in a pushed one: without what the client
    /// proves itself with, and with
    /// the `client_id` that HTTP Basic may have brought in its place.
    pub(crate) fn pushed_by<'b>(&'b self, client_id: &'b str) -> Form<'b> {
        let own = (Cow::Borrowed("client_id"), Cow::Borrowed(client_id));
        let others = self
            .pairs
            .iter()
            .filter(|(name, _)| !AUTHENTICATION.contains(&name.as_ref()))
            .map(|(name, value)| (Cow::Borrowed(name.as_ref()), Cow::Borrowed(value.as_ref())));
        Form {
            pairs: std::iter::once(own).chain(others).collect(),
        }
    }
}

/// A name as a description may show it.
fn shown(name: &str) -> &str {
    KNOWN
        .iter()
        .find(|known| **known == name)
        .copied()
        .unwrap_or("a parameter that is none of the protocol's")
}

/// One name or value, decoded; otherwise what is wrong with it, to be read after what it
/// belongs to.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, &'static str> {
    // What a URI or a form may hold unencoded. `%00` and the other control characters
    // have no use in any parameter of the protocol.
    if !text.bytes().all(|b| matches!(b, 0x21..=0x7e)) {
        return Err("has characters that must be percent-encoded");
    }
    if !text.bytes().any(|b| matches!(b, b'%' | b'+')) {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
                match (digit(), digit()) {
                    (Some(high), Some(low)) => (high * 16 + low) as u8,
                    _ => return Err("has a % that is not followed by two hex digits"),
                }
            }
            other => other,
        });
    }
    let text = String::from_utf8(out).map_err(|_| "is not UTF-8 once decoded")?;
    if text.chars().any(char::is_control) {
        return Err("has a control character, such as a tab or the end of a line");
    }
    Ok(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        match Form::parse(text) {
            Ok(form) => form.once().unwrap_err().description,
            Err(refusal) => refusal.description,
        }
    }

    #[test]
    fn it_reads_what_the_standard_allows() {
        let form = Form::parse("a=1&b=x%2Fy+z%20%C3%B6&&c&d=e=f&g=%2B").unwrap();
        assert!(form.once().is_ok());
        assert_eq!(form.get("a"), Some("1"));
        assert_eq!(form.get("b"), Some("x/y z ö"));
        assert_eq!(form.get("c"), None);
        assert_eq!(form.get("d"), Some("e=f"));
        assert_eq!(form.get("g"), Some("+"));
        assert!(Form::parse("").unwrap().pairs.is_empty());
        assert_eq!(
            form.need("z", Finding::GrantType).unwrap_err().description,
            "z is missing"
        );
    }

    #[test]
    fn it_refuses_the_rest() {
        assert!(why("a=%").contains("hex"));
        assert!(why("a=%2").contains("hex"));
        assert!(why("a=%2g").contains("hex"));
        assert!(why("a=%+1").contains("hex"));
        assert!(why("a=%FF").contains("UTF-8"));
        assert!(why("%C3=1").contains("UTF-8"));
        assert!(why("a=%C0%80").contains("UTF-8"));
        assert!(why("a=%00").contains("control"));
        for scope in ["scope=a%0Ab", "scope=a%09b", "scope=a b"] {
            assert!(why(scope).contains("by one space"), "{scope}");
        }
        assert!(why("a=ö").contains("percent-encoded"));
        assert!(why("a=b c").contains("percent-encoded"));
        assert!(why("state=1&state=1").starts_with("state is there more than once"));
        assert!(why("st%61te=1&state=2").starts_with("state is there"));
        assert!(why("state&state=2").starts_with("state is there"));
        assert!(why(&"a".repeat(16 * 1024 + 1)).contains("16 KiB"));
        assert!(why(&"a=1&".repeat(65)).contains("64"));
    }

    #[test]
    fn unknown_names_are_not_repeated() {
        assert!(!why("hunter2=1&hunter2=1").contains("hunter2"));
        assert!(!why("hunter2=%").contains("hunter2"));
        let form = Form::parse("client_id=1&hunter2=1").unwrap();
        assert!(!form.other_than(&["client_id"]).unwrap().contains("hunter2"));
        assert_eq!(form.other_than(&["client_id", "hunter2"]), None);
        let form = Form::parse("client_id=1&hunter2=").unwrap();
        assert_eq!(form.other_than(&["client_id"]), None);
    }
}
