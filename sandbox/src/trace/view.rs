//! The trace as pages and the control API show it, with masked secrets.

use schemars::JsonSchema;
use serde::Serialize;

use super::exchange::{Exchange, RawMessage, Step};
use super::{Actor, Flow, Mask, Status};
use crate::finding::Level;
use crate::provider::Now;
use crate::{Finding, Misbehaviour, Purpose};

/// The maximum length of a shown body, in characters.
const MAX_TEXT_LENGTH: usize = 4_000;

/// The summary of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FlowSummary {
    /// The id of the flow, such as `f1`.
    pub id: String,
    /// The client id, if the client is known.
    pub client_id: Option<String>,
    /// The name of the client, if it is known.
    pub client_name: Option<String>,
    /// The purpose, if it is known.
    pub purpose: Option<Purpose>,
    /// The status.
    pub status: Status,
    /// The time of the first request by the sandbox's clock, in milliseconds since 1970-01-01.
    pub began: i64,
    /// The time of the last step by the sandbox's clock, in milliseconds since 1970-01-01.
    pub last: i64,
    /// The number of steps, with those that the sandbox dropped to save memory.
    pub steps: usize,
    /// The findings in the flow.
    pub findings: Vec<FlowFinding>,
}

/// A finding in a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FlowFinding {
    /// The stable id.
    pub finding: Finding,
    /// How serious it is.
    pub level: Level,
    /// The finding in a few words.
    pub title: &'static str,
    /// The details of this case, without secrets.
    pub detail: String,
    /// The id of the flow.
    pub flow: String,
    /// The number of the step, counted from 0; absent if the finding belongs to the whole flow.
    pub step: Option<usize>,
    /// The time by the sandbox's clock, in milliseconds since 1970-01-01.
    pub at: i64,
}

/// A flow with its requests and answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FlowTrace {
    /// The summary.
    #[serde(flatten)]
    pub summary: FlowSummary,
    /// The steps, in the order in which they ended.
    pub said: Vec<StepView>,
}

/// One step of a flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct StepView {
    /// The number of the step, counted from 0.
    pub step: usize,
    /// The start of the step by the sandbox's clock, in milliseconds since 1970-01-01.
    pub at: i64,
    /// The duration, in milliseconds.
    pub took: i64,
    /// The sender.
    pub from: Actor,
    /// The receiver.
    pub to: Actor,
    /// The step in one line: the method and path of a request, or a short text.
    pub title: String,
    /// The request, or the opened link.
    pub request: Option<Message>,
    /// The status of the answer; absent if the connection was dropped, or if the step is not an
    /// HTTP request.
    pub status: Option<u16>,
    /// The answer.
    pub answer: Option<Message>,
    /// The misbehaviour of the request.
    pub misbehaviour: Option<Misbehaviour>,
}

/// Headers and a body, with masked secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Message {
    /// Each header with its value.
    pub headers: Vec<(String, String)>,
    /// The body, or a note such as `(120 bytes)` instead of it.
    pub body: String,
}

/// The id of a flow.
pub(crate) fn flow_id(number: u64) -> String {
    format!("f{number}")
}

/// The number of the flow with this id.
pub(crate) fn flow_number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('f')?;
    let number: u64 = digits.parse().ok()?;
    (flow_id(number) == id).then_some(number)
}

impl Flow {
    /// The summary of the flow.
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

    /// The status at this time.
    fn status(&self, now: i64) -> Status {
        match self.status {
            Status::Waiting if self.deadline.is_some_and(|deadline| now >= deadline) => {
                Status::Expired
            }
            status => status,
        }
    }

    /// The findings in the steps, and those of the whole flow.
    pub(crate) fn found(&self, number: u64, now: Now) -> impl Iterator<Item = FlowFinding> {
        let steps = self.found.iter().map(move |note| FlowFinding {
            step: Some(note.step),
            ..found(note.finding, note.detail.clone(), number, note.at)
        });
        steps.chain(
            self.whole(now)
                .into_iter()
                .map(move |(finding, detail)| found(finding, detail, number, self.last)),
        )
    }

    /// The kinds of the findings, each as often as it occurred.
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
                "the person approved, and the code expired before the client exchanged it"
                    .to_owned(),
            ));
        }
        if let (Some(scope), Some(read), Some(client)) = (&self.scope, &self.read, &self.client) {
            let unread = scope.unread(read, client);
            if !unread.is_empty() {
                all.push((
                    Finding::ScopeUnused,
                    format!("so far the client has not read {}", unread.join(", ")),
                ));
            }
        }
        all
    }

    /// The flow with its requests and answers.
    pub(crate) fn trace(&self, number: u64, mask: &Mask, now: Now) -> FlowTrace {
        let dropped = |place: usize| {
            // `Trace::record` drops steps in the middle.
            if place < super::MAX_STEPS / 2 {
                0
            } else {
                self.left_out
            }
        };
        let steps = self.steps.iter().enumerate().map(|(place, step)| StepView {
            step: place + dropped(place),
            ..step.view(mask)
        });
        FlowTrace {
            summary: self.summary(number, now),
            said: steps.collect(),
        }
    }
}

fn found(finding: Finding, detail: String, number: u64, at: i64) -> FlowFinding {
    FlowFinding {
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
            answer: self.answer.as_ref().map(|(_, message)| message.view(mask)),
            misbehaviour: self.misbehaviour,
        }
    }
}

impl RawMessage {
    fn view(&self, mask: &Mask) -> Message {
        let headers = self.headers();
        let headers = headers.map(|(name, value)| (mask.name(name), mask.header(name, value)));
        Message {
            headers: headers.collect(),
            body: self.text(mask),
        }
    }

    /// The body, masked according to its content type.
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
            Some(text) if text.chars().count() > MAX_TEXT_LENGTH => {
                let text: String = text.chars().take(MAX_TEXT_LENGTH).collect();
                format!("{text}…")
            }
            Some(text) => text,
            None if kind == "text/html" => format!("(an HTML page of {bytes} bytes)"),
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
    fn secrets_in_paths_and_header_names_are_masked() {
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
                request: RawMessage::new(&headers, b""),
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
