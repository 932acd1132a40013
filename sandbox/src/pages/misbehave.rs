//! The page of the misbehaviours: the list, the form that adds a rule, and the active rules.

use askama::Template;

use super::render;
use crate::shared::Shared;
use crate::{Endpoint, Misbehaviour, RegisteredClient, Rule, Times};

/// A group of misbehaviours that happen at the same kind of endpoint.
pub(super) struct MisbehaviourGroup {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) entries: Vec<Misbehaviour>,
}

impl MisbehaviourGroup {
    pub(super) fn all() -> Vec<MisbehaviourGroup> {
        let groups = [
            ("any", "Any answer"),
            ("tokens", "Tokens and sessions"),
            ("callback", "The callback"),
            ("signatures", "Signatures and timestamps"),
        ];
        let groups = groups.map(|(id, name)| MisbehaviourGroup {
            id,
            name,
            entries: Misbehaviour::ALL
                .iter()
                .copied()
                .filter(|misbehaviour| group(*misbehaviour) == id)
                .collect(),
        });
        groups.into()
    }
}

fn group(misbehaviour: Misbehaviour) -> &'static str {
    let places = misbehaviour.endpoints();
    if places.contains(&Endpoint::Callback) {
        "callback"
    } else if places.contains(&Endpoint::Par) && places.contains(&Endpoint::UserInfo) {
        "any"
    } else if matches!(places, [Endpoint::Signature | Endpoint::Timestamp]) {
        "signatures"
    } else {
        "tokens"
    }
}

/// The fields of the form, as text, unchecked.
#[derive(Clone, Default)]
pub(crate) struct RuleForm {
    pub(crate) misbehaviour: String,
    pub(crate) endpoint: String,
    pub(crate) client_id: String,
    pub(crate) flow: String,
    pub(crate) times: String,
    pub(crate) always: bool,
    pub(crate) seconds: String,
    /// `client` if the form on a flow's page adds a rule for all flows of the client.
    pub(crate) whom: String,
}

impl RuleForm {
    pub(super) fn is(&self, misbehaviour: &Misbehaviour) -> bool {
        self.misbehaviour == misbehaviour.id()
    }
}

/// An active rule, as the page shows it.
pub(super) struct ActiveRule {
    pub(super) number: u64,
    pub(super) misbehaviour: Misbehaviour,
    /// The endpoint, client, flow, times and seconds, as text.
    pub(super) words: String,
}

/// The active rules for which `wanted` is true.
pub(super) fn active_rules(shared: &Shared, wanted: impl Fn(&Rule) -> bool) -> Vec<ActiveRule> {
    let provider = shared.provider();
    let rules = provider.rules.iter().filter(|(_, rule)| wanted(rule));
    rules
        .map(|(number, rule)| ActiveRule {
            number,
            misbehaviour: rule.misbehaviour,
            words: in_words(rule),
        })
        .collect()
}

fn in_words(rule: &Rule) -> String {
    let mut parts = Vec::new();
    if let Some(endpoint) = rule.endpoint {
        parts.push(format!("at {}", endpoint.id()));
    }
    match (&rule.client_id, &rule.flow) {
        (_, Some(flow)) => parts.push(format!("in flow {flow}")),
        (Some(client), None) => parts.push(format!("for {client}")),
        (None, None) => parts.push("for any client".to_owned()),
    }
    parts.push(match rule.times {
        Times::Count(1) => "once".to_owned(),
        Times::Count(number) => format!("{number} times"),
        Times::Unlimited(_) => "until it is removed".to_owned(),
    });
    if let Some(seconds) = rule.seconds {
        parts.push(format!("{seconds} seconds"));
    }
    parts.join(", ")
}

#[derive(Template)]
#[template(path = "misbehave.html")]
struct Page<'a> {
    url: &'a str,
    clients: &'a [RegisteredClient],
    groups: Vec<MisbehaviourGroup>,
    endpoints: &'static [Endpoint],
    active_rules: Vec<ActiveRule>,
    ask: RuleForm,
    wrong: Option<&'a str>,
}

impl Page<'_> {
    /// The misbehaviour in the examples: the chosen misbehaviour, or else `dropped-after`.
    fn example(&self) -> &'static str {
        let chosen = Misbehaviour::from_id(&self.ask.misbehaviour);
        chosen.unwrap_or(Misbehaviour::DroppedAfter).id()
    }

    /// The seconds in the examples.
    fn example_seconds(&self) -> Option<i64> {
        Misbehaviour::from_id(&self.ask.misbehaviour)?.seconds()
    }
}

/// The page. `ask` fills the form; `wrong` is the mistake in it.
pub(crate) fn misbehave(shared: &Shared, ask: RuleForm, wrong: Option<&str>) -> String {
    render(&Page {
        url: shared.names.url(),
        clients: &shared.clients,
        groups: MisbehaviourGroup::all(),
        endpoints: Endpoint::ALL,
        active_rules: active_rules(shared, |_| true),
        ask,
        wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_misbehaviour_is_offered_once() {
        let groups = MisbehaviourGroup::all();
        let all: Vec<_> = groups.iter().flat_map(|group| &group.entries).collect();
        assert_eq!(all.len(), Misbehaviour::ALL.len());
        assert!(groups.iter().all(|group| !group.entries.is_empty()));
    }

    #[test]
    fn a_rule_is_shown_as_text() {
        let rule = Rule {
            endpoint: Some(Endpoint::Refresh),
            client_id: Some("demo-app".into()),
            times: Times::Count(2),
            seconds: Some(3),
            ..Rule::new(Misbehaviour::Slow)
        };
        let words = "at refresh, for demo-app, 2 times, 3 seconds";
        assert_eq!(in_words(&rule), words);
        let words = "for any client, once";
        assert_eq!(in_words(&Rule::new(Misbehaviour::Slow)), words);
    }
}
