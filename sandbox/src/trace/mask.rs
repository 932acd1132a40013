//! Masking: what is shown of a message is on a list, and everything else becomes a dot and
//! six digits that are the same for the same value. So one can see that a token came back
//! without seeing the token.

use serde_json::Value;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

/// Parameters and members whose values are shown. Any other could be a secret, or a
/// person's data.
const SHOWN: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "code_challenge_method",
    "grant_type",
    "claims",
    "token_type",
    "expires_in",
    "error",
    "error_description",
    "error_uri",
    "type",
    "iss",
];

/// Headers whose values are shown.
const SHOWN_HEADERS: &[&str] = &[
    "accept",
    "accept-language",
    "allow",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "date",
    "host",
    "origin",
    "pragma",
    "referrer-policy",
    "retry-after",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "switchback-misbehave",
    "user-agent",
    "www-authenticate",
    "x-content-type-options",
    "x-requested-with",
];

/// Masks with a key of its own, so that a short value cannot be guessed from its mask.
#[derive(Clone)]
pub(crate) struct Mask {
    key: [u8; 32],
}

impl Mask {
    /// A mask with this key.
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Mask { key }
    }

    /// What stands for a value.
    fn hidden(&self, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        let digest = Sha256::new()
            .chain_update(b"mask")
            .chain_update(self.key)
            .chain_update(value)
            .finalize();
        format!("•{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2])
    }

    /// The value of a parameter or member, as it may be shown.
    fn value(&self, name: &str, value: &str) -> String {
        if SHOWN.contains(&name) {
            // A list has its say about a name; a URL within is looked at again.
            return self.link(value);
        }
        self.hidden(value)
    }

    /// A URL or a path with a query, or any other text: what stands after `?` is masked.
    pub(super) fn link(&self, url: &str) -> String {
        match url.split_once('?') {
            None => url.to_owned(),
            Some((base, query)) => format!("{base}?{}", self.form(query).join("&")),
        }
    }

    /// A form, one parameter each.
    pub(super) fn form(&self, text: &str) -> Vec<String> {
        form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| {
                // A name that nobody knows may be a secret in the wrong place.
                let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
                let name = if plain && name.len() <= 30 {
                    name.into_owned()
                } else {
                    self.hidden(&name)
                };
                format!("{name}={}", self.value(&name, &value))
            })
            .collect()
    }

    /// JSON with every text masked that is not on the list.
    pub(super) fn json(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    match member {
                        Value::String(text) => *text = self.value(name, text),
                        Value::Number(_) if SHOWN.contains(&name.as_str()) => {}
                        other => self.json(other),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::String(text) => *text = self.hidden(text),
            Value::Number(_) => *value = self.hidden(&value.to_string()).into(),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// A header's value.
    pub(super) fn header(&self, name: &str, value: &str) -> String {
        match name {
            "authorization" => match value.split_once(' ') {
                Some((scheme, rest))
                    if scheme.eq_ignore_ascii_case("basic")
                        || scheme.eq_ignore_ascii_case("bearer") =>
                {
                    format!("{scheme} {}", self.hidden(rest))
                }
                _ => self.hidden(value),
            },
            "location" | "referer" => self.link(value),
            _ if SHOWN_HEADERS.contains(&name) => value.to_owned(),
            _ => self.hidden(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_on_the_list_is_masked_and_still_the_same() {
        let mask = Mask::new([7; 32]);
        let form = mask.form(
            "grant_type=refresh_token&refresh_token=S3CRET&client_id=demo-app&S3CRET=1&state=",
        );
        assert_eq!(form[0], "grant_type=refresh_token");
        assert_eq!(form[2], "client_id=demo-app");
        assert_eq!(form[4], "state=");
        let hidden = form[1].strip_prefix("refresh_token=").unwrap();
        let mut answer = json!({
            "access_token": "OTHER",
            "refresh_token": "S3CRET",
            "expires_in": 300,
            "claims": [{ "type": "a/b/v1", "value": "PERSON" }, { "type": "c", "value": { "x": "PERSON", "n": 7 } }],
            "email_verified": true,
        });
        mask.json(&mut answer);
        assert_eq!(answer["refresh_token"], hidden);
        assert_eq!(answer["expires_in"], 300);
        assert_eq!(answer["claims"][0]["type"], "a/b/v1");
        assert_eq!(answer["email_verified"], true);
        let all = format!("{form:?} {answer}");
        for secret in ["S3CRET", "OTHER", "PERSON", ":7"] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
        assert_ne!(Mask::new([8; 32]).hidden("S3CRET"), hidden);
    }

    #[test]
    fn links_and_headers() {
        let mask = Mask::new([7; 32]);
        let link = mask.link("https://a.example/cb?code=S3CRET&state=S3CRET&error=access_denied");
        assert!(link.starts_with("https://a.example/cb?code=•"), "{link}");
        assert!(link.ends_with("&error=access_denied") && !link.contains("S3CRET"));
        assert!(
            mask.header("authorization", "Bearer S3CRET")
                .starts_with("Bearer •")
        );
        for (name, value) in [
            ("authorization", "S3CRET"),
            ("authorization", "S3CRET x"),
            ("cookie", "a=S3CRET"),
            ("x-api-key", "S3CRET"),
            ("location", "a://b?code=S3CRET"),
            ("referer", "a://b?redirect_uri=c%3A%2F%2Fd%3Fcode%3DS3CRET"),
        ] {
            let shown = mask.header(name, value);
            assert!(!shown.contains("S3CRET"), "{name}: {shown}");
        }
        assert_eq!(mask.header("accept", "*/*"), "*/*");
    }
}
