//! Helpers for unit tests of the simulated provider.

use axum::body::Bytes;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::{Builder, Parts};
use axum::http::{HeaderValue, Request};
use url::form_urlencoded::Serializer;

use super::data::Access;
use super::token::TokenAnswer;
use super::{Choice, ClaimKeys, Decision, Provider};
use crate::oauth::incoming::{Incoming, Target};
use crate::trace::{RequestContext, Step};
use crate::{Config, Purpose, Refusal, RegisteredClient, Waiting};

pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const REDIRECT: &str = "https://app.example/truid/callback";
pub(crate) const EMAIL: &str = "truid.app/data-point/email";
pub(crate) const NAME: &str = "truid.app/data-point/name";

/// Parameters that a test can change.
#[derive(Clone)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn new(pairs: &[(&str, &str)]) -> Self {
        Parameters(
            pairs
                .iter()
                .map(|(n, v)| ((*n).into(), (*v).into()))
                .collect(),
        )
    }

    /// A valid authorization request of `demo-app`.
    pub(crate) fn authorization() -> Self {
        Parameters::new(&[
            ("response_type", "code"),
            ("client_id", "demo-app"),
            ("redirect_uri", REDIRECT),
            ("scope", &format!("{EMAIL} {NAME}")),
            ("state", "s t&te"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ])
    }

    /// The same for a signing.
    pub(crate) fn signing() -> Self {
        let mut all = Parameters::authorization();
        for (name, value) in [
            ("signature_profile", "aes_jades_baseline_b-b"),
            ("jws_serialization", "compact"),
            ("jws_packaging", "detached"),
            ("data_object_id", "https://example.com/docs/a.pdf"),
            ("data_object_digest", CHALLENGE),
            ("data_object_digest_algorithm", "S256"),
            ("data_object_b64", "false"),
            ("user_message", "I sign the document a"),
        ] {
            all = all.add(name, value);
        }
        all
    }

    /// A valid token request of `demo-app` with this code.
    pub(crate) fn exchange(code: &str) -> Self {
        Parameters::new(&[
            ("grant_type", "authorization_code"),
            ("client_id", "demo-app"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ])
    }

    /// A valid refresh of `demo-app`.
    pub(crate) fn refresh(token: &str) -> Self {
        Parameters::new(&[
            ("grant_type", "refresh_token"),
            ("client_id", "demo-app"),
            ("refresh_token", token),
        ])
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some(pair) => pair.1 = value.into(),
            None => self.0.push((name.into(), value.into())),
        }
        self
    }

    pub(crate) fn add(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(n, _)| n != name);
        self
    }

    pub(crate) fn encode(&self) -> String {
        Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

/// A request as the network delivers it.
pub(crate) struct Sent {
    head: Parts,
    body: Result<Bytes, Refusal>,
}

impl Sent {
    /// A request with its parameters in the query.
    pub(crate) fn query(p: &Parameters, authorization: Option<&str>) -> Self {
        let request = Request::get(format!("/?{}", p.encode()));
        Sent::new(request, authorization, Bytes::new())
    }

    /// A request with a form.
    pub(crate) fn body(p: &Parameters, authorization: Option<&str>) -> Self {
        let form = "application/x-www-form-urlencoded";
        let request = Request::post("/").header(CONTENT_TYPE, form);
        Sent::new(request, authorization, p.encode().into())
    }

    fn new(mut request: Builder, authorization: Option<&str>, body: Bytes) -> Self {
        if let Some(authorization) = authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        Sent {
            head,
            body: Ok(body),
        }
    }

    /// Sets the `Accept` header.
    pub(crate) fn accept(&mut self, kind: &'static str) {
        let kind = HeaderValue::from_static(kind);
        self.head.headers.insert(ACCEPT, kind);
    }

    pub(crate) fn incoming(&self, place: Target) -> Incoming<'_> {
        Incoming::read(place, &self.head, &self.body, None)
    }
}

/// A provider with the default clients and `other-app`, a public client with the same redirect URI
/// and only the data point of the e-mail address.
pub(crate) fn provider() -> Provider {
    let mut config = Config::default();
    let mut other = RegisteredClient::public("other-app", REDIRECT);
    other.data_points = vec![EMAIL.into()];
    config.clients.push(other);
    Provider::new(&config, [7; 32])
}

/// The value of a parameter in a callback URL.
pub(crate) fn parameter(callback: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(callback).unwrap();
    url.query_pairs()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
}

impl Provider {
    pub(crate) fn ask(&mut self, purpose: Purpose, p: &Parameters) -> Result<Waiting, Refusal> {
        self.ask_at(purpose, p, NOW)
    }

