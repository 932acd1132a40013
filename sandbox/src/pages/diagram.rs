//! A flow as a sequence diagram: the lanes, the rows, and the CSS classes that draw them. The
//! HTML has no inline styles, so each position is a class.

use std::borrow::Cow;

use axum::http::StatusCode;

use super::words::{Segment, segments, span};
use crate::{Actor, FlowFinding, FlowTrace, Message, StepView};

/// The lanes of the parties that take part, and the rows.
pub(super) struct Diagram<'a> {
    pub(super) lanes: Vec<Actor>,
    pub(super) rows: Vec<Row<'a>>,
    /// The findings that belong to none of the shown steps.
    pub(super) rest: Vec<&'a FlowFinding>,
    /// The number of steps that the trace dropped to save memory.
    pub(super) left_out: usize,
}

/// A step.
pub(super) struct Row<'a> {
    pub(super) step: &'a StepView,
    /// The lanes of the left end and of the right end, counted from 1.
    pub(super) left: usize,
    pub(super) right: usize,
    /// Whether the request goes from left to right.
    pub(super) onward: bool,
    /// The time since the previous step.
    pub(super) since: Option<String>,
    pub(super) took: String,
    pub(super) answer: Answered,
    /// The `error` in the answer (RFC 6749 section 5.2).
    pub(super) error: Option<String>,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) found: Vec<&'a FlowFinding>,
}

/// The answer of a step.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// The step is not an HTTP request.
    Nothing,
    /// The connection was dropped.
    Dropped,
    /// An HTTP status.
    With(u16),
}

/// The request or the answer in an unfolded step.
pub(super) struct Part<'a> {
    pub(super) name: &'static str,
    /// The request line or the status line.
    pub(super) line: String,
    pub(super) headers: Vec<(&'a str, Vec<Segment<'a>>)>,
    pub(super) body: Vec<Segment<'a>>,
}

impl<'a> Diagram<'a> {
    pub(super) fn new(flow: &'a FlowTrace) -> Diagram<'a> {
        let said = &flow.said;
        let takes_part = |actor: &Actor| said.iter().any(|s| s.from == *actor || s.to == *actor);
        let lanes: Vec<Actor> = Actor::ALL.iter().copied().filter(takes_part).collect();
        let mut before = None;
        let rows = said.iter().map(|step| {
            let found = flow.summary.findings.iter();
            let found = found.filter(|found| found.step == Some(step.step));
            let since = before.replace(step.at).map(|at| step.at.saturating_sub(at));
            Row::new(step, &lanes, since.map(span), found.collect())
        });
        let rows: Vec<Row<'_>> = rows.collect();
        let shown = |step| said.iter().any(|own| Some(own.step) == step);
        let found = flow.summary.findings.iter();
        Diagram {
            rest: found.filter(|found| !shown(found.step)).collect(),
            left_out: flow.summary.steps.saturating_sub(said.len()),
            lanes,
            rows,
        }
    }
}

impl<'a> Row<'a> {
    fn new(
        step: &'a StepView,
        lanes: &[Actor],
        since: Option<String>,
        found: Vec<&'a FlowFinding>,
    ) -> Row<'a> {
        let place = |actor| lanes.iter().position(|own| *own == actor).unwrap_or(0) + 1;
        let (from, to) = (place(step.from), place(step.to));
        let answer = match (step.status, step.is_exchange()) {
            (Some(status), _) => Answered::With(status),
            (None, true) => Answered::Dropped,
            (None, false) => Answered::Nothing,
        };
        let request = step.request.as_ref().map(|message| match answer {
            Answered::Nothing => Part::new("What was opened", String::new(), message),
            _ => Part::new("Request", step.title.clone(), message),
        });
        let reply = step.answer.as_ref().map(|message| {
            let line = step.status.map(status).unwrap_or_default();
            Part::new("Answer", line, message)
        });
        Row {
            step,
            left: from.min(to),
            right: from.max(to),
            onward: from <= to,
            since,
            took: match step.took {
                ..1 => "under 1 ms".to_owned(),
                millis => span(millis),
            },
            answer,
            error: step.answer.as_ref().and_then(error),
            parts: request.into_iter().chain(reply).collect(),
            found,
        }
    }

    /// The status code with its reason phrase.
    pub(super) fn outcome(&self) -> Cow<'static, str> {
        match self.answer {
            Answered::Nothing => "".into(),
            Answered::Dropped => "connection dropped".into(),
            Answered::With(number) => status(number).into(),
        }
    }

    /// The CSS class of the answer.
    pub(super) fn mood(&self) -> &'static str {
        match self.answer {
            Answered::Nothing => "none",
            Answered::Dropped => "dropped",
            Answered::With(..400) => "good",
            Answered::With(_) => "bad",
        }
    }

    /// Whether the step is an HTTP request, with the request line as its title.
    pub(super) fn is_exchange(&self) -> bool {
        self.answer != Answered::Nothing
    }
}

impl StepView {
    /// Whether the step is an HTTP request, which has or should have an answer.
    fn is_exchange(&self) -> bool {
        let headers = self.request.as_ref().map(|request| &request.headers);
        headers.is_some_and(|headers| !headers.is_empty())
    }
}

impl<'a> Part<'a> {
    fn new(name: &'static str, line: String, message: &'a Message) -> Part<'a> {
        let headers = message.headers.iter();
        Part {
            name,
            line,
            headers: headers
                .map(|(name, value)| (name.as_str(), segments(value)))
                .collect(),
            body: segments(&message.body),
        }
    }
}

/// The member `error` of the answer, which the trace does not mask.
fn error(answer: &Message) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
    Some(body.get("error")?.as_str()?.to_owned())
}

fn status(number: u16) -> String {
    let known = StatusCode::from_u16(number).ok();
    match known.and_then(|status| status.canonical_reason()) {
        Some(reason) => format!("{number} {reason}"),
        None => number.to_string(),
    }
}
