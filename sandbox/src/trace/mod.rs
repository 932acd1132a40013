//! The trace: the requests and answers of each flow, and the findings in them. A flow is
//! everything that belongs to one login, from the authorization request to the last use of its
//! tokens. The trace is limited in flows, steps and bytes, and drops the oldest. It stores
//! messages unmasked; [`view`] masks them.

mod exchange;
mod mask;
mod view;

use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::bounded_map::BoundedMap;
use crate::misbehaviour::Active;
use crate::oauth::scope::Scope;
use crate::provider::Now;
use crate::{Finding, Purpose, Refusal, RegisteredClient};

pub use exchange::Actor;
pub(crate) use exchange::{Exchange, RawMessage, Signal, Step, is_browser};
pub(crate) use mask::Mask;
pub use view::{FlowFinding, FlowSummary, FlowTrace, Message, StepView};
pub(crate) use view::{flow_id, flow_number};

/// The maximum number of steps of one flow.
const MAX_STEPS: usize = 100;
/// The maximum number of findings of one flow. Each kind counts once in a step.
const MAX_FINDINGS: usize = 200;
/// The maximum length of a finding's detail, in characters.
const MAX_DETAIL_LENGTH: usize = 1_000;
/// The maximum size of all flows in memory, in bytes, approximately.
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// The status of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Status {
    /// The requests belong to no known flow.
    Stray,
    /// The client pushed an authorization request, and no browser or app has opened it yet.
    Pushed,
    /// The authorization request was refused.
    Refused,
    /// The authorization request waits for the person's decision.
    Waiting,
    /// The authorization request expired before the person decided.
    Expired,
    /// The person declined.
    Declined,
    /// The person approved; the client has not exchanged the code yet.
    Approved,
    /// The client has received tokens.
    LoggedIn,
    /// The grant was revoked.
    Revoked,
}

impl Status {
    /// The status as text.
    pub fn words(self) -> &'static str {
        match self {
            Status::Stray => "belongs to no flow",
            Status::Pushed => "pushed, not opened yet",
            Status::Refused => "refused",
            Status::Waiting => "waits for the person",
            Status::Expired => "expired before the decision",
            Status::Declined => "declined",
            Status::Approved => "approved, code not exchanged yet",
            Status::LoggedIn => "tokens issued",
            Status::Revoked => "grant revoked",
        }
    }
}

/// One flow.
pub(crate) struct Flow {
    began: i64,
    last: i64,
    pub(crate) client: Option<Arc<RegisteredClient>>,
    pub(crate) purpose: Option<Purpose>,
    pub(crate) status: Status,
    steps: VecDeque<Step>,
    /// The number of dropped steps.
    left_out: usize,
    found: Vec<Note>,
    /// The requested scope.
    pub(crate) scope: Option<Scope>,
    /// The data points that the client has read, as indexes in the registration; `None` before
    /// the first request for data.
    pub(crate) read: Option<Vec<u16>>,
    /// The time when the pending request expires, in seconds since 1970-01-01.
    pub(crate) deadline: Option<i64>,
    /// The time when a code expires that the client has not exchanged.
    pub(crate) code_deadline: Option<Now>,
    bytes: usize,
}

/// A finding in a step. `step` counts from the first step of the flow.
#[derive(PartialEq, Eq)]
struct Note {
    finding: Finding,
    detail: String,
    step: usize,
    at: i64,
}

impl Note {
    /// The approximate size in memory.
    fn bytes(&self) -> usize {
        std::mem::size_of::<Note>() + self.detail.len()
    }
}

/// The detail, cut to the maximum length.
fn shortened(mut detail: String) -> String {
    if let Some((end, _)) = detail.char_indices().nth(MAX_DETAIL_LENGTH) {
        detail.truncate(end);
        detail.push('…');
        detail.shrink_to_fit();
    }
    detail
}

/// The context of a request while the sandbox handles it: its flow, its misbehaviour, and the
/// findings so far.
pub(crate) struct RequestContext {
    /// The number of the flow.
    pub(crate) flow: u64,
    /// The arrival of the request by the sandbox's clock, in milliseconds since 1970-01-01.
    pub(crate) at: i64,
    /// The misbehaviour of the request.
    pub(crate) active: Option<Active>,
    found: Vec<(Finding, String)>,
}

impl RequestContext {
    /// The context of a request of this flow.
    pub(crate) fn new(flow: u64, at: i64, active: Option<Active>) -> Self {
        RequestContext {
            flow,
            at,
            active,
            found: Vec::new(),
        }
    }

