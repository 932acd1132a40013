//! What a provider says about itself (OpenID Connect Discovery 1.0 §3 and §4, RFC 8414).
//!
//! Before you change this: the issuer is compared exactly, because the metadata of another issuer
//! would send codes and tokens there (RFC 8414 §3.3, RFC 9700 §4.4). An endpoint that a login does
//! not need never loses the login: it is unusable alone.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::Environment;
use crate::http::{self, Request, Response};
use crate::members::{Field, Members};
use crate::oauth_error::readable;
use crate::registration::{RegistrationError, Setting, check_url};
use crate::rule::Rule;

/// The shortest and the longest time for which metadata and keys are kept, in seconds.
const LIFETIMES: (i64, i64) = (5 * 60, 24 * 3600);

/// The lifetime of an answer that names none, in seconds.
const USUAL_LIFETIME: i64 = 3600;

/// What a provider says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer.
    pub issuer: String,
    /// The authorization endpoint.
    pub authorization_endpoint: String,
    /// The token endpoint.
    pub token_endpoint: String,
    /// The other endpoints, in the order of [`Endpoint::ALL`].
    others: [Field<String>; Endpoint::ALL.len()],
    /// Whether the provider supports PKCE with S256. `None`: it does not say.
    pub pkce: Option<bool>,
    /// Whether every callback names the issuer (RFC 9207 §3).
    pub names_issuer: bool,
    /// Whether the provider accepts only pushed authorization requests (RFC 9126 §5).
    pub requires_pushed_requests: bool,
    /// The names of the algorithms with which ID tokens are signed. Empty: the provider does not
    /// say.
    pub id_token_algorithms: Vec<String>,
    /// The names of the algorithms of DPoP proofs (RFC 9449 §5.1). Empty: DPoP is not supported.
    pub dpop_algorithms: Vec<String>,
    /// For how long this may be used without asking again, in seconds.
    pub lifetime: i64,
}

/// An endpoint that not every provider has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The provider's public keys (RFC 7517).
    Keys,
    /// User info (OpenID Connect Core §5.3).
    UserInfo,
    /// Pushed authorization requests (RFC 9126).
    PushedAuthorization,
    /// The end of the person's session at the provider (OpenID Connect RP-Initiated Logout 1.0).
    EndSession,
    /// The revocation of tokens (RFC 7009).
    Revocation,
    /// The introspection of tokens (RFC 7662).
    Introspection,
}

impl Endpoint {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Keys,
        Self::UserInfo,
        Self::PushedAuthorization,
        Self::EndSession,
        Self::Revocation,
        Self::Introspection,
    ];

    /// The name of the member in the metadata.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "jwks_uri",
            Self::UserInfo => "userinfo_endpoint",
            Self::PushedAuthorization => "pushed_authorization_request_endpoint",
            Self::EndSession => "end_session_endpoint",
            Self::Revocation => "revocation_endpoint",
            Self::Introspection => "introspection_endpoint",
        }
    }
}

/// Why metadata is refused. Each text says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The configured issuer is no URL that can have metadata.
    #[error("the issuer cannot be asked for its metadata: {0}")]
    NotAnIssuer(RegistrationError),
    /// The answer is not metadata.
    #[error("the answer is not the metadata of a provider: {0}; check the issuer")]
    Answer(Rule),
    /// The metadata is that of another issuer.
    #[error(
        "the metadata is that of the issuer {named:?}, and the configured one is {expected:?}; both \
         must be the same text, also at the end"
    )]
    Issuer {
        /// The issuer in the metadata.
        named: String,
        /// The configured issuer.
        expected: String,
    },
    /// A member is missing or has the wrong type.
    #[error("the member `{0}` of the metadata is missing or has the wrong type")]
    Member(&'static str),
    /// An endpoint that a login needs cannot be used.
    #[error("the member `{name}` of the metadata cannot be used: {why}")]
    Endpoint {
        /// The member.
        name: &'static str,
        /// Why.
        why: RegistrationError,
    },
    /// The provider has no authorization code flow.
    #[error("the provider does not list the response type `code`, which this library uses")]
    NoCodeFlow,
}

