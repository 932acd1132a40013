//! The one run for all who complete the same attempt: it stores, sends and reports what
//! [`switchback_protocol::attempt`] decides.

use std::sync::Arc;

use switchback_protocol::attempt::{Attempt, AttemptId, Effect, Input, Kept, Phase};
use switchback_protocol::callback::{Answer, Callback};
use switchback_protocol::grant::{self, Grant};
use switchback_protocol::http::Rule;
use switchback_protocol::lease::Lease;
use switchback_protocol::token::{self, TokenFailure};
use switchback_protocol::{Registration, Secret};

use super::forward::forward;
use super::{Completion, WHAT};
use crate::awake::Awake;
use crate::client::Inner;
use crate::error::Error;
use crate::event;
use crate::patience::Pauses;
use crate::ports::TransportError;
use crate::records::Commit;
use crate::service::Service;
use crate::session::Session;
use crate::token_request::TOKEN_ENDPOINT;

/// A link that came back.
pub(super) struct Link {
    pub(super) url: Secret,
    pub(super) callback: Callback,
}

/// What is done next.
enum Next {
    Done(Result<Completion, Error>),
    Exchange {
        attempt: Box<Attempt>,
        code: Secret,
        lease: Lease,
    },
    Forward {
        attempt: Box<Attempt>,
        lease: Lease,
    },
    /// Another process has the code.
    Wait {
        at_most: i64,
    },
    /// Somebody else was faster: look again.
    LookAgain,
}

/// Runs in a task of its own.
pub(super) async fn complete(
    inner: Arc<Inner>,
    id: AttemptId,
    link: Link,
) -> Result<Completion, Error> {
    // Before the lease: whoever holds it should not be put to sleep.
    let awake = Awake::keep(&inner.platform.critical).await;
    let mut pauses = Pauses::new();
    loop {
        match decide(&inner, &id, &link.callback).await? {
            Next::Done(result) => return result,
            Next::Exchange {
                attempt,
                code,
                lease,
            } => {
                return match &inner.service {
                    Service::Direct(registration) => {
                        exchange(&inner, registration, &attempt, code, &lease, &awake).await
                    }
                    Service::Mediated(_) => Err(Error::interrupted(WHAT)),
                };
            }
            Next::Forward { attempt, lease } => {
                return match &inner.service {
                    Service::Mediated(mediation) => {
                        forward(&inner, mediation, *attempt, &link, &lease, &awake).await
                    }
                    Service::Direct(_) => Err(Error::interrupted(WHAT)),
                };
            }
            Next::Wait { at_most } => {
                if pauses.is_first() {
                    event::log(event::CODE_WAITING, &id, None);
                }
                if !pauses.next(at_most, &awake).await {
                    return Err(Error::interrupted(WHAT));
                }
            }
            Next::LookAgain => {}
        }
    }
}

/// Takes the attempt as it is stored, decides, and stores what changed.
async fn decide(inner: &Arc<Inner>, id: &AttemptId, callback: &Callback) -> Result<Next, Error> {
    let records = &inner.records;
    let found = records.load::<Attempt>(id).await?.entry();
    let Some(mut attempt) = found.filter(|attempt| attempt.matches(callback)) else {
        return Ok(Next::Done(Ok(Completion::Unknown)));
    };
    // Before the session is looked for: a holder that is gone by now has stored it, or never
    // will.
    let caller = records.caller(attempt.lease()).await?;
    let now = inner.now();
    // With tokens that an earlier run got, and the store did not take.
    let grant = inner.grant(id).await?.entry();
    let kept = match &grant {
        None => Kept::Nothing,
        Some(grant) if grant.is_over() => Kept::Over,
        Some(_) => Kept::Alive,
    };
    let is_unconfirmed = grant.as_ref().is_some_and(Grant::is_unconfirmed);
    let is_open = kept == Kept::Alive && attempt.phase != Phase::OtherPerson;
    if is_open && is_unconfirmed && !is_expected(inner, id).await? {
        return Ok(Next::Done(other_person(inner, id).await));
    }
    let was = attempt.phase.clone();
    let effect = attempt.step(Input::Callback {
        callback,
        now,
        caller: &caller,
        session: kept,
    });
    if let Effect::Wait { at_most } = effect {
        return Ok(Next::Wait { at_most });
    }
    let note = match &callback.answer {
        Answer::Code(_) => "code".to_owned(),
        Answer::Declined => "declined".to_owned(),
        Answer::Refused(error) => error.to_string(),
    };
    let name = name_of(&effect);
    let lines = [(event::CALLBACK_RECEIVED, Some(note)), (name, None)];
    // A repeated link that changes nothing leaves its trace in the log only.
    if attempt.phase != was || was == Phase::Open {
        for (name, note) in &lines {
            attempt.timeline.add(now.wall, name, note.clone());
        }
        // The mark comes first: whoever finds it knows that the code may be spent.
        if records.replace(attempt.clone()).await? == Commit::Lost {
            return Ok(Next::LookAgain);
        }
    }
    for (name, note) in lines {
        event::log(name, id, note.as_ref().map(|note| note as _));
    }
    Ok(match effect {
        Effect::Exchange { code, lease } => Next::Exchange {
            attempt: Box::new(attempt),
            code,
            lease,
        },
        Effect::Forward { lease } => Next::Forward {
            attempt: Box::new(attempt),
            lease,
        },
        Effect::OtherPerson if grant.is_some() => Next::Done(other_person(inner, id).await),
        other => Next::Done(told(id, other, grant.as_ref())),
    })
}

