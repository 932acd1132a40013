//! The event names for what happens to an attempt, and its timeline.
//!
//! The names follow from the input and the effects of the machine, so log and timeline report what
//! was decided.
//!
//! Before you change this: `docs/reference/diagnostics.md` promises the names to operators. A note may have
//! the text of a server, which [`OAuthError`](switchback_protocol::OAuthError) has redacted, and
//! never a secret.

use switchback_protocol::attempt::{Attempt, Effect, Input, Outcome};
use switchback_protocol::time::Time;
use switchback_protocol::token::TokenFailure;

use crate::client::Step;
use crate::event;
use crate::store::AttemptTransition;

/// An entry of the timeline: the event, and details.
pub(super) type TimelineEntry = (&'static str, Option<String>);

/// Adds entries to the timeline of the next state.
pub(super) fn with_timeline(
    (mut next, effects): AttemptTransition,
    stored: Option<&Attempt>,
    now: Time,
    lines: impl IntoIterator<Item = TimelineEntry>,
) -> AttemptTransition {
    if let (Some(next), Some(stored)) = (&mut next, stored) {
        for (name, note) in lines {
            next.timeline.add(now.wall, name, note);
            next.generation = stored.generation.saturating_add(1);
        }
    }
    (next, effects)
}

/// The text of a failure, for log and timeline.
pub fn failure_note(failure: &TokenFailure) -> String {
    match failure {
        TokenFailure::Refused(error) => error.to_string(),
        TokenFailure::Busy { .. } => "busy".into(),
        TokenFailure::Failed(status) => format!("status {status}"),
        TokenFailure::Broken(rule) => rule.to_string(),
    }
}

/// The event for the effects of a callback; `None` if nothing is to be reported yet.
pub(super) fn event_for_callback(effects: &[Effect]) -> Option<&'static str> {
    Some(match effects.last()? {
        Effect::Exchange { .. } => event::CODE_SENT,
        Effect::Forward { .. } => event::CALLBACK_FORWARDED,
        Effect::Broken(_) => event::LOGIN_REFUSED,
        Effect::Done(outcome) => event_for_outcome(outcome)?,
        Effect::TryAgain { .. } => event::CODE_UNANSWERED,
        Effect::Misconfigured(_)
        | Effect::UnknownIssuer(_)
        | Effect::Wait { .. }
        | Effect::Confirm
        | Effect::Reload
        | Effect::EndSession => return None,
    })
}

/// The event for the result of a request, or for the outcome of a login. `None` if another process
/// has continued the login: that process reports it.
pub(super) fn event_for_input(
    step: Step,
    input: &Input,
    effects: &[Effect],
) -> Option<&'static str> {
    let [not_sent, unanswered, refused] = match step {
        Step::Forward => [
            event::CALLBACK_NOT_SENT,
            event::CALLBACK_UNANSWERED,
            event::LOGIN_REFUSED,
        ],
        Step::Callback | Step::Exchange | Step::Refresh => [
            event::CODE_NOT_SENT,
            event::CODE_UNANSWERED,
            event::CODE_REFUSED,
        ],
    };
    Some(match (effects.last()?, input) {
        (Effect::Reload, _) => return None,
        (
            Effect::Done(Outcome::Refused { .. }) | Effect::Misconfigured(_) | Effect::Broken(_),
            _,
        ) => refused,
        (Effect::Done(outcome), _) => event_for_outcome(outcome)?,
        (_, Input::NotSent { .. }) => not_sent,
        (
            _,
            Input::Failed {
                failure: TokenFailure::Busy { .. },
                ..
            },
        ) => not_sent,
        _ => unanswered,
    })
}

/// `None` if there is no such attempt, and so no timeline.
fn event_for_outcome(outcome: &Outcome) -> Option<&'static str> {
    Some(match outcome {
        Outcome::LoggedIn => event::LOGIN_COMPLETED,
        Outcome::Replayed => event::LOGIN_REPLAYED,
        Outcome::Declined => event::LOGIN_DECLINED,
        Outcome::Refused { .. } => event::LOGIN_REFUSED,
        Outcome::Expired => event::LOGIN_EXPIRED,
        Outcome::OtherPerson => event::LOGIN_OTHER_PERSON,
        Outcome::Forgotten => event::LOGIN_FORGOTTEN,
        Outcome::Unknown => return None,
    })
}