    pub(crate) fn ask_at(
        &mut self,
        purpose: Purpose,
        p: &Parameters,
        now: i64,
    ) -> Result<Waiting, Refusal> {
        let sent = Sent::query(p, None);
        let incoming = sent.incoming(Target::Authorize(purpose));
        self.traced(&incoming, now, |provider, context| {
            provider.authorize(context, purpose, incoming.form()?, now)
        })
    }

    pub(crate) fn push_at(
        &mut self,
        purpose: Purpose,
        p: &Parameters,
        header: Option<&str>,
        now: i64,
    ) -> Result<String, Refusal> {
        let sent = Sent::body(p, header);
        let incoming = sent.incoming(Target::Par(purpose));
        let pushed = self.traced(&incoming, now, |provider, context| {
            provider.push(context, purpose, &incoming, now)
        });
        pushed.map(|(uri, _)| uri)
    }

    pub(crate) fn tokens(&mut self, p: &Parameters, now: i64) -> Result<TokenAnswer, Refusal> {
        self.tokens_by(p, None, now)
    }

    pub(crate) fn tokens_by(
        &mut self,
        p: &Parameters,
        header: Option<&str>,
        now: i64,
    ) -> Result<TokenAnswer, Refusal> {
        let sent = Sent::body(p, header);
        let incoming = sent.incoming(Target::Token);
        self.traced(&incoming, now, |provider, context| {
            provider.token(context, &incoming, now)
        })
    }

    /// As [`Provider::handle`], without an HTTP answer.
    fn traced<T>(
        &mut self,
        incoming: &Incoming<'_>,
        now: i64,
        handle: impl FnOnce(&mut Provider, &mut RequestContext) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut context = self.assign_flow(incoming, now * 1_000);
        let outcome = handle(self, &mut context);
        self.record_step(context, outcome.as_ref().err());
        outcome
    }

    fn record_step(&mut self, mut context: RequestContext, refusal: Option<&Refusal>) {
        if let Some(refusal) = refusal {
            context.note(refusal);
        }
        let step = Step::at(context.at);
        self.trace.record(context, step);
    }

    pub(crate) fn approve(&mut self, id: &str, now: i64) -> Result<String, Refusal> {
        self.decided(id, Decision::Approve, now)
    }

    pub(crate) fn decline(&mut self, id: &str, now: i64) -> Result<String, Refusal> {
        self.decided(id, Decision::Decline, now)
    }

    fn decided(&mut self, id: &str, decision: Decision, now: i64) -> Result<String, Refusal> {
        let callback = self.decide(id, &Choice::new(decision), now * 1_000)?;
        Ok(callback.redirect.unwrap())
    }

    /// The code of an approval at `NOW`.
    pub(crate) fn code(&mut self, purpose: Purpose) -> String {
        let waiting = self.ask(purpose, &Parameters::authorization()).unwrap();
        parameter(&self.approve(&waiting.id, NOW).unwrap(), "code").unwrap()
    }

    /// The tokens of an exchange at `NOW`.
    pub(crate) fn logged_in(&mut self, purpose: Purpose) -> TokenAnswer {
        let code = self.code(purpose);
        self.tokens(&Parameters::exchange(&code), NOW).unwrap()
    }

    /// Checks that this access token is valid.
    pub(crate) fn check_access(&mut self, token: &str, now: i64) -> Result<(), Refusal> {
        self.info(token, now).map(drop)
    }

    pub(crate) fn info(&mut self, token: &str, now: i64) -> Result<Access, Refusal> {
        let sent = Sent::query(&Parameters::new(&[]), Some(&format!("Bearer {token}")));
        let incoming = sent.incoming(Target::UserInfo);
        self.traced(&incoming, now, |provider, context| {
            provider.read_user_info(context, token, now)
        })
    }

    pub(crate) fn present(
        &mut self,
        token: &str,
        claims: &str,
    ) -> Result<serde_json::Value, Refusal> {
        let p = Parameters::new(&[("claims", claims)]);
        let sent = Sent::query(&p, Some(&format!("Bearer {token}")));
        let incoming = sent.incoming(Target::Presentation);
        let read = self.traced(&incoming, NOW, |provider, context| {
            let claims = ClaimKeys::read(incoming.form()?);
            provider.read_presentation(context, token, claims, NOW)
        });
        read.map(|(access, claims)| super::presentation(&access, &claims))
    }
}

/// The refusal; panics if the request was not refused.
#[track_caller]
pub(crate) fn refused<T>(outcome: Result<T, Refusal>) -> Refusal {
    match outcome {
        Ok(_) => panic!("the request was not refused"),
        Err(refusal) => {
            let allowed = |b: u8| matches!(b, b' '..=b'~') && !matches!(b, b'"' | b'\\');
            assert!(refusal.description.bytes().all(allowed), "{refusal}");
            refusal
        }
    }
}