    /// Adds a finding.
    pub(crate) fn find(&mut self, finding: Finding, detail: impl Into<String>) {
        self.found.push((finding, detail.into()));
    }

    /// Adds the finding of a refusal, if it has one.
    pub(crate) fn note(&mut self, refusal: &Refusal) {
        if let Some(finding) = refusal.finding {
            self.find(finding, &*refusal.description);
        }
    }

    /// Whether the request has this misbehaviour.
    pub(crate) fn is(&self, misbehaviour: crate::Misbehaviour) -> bool {
        self.active
            .is_some_and(|active| active.misbehaviour == misbehaviour)
    }
}

/// All recorded flows.
pub(crate) struct Trace {
    flows: BoundedMap<Flow>,
    bytes: usize,
}

impl Trace {
    /// An empty trace for at most `limit` flows.
    pub(crate) fn new(limit: usize) -> Self {
        Trace {
            flows: BoundedMap::new(limit),
            bytes: 0,
        }
    }

    /// Deletes all flows. The numbers continue.
    pub(crate) fn clear(&mut self) {
        self.flows.clear();
        self.bytes = 0;
    }

    /// Deletes all flows, and starts the numbers again at 1.
    pub(crate) fn restart(&mut self) {
        self.clear();
        self.flows.restart();
    }

    /// Adds a flow and returns its number.
    pub(crate) fn begin(&mut self, status: Status, at: i64) -> u64 {
        let flow = Flow {
            began: at,
            last: at,
            client: None,
            purpose: None,
            status,
            steps: VecDeque::new(),
            left_out: 0,
            found: Vec::new(),
            scope: None,
            read: None,
            deadline: None,
            code_deadline: None,
            bytes: std::mem::size_of::<Flow>(),
        };
        self.bytes += flow.bytes;
        let (number, dropped) = self.flows.put_last(flow);
        self.bytes -= dropped.map_or(0, |flow| flow.bytes);
        number
    }

    /// The flow with this number, if it is still recorded.
    pub(crate) fn get(&self, number: u64) -> Option<&Flow> {
        self.flows.get(number)
    }

    /// The flow with this number, to change it.
    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Flow> {
        self.flows.get_mut(number)
    }

    /// All flows, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Flow)> {
        self.flows.iter()
    }

    /// Adds a step to the flow of the request, with the findings of the request.
    pub(crate) fn record(&mut self, context: RequestContext, step: Step) {
        let Some(flow) = self.flows.get_mut(context.flow) else {
            return;
        };
        flow.last = flow.last.max(step.ended());
        let number = flow.left_out + flow.steps.len();
        let mut change = step.bytes() as isize;
        for (finding, detail) in context.found {
            if flow.found.len() >= MAX_FINDINGS {
                break;
            }
            let note = Note {
                finding,
                detail: shortened(detail),
                step: number,
                at: context.at,
            };
            if !flow.found.contains(&note) {
                change += note.bytes() as isize;
                flow.found.push(note);
            }
        }
        flow.steps.push_back(step);
        if flow.steps.len() > MAX_STEPS {
            // Drop a step in the middle: the first steps show how the flow began.
            let dropped = flow.steps.remove(MAX_STEPS / 2);
            flow.left_out += 1;
            change -= dropped.map_or(0, |step| step.bytes()) as isize;
        }
        flow.bytes = flow.bytes.saturating_add_signed(change);
        self.bytes = self.bytes.saturating_add_signed(change);
        while self.bytes > MAX_BYTES {
            let Some(dropped) = self.flows.pop_first() else {
                break;
            };
            self.bytes -= dropped.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_cut_counted_and_recorded_once_in_a_step() {
        let mut trace = Trace::new(10);
        let number = trace.begin(Status::Stray, 0);
        let empty = trace.bytes;
        trace.record(RequestContext::new(number, 0, None), Step::at(0));
        let step = trace.bytes - empty;
        let mut context = RequestContext::new(number, 0, None);
        for _ in 0..3 {
            context.find(Finding::StateShort, "ö".repeat(MAX_DETAIL_LENGTH + 1));
        }
        context.find(Finding::StateShort, "x");
        trace.record(context, Step::at(0));
        let found = &trace.get(number).unwrap().found;
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0].detail,
            format!("{}…", "ö".repeat(MAX_DETAIL_LENGTH))
        );
        let notes = 2 * std::mem::size_of::<Note>() + MAX_DETAIL_LENGTH * 2 + "…".len() + 1;
        assert_eq!(trace.bytes, empty + 2 * step + notes);
        assert_eq!(trace.get(number).unwrap().bytes, trace.bytes);
    }
}
