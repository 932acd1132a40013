//! The trace as it is shown, on pages and over the control API: masked, and with times.

use schemars::JsonSchema;
use serde::Serialize;

use super::exchange::{Exchange, Said, Step};
use super::{Actor, Flow, Mask, Status};
use crate::finding::Level;
use crate::world::Now;
use crate::{Finding, Misbehaviour, Purpose};

/// The longest text of a body that is shown, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A flow in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FlowSummary {
    /// Names the flow.
    pub id: String,
    /// The client, where it is known.
    pub client_id: Option<String>,
    /// The client's name.
    pub client_name: Option<String>,
    /// What the service asks for, where it is known.
    pub purpose: Option<Purpose>,
    /// How far it is.
    pub status: Status,
    /// When it began, in milliseconds since the epoch on the sandbox's clock.
    pub began: i64,
    /// When something was last said in it, likewise.
    pub last: i64,
    /// How many steps it has, those included that were dropped for room.
    pub steps: usize,
    /// What was found in it.
    pub findings: Vec<Found>,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Found {
    /// The stable id.
    pub finding: Finding,
    /// How it weighs.
    pub level: Level,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it was in this case. Never a secret.
    pub detail: String,
    /// The flow that it was found in.
    pub flow: String,
    /// The step that it was found in, counted from 0. Some are found in no single step.
    pub step: Option<usize>,
    /// When, in milliseconds since the epoch on the sandbox's clock.
    pub at: i64,
}

/// A flow with all that was said in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FlowTrace {
    /// What a list has of it.
    #[serde(flatten)]
    pub summary: FlowSummary,
    /// What was said, in order of its end.
    pub said: Vec<StepView>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StepView {
    /// Its number, counted from 0.
    pub step: usize,
    /// When, in milliseconds since the epoch on the sandbox's clock.
    pub at: i64,
    /// How long it took, in milliseconds.
    pub took: i64,
    /// Who speaks.
    pub from: Actor,
    /// To whom.
    pub to: Actor,
    /// What, in a line.
    pub title: String,
    /// The request, or the link.
    pub request: Option<Message>,
    /// The status of the answer. Without one the connection was dropped, or it was none
    /// that is answered.
    pub status: Option<u16>,
    /// The answer.
    pub answer: Option<Message>,
    /// What went wrong on demand.
    pub misbehaviour: Option<Misbehaviour>,
}

/// Headers and a body, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Message {
    /// Each header with its value.
    pub headers: Vec<(String, String)>,
    /// The body, or what kind of a body it is.
    pub body: String,
}

/// How a flow is named.
pub(crate) fn flow_id(number: u64) -> String {
    format!("f{number}")
}

/// The flow's number.
pub(crate) fn flow_number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('f')?;
    let number: u64 = digits.parse().ok()?;
    (flow_id(number) == id).then_some(number)
}

impl Flow {
    /// The flow in a list.
    pub(crate) fn summary(&self, number: u64, now: Now) -> FlowSummary {
        FlowSummary {
            id: flow_id(number),
            client_id: self.client.as_ref().map(|c| c.client_id.clone()),
            client_name: self.client.as_ref().map(|c| c.name.clone()),
            purpose: self.purpose,
            status: self.status(now.sandbox),
            began: self.began,
            last: self.last,
            steps: self.left_out + self.steps.len(),
            findings: self.found(number, now).collect(),
        }
    }

    /// How far it is at this time.
    fn status(&self, now: i64) -> Status {
        match self.status {
            Status::Waiting if self.deadline.is_some_and(|deadline| now >= deadline) => {
                Status::Expired
            }
            status => status,
        }
    }

    /// What was found in it: with its steps, and what shows only by looking at the whole.
    pub(crate) fn found(&self, number: u64, now: Now) -> impl Iterator<Item = Found> {
        let steps = self.found.iter().map(move |note| Found {
            step: Some(note.step),
            ..found(note.finding, note.detail.clone(), number, note.at)
        });
        steps.chain(
            self.whole(now)
                .into_iter()
                .map(move |(finding, detail)| found(finding, detail, number, self.last)),
        )
    }

    /// The kinds of what was found in it, each as often as it was.
    pub(crate) fn kinds(&self, now: Now) -> impl Iterator<Item = Finding> {
        let steps = self.found.iter().map(|note| note.finding);
        steps.chain(self.whole(now).into_iter().map(|(finding, _)| finding))
    }

    fn whole(&self, now: Now) -> Vec<(Finding, String)> {
        let mut all = Vec::new();
        if self
            .code_deadline
            .is_some_and(|deadline| deadline.has_come(now))
        {
            all.push((
                Finding::CodeUnused,
                "the person approved, the code has expired, and nobody came with it".to_owned(),
            ));
        }
        if let (Some(scope), Some(read), Some(client)) = (&self.scope, &self.read, &self.client) {
            let unread = scope.unread(read, client);
            if !unread.is_empty() {
                all.push((
                    Finding::ScopeUnused,
                    format!("so far nothing was read of {}", unread.join(", ")),
                ));
            }
        }
        all
    }