impl Metadata {
    /// The addresses of an issuer's metadata, in the order in which to ask: that of OpenID Connect
    /// Discovery 1.0 §4, then that of RFC 8414 §3.1. Ask the second one if the first answers 404.
    ///
    /// # Errors
    /// [`MetadataError::NotAnIssuer`]: it is not an https URL without query and fragment (http is
    /// allowed where [`Registration`](crate::Registration) allows it).
    pub fn requests(issuer: &str, environment: Environment) -> Result<[Request; 2], MetadataError> {
        check_url(Setting::Issuer, issuer, environment).map_err(MetadataError::NotAnIssuer)?;
        if issuer.contains('?') {
            return Err(MetadataError::NotAnIssuer(RegistrationError::Query {
                which: Setting::Issuer,
                uri: issuer.split('?').next().unwrap_or_default().to_owned(),
            }));
        }
        let base = issuer.strip_suffix('/').unwrap_or(issuer);
        let path = base.find("://").and_then(|at| {
            let host = at + "://".len();
            base[host..].find('/').map(|slash| host + slash)
        });
        let (origin, path) = base.split_at(path.unwrap_or(base.len()));
        Ok([
            format!("{base}/.well-known/openid-configuration"),
            format!("{origin}/.well-known/oauth-authorization-server{path}"),
        ]
        .map(|url| Request::get(url, &[])))
    }

    /// Reads the answer to one of the [`requests`](Self::requests).
    ///
    /// # Errors
    /// The answer is not the metadata of this issuer, or no login is possible with it.
    pub fn read(
        response: &Response,
        issuer: &str,
        environment: Environment,
    ) -> Result<Self, MetadataError> {
        let lifetime = lifetime(response);
        let read = |members: &Members<'_>| read(members, issuer, environment, lifetime);
        http::members(response, read).map_err(MetadataError::Answer)?
    }

    /// One of the other endpoints. [`Field::Unreadable`]: its URL cannot be used.
    pub fn endpoint(&self, endpoint: Endpoint) -> Field<&str> {
        let field = self.others[endpoint as usize].as_ref();
        field.and_then(|url| Some(url.as_str()))
    }
}

fn read(
    members: &Members<'_>,
    issuer: &str,
    environment: Environment,
    lifetime: i64,
) -> Result<Metadata, MetadataError> {
    let named = members.text("issuer").ok();
    let named = named.ok_or(MetadataError::Member("issuer"))?;
    if named != issuer {
        return Err(MetadataError::Issuer {
            named: readable(&named, &[]),
            expected: issuer.to_owned(),
        });
    }
    let needed = |name: &'static str| {
        let url = members.text(name).ok().ok_or(MetadataError::Member(name))?;
        check_url(Setting::Endpoint, &url, environment)
            .map_err(|why| MetadataError::Endpoint { name, why })?;
        Ok(url.into_owned())
    };
    let list = |name: &'static str| members.texts(name).ok().unwrap_or_default();
    // These decide what a login demands, so unreadable is not "no".
    let flag = |name: &'static str| match members.flag(name) {
        Field::Present(value) => Ok(value),
        Field::Absent => Ok(false),
        Field::Unreadable => Err(MetadataError::Member(name)),
    };
    let names = |name: &'static str| match members.texts(name) {
        Field::Present(names) => Ok(Some(names)),
        Field::Absent => Ok(None),
        Field::Unreadable => Err(MetadataError::Member(name)),
    };
    let types = names("response_types_supported")?;
    if types.is_some_and(|types| !types.iter().any(|name| name == "code")) {
        return Err(MetadataError::NoCodeFlow);
    }
    let pkce = names("code_challenge_methods_supported")?;
    Ok(Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: needed("authorization_endpoint")?,
        token_endpoint: needed("token_endpoint")?,
        others: Endpoint::ALL.map(|endpoint| {
            let url = members.text(endpoint.as_str());
            url.and_then(|url| {
                let checked = check_url(Setting::Endpoint, &url, environment);
                checked.is_ok().then(|| url.into_owned())
            })
        }),
        pkce: pkce.map(|methods| methods.iter().any(|method| method == "S256")),
        names_issuer: flag("authorization_response_iss_parameter_supported")?,
        requires_pushed_requests: flag("require_pushed_authorization_requests")?,
        id_token_algorithms: list("id_token_signing_alg_values_supported"),
        dpop_algorithms: list("dpop_signing_alg_values_supported"),
        lifetime,
    })
}

