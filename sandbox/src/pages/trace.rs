//! The trace: the list of flows, and one flow as a sequence diagram.

use askama::Template;
use url::form_urlencoded;

use super::diagram::Diagram;
use super::misbehave::{ActiveRule, MisbehaviourGroup, RuleForm, active_rules};
use super::words::{self, LevelCount, Moment};
use super::{render, snippets};
use crate::shared::Shared;
use crate::{FlowSummary, FlowTrace, Purpose, RegisteredClient};

/// The maximum number of flows in the list. Only a program makes more.
const MAX_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "trace.html")]
struct Trace<'a> {
    url: &'a str,
    clients: &'a [RegisteredClient],
    /// The client whose flows are shown; all clients if `None`.
    client: Option<&'a str>,
    /// The command with which a client logs in.
    login: Option<String>,
    rows: Vec<Row>,
    /// Whether there may be more flows than the shown ones.
    more: bool,
}

impl Trace<'_> {
    fn is(&self, client: &RegisteredClient) -> bool {
        self.client == Some(client.client_id.as_str())
    }

    fn query(&self, client: &RegisteredClient) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client", &client.client_id).finish()
    }

    fn count(&self) -> String {
        words::count(self.rows.len(), "flow")
    }
}

struct Row {
    id: String,
    title: &'static str,
    client: String,
    status: String,
    mood: &'static str,
    began: Moment,
    /// `None` if the flow took less than a second.
    lasted: Option<String>,
    steps: String,
    level_counts: Vec<LevelCount>,
}

impl Row {
    fn new(flow: &FlowSummary) -> Row {
        let lasted = flow.last.saturating_sub(flow.began);
        Row {
            id: flow.id.clone(),
            title: title(flow),
            client: client(flow),
            status: words::sentence(flow.status.words()),
            mood: words::mood(flow.status),
            began: Moment::new(flow.began),
            lasted: (lasted >= 1_000).then(|| words::span(lasted)),
            steps: words::count(flow.steps, "step"),
            level_counts: LevelCount::of(&flow.findings),
        }
    }
}

#[derive(Template)]
#[template(path = "flow.html")]
struct Flow<'a> {
    row: Row,
    diagram: Diagram<'a>,
    client_id: Option<&'a str>,
    /// The id of the pending request in the fake Truid app.
    waiting: Option<String>,
    groups: Vec<MisbehaviourGroup>,
    active_rules: Vec<ActiveRule>,
    ask: RuleForm,
    wrong: Option<&'a str>,
}

impl Flow<'_> {
    fn level(&self, found: &crate::FlowFinding) -> &'static str {
        words::level(found.level)
    }
}

/// All flows, or those of one client.
pub(crate) fn trace(shared: &Shared, client: Option<&str>) -> String {
    let url = shared.names.url();
    let flows = shared.flows(client, MAX_ROWS);
    let first = shared.clients.iter().find(|own| !own.is_confidential());
    let loopback = ["http://127.", "http://localhost", "http://[::1]"];
    let reachable = url.starts_with("https:") || loopback.iter().any(|own| url.starts_with(own));
    render(&Trace {
        url,
        clients: &shared.clients,
        client,
        login: first
            .filter(|_| reachable)
            .map(|own| snippets::login(url, own)),
        more: flows.len() == MAX_ROWS,
        rows: flows.iter().map(Row::new).collect(),
    })
}

/// One flow. `ask` fills the form; `wrong` is the mistake in it.
pub(crate) fn flow(
    shared: &Shared,
    flow: &FlowTrace,
    ask: Option<RuleForm>,
    wrong: Option<&str>,
) -> String {
    let summary = &flow.summary;
    let waiting = shared.provider().all_pending(shared.now());
    let mut waiting = waiting.into_iter().filter(|own| own.flow == summary.id);
    let client_id = summary.client_id.as_deref();
    let active_rules = active_rules(shared, |rule| {
        let flow = rule.flow.as_deref();
        let client = rule.client_id.as_deref();
        flow.is_none_or(|own| own == summary.id) && client.is_none_or(|own| Some(own) == client_id)
    });
    render(&Flow {
        row: Row::new(summary),
        diagram: Diagram::new(flow),
        client_id,
        waiting: waiting.next().map(|waiting| waiting.id),
        groups: MisbehaviourGroup::all(),
        active_rules,
        ask: ask.unwrap_or_default(),
        wrong,
    })
}

/// The heading of a flow: its purpose.
pub(super) fn title(flow: &FlowSummary) -> &'static str {
    flow.purpose
        .map_or("Requests outside a login", Purpose::title)
}

/// The name of the flow's client.
pub(super) fn client(flow: &FlowSummary) -> String {
    let name = flow.client_name.clone();
    name.unwrap_or_else(|| "an unknown client".to_owned())
}