    /// The flow with all that was said in it.
    pub(crate) fn trace(&self, number: u64, mask: &Mask, now: Now) -> FlowTrace {
        let dropped = |place: usize| {
            // Steps in the middle went for room.
            if place < super::MOST_STEPS / 2 {
                0
            } else {
                self.left_out
            }
        };
        let said = self.steps.iter().enumerate().map(|(place, step)| StepView {
            step: place + dropped(place),
            ..step.view(mask)
        });
        FlowTrace {
            summary: self.summary(number, now),
            said: said.collect(),
        }
    }
}

fn found(finding: Finding, detail: String, number: u64, at: i64) -> Found {
    Found {
        finding,
        level: finding.level(),
        title: finding.title(),
        detail,
        flow: flow_id(number),
        step: None,
        at,
    }
}

impl Step {
    fn view(&self, mask: &Mask) -> StepView {
        match self {
            Step::Exchange(exchange) => exchange.view(mask),
            Step::Signal(signal) => StepView {
                step: 0,
                at: signal.at,
                took: 0,
                from: signal.from,
                to: signal.to,
                title: signal.words.to_owned(),
                request: signal.link.as_ref().map(|link| Message {
                    headers: Vec::new(),
                    body: mask.link(link),
                }),
                status: None,
                answer: None,
                misbehaviour: signal.misbehaviour,
            },
        }
    }
}

impl Exchange {
    fn view(&self, mask: &Mask) -> StepView {
        let path = mask.path(self.target.split('?').next().unwrap_or_default());
        let mut request = self.request.view(mask);
        if let Some((_, query)) = self.target.split_once('?') {
            let query = mask.form(query).join("\n");
            request.body = match request.body.as_str() {
                "" => query,
                body => format!("{query}\n\n{body}"),
            };
        }
        StepView {
            step: 0,
            at: self.at,
            took: self.ended.saturating_sub(self.at),
            from: self.from,
            to: Actor::Truid,
            title: format!("{} {path}", self.method),
            request: Some(request),
            status: self.answer.as_ref().map(|(status, _)| status.as_u16()),
            answer: self.answer.as_ref().map(|(_, said)| said.view(mask)),
            misbehaviour: self.misbehaviour,
        }
    }
}

impl Said {
    fn view(&self, mask: &Mask) -> Message {
        let headers = self.headers();
        let headers = headers.map(|(name, value)| (mask.name(name), mask.header(name, value)));
        Message {
            headers: headers.collect(),
            body: self.text(mask),
        }
    }

    /// The body, masked by what kind it is.
    fn text(&self, mask: &Mask) -> String {
        let bytes = self.length;
        if bytes == 0 {
            return String::new();
        }
        let kind = self.kind();
        let text = std::str::from_utf8(&self.body).ok();
        let whole = self.body.len() == self.length;
        let shown = match (kind, text) {
            ("application/x-www-form-urlencoded", Some(text)) if whole => {
                Some(mask.form(text).join("\n"))
            }
            ("application/json" | "text/plain", Some(text)) if whole => {
                serde_json::from_str(text).ok().map(|mut value| {
                    mask.json(&mut value);
                    serde_json::to_string_pretty(&value).unwrap_or_default()
                })
            }
            _ => None,
        };
        match shown {
            Some(text) if text.chars().count() > LONGEST_TEXT => {
                let text: String = text.chars().take(LONGEST_TEXT).collect();
                format!("{text}…")
            }
            Some(text) => text,
            None if kind == "text/html" => format!("(a page of {bytes} bytes)"),
            None => format!("({bytes} bytes)"),
        }
    }

    /// The content type, without parameters.
    fn kind(&self) -> &str {
        let mut headers = self.headers();
        let kind = headers.find(|(name, _)| *name == "content-type");
        kind.and_then(|(_, kind)| kind.split(';').next())
            .map_or("", str::trim)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};

    #[test]
    fn neither_a_path_nor_the_name_of_a_header_shows_a_secret() {
        let mut headers = HeaderMap::new();
        let name = HeaderName::from_static("s3cret");
        headers.insert(name, HeaderValue::from_static("1"));
        for (target, title) in [
            (
                "/oauth2/v1/token%3Fclient_secret=S3CRET",
                "GET /oauth2/v1/token•",
            ),
            (
                "/oidc/v1/user-info/S3CRET?S3CRET=S3CRET",
                "GET /oidc/v1/user-info/•",
            ),
        ] {
            let exchange = Exchange {
                at: 0,
                ended: 0,
                from: Actor::App,
                method: Method::GET,
                target: target.to_owned(),
                request: Said::new(&headers, b""),
                answer: None,
                misbehaviour: None,
            };
            let view = exchange.view(&Mask::new([7; 32]));
            let shown = serde_json::to_string(&view).unwrap().to_lowercase();
            assert!(!shown.contains("s3cret"), "{shown}");
            assert!(view.title.starts_with(title), "{}", view.title);
        }
    }
}