/// For how long an answer may be used, in seconds, by its `Cache-Control` (RFC 9111 §5.2.2.1). It is
/// at least five minutes, so that a provider that forbids caching is not asked at each login, and
/// at most a day.
pub fn lifetime(response: &Response) -> i64 {
    let headers = response.headers.iter();
    let headers = headers.filter(|(name, _)| name == "cache-control");
    let directives = headers.flat_map(|(_, value)| value.split(',').map(str::trim));
    let is_forbidden =
        |name: &str| name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache");
    let mut seconds = None;
    for directive in directives {
        match directive.split_once('=') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("max-age") => {
                let value = value.trim().trim_matches('"');
                let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
                // A number that does not fit is the longest time (RFC 9111 §1.2.2).
                let read = if is_number {
                    value.parse().unwrap_or(i64::MAX)
                } else {
                    0
                };
                seconds = Some(seconds.map_or(read, |known: i64| known.min(read)));
            }
            None if is_forbidden(directive) => return LIFETIMES.0,
            _ => {}
        }
    }
    let seconds = seconds.unwrap_or(USUAL_LIFETIME);
    seconds.clamp(LIFETIMES.0, LIFETIMES.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const ISSUER: &str = "https://id.example/tenant";
    const LEAST: &str = r#""issuer":"https://id.example/tenant","authorization_endpoint":"https://id.example/a","token_endpoint":"https://id.example/t""#;

    fn answer(body: &str) -> Response {
        Response {
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            body: body.into(),
        }
    }

    fn read(more: &str) -> Result<Metadata, MetadataError> {
        let body = alloc::format!("{{{LEAST}{more}}}");
        Metadata::read(&answer(&body), ISSUER, Environment::Production)
    }

    fn urls(issuer: &str) -> [String; 2] {
        Metadata::requests(issuer, Environment::Production)
            .unwrap()
            .map(|request| request.url)
    }

    #[test]
    fn an_issuer_has_two_addresses() {
        assert_eq!(
            urls("https://id.example"),
            [
                "https://id.example/.well-known/openid-configuration",
                "https://id.example/.well-known/oauth-authorization-server",
            ]
        );
        let with_path = [
            "https://id.example/a/b/.well-known/openid-configuration",
            "https://id.example/.well-known/oauth-authorization-server/a/b",
        ];
        assert_eq!(urls("https://id.example/a/b"), with_path);
        assert_eq!(urls("https://id.example/a/b/"), with_path);
        for wrong in [
            "http://id.example",
            "id.example",
            "https://id.example?x",
            "https://id.example/#x",
            "https://me@id.example",
        ] {
            let error = Metadata::requests(wrong, Environment::Production).unwrap_err();
            assert!(matches!(error, MetadataError::NotAnIssuer(_)), "{wrong}");
        }
        assert!(Metadata::requests("http://127.0.0.1:9", Environment::Production).is_ok());
    }

    #[test]
    fn the_least_metadata_is_enough() {
        let metadata = read("").unwrap();
        assert_eq!(metadata.token_endpoint, "https://id.example/t");
        assert_eq!(metadata.endpoint(Endpoint::Keys), Field::Absent);
        assert_eq!(metadata.pkce, None);
        assert!(!metadata.names_issuer && !metadata.requires_pushed_requests);
        assert_eq!(metadata.lifetime, USUAL_LIFETIME);
    }

    #[test]
    fn the_whole_metadata_is_read() {
        let metadata = read(
            r#","jwks_uri":"https://keys.example/k","revocation_endpoint":"https://id.example/r",
            "code_challenge_methods_supported":["plain","S256"],"unknown":{"x":[1]},
            "authorization_response_iss_parameter_supported":true,
            "require_pushed_authorization_requests":true,
            "response_types_supported":["id_token","code"],
            "id_token_signing_alg_values_supported":["RS256","none"],
            "dpop_signing_alg_values_supported":["ES256"]"#,
        )
        .unwrap();
        let keys = metadata.endpoint(Endpoint::Keys);
        assert_eq!(keys, Field::Present("https://keys.example/k"));
        let revocation = metadata.endpoint(Endpoint::Revocation);
        assert_eq!(revocation, Field::Present("https://id.example/r"));
        assert_eq!(metadata.pkce, Some(true));
        assert!(metadata.names_issuer && metadata.requires_pushed_requests);
        assert_eq!(metadata.id_token_algorithms, ["RS256", "none"]);
        assert_eq!(metadata.dpop_algorithms, ["ES256"]);
    }

    #[test]
    fn an_endpoint_that_a_login_does_not_need_is_unusable_alone() {
        for url in [
            r#""http://id.example/k""#,
            "7",
            r#""/k""#,
            r#""https://me@id.example""#,
        ] {
            let metadata = read(&alloc::format!(r#","jwks_uri":{url}"#)).unwrap();
            assert_eq!(
                metadata.endpoint(Endpoint::Keys),
                Field::Unreadable,
                "{url}"
            );
        }
        for flag in [
            "authorization_response_iss_parameter_supported",
            "response_types_supported",
        ] {
            let error = read(&alloc::format!(r#","{flag}":7"#));
            assert_eq!(error, Err(MetadataError::Member(flag)));
        }
        let plain = read(r#","code_challenge_methods_supported":["plain"]"#).unwrap();
        assert_eq!(plain.pkce, Some(false));
    }

    /// The relying-party test `oidcc-client-test-discovery-issuer-mismatch`, and its neighbours.
    #[test]
    fn the_metadata_of_another_issuer_is_refused() {
        let read = |issuer: &str| {
            let body = LEAST.replace(ISSUER, issuer);
            let body = alloc::format!("{{{body}}}");
            Metadata::read(&answer(&body), ISSUER, Environment::Production)
        };
        assert!(read(ISSUER).is_ok());
        for other in [
            "https://id.example/tenant/",
            "https://ID.example/tenant",
            "https://id.example",
            "https://id.example:443/tenant",
        ] {
            let error = MetadataError::Issuer {
                named: other.into(),
                expected: ISSUER.into(),
            };
            assert_eq!(read(other), Err(error));
        }
    }

    #[test]
    fn metadata_without_a_usable_login_is_refused() {
        let whole = |body: &str| Metadata::read(&answer(body), ISSUER, Environment::Production);
        let refused =
            |from: &str, to: &str| whole(&alloc::format!("{{{}}}", LEAST.replace(from, to)));
        assert_eq!(whole("{}"), Err(MetadataError::Member("issuer")));
        assert_eq!(
            refused("token_endpoint", "other"),
            Err(MetadataError::Member("token_endpoint"))
        );
        assert!(matches!(
            refused("https://id.example/a", "http://id.example/a"),
            Err(MetadataError::Endpoint {
                name: "authorization_endpoint",
                ..
            })
        ));
        let types = r#","response_types_supported":["id_token"]"#;
        assert_eq!(read(types), Err(MetadataError::NoCodeFlow));
        let mut page = answer("<html>");
        page.status = 404;
        assert_eq!(
            Metadata::read(&page, ISSUER, Environment::Production),
            Err(MetadataError::Answer(Rule::Status(404)))
        );
    }

    #[test]
    fn the_lifetime_is_that_of_the_answer_within_bounds() {
        let lifetime = |value: &str| {
            let headers = vec![("cache-control".into(), value.into())];
            lifetime(&Response {
                status: 200,
                headers,
                body: vec![],
            })
        };
        for (value, seconds) in [
            ("", 3600),
            ("public, max-age=7200", 7200),
            ("MAX-AGE=\"7200\"", 7200),
            ("max-age=1", 300),
            ("max-age=9999999999", 86400),
            ("max-age=soon", 300),
            ("max-age=99999999999999999999", 86400),
            ("max-age=7200, max-age=900", 900),
            ("no-store, max-age=7200", 300),
            ("no-cache", 300),
        ] {
            assert_eq!(lifetime(value), seconds, "{value}");
        }
    }
}
