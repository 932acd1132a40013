//! Forwards a callback to the backend, at most once, and reads its answer (mediated mode).

use std::sync::Arc;

use switchback_driver::background::BackgroundTask;
use switchback_driver::complete::{failure_note, no_answer};
use switchback_driver::ports::TransportError;
use switchback_driver::sender::TimedAnswer;
use switchback_driver::{Link, Redemption, Step, event, log};
use switchback_protocol::Secret;
use switchback_protocol::attempt::{Attempt, Input};
use switchback_protocol::callback::{Answer, Callback};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::{Header, Response, secrets_in};
use switchback_protocol::lease::Lease;
use switchback_protocol::mediated::Mediation;
use switchback_protocol::mediated::complete::Forwarded;
use switchback_protocol::mediated::login_check::LoginCheck;
use switchback_protocol::time::Time;

use crate::client_mode::ClientMode;
use crate::error::Error;
use crate::session::SetCookies;
use crate::state::ClientState;

/// Sends the callback, and returns the session or the input for the attempt machine.
pub(crate) async fn forward(
    inner: &Arc<ClientState>,
    mut attempt: Attempt,
    link: &Link,
    lease: &Lease,
    background: &BackgroundTask,
) -> Redemption<Error> {
    let ClientMode::Mediated(mediation) = &inner.mode else {
        let error =
            TransportError::NotSent("this client has no backend to forward the callback to".into());
        return no_answer(&**inner, Step::Forward, lease, error);
    };
    if attempt.may_have_been_sent()
        && let Some(grant) =
            find_earlier_session(inner, mediation, &attempt, lease, background).await
    {
        return Redemption::Grant(Box::new(grant));
    }
    let url = &mediation.completion_endpoint(attempt.purpose);
    let session = match session_header(inner, &attempt, url).await {
        Ok(session) => session,
        Err(error) => {
            let lease = lease.clone();
            return Redemption::Failed {
                input: Input::NotSent { lease },
                note: Some(error.to_string()),
                error: Some(error),
            };
        }
    };
    let mut secrets = attempt.cookies().secrets();
    secrets.extend(callback_secrets(&link.callback));
    secrets.extend(secrets_in(session.as_slice()));
    let request = mediation.forward(attempt.purpose, link.url.expose(), session);
    let TimedAnswer {
        asked_at,
        answered_at,
        answer,
    } = inner
        .sender
        .send_with_lease(request, lease, background)
        .await;
    let response = match answer {
        Ok(response) => response,
        Err(error) => return no_answer(&**inner, Step::Forward, lease, error),
    };
    store_cookies(inner, &mut attempt, url, &response, &answered_at).await;
    let secrets: Vec<&Secret> = secrets.iter().collect();
    let said = &link.callback.answer;
    let forwarded = mediation.read_completion(said, &response, &secrets);
    redemption(mediation, &attempt, lease, asked_at, forwarded)
}

/// An earlier forward may have logged the person in, and its answer may be lost. Asks the backend
/// who is logged in with this login's cookies. A login that was begun under a session has the
/// cookies of that session, which say nothing about this login.
async fn find_earlier_session(
    inner: &Arc<ClientState>,
    mediation: &Mediation,
    attempt: &Attempt,
    lease: &Lease,
    background: &BackgroundTask,
) -> Option<Grant> {
    if attempt.begun_under().is_some() {
        return None;
    }
    let mut cookies = attempt.cookies();
    let request = mediation.login_check_request(&cookies, &inner.now())?;
    let url = request.url.clone();
    let sent = inner
        .sender
        .send_with_lease(request, lease, background)
        .await;
    let response = sent.answer.ok()?;
    if mediation.read_login_check(&response) != LoginCheck::LoggedIn {
        return None;
    }
    cookies.store_from(&url, &response, &sent.answered_at);
    Some(Grant::of_cookies(attempt.purpose, sent.asked_at, cookies))
}

/// Converts the backend's answer.
fn redemption(
    mediation: &Mediation,
    attempt: &Attempt,
    lease: &Lease,
    asked_at: Time,
    forwarded: Forwarded,
) -> Redemption<Error> {
    let (purpose, lease) = (attempt.purpose, lease.clone());
    let (input, note) = match forwarded {
        Forwarded::Tokens(tokens) => {
            let lifetime = mediation.provider().access_token_lifetime();
            let grant = Grant::new(purpose, Vec::new(), asked_at, tokens, lifetime);
            return Redemption::Grant(Box::new(grant));
        }
        Forwarded::Cookies => {
            let grant = Grant::of_cookies(purpose, asked_at, attempt.cookies());
            return Redemption::Grant(Box::new(grant));
        }
        Forwarded::Declined => (Input::Declined { lease }, None),
        Forwarded::Refused(error) => {
            let note = error.to_string();
            (Input::Refused { lease, error }, Some(note))
        }
        Forwarded::Forgotten(error) => {
            let note = error.to_string();
            (Input::Forgotten { lease, error }, Some(note))
        }
        Forwarded::Failed(failure) => {
            let note = failure_note(&failure);
            (Input::Failed { lease, failure }, Some(note))
        }
    };
    Redemption::Failed {
        input,
        note,
        error: None,
    }
}

/// The header that identifies this login to the backend: its cookies, or, if the backend set none
/// for a login under a session, the token of that session. If that session has ended there is no
/// header, and the backend decides what that means.
async fn session_header(
    inner: &Arc<ClientState>,
    attempt: &Attempt,
    url: &str,
) -> Result<Option<Header>, Error> {
    if let Some(cookies) = attempt.cookies().header(url, &inner.now()) {
        return Ok(Some(("cookie", cookies)));
    }
    let Some(under) = attempt.begun_under() else {
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

/// Stores the answer's cookies in this login, and in the session that it was begun under: to the
/// backend both are one session.
async fn store_cookies(
    inner: &Arc<ClientState>,
    attempt: &mut Attempt,
    url: &str,
    response: &Response,
    now: &Time,
) {
    if response.set_cookies().next().is_none() {
        return;
    }
    attempt.take_cookies(url, response, now);
    let id = attempt.id();
    let stored = inner.store_attempt_cookies(&id, url, response, now);
    if let Err(error) = stored.await {
        log::event(event::STORE_UNWRITABLE, &id, Some(&error));
    }
    let Some(under) = attempt.begun_under().cloned() else {
        return;
    };
    // That session may have ended or be locked; this login does not depend on it.
    let stored = match inner.open(&under.clone().into()).await {
        Ok(session) => session.set_cookies(url, SetCookies::of(response)).await,
        Err(error) => Err(error),
    };
    if let Err(error) = stored {
        log::event(event::STORE_UNWRITABLE, &under, Some(&error));
    }
}

/// The secrets of a callback, which an error of the backend might repeat.
fn callback_secrets(callback: &Callback) -> Vec<Secret> {
    let code = match &callback.answer {
        Answer::Code(code) => Some(code.clone()),
        _ => None,
    };
    code.into_iter().chain([callback.state.clone()]).collect()
}