fn name_of(effect: &Effect) -> &'static str {
    match effect {
        Effect::Exchange { .. } => event::CODE_SENT,
        Effect::Forward { .. } => event::CALLBACK_FORWARDED,
        Effect::Forgotten => event::LOGIN_FORGOTTEN,
        Effect::LoggedIn => event::LOGIN_COMPLETED,
        Effect::Replayed => event::LOGIN_REPLAYED,
        Effect::Declined => event::LOGIN_DECLINED,
        Effect::Expired => event::LOGIN_EXPIRED,
        Effect::OtherPerson => event::LOGIN_OTHER_PERSON,
        Effect::Refused { .. } | Effect::Broken(_) => event::LOGIN_REFUSED,
        Effect::TryAgain => event::CODE_UNANSWERED,
        Effect::Wait { .. } => event::CODE_WAITING,
    }
}

/// What a caller is told where nothing is sent.
fn told(id: &AttemptId, effect: Effect, grant: Option<&Grant>) -> Result<Completion, Error> {
    Ok(match effect {
        Effect::LoggedIn => logged_in(id, grant.map(Grant::withheld).unwrap_or_default()),
        Effect::Replayed => Completion::Replayed,
        Effect::Declined => Completion::Declined,
        Effect::Expired => Completion::Expired,
        Effect::Forgotten => Completion::Forgotten,
        Effect::OtherPerson => Completion::OtherPerson,
        Effect::Refused { error, interrupted } => Completion::Refused { error, interrupted },
        Effect::Broken(rule) => {
            return Err(Error::Protocol {
                endpoint: "the callback",
                rule,
            });
        }
        Effect::TryAgain
        | Effect::Exchange { .. }
        | Effect::Forward { .. }
        | Effect::Wait { .. } => {
            return Err(Error::interrupted(WHAT));
        }
    })
}

fn logged_in(id: &AttemptId, withheld: Vec<String>) -> Completion {
    Completion::LoggedIn {
        session: id.clone().into(),
        withheld,
    }
}

/// Sends the code, once, and stores what comes back.
async fn exchange(
    inner: &Arc<Inner>,
    registration: &Registration,
    attempt: &Attempt,
    code: Secret,
    lease: &Lease,
    awake: &Awake,
) -> Result<Completion, Error> {
    let verifier = attempt.code_verifier();
    let request = token::exchange(
        &registration.provider().token_endpoint(),
        registration.client_id(),
        &attempt.redirect_uri,
        &code,
        verifier,
    );
    let sent = inner
        .ask_for_tokens(request, &[&code, verifier], lease, awake)
        .await;
    let id = attempt.id();
    match sent.answer {
        Ok(Ok(tokens)) => {
            let lifetime = registration.provider().access_token_lifetime();
            let (purpose, asked) = (attempt.purpose, attempt.scope.clone());
            let grant = Grant::new(purpose, asked, sent.asked_at, tokens, lifetime);
            keep(inner, attempt, grant).await
        }
        Ok(Err(failure)) => {
            let (input, name, note, result) = failed(attempt, lease, failure);
            tell(inner, &id, input, name, Some(note)).await;
            result
        }
        Err(error) => {
            let (input, name) = match error {
                TransportError::NotSent(_) => (Input::NotSent { lease }, event::CODE_NOT_SENT),
                _ => (Input::Lost { lease }, event::CODE_UNANSWERED),
            };
            tell(inner, &id, input, name, Some(error.to_string())).await;
            Err(Error::network(WHAT, error))
        }
    }
}

