//! The list of all findings, and a page for each.

use askama::Template;

use super::words::{self, LEVELS, Moment};
use super::{render, trace};
use crate::shared::Shared;
use crate::{Finding, FlowFinding, Level};

/// The maximum number of flows on the page of a finding.
const MAX_FLOWS: usize = 20;

#[derive(Template)]
#[template(path = "findings.html")]
struct Findings {
    sections: Vec<Section>,
    total: String,
}

struct Section {
    level: Level,
    name: &'static str,
    words: String,
    entries: Vec<FindingCount>,
}

struct FindingCount {
    finding: Finding,
    number: usize,
}

#[derive(Template)]
#[template(path = "finding.html")]
struct Page {
    finding: Finding,
    name: &'static str,
    words: String,
    number: usize,
    times: String,
    flows: Vec<Occurrence>,
}

/// An occurrence of the finding.
struct Occurrence {
    flow: String,
    step: Option<usize>,
    title: &'static str,
    client: String,
    detail: String,
    at: Moment,
}

/// All findings, and how often each occurred.
pub(crate) fn findings(shared: &Shared) -> String {
    let counts = shared.finding_counts();
    let number = |finding| counts.get(&finding).copied().unwrap_or_default();
    let sections = LEVELS.map(|level| Section {
        level,
        name: words::level(level),
        words: words::sentence(level.words()),
        entries: Finding::ALL
            .iter()
            .filter(|finding| finding.level() == level)
            .map(|finding| FindingCount {
                finding: *finding,
                number: number(*finding),
            })
            .collect(),
    });
    render(&Findings {
        sections: sections.into(),
        total: words::count(counts.values().sum(), "finding"),
    })
}

/// One finding, and its last occurrences.
pub(crate) fn finding(shared: &Shared, finding: Finding) -> String {
    let (own, left_out) = shared.findings(|own| own == finding);
    let number = own.len() + left_out;
    let occurrence = |found: &FlowFinding| {
        let flow = shared.summary(&found.flow)?;
        Some(Occurrence {
            flow: found.flow.clone(),
            step: found.step,
            title: trace::title(&flow),
            client: trace::client(&flow),
            detail: found.detail.clone(),
            at: Moment::new(found.at),
        })
    };
    render(&Page {
        finding,
        name: words::level(finding.level()),
        words: words::sentence(finding.level().words()),
        number,
        times: words::count(number, "time"),
        flows: own
            .iter()
            .rev()
            .filter_map(occurrence)
            .take(MAX_FLOWS)
            .collect(),
    })
}
