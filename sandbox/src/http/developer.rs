//! The pages for developers: the trace, the findings, the misbehaviours. They work with plain
//! forms; a script only keeps them up to date.

use axum::body::Bytes;
use axum::extract::{Path, RawQuery};
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::{State, control, parameter};
use crate::endpoints::answer::{self, Answer};
use crate::pages::{self, RuleForm};
use crate::{Endpoint, Finding, Misbehaviour, Refusal, Rule, Times};

/// `GET /`.
pub(super) async fn home(state: State) -> Answer {
    let html = pages::home(state.names.url(), state.tls.is_some(), &state.clients);
    with_script(StatusCode::OK, html)
}

/// `GET /trace`.
pub(super) async fn trace(state: State, RawQuery(query): RawQuery) -> Answer {
    let client = parameter(query.as_deref().unwrap_or_default().as_bytes(), "client");
    let client = Some(client).filter(|client| !client.is_empty());
    page(StatusCode::OK, pages::trace(&state, client.as_deref()))
}

/// `GET /trace/{flow}`.
pub(super) async fn flow(state: State, Path(flow): Path<String>) -> Answer {
    match state.flow(&flow) {
        Some(flow) => page(StatusCode::OK, pages::flow(&state, &flow, None, None)),
        None => refused(&no_flow()),
    }
}

/// `POST /trace/reset`: as `POST /sandbox/v1/reset`, for the button.
pub(super) async fn reset(state: State, headers: HeaderMap) -> Answer {
    if let Err(refusal) = control::same_site(&state, &headers) {
        return refused(&refusal);
    }
    state.reset(None);
    answer::see_other("/trace")
}

/// `GET /findings`.
pub(super) async fn findings(state: State) -> Answer {
    page(StatusCode::OK, pages::findings(&state))
}

/// `GET /findings/{finding}`: the target of `error_uri` in refusals.
pub(super) async fn finding(state: State, Path(id): Path<String>) -> Answer {
    match Finding::from_id(&id) {
        Some(finding) => page(StatusCode::OK, pages::finding(&state, finding)),
        None => refused(&Refusal::own("not_found", "no finding has this id")),
    }
}

/// `GET /misbehave`. The query fills the form.
pub(super) async fn misbehave(state: State, RawQuery(query): RawQuery) -> Answer {
    let ask = ask(query.as_deref().unwrap_or_default().as_bytes());
    page(StatusCode::OK, pages::misbehave(&state, ask, None))
}

/// `POST /misbehave`: adds the rule in the form.
pub(super) async fn add(state: State, headers: HeaderMap, body: Bytes) -> Answer {
    if let Err(refusal) = control::same_site(&state, &headers) {
        return refused(&refusal);
    }
    let ask = ask(&body);
    match rule(&ask).and_then(|rule| state.misbehave(rule)) {
        Ok(_) => answer::see_other("/misbehave#waiting"),
        Err(refusal) => {
            let html = pages::misbehave(&state, ask, Some(&refusal.description));
            page(StatusCode::BAD_REQUEST, html)
        }
    }
}

/// `POST /trace/{flow}/misbehave`: adds a rule for this flow, or for its client.
pub(super) async fn add_to_flow(
    state: State,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    if let Err(refusal) = control::same_site(&state, &headers) {
        return refused(&refusal);
    }
    let Some(trace) = state.flow(&flow) else {
        return refused(&no_flow());
    };
    let ask = ask(&body);
    let whom = match (ask.whom.as_str(), &trace.summary.client_id) {
        ("client", Some(client_id)) => RuleForm {
            client_id: client_id.clone(),
            ..ask.clone()
        },
        _ => RuleForm {
            flow: flow.clone(),
            ..ask.clone()
        },
    };
    match rule(&whom).and_then(|rule| state.misbehave(rule)) {
        Ok(_) => answer::see_other(&format!("/trace/{flow}#misbehave")),
        Err(refusal) => {
            let html = pages::flow(&state, &trace, Some(ask), Some(&refusal.description));
            page(StatusCode::BAD_REQUEST, html)
        }
    }
}

/// `POST /misbehave/{rule}/remove`: removes a rule; `all` removes every rule.
pub(super) async fn remove(
    state: State,
    Path(number): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    if let Err(refusal) = control::same_site(&state, &headers) {
        return refused(&refusal);
    }
    if number == "all" {
        state.behave(None);
    } else if let Ok(number) = number.parse() {
        // No error if a request has used the rule up in the meantime.
        state.behave(Some(number));
    }
    let flow = parameter(&body, "flow");
    match state.flow(&flow) {
        Some(trace) => answer::see_other(&format!("/trace/{}#misbehave", trace.summary.id)),
        None => answer::see_other("/misbehave#waiting"),
    }
}

/// A page with forms and with the script that keeps it up to date.
fn page(status: StatusCode, html: String) -> Answer {
    let mut response = with_script(status, html);
    // With `no-referrer`, a browser would send the forms with `Origin: null`.
    let referrer = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(REFERRER_POLICY, referrer);
    response
}

fn with_script(status: StatusCode, html: String) -> Answer {
    let mut response = answer::page(status, html);
    let policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
                  connect-src 'self'; base-uri 'none'; form-action 'self'; \
                  frame-ancestors 'none'";
    let policy = HeaderValue::from_static(policy);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    response
}

fn refused(refusal: &Refusal) -> Answer {
    answer::page(answer::status(refusal.error), pages::refused(refusal))
}

fn no_flow() -> Refusal {
    Refusal::own(
        "not_found",
        "no flow has this id, or the sandbox has deleted it",
    )
}

fn ask(form: &[u8]) -> RuleForm {
    let field = |name| parameter(form, name);
    RuleForm {
        misbehaviour: field("misbehaviour"),
        endpoint: field("endpoint"),
        client_id: field("client_id"),
        flow: field("flow"),
        times: field("times"),
        always: !field("always").is_empty(),
        seconds: field("seconds"),
        whom: field("whom"),
    }
}

/// The rule in a form. An empty field counts as left out.
fn rule(ask: &RuleForm) -> Result<Rule, Refusal> {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let misbehaviour = Misbehaviour::from_id(&ask.misbehaviour)
        .ok_or_else(|| Refusal::bad("choose a misbehaviour"))?;
    let endpoint = some(&ask.endpoint).map(|id| {
        Endpoint::from_id(&id).ok_or_else(|| Refusal::bad("choose an endpoint from the list"))
    });
    let number = |text: &str, what: &str| {
        text.parse::<i64>()
            .map_err(|_| Refusal::bad(format!("{what} must be a whole number")))
    };
    let times = match (ask.always, some(&ask.times)) {
        (true, _) => Times::ALWAYS,
        (false, None) => Times::default(),
        (false, Some(times)) => {
            let times = number(&times, "times")?;
            Times::Count(
                u32::try_from(times).map_err(|_| Refusal::bad("times must be at least 1"))?,
            )
        }
    };
    let seconds = some(&ask.seconds).map(|seconds| number(&seconds, "seconds"));
    Ok(Rule {
        endpoint: endpoint.transpose()?,
        client_id: some(&ask.client_id),
        flow: some(&ask.flow),
        times,
        seconds: seconds.transpose()?,
        ..Rule::new(misbehaviour)
    })
}
