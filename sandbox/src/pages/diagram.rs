//! A flow as a sequence diagram: lanes, rows, and which classes draw them. The page has no
//! styles of its own in its HTML, so all places are classes.

use std::borrow::Cow;

use axum::http::StatusCode;

use super::words::{Piece, pieces, span};
use crate::{Actor, FlowTrace, Found, Message, StepView};

/// The lanes that take part, and the rows.
pub(super) struct Diagram<'a> {
    pub(super) lanes: Vec<Actor>,
    pub(super) rows: Vec<Row<'a>>,
    /// What was found in no step that is shown.
    pub(super) rest: Vec<&'a Found>,
    /// How many steps went for room.
    pub(super) left_out: usize,
}

/// A step.
pub(super) struct Row<'a> {
    pub(super) step: &'a StepView,
    /// The place of the left end and of the right end among the lanes, counted from 1.
    pub(super) left: usize,
    pub(super) right: usize,
    /// Whether it goes from left to right.
    pub(super) onward: bool,
    /// The time since the step before it.
    pub(super) since: Option<String>,
    pub(super) took: String,
    pub(super) answer: Answered,
    /// The error that an answer names (RFC 6749 section 5.2).
    pub(super) error: Option<String>,
    pub(super) parts: Vec<Part<'a>>,
    pub(super) found: Vec<&'a Found>,
}

/// What came back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answered {
    /// It was none that is answered.
    Nothing,
    /// The connection was dropped.
    Dropped,
    /// A status.
    With(u16),
}

/// The request or the answer, unfolded.
pub(super) struct Part<'a> {
    pub(super) name: &'static str,
    /// The first line, as on the wire.
    pub(super) line: String,
    pub(super) headers: Vec<(&'a str, Vec<Piece<'a>>)>,
    pub(super) body: Vec<Piece<'a>>,
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
        found: Vec<&'a Found>,
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

    /// The status in numbers and words.
    pub(super) fn outcome(&self) -> Cow<'static, str> {
        match self.answer {
            Answered::Nothing => "".into(),
            Answered::Dropped => "connection dropped".into(),
            Answered::With(number) => status(number).into(),
        }
    }

    /// How the answer is drawn: as a class.
    pub(super) fn mood(&self) -> &'static str {
        match self.answer {
            Answered::Nothing => "none",
            Answered::Dropped => "dropped",
            Answered::With(..400) => "good",
            Answered::With(_) => "bad",
        }
    }

    /// Whether the title is a line of HTTP.
    pub(super) fn is_exchange(&self) -> bool {
        self.answer != Answered::Nothing
    }
}

impl StepView {
    /// Whether it is a request, which is answered or should have been.
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
                .map(|(name, value)| (name.as_str(), pieces(value)))
                .collect(),
            body: pieces(&message.body),
        }
    }
}

/// Only the one member that the trace shows as it was.
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
