//! The trace: what was said in each flow, from its first request to its last, and what
//! was found in it. It is bounded in flows, steps and bytes; the oldest go first. What
//! was said is kept as it was and masked when it is shown ([`view`]).

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
use crate::world::Now;
use crate::{Finding, Purpose, Refusal, RegisteredClient};

pub use exchange::Actor;
pub(crate) use exchange::{Exchange, Said, Signal, Step, is_browser};
pub(crate) use mask::Mask;
pub use view::{FlowSummary, FlowTrace, Found, Message, StepView};
pub(crate) use view::{flow_id, flow_number};

/// The most steps of one flow.
const MOST_STEPS: usize = 100;
/// The most findings of one flow. Each kind counts once a step.
const MOST_FOUND: usize = 200;
/// The longest detail of a finding, in characters.
const LONGEST_DETAIL: usize = 1_000;
/// What all flows may take, in bytes, as far as they are counted.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// How far a flow is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Status {
    /// Requests that belong to no flow that is known.
    Stray,
    /// An authorization request was pushed.
    Pushed,
    /// The authorization request was refused.
    Refused,
    /// It waits for the person.
    Waiting,
    /// The person took too long.
    Expired,
    /// The person declined.
    Declined,
    /// The person approved; the code is out.
    Approved,
    /// Tokens were given out.
    LoggedIn,
    /// The grant was revoked.
    Revoked,
}

impl Status {
    /// The status in words.
    pub fn words(self) -> &'static str {
        match self {
            Status::Stray => "belongs to no flow",
            Status::Pushed => "pushed, not opened yet",
            Status::Refused => "refused",
            Status::Waiting => "waits for the person",
            Status::Expired => "expired while it waited",
            Status::Declined => "declined",
            Status::Approved => "approved, code not exchanged yet",
            Status::LoggedIn => "tokens given out",
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
    /// Steps that had to go.
    left_out: usize,
    found: Vec<Note>,
    /// What the person was asked to share.
    pub(crate) scope: Option<Scope>,
    /// Which data points of it were read, by their place in the registration; nothing
    /// before the first look at the data.
    pub(crate) read: Option<Vec<u16>>,
    /// From when on it waits no longer for the person, in seconds.
    pub(crate) deadline: Option<i64>,
    /// From when on a code that is out and not exchanged is refused.
    pub(crate) code_deadline: Option<Now>,
    bytes: usize,
}

/// Something that was found, and in which step, counted from the flow's first.
#[derive(PartialEq, Eq)]
struct Note {
    finding: Finding,
    detail: String,
    step: usize,
    at: i64,
}

impl Note {
    /// About what it takes in memory.
    fn bytes(&self) -> usize {
        std::mem::size_of::<Note>() + self.detail.len()
    }
}

/// A detail that is no longer than it may be.
fn shortened(mut detail: String) -> String {
    if let Some((end, _)) = detail.char_indices().nth(LONGEST_DETAIL) {
        detail.truncate(end);
        detail.push('…');
        detail.shrink_to_fit();
    }
    detail
}

/// A request on its way through the sandbox: which flow it belongs to, what goes wrong
/// with it, and what was found so far.
pub(crate) struct Trail {
    /// The flow's number.
    pub(crate) flow: u64,
    /// When the request came, in milliseconds since the epoch on the sandbox's clock.
    pub(crate) at: i64,
    /// What goes wrong with it.
    pub(crate) active: Option<Active>,
    found: Vec<(Finding, String)>,
}

impl Trail {
    /// What belongs to a request of this flow.
    pub(crate) fn new(flow: u64, at: i64, active: Option<Active>) -> Self {
        Trail {
            flow,
            at,
            active,
            found: Vec::new(),
        }
    }

    /// Notes a finding.
    pub(crate) fn find(&mut self, finding: Finding, detail: impl Into<String>) {
        self.found.push((finding, detail.into()));
    }

