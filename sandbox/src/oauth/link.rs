//! The links that open the Truid app, and the callbacks that it opens.

use url::Url;
use url::form_urlencoded::byte_serialize;

use super::form::Form;
use crate::network::addresses::Names;
use crate::{Purpose, Refusal};

/// The path of the authorization endpoints, without the function.
pub(crate) const AUTHORIZE: &str = "/oauth2/v1/authorize/";

/// A link that opens the Truid app.
pub(crate) struct Link<'a> {
    pub(crate) text: &'a str,
    pub(crate) purpose: Purpose,
    /// The authorization request in the link, or the mistake in its encoding.
    pub(crate) form: Result<Form<'a>, Refusal>,
}

impl<'a> Link<'a> {
    /// Reads a link as the Truid app does.
    ///
    /// # Errors
    /// `unknown_link`.
    pub(crate) fn read(text: &'a str, names: &Names) -> Result<Self, Refusal> {
        let (purpose, query) = read(text, names)?;
        let form = Form::parse(query);
        Ok(Link {
            text,
            purpose,
            form,
        })
    }
}

/// Reads a link as the Truid app does. It must lead to an authorization endpoint of the sandbox,
/// at any of its hosts; URIs that are equivalent by RFC 3986 section 6.2.2 count as equal. Returns
/// the purpose and the encoded query.
///
/// # Errors
/// `unknown_link`.
fn read<'a>(link: &'a str, names: &Names) -> Result<(Purpose, &'a str), Refusal> {
    let unknown = |why: &str| {
        Refusal::own(
            "unknown_link",
            format!("the Truid app does not open this link: {why}"),
        )
    };
    // The `url` crate corrects URLs that an operating system would not open, and rewrites queries.
    // So check the characters first, and use the query unchanged.
    if !link
        .bytes()
        .all(|b| matches!(b, 0x21..=0x7e) && !b"\"<>\\^`{|}".contains(&b))
    {
        return Err(unknown("it has characters that a URI cannot have"));
    }
    let url = Url::parse(link).map_err(|_| unknown("it is not an absolute URI"))?;
    if url.fragment().is_some() {
        return Err(unknown("it has a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unknown("it has a user name or a password"));
    }
    if !names.leads_here(&url) {
        return Err(unknown(&format!(
            "its scheme, host or port is not that of this sandbox, which is at {}",
            names.url()
        )));
    }
    let path = decode_unreserved(url.path());
    let purpose = path
        .strip_prefix(AUTHORIZE)
        .and_then(Purpose::from_function)
        .ok_or_else(|| unknown("its path is not that of an authorization endpoint"))?;
    let query = link.split_once('?').map_or("", |(_, query)| query);
    Ok((purpose, query))
}

/// Decodes unnecessary percent-encodings in a path (RFC 3986 section 6.2.2.2).
fn decode_unreserved(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let hex = rest.get(at + 1..at + 3).unwrap_or_default();
        match u8::from_str_radix(hex, 16) {
            Ok(b) if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => {
                out.push(char::from(b));
                rest = &rest[at + 3..];
            }
            _ => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A redirect URI with the parameters of an authorization response (RFC 6749 section 4.1.2).
/// Registered redirect URIs have no query.
pub(crate) fn callback(redirect_uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut url = String::with_capacity(redirect_uri.len() + 160);
    url.push_str(redirect_uri);
    let mut separator = '?';
    for (name, value) in parameters {
        url.push(separator);
        url.push_str(name);
        url.push('=');
        url.extend(byte_serialize(value.as_bytes()));
        separator = '&';
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(listen: &str, tls: bool, public: Option<&str>) -> Names {
        let public = public.map(|url| Url::parse(url).unwrap());
        Names::new(listen.parse().unwrap(), tls, public)
    }

    #[test]
    fn equivalent_links_are_accepted() {
        for link in [
            "http://127.0.0.1:8080/oauth2/v1/authorize/idv?a=%2F",
            "HTTP://127.0.0.1:8080/oauth2/v1/authorize/idv?a=%2F",
            "http://127.0.0.1:8080/x/../oauth2/./v1/authorize/idv?a=%2F",
            "http://127.0.0.1:8080/oauth2/v1/%61uthorize/id%76?a=%2F",
        ] {
            let names = names("127.0.0.1:8080", false, None);
            assert!(
                read(link, &names) == Ok((Purpose::IdentityVerification, "a=%2F")),
                "{link}"
            );
        }
        let link = "http://LOCALHOST:80/oauth2/v1/authorize/login-session";
        let names = names("127.0.0.1:80", false, None);
        assert!(read(link, &names) == Ok((Purpose::Login, "")));
    }

    #[test]
    fn links_to_every_host_of_the_sandbox_are_accepted() {
        let public = Some("https://tunnel.example");
        for (listen, tls, public, bases) in [
            (
                "127.0.0.1:8080",
                false,
                None,
                &[
                    "http://127.0.0.1:8080",
                    "http://localhost:8080",
                    "http://[::1]:8080",
                    "http://10.0.2.2:8080",
                ][..],
            ),
            (
                "192.0.2.7:443",
                true,
                public,
                &[
                    "https://192.0.2.7",
                    "https://localhost",
                    "https://10.0.2.2:443",
                    "https://tunnel.example",
                ],
            ),
            (
                "127.0.0.1:8080",
                false,
                public,
                &["https://tunnel.example:443", "http://localhost:8080"],
            ),
        ] {
            let names = names(listen, tls, public);
            for base in bases {
                let link = format!("{base}/oauth2/v1/authorize/idv?a");
                assert!(
                    read(&link, &names) == Ok((Purpose::IdentityVerification, "a")),
                    "{link}"
                );
            }
        }
    }

    #[test]
    fn other_links_are_refused() {
        for link in [
            "",
            "idv",
            "https://127.0.0.1:8080/oauth2/v1/authorize/idv",
            "http://127.0.0.1:8081/oauth2/v1/authorize/idv",
            "http://127.0.0.1:8080.evil.example/oauth2/v1/authorize/idv",
            "http://evil@127.0.0.1:8080/oauth2/v1/authorize/idv",
            "http://127.0.0.2:8080/oauth2/v1/authorize/idv",
            "http://10.0.2.3:8080/oauth2/v1/authorize/idv",
            "http://localhost/oauth2/v1/authorize/idv",
            "http://localhost.:8080/oauth2/v1/authorize/idv",
            "http://a.localhost:8080/oauth2/v1/authorize/idv",
            "https://localhost:8080/oauth2/v1/authorize/idv",
            "http://tunnel.example/oauth2/v1/authorize/idv",
            "https://tunnel.example:8080/oauth2/v1/authorize/idv",
            "http://127.0.0.1:8080/oauth2/v1/authorize/idv#x",
            "http://127.0.0.1:8080/oauth2/v1/authorize/idv/",
            "http://127.0.0.1:8080/oauth2/v1/authorize/IDV",
            "http://127.0.0.1:8080/oauth2/v1/authorize/signing",
            "http://127.0.0.1:8080/oauth2/v1/authorize%2Fidv",
            "http://127.0.0.1:8080/oauth2/v1/token",
            "http://127.0.0.1:8080/oauth2/v1/authorize/idv?a=b c",
            "http://127.0.0.1:8080\\oauth2/v1/authorize/idv",
            " http://127.0.0.1:8080/oauth2/v1/authorize/idv",
        ] {
            let names = names("127.0.0.1:8080", false, Some("https://tunnel.example"));
            assert!(
                read(link, &names).is_err_and(|r| r.error == "unknown_link"),
                "{link}"
            );
        }
    }

    #[test]
    fn callbacks_are_encoded_as_forms() {
        assert_eq!(
            callback("demoapp:///callback", &[("code", "a b"), ("state", "ö&=+")]),
            "demoapp:///callback?code=a+b&state=%C3%B6%26%3D%2B"
        );
        assert_eq!(callback("https://a.example", &[]), "https://a.example");
    }

    #[test]
    fn malformed_percent_encodings_stay_unchanged() {
        assert_eq!(decode_unreserved("/%7e%2F%zz%é%4"), "/~%2F%zz%é%4");
    }
}
