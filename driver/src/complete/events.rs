//! What is written down about an attempt: the names of what happens to it.

use switchback_protocol::attempt::{Attempt, Effect, Input, Outcome};
use switchback_protocol::time::Time;
use switchback_protocol::token::TokenFailure;

use crate::client::Step;
use crate::event;
use crate::store::AttemptTransition;

/// A line of a timeline: what happened, and more about it.
pub(super) type TimelineEntry = (&'static str, Option<String>);

/// Adds lines to the timeline of the next state.
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

/// The words of a failure, for the log.
pub fn failure_note(failure: &TokenFailure) -> String {
    match failure {
        TokenFailure::Refused(error) => error.to_string(),
        TokenFailure::Busy { .. } => "busy".into(),
        TokenFailure::Failed(status) => format!("status {status}"),
        TokenFailure::Broken(rule) => rule.to_string(),
    }
}

/// The name of what a callback leads to. `None`: it leads to nothing yet.
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
        | Effect::LookAgain
        | Effect::EndSession => return None,
    })
}

/// The name of what came of a request, or of what is told about a login. `None`: another
/// process went on with it, and writes down what it does.
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
        (Effect::LookAgain, _) => return None,
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

/// `None`: there is no such attempt to write it down for.
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