    /// Notes what a refusal found.
    pub(crate) fn note(&mut self, refusal: &Refusal) {
        if let Some(finding) = refusal.finding {
            self.find(finding, &*refusal.description);
        }
    }

    /// Whether this goes wrong with the request.
    pub(crate) fn is(&self, misbehaviour: crate::Misbehaviour) -> bool {
        self.active
            .is_some_and(|active| active.misbehaviour == misbehaviour)
    }
}

/// All flows that are remembered.
pub(crate) struct Trace {
    flows: BoundedMap<Flow>,
    bytes: usize,
}

impl Trace {
    /// An empty trace for at most so many flows.
    pub(crate) fn new(limit: usize) -> Self {
        Trace {
            flows: BoundedMap::new(limit),
            bytes: 0,
        }
    }

    /// Forgets everything. Numbers go on.
    pub(crate) fn clear(&mut self) {
        self.flows.clear();
        self.bytes = 0;
    }

    /// Begins again with the numbers.
    pub(crate) fn restart(&mut self) {
        self.clear();
        self.flows.restart();
    }

    /// A new flow.
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
        let (number, gone) = self.flows.put_last(flow);
        self.bytes -= gone.map_or(0, |flow| flow.bytes);
        number
    }

    /// A flow, if it is still remembered.
    pub(crate) fn get(&self, number: u64) -> Option<&Flow> {
        self.flows.get(number)
    }

    /// A flow, to change it.
    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut Flow> {
        self.flows.get_mut(number)
    }

    /// All flows, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Flow)> {
        self.flows.iter()
    }

    /// Ends a request: what was said becomes a step, and what was found in it stays.
    pub(crate) fn record(&mut self, trail: Trail, step: Step) {
        let Some(flow) = self.flows.get_mut(trail.flow) else {
            return;
        };
        flow.last = flow.last.max(step.ended());
        let number = flow.left_out + flow.steps.len();
        let mut change = step.bytes() as isize;
        for (finding, detail) in trail.found {
            if flow.found.len() >= MOST_FOUND {
                break;
            }
            let note = Note {
                finding,
                detail: shortened(detail),
                step: number,
                at: trail.at,
            };
            if !flow.found.contains(&note) {
                change += note.bytes() as isize;
                flow.found.push(note);
            }
        }
        flow.steps.push_back(step);
        if flow.steps.len() > MOST_STEPS {
            // The first few tell how it began, so one after them goes.
            let gone = flow.steps.remove(MOST_STEPS / 2);
            flow.left_out += 1;
            change -= gone.map_or(0, |step| step.bytes()) as isize;
        }
        flow.bytes = flow.bytes.saturating_add_signed(change);
        self.bytes = self.bytes.saturating_add_signed(change);
        while self.bytes > MOST_BYTES {
            let Some(gone) = self.flows.pop_first() else {
                break;
            };
            self.bytes -= gone.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_is_short_and_counted_and_there_once_a_step() {
        let mut trace = Trace::new(10);
        let number = trace.begin(Status::Stray, 0);
        let empty = trace.bytes;
        trace.record(Trail::new(number, 0, None), Step::at(0));
        let step = trace.bytes - empty;
        let mut trail = Trail::new(number, 0, None);
        for _ in 0..3 {
            trail.find(Finding::StateShort, "ö".repeat(LONGEST_DETAIL + 1));
        }
        trail.find(Finding::StateShort, "x");
        trace.record(trail, Step::at(0));
        let found = &trace.get(number).unwrap().found;
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].detail, format!("{}…", "ö".repeat(LONGEST_DETAIL)));
        let notes = 2 * std::mem::size_of::<Note>() + LONGEST_DETAIL * 2 + "…".len() + 1;
        assert_eq!(trace.bytes, empty + 2 * step + notes);
        assert_eq!(trace.get(number).unwrap().bytes, trace.bytes);
    }
}
