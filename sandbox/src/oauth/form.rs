//! A strict parser of `application/x-www-form-urlencoded`, for queries and bodies (RFC 6749
//! appendix B): only UTF-8, two hex digits after every `%`, no repeated name (section 3.1), at
//! most [`Form::MAX_LENGTH`] bytes. Both `+` and `%20` are a space.

use std::borrow::Cow;

use crate::signing::PARAMETERS;
use crate::{Finding, Refusal};

/// The parameters of a request, in their order.
pub(crate) struct Form<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The parameters whose names may appear in a description. Any other name could be a secret in the
/// wrong place.
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

/// The parameters of client authentication.
const AUTHENTICATION: [&str; 4] = [
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
];

impl<'a> Form<'a> {
    /// The maximum length of a form, in bytes.
    pub(crate) const MAX_LENGTH: usize = 16 * 1024;
    /// The maximum number of parameters.
    const MAX_PARAMETERS: usize = 64;

    /// Parses a form. Only [`super::incoming`] and [`super::link`] call this, once for each
    /// request and link.
    ///
    /// # Errors
    /// `invalid_request` if the form is too long or its encoding is wrong. [`Form::once`] reports
    /// repeated names, because an authorization endpoint may have to send that error to the
    /// redirect URI.
    pub(super) fn parse(text: &'a str) -> Result<Form<'a>, Refusal> {
        if text.len() > Self::MAX_LENGTH {
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
                    "scope" => "; separate the data points by one space (%20)",
                    _ => "",
                };
                Refusal::request(
                    Finding::RequestMalformed,
                    format!("the value of {} {how}{more}", shown(&name)),
                )
            })?;
            if pairs.len() == Self::MAX_PARAMETERS {
                return Err(Refusal::request(
                    Finding::RequestMalformed,
                    "there are more than 64 parameters",
                ));
            }
            pairs.push((name, value));
        }
        Ok(Form { pairs })
    }

    /// The value of a parameter. An empty value counts as absent (RFC 6749 section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_ref())
            .filter(|value| !value.is_empty())
    }

    /// The value of a required parameter, or a refusal with this finding.
    pub(crate) fn need(&self, name: &str, finding: Finding) -> Result<&str, Refusal> {
        self.get(name)
            .ok_or_else(|| Refusal::request(finding, format!("{name} is missing")))
    }

    /// The values of all parameters.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(_, value)| value.as_ref())
    }

    /// Whether this name is repeated.
    pub(crate) fn repeats(&self, name: &str) -> bool {
        self.pairs.iter().filter(|(n, _)| n == name).count() > 1
    }

    /// Checks that no name is repeated.
    ///
    /// # Errors
    /// `invalid_request`, with the first repeated name.
    pub(crate) fn once(&self) -> Result<(), Refusal> {
        for (index, (name, _)) in self.pairs.iter().enumerate() {
            if self.pairs[..index].iter().any(|(n, _)| n == name) {
                return Err(Refusal::request(
                    Finding::ParameterRepeated,
                    format!("{} is repeated; send it once", shown(name)),
                ));
            }
        }
        Ok(())
    }

    /// The first parameter with a value that is not in `allowed`, as a description may show it.
    pub(crate) fn other_than(&self, allowed: &[&str]) -> Option<&str> {
        self.pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, _)| name.as_ref())
            .find(|name| !allowed.contains(name))
            .map(shown)
    }

    /// The authorization request in a pushed one: without the parameters of client authentication,
    /// and with the authenticated `client_id`, which can come from HTTP Basic.
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
        .chain(&PARAMETERS)
        .find(|known| **known == name)
        .copied()
        .unwrap_or("a parameter that the protocol does not have")
}

/// Decodes a name or a value.
///
/// # Errors
/// The mistake, as the rest of a sentence that begins with the name.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, &'static str> {
    // The characters that a URI or a form may contain unencoded.
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
    // No parameter of the protocol can have control characters.
    if text.chars().any(char::is_control) {
        return Err("has a control character, such as a tab or a line break");
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
    fn valid_forms_are_parsed() {
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
    fn malformed_forms_are_refused() {
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
        assert!(why("state=1&state=1").starts_with("state is repeated"));
        assert!(why("st%61te=1&state=2").starts_with("state is repeated"));
        assert!(why("state&state=2").starts_with("state is repeated"));
        assert!(why(&"a".repeat(16 * 1024 + 1)).contains("16 KiB"));
        assert!(why(&"a=1&".repeat(65)).contains("64"));
    }

    #[test]
    fn unknown_names_are_not_shown() {
        assert!(!why("hunter2=1&hunter2=1").contains("hunter2"));
        assert!(!why("hunter2=%").contains("hunter2"));
        let form = Form::parse("client_id=1&hunter2=1").unwrap();
        assert!(!form.other_than(&["client_id"]).unwrap().contains("hunter2"));
        assert_eq!(form.other_than(&["client_id", "hunter2"]), None);
        let form = Form::parse("client_id=1&hunter2=").unwrap();
        assert_eq!(form.other_than(&["client_id"]), None);
    }
}