/// The session first, then the attempt: a crash in between is recovered by looking whether
/// there is a session.
pub(super) async fn keep(
    inner: &Arc<Inner>,
    attempt: &Attempt,
    mut grant: Grant,
) -> Result<Completion, Error> {
    let (id, withheld) = (attempt.id(), grant.withheld());
    if attempt
        .subject()
        .is_some_and(|subject| grant.expect(subject).is_err())
    {
        let dropped = grant::step(Some(&grant), &grant::Input::LogOut).1;
        inner.revoke_all_later(&id, dropped);
        return other_person(inner, &id).await;
    }
    let is_unconfirmed = grant.is_unconfirmed();
    inner.records.keep_new_grant(&id, grant).await?;
    if is_unconfirmed && !is_expected(inner, &id).await? {
        return other_person(inner, &id).await;
    }
    tell(inner, &id, Input::Exchanged, event::LOGIN_COMPLETED, None).await;
    Ok(logged_in(&id, withheld))
}

/// Asks the service whether whoever logged in is who had to. Where it cannot be asked now,
/// the same link may be tried again; until then the session is nobody's.
async fn is_expected(inner: &Arc<Inner>, id: &AttemptId) -> Result<bool, Error> {
    let session = Session {
        state: inner.open(&id.clone().into()).await?,
    };
    match session.user_info().await {
        Ok(_) => Ok(true),
        Err(Error::Protocol {
            rule: Rule::Subject,
            ..
        }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The attempt first, then the session: whoever comes in between is told that it is somebody
/// else.
async fn other_person(inner: &Arc<Inner>, id: &AttemptId) -> Result<Completion, Error> {
    let name = event::LOGIN_OTHER_PERSON;
    update(inner, id, Input::OtherPerson, name, None).await?;
    inner.log_out(id).await?;
    Ok(Completion::OtherPerson)
}

/// The token endpoint gave no tokens: what the attempt hears, what is written down, and
/// what the caller is told.
fn failed<'a>(
    attempt: &Attempt,
    lease: &'a Lease,
    failure: TokenFailure,
) -> (Input<'a>, &'static str, String, Result<Completion, Error>) {
    let (lost, unanswered) = (Input::Lost { lease }, event::CODE_UNANSWERED);
    match failure {
        TokenFailure::Refused(error) if error.is_temporary() => {
            let again = Err(Error::interrupted(WHAT));
            (lost, unanswered, error.to_string(), again)
        }
        TokenFailure::Refused(error) => {
            let note = error.to_string();
            let input = Input::Refused { lease, error };
            let refused = match attempt.clone().step(input.clone()) {
                Effect::Refused { error, interrupted } => {
                    Ok(Completion::Refused { error, interrupted })
                }
                _ => Err(Error::interrupted(WHAT)),
            };
            (input, event::CODE_REFUSED, note, refused)
        }
        TokenFailure::Busy { retry_after } => {
            let later = Error::TryAgain {
                what: WHAT,
                retry_after,
                source: None,
            };
            let name = event::CODE_NOT_SENT;
            (Input::NotSent { lease }, name, "busy".into(), Err(later))
        }
        TokenFailure::Failed(status) => {
            let again = Err(Error::interrupted(WHAT));
            (lost, unanswered, format!("status {status}"), again)
        }
        TokenFailure::Broken(rule) => {
            let broken = Err(Error::Protocol {
                endpoint: TOKEN_ENDPOINT,
                rule,
            });
            (lost, unanswered, rule.to_string(), broken)
        }
    }
}

/// As `update`, for what is true whether or not it can be written down.
pub(super) async fn tell(
    inner: &Inner,
    id: &AttemptId,
    input: Input<'_>,
    name: &'static str,
    note: Option<String>,
) {
    if let Err(error) = update(inner, id, input, name, note).await {
        event::log(event::STORE_UNWRITABLE, id, Some(&error));
    }
}

/// Something happened to an attempt, which is stored and written down. One that was dropped
/// meanwhile stays dropped.
async fn update(
    inner: &Inner,
    id: &AttemptId,
    input: Input<'_>,
    name: &'static str,
    note: Option<String>,
) -> Result<(), Error> {
    event::log(name, id, note.as_ref().map(|note| note as _));
    let now = inner.now();
    loop {
        let Some(mut attempt) = inner.records.load::<Attempt>(id).await?.entry() else {
            return Ok(());
        };
        attempt.step(input.clone());
        attempt.timeline.add(now.wall, name, note.clone());
        if inner.records.replace(attempt).await? == Commit::Committed {
            return Ok(());
        }
    }
}
