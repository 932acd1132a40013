//! Forwarding a callback to the backend, once, and what it answers.

use std::sync::Arc;

use switchback_protocol::Secret;
use switchback_protocol::attempt::{Attempt, Effect, Input};
use switchback_protocol::callback::{Answer, Callback};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::{Header, Response, Rule, secrets_in};
use switchback_protocol::lease::Lease;
use switchback_protocol::mediated::Mediation;
use switchback_protocol::mediated::complete::Outcome;
use switchback_protocol::time::Time;

use super::complete::{Link, keep, tell};
use super::{Completion, FORWARDED};
use crate::awake::Awake;
use crate::client::Inner;
use crate::error::Error;
use crate::event;
use crate::ports::TransportError;

/// What the attempt hears, what is written down, and what the caller is told.
type Told<'a> = (
    Input<'a>,
    &'static str,
    Option<String>,
    Result<Completion, Error>,
);

pub(super) async fn forward(
    inner: &Arc<Inner>,
    mediation: &Mediation,
    mut attempt: Attempt,
    link: &Link,
    lease: &Lease,
    awake: &Awake,
) -> Result<Completion, Error> {
    let url = mediation.redirect_uri().as_str();
    let session = match whose(inner, &attempt, url).await {
        Ok(session) => session,
        Err(error) => {
            let (input, name) = (Input::NotSent { lease }, event::CALLBACK_NOT_SENT);
            tell(inner, &attempt.id(), input, name, Some(error.to_string())).await;
            return Err(error);
        }
    };
    let mut secrets = attempt.cookies().secrets();
    secrets.extend(secrets_of(&link.callback));
    secrets.extend(secrets_in(session.as_slice()));
    let request = mediation.forward(link.url.expose(), session);
    let sent = inner.ask_under(request, lease, awake).await;
    let (asked_at, now) = (sent.asked_at, sent.answered_at);
    let outcome = match sent.answer {
        Ok(response) => {
            keep_cookies(inner, &mut attempt, url, &response, &now).await;
            let secrets: Vec<&Secret> = secrets.iter().collect();
            mediation.read_completion(&response, &secrets)
        }
        Err(TransportError::TooLong) => Outcome::Broken(Rule::TooLong),
        Err(error) => {
            let (input, name) = match error {
                TransportError::NotSent(_) => (Input::NotSent { lease }, event::CALLBACK_NOT_SENT),
                _ => (Input::Lost { lease }, event::CALLBACK_UNANSWERED),
            };
            let note = Some(error.to_string());
            tell(inner, &attempt.id(), input, name, note).await;
            return Err(Error::network(FORWARDED, error));
        }
    };
    let purpose = attempt.purpose;
    let grant = match outcome {
        Outcome::Tokens(tokens) => {
            let lifetime = mediation.provider().access_token_lifetime();
            Grant::new(purpose, Vec::new(), asked_at, tokens, lifetime)
        }
        Outcome::Cookies => Grant::of_cookies(purpose, asked_at, attempt.cookies()),
        other => {
            let (input, name, note, result) = told(&attempt, lease, other);
            tell(inner, &attempt.id(), input, name, note).await;
            return result;
        }
    };
    keep(inner, &attempt, grant).await
}

/// Whose login it is: its cookies say so, or, where the backend set none since it knew who
/// began it, the token of that session. Where that is over, the backend says what that means.
async fn whose(inner: &Arc<Inner>, attempt: &Attempt, url: &str) -> Result<Option<Header>, Error> {
    if let Some(cookies) = attempt.cookies().header(url, &inner.now()) {
        return Ok(Some(("cookie", cookies)));
    }
    let Some(under) = attempt.under() else {
        return Ok(None);
    };
    let token = async {
        let session = inner.open(&under.clone().into()).await?;
        Ok(session.authorize(url).await?.token())
    };
    match token.await {
        Err(Error::LoginRequired { .. }) => Ok(None),
        token => token,
    }
}

/// For this login, and for the session that it began under: to the backend they are one.
async fn keep_cookies(
    inner: &Arc<Inner>,
    attempt: &mut Attempt,
    url: &str,
    response: &Response,
    now: &Time,
) {
    if response.set_cookies().next().is_none() {
        return;
    }
    attempt.take_cookies(url, response.set_cookies(), now);
    let id = attempt.id();
    let stored = inner.keep_attempt_cookies(&id, url, response, now);
    if let Err(error) = stored.await {
        event::log(event::STORE_UNWRITABLE, &id, Some(&error));
    }
    let Some(under) = attempt.under().cloned() else {
        return;
    };
    let set: Vec<Secret> = response.set_cookies().map(Secret::from).collect();
    // It may be over, or locked: this login does not depend on it.
    let stored = match inner.open(&under.clone().into()).await {
        Ok(session) => session.set_cookies(url, set).await,
        Err(error) => Err(error),
    };
    if let Err(error) = stored {
        event::log(event::STORE_UNWRITABLE, &under, Some(&error));
    }
}

/// What a backend might repeat.
fn secrets_of(callback: &Callback) -> Vec<Secret> {
    let code = match &callback.answer {
        Answer::Code(code) => Some(code.clone()),
        _ => None,
    };
    code.into_iter().chain([callback.state.clone()]).collect()
}

/// There is no session.
fn told<'a>(attempt: &Attempt, lease: &'a Lease, outcome: Outcome) -> Told<'a> {
    let (lost, unanswered) = (Input::Lost { lease }, event::CALLBACK_UNANSWERED);
    match outcome {
        Outcome::Declined => {
            let input = Input::Declined { lease };
            said(attempt, input, event::LOGIN_DECLINED, None)
        }
        Outcome::Forgotten => {
            let input = Input::Forgotten { lease };
            said(attempt, input, event::LOGIN_FORGOTTEN, None)
        }
        Outcome::Refused(error) if error.is_temporary() => {
            let again = Err(Error::interrupted(FORWARDED));
            (lost, unanswered, Some(error.to_string()), again)
        }
        Outcome::Refused(error) => {
            let note = Some(error.to_string());
            let input = Input::Refused { lease, error };
            said(attempt, input, event::LOGIN_REFUSED, note)
        }
        Outcome::Busy { retry_after } => {
            let later = Error::TryAgain {
                what: FORWARDED,
                retry_after,
                source: None,
            };
            let input = Input::NotSent { lease };
            let name = event::CALLBACK_NOT_SENT;
            (input, name, Some("busy".into()), Err(later))
        }
        Outcome::Failed(status) => {
            let again = Err(Error::interrupted(FORWARDED));
            (lost, unanswered, Some(format!("status {status}")), again)
        }
        Outcome::Broken(rule) => {
            let broken = Err(Error::Protocol {
                endpoint: "the backend's redirect URI",
                rule,
            });
            (lost, unanswered, Some(rule.to_string()), broken)
        }
        Outcome::Tokens(_) | Outcome::Cookies => {
            let again = Err(Error::interrupted(FORWARDED));
            (lost, unanswered, None, again)
        }
    }
}

/// The backend has said what became of the login: the caller is told as the attempt hears it.
fn said<'a>(
    attempt: &Attempt,
    input: Input<'a>,
    name: &'static str,
    note: Option<String>,
) -> Told<'a> {
    let result = match attempt.clone().step(input.clone()) {
        Effect::Declined => Ok(Completion::Declined),
        Effect::Forgotten => Ok(Completion::Forgotten),
        Effect::Refused { error, interrupted } => Ok(Completion::Refused { error, interrupted }),
        _ => Err(Error::interrupted(FORWARDED)),
    };
    (input, name, note, result)
}
