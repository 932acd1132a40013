//! [`Mask`]: hides secrets in the trace. Values of parameters and headers that are on a list are
//! shown; every other value becomes a dot and six digits, the same for equal values. So a reader
//! of the trace can see that a token was used again, but not the token.
//!
//! Before you change this: a value that is not on a list is masked. Add a parameter to a list only if
//! its value can never be a secret, also if a client sends it by mistake.

use serde_json::Value;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

/// Parameters and members whose values are shown. Any other could be a secret or personal data.
const SHOWN: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "code_challenge_method",
    "client_assertion_type",
    "grant_type",
    "claims",
    "token_type",
    "expires_in",
    "error",
    "error_description",
    "error_uri",
    "type",
    "iss",
    "signature_profile",
    "jws_serialization",
    "jws_packaging",
    "data_object_digest_algorithm",
    "data_object_b64",
    "data_object_content_type",
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

/// Paths that are shown. Of any other path, only the longest of these prefixes is shown: the rest
/// could be a token, or a query whose `?` was encoded.
const PATHS: &[&str] = &[
    "/",
    "/.well-known/",
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/exchange/",
    "/exchange/v1/",
    "/exchange/v1/presentation",
    "/exchange/v1/signature",
    "/exchange/v2/",
    "/exchange/v2/presentation",
    "/oauth2/",
    "/oauth2/v1/",
    "/oauth2/v1/authorize",
    "/oauth2/v1/authorize/",
    "/oauth2/v1/authorize/confirm-signup",
    "/oauth2/v1/authorize/idv",
    "/oauth2/v1/authorize/login-session",
    "/oauth2/v1/authorize/sign",
    "/oauth2/v1/moved",
    "/oauth2/v1/par",
    "/oauth2/v1/par/",
    "/oauth2/v1/par/confirm-signup",
    "/oauth2/v1/par/idv",
    "/oauth2/v1/par/login-session",
    "/oauth2/v1/par/sign",
    "/oauth2/v1/token",
    "/oidc/",
    "/oidc/v1/",
    "/oidc/v1/user-info",
    "/tsa",
];

/// The maximum length of a shown name of a parameter, member or header, in bytes.
const MAX_NAME_LENGTH: usize = 40;

/// Masks values with a key that is derived from the seed: the same seed gives the same masks, and
/// without the seed a short value cannot be guessed from its mask.
#[derive(Clone)]
pub(crate) struct Mask {
    key: [u8; 32],
}

impl Mask {
    /// A mask with the key of this seed.
    pub(crate) fn new(seed: [u8; 32]) -> Self {
        let key = Sha256::new()
            .chain_update(b"switchback-sandbox key of the mask")
            .chain_update(seed)
            .finalize();
        Mask { key: key.into() }
    }

    /// The mask of a value.
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

    /// The value of a parameter or member, masked if necessary.
    fn value(&self, name: &str, value: &str) -> String {
        if SHOWN.contains(&name) {
            // The value can contain a URL with secrets.
            return self.link(value);
        }
        self.hidden(value)
    }

    /// A URL or another text. It masks a user name and password before a host, the values after
    /// `?`, the fragment, and words that look random.
    pub(super) fn link(&self, url: &str) -> String {
        let (rest, fragment) = match url.split_once('#') {
            None => (url, String::new()),
            Some((rest, fragment)) => (rest, format!("#{}", self.hidden(fragment))),
        };
        let (base, query) = match rest.split_once('?') {
            None => (rest, String::new()),
            Some((base, query)) => (base, format!("?{}", self.form(query).join("&"))),
        };
        // All text before an @ could be a password with a slash in it.
        let base = match base.rsplit_once('@') {
            None => self.words(base),
            Some((before, after)) => {
                let (scheme, user) = match before.split_once("//") {
                    None => (String::new(), before),
                    Some((scheme, user)) => (format!("{}//", self.words(scheme)), user),
                };
                format!("{scheme}{}@{}", self.hidden(user), self.words(after))
            }
        };
        format!("{base}{query}{fragment}")
    }

    /// The path of a request.
    pub(super) fn path(&self, path: &str) -> String {
        let known = PATHS.iter().filter(|known| path.starts_with(**known));
        let known = known.max_by_key(|known| known.len()).map_or("", |own| own);
        let rest = &path[known.len()..];
        match rest.strip_prefix('/') {
            Some(rest) => format!("{known}/{}", self.hidden(rest)),
            None => format!("{known}{}", self.hidden(rest)),
        }
    }

    /// A text in which words that look random are masked: a secret could be in the place of a
    /// `client_id` or a scope.
    fn words(&self, text: &str) -> String {
        let within = |c: char| c.is_ascii_alphanumeric() || "-_+=~".contains(c);
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(|c| !within(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if is_random(word) {
                shown += &self.hidden(word);
            } else {
                shown += word;
            }
            let end = after.find(within).unwrap_or(after.len());
            shown += &after[..end];
            rest = &after[end..];
        }
        shown
    }

    /// The name of a parameter, member or header. It masks a name that is not plain, which could
    /// be a secret in the wrong place.
    pub(super) fn name(&self, name: &str) -> String {
        if is_plain(name) {
            name.to_owned()
        } else {
            self.hidden(name)
        }
    }

    /// The parameters of a form.
    pub(super) fn form(&self, text: &str) -> Vec<String> {
        form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| format!("{}={}", self.name(&name), self.value(&name, &value)))
            .collect()
    }

