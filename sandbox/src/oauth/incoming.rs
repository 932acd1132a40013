//! [`Incoming`]: a service's request, with its endpoint, its parameters and its `Authorization`
//! header. It is parsed once, and all code that handles the request uses this value.

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use super::authorization::Authorization;
use super::form::Form;
use crate::misbehaviour::Rule;
use crate::{Endpoint, Finding, Purpose, Refusal};

/// The header with which a request asks for a misbehaviour.
const MISBEHAVE: &str = "switchback-misbehave";

/// The parameters that must not be in a URL.
const SECRETS: [&str; 6] = [
    "access_token",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "refresh_token",
];

/// The endpoint of a request.
#[derive(Clone)]
pub(crate) enum Target {
    /// An authorization endpoint.
    Authorize(Purpose),
    /// A PAR endpoint.
    Par(Purpose),
    /// The token endpoint. It counts as two, one for each grant type.
    Token,
    /// The user info endpoint.
    UserInfo,
    /// The presentation endpoint, in either version.
    Presentation,
    /// The signature endpoint.
    Signature,
    /// The timestamp authority.
    Timestamp,
    /// A path without an endpoint. The sender gets this refusal; misbehaviours cannot happen.
    Unknown(Refusal),
}

/// A request of a service.
pub(crate) struct Incoming<'a> {
    pub(crate) place: Target,
    pub(crate) head: &'a Parts,
    /// Empty if it did not arrive completely.
    pub(crate) body: &'a [u8],
    /// The misbehaviour that the request asks for in its header.
    pub(crate) misbehave: Option<Rule>,
    parameters: Result<Form<'a>, Refusal>,
    /// The refusal if the parameters were sent in a wrong way (content type, place). It takes
    /// precedence over mistakes in the parameters.
    sent_wrong: Option<Refusal>,
    authorization: Result<Option<Authorization<'a>>, Refusal>,
}

impl<'a> Incoming<'a> {
    /// Parses a request. `body` is a refusal if the body did not arrive completely.
    pub(crate) fn read(
        place: Target,
        head: &'a Parts,
        body: &'a Result<Bytes, Refusal>,
        misbehave: Option<Rule>,
    ) -> Self {
        let in_query = matches!(
            place,
            Target::Authorize(_) | Target::UserInfo | Target::Presentation | Target::Signature
        );
        // A timestamp request has no parameters.
        let in_form = !in_query && !matches!(place, Target::Timestamp);
        let parameters = if !in_query && !in_form {
            Form::parse("")
        } else if in_query {
            Form::parse(head.uri.query().unwrap_or_default())
        } else {
            body.as_ref()
                .map_err(Clone::clone)
                .and_then(|body| utf8(body))
                .and_then(Form::parse)
        };
        Incoming {
            sent_wrong: in_form.then(|| check_form(head).err()).flatten(),
            parameters,
            authorization: Authorization::read(&head.headers),
            place,
            head,
            body: body.as_deref().unwrap_or_default(),
            misbehave,
        }
    }

    pub(crate) fn headers(&self) -> &'a HeaderMap {
        &self.head.headers
    }

    /// The endpoint, if Truid has one there.
    pub(crate) fn endpoint(&self) -> Option<Endpoint> {
        Some(match self.place {
            Target::Authorize(_) => Endpoint::Authorize,
            Target::Par(_) => Endpoint::Par,
            Target::UserInfo => Endpoint::UserInfo,
            Target::Presentation => Endpoint::Presentation,
            Target::Signature => Endpoint::Signature,
            Target::Timestamp => Endpoint::Timestamp,
            Target::Unknown(_) => return None,
            Target::Token => match self.readable().and_then(|form| form.get("grant_type")) {
                Some("refresh_token") => Endpoint::Refresh,
                _ => Endpoint::CodeExchange,
            },
        })
    }

    /// The parameters.
    ///
    /// # Errors
    /// They are malformed, or were sent in a wrong way.
    pub(crate) fn form(&self) -> Result<&Form<'a>, Refusal> {
        match &self.sent_wrong {
            Some(refusal) => Err(refusal.clone()),
            None => self.parameters.as_ref().map_err(Clone::clone),
        }
    }

    /// The parameters, even if they were sent in a wrong way.
    pub(crate) fn readable(&self) -> Option<&Form<'a>> {
        self.parameters.as_ref().ok()
    }

    /// The `Authorization` header, if there is one.
    ///
    /// # Errors
    /// The header is malformed or repeated.
    pub(crate) fn authorization(&self) -> Result<Option<&Authorization<'a>>, Refusal> {
        let authorization = self.authorization.as_ref();
        authorization.map(Option::as_ref).map_err(Clone::clone)
    }

    /// The access token in the `Authorization` header (RFC 6750 section 2.1). It must not be
    /// anywhere else.
    ///
    /// # Errors
    /// `invalid_token`, and `invalid_request` if the token is in the URL.
    pub(crate) fn access_token(&self) -> Result<&'a str, Refusal> {
        let missing = |what| Refusal::token(Finding::AccessTokenMissing, what);
        if self.form()?.get("access_token").is_some() {
            return Err(Refusal::request(
                Finding::SecretInUrl,
                "the access token is in the URL, where logs store it; send it in the Authorization header",
            ));
        }
        let authorization = self.authorization()?.ok_or_else(|| {
            missing("the Authorization header is missing; send Bearer with the access token")
        })?;
        authorization
            .bearer()
            .ok_or_else(|| missing("the Authorization header must be Bearer with the access token"))
    }
}

/// The misbehaviour that a request asks for in its header.
///
/// # Errors
/// `invalid_request` if the header does not name a misbehaviour.
pub(crate) fn misbehaviour_of(headers: &HeaderMap) -> Result<Option<Rule>, Refusal> {
    let value = headers.get(MISBEHAVE).map(HeaderValue::to_str);
    let rule = value.map(|value| Rule::from_header(value.unwrap_or_default()));
    rule.transpose()
}

/// Whether this query has a secret, even if the rest of the query is malformed.
pub(crate) fn exposes(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes())
        .any(|(name, value)| SECRETS.contains(&&*name) && !value.is_empty())
}

/// Checks that a request with a form has the right content type and no parameters in the URL,
/// where secrets would end up in logs (RFC 6749 sections 2.3.1 and 3.2).
fn check_form(head: &Parts) -> Result<(), Refusal> {
    let malformed = |what| Err(Refusal::request(Finding::RequestMalformed, what));
    let query = head.uri.query().unwrap_or_default();
    if exposes(query) {
        return Err(Refusal::request(
            Finding::SecretInUrl,
            "a secret is in the URL, where logs store it; send all parameters in the body, and change the secret",
        ));
    }
    if !query.is_empty() {
        return malformed("parameters are in the URL; send all of them in the body");
    }
    if head.headers.get_all(CONTENT_TYPE).iter().count() > 1 {
        return malformed("there is more than one Content-Type header");
    }
    if !is_form(&head.headers) {
        return malformed("the content type must be application/x-www-form-urlencoded");
    }
    Ok(())
}

fn utf8(body: &[u8]) -> Result<&str, Refusal> {
    std::str::from_utf8(body)
        .map_err(|_| Refusal::request(Finding::RequestMalformed, "the body is not UTF-8"))
}

/// Whether the content type is that of a form in UTF-8.
fn is_form(headers: &HeaderMap) -> bool {
    let Some(Ok(kind)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let mut parts = kind.split(';').map(str::trim);
    let form = "application/x-www-form-urlencoded";
    parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case(form))
        && parts.all(|part| {
            part.is_empty()
                || part.eq_ignore_ascii_case("charset=utf-8")
                || part.eq_ignore_ascii_case("charset=\"utf-8\"")
        })
}