    /// Masks names that are not plain, and all text and numbers that are not on the list, in a
    /// JSON value.
    pub(super) fn json(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, mut member) in std::mem::take(members) {
                    match &mut member {
                        Value::String(text) => *text = self.value(&name, text),
                        Value::Number(_) if SHOWN.contains(&name.as_str()) => {}
                        other => self.json(other),
                    }
                    members.insert(self.name(&name), member);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::String(text) => *text = self.hidden(text),
            Value::Number(_) => *value = self.hidden(&value.to_string()).into(),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// The value of a header.
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
            // A client could put a secret here by mistake.
            _ if SHOWN_HEADERS.contains(&name) => self.words(value),
            _ => self.hidden(value),
        }
    }
}

/// Whether a name is short and consists of lower-case words. Digits are allowed only in versions,
/// as in `truid.app/claim/email/v1`: other names with digits could be hexadecimal or base64.
fn is_plain(name: &str) -> bool {
    let is_version = |word: &str| {
        let digits = word.strip_prefix('v').unwrap_or_default();
        matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    name.len() <= MAX_NAME_LENGTH
        && name
            .split(['_', '-', '.', '/'])
            .all(|word| word.bytes().all(|b| b.is_ascii_lowercase()) || is_version(word))
}

/// Whether a word looks random: at least 20 characters with digits and upper case, or more than
/// 36 characters (the length of a UUID) with digits.
fn is_random(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    has(u8::is_ascii_digit)
        && (word.len() > 36 || (word.len() >= 20 && has(u8::is_ascii_uppercase)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_that_are_not_on_the_list_are_masked_equally() {
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
    fn secrets_in_links_and_headers_are_masked() {
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
            ("accept", "S3CRETS3CRETS3CRETS3CRET"),
            ("user-agent", "app/1 (S3CRETS3CRETS3CRETS3CRET)"),
        ] {
            let shown = mask.header(name, value);
            assert!(!shown.contains("S3CRET"), "{name}: {shown}");
        }
        for (name, value) in [
            ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"),
            (
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0",
            ),
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ] {
            assert_eq!(mask.header(name, value), value);
        }
    }

    #[test]
    fn only_known_parts_of_a_path_are_shown() {
        let mask = Mask::new([7; 32]);
        for known in PATHS {
            assert_eq!(mask.path(known), *known);
        }
        for (path, start) in [
            (
                "/oauth2/v1/token%3Fclient_secret=S3CRET",
                "/oauth2/v1/token•",
            ),
            ("/oidc/v1/user-info/S3CRET", "/oidc/v1/user-info/•"),
            ("/oauth2/v1/authorize/S3CRET", "/oauth2/v1/authorize/•"),
            ("/oauth2/v2/S3CRET", "/oauth2/•"),
            ("S3CRET", "•"),
        ] {
            let shown = mask.path(path);
            assert!(shown.starts_with(start), "{shown}");
            assert!(!shown.contains("S3CRET"), "{shown}");
        }
    }

    #[test]
    fn a_password_and_a_fragment_are_masked() {
        let mask = Mask::new([7; 32]);
        let form = mask.form("redirect_uri=https://user:S3CRET@a.example/cb%23access_token=S3CRET");
        assert!(form[0].starts_with("redirect_uri=https://•"), "{form:?}");
        assert!(form[0].contains("@a.example/cb#•"), "{form:?}");
        for link in [
            "https://a.example/cb?error=x#access_token=S3CRET",
            "https://a.example/cb#a?b=S3CRET",
            "https://user:S3/S3CRET@a.example/",
            "//S3CRET@a.example",
            "a:S3CRET@b",
        ] {
            let shown = mask.link(link);
            assert!(!shown.contains("S3CRET"), "{shown}");
        }
        assert_eq!(mask.link("demoapp:///callback"), "demoapp:///callback");
    }

    #[test]
    fn names_that_are_not_plain_are_masked() {
        let mask = Mask::new([7; 32]);
        let mut body = json!({
            "S3CRET": 1,
            "c2VjcmV0": { "deadbeef01": null },
            "truid.app/claim/email/v1": true,
            "error_description": "x",
        });
        mask.json(&mut body);
        let text = body.to_string();
        for secret in ["S3CRET", "c2VjcmV0", "deadbeef01"] {
            assert!(!text.contains(secret), "{text}");
            assert!(mask.name(secret).starts_with('•'));
        }
        assert_eq!(body["truid.app/claim/email/v1"], true);
        assert_eq!(body["error_description"], "x");
        assert_eq!(body.as_object().unwrap().len(), 4);
        assert_eq!(mask.name("sec-fetch-mode"), "sec-fetch-mode");
        assert!(mask.name(&"a".repeat(41)).starts_with('•'));
    }

    #[test]
    fn random_words_in_shown_values_are_masked() {
        let mask = Mask::new([7; 32]);
        let random = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let hexadecimal = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";
        for name in ["client_id", "scope", "type", "error"] {
            for secret in [random, &random[..20], hexadecimal] {
                let shown = mask.value(name, &format!("truid.app/data-point/email {secret}"));
                assert!(shown.starts_with("truid.app/data-point/email •"), "{shown}");
                assert!(!shown.contains(secret), "{shown}");
            }
        }
        for shown in [
            "demo-app",
            "0b5c2f5e-8d4f-4e0a-9d53-1f7a2c3b4d5e",
            "truid.app/claim/birthdate/v1,truid.app/claim/email/v1",
            "http://127.0.0.1:8765/callback",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
        ] {
            assert_eq!(mask.value("client_id", shown), shown);
        }
    }

    #[test]
    fn the_key_of_the_mask_is_not_the_seed() {
        assert_ne!(Mask::new([7; 32]).key, [7; 32]);
    }
}
