//! Misbehaviour on demand: what can be asked for, the form that asks, and what waits.

use askama::Template;

use super::render;
use crate::shared::Shared;
use crate::{Endpoint, Misbehaviour, RegisteredClient, Rule, Times};

/// Misbehaviours that happen in like places.
pub(super) struct Offer {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) entries: Vec<Misbehaviour>,
}

impl Offer {
    pub(super) fn all() -> Vec<Offer> {
        let groups = [
            ("any", "Any answer"),
            ("tokens", "Tokens and sessions"),
            ("callback", "The callback"),
        ];
        let groups = groups.map(|(id, name)| Offer {
            id,
            name,
            entries: Misbehaviour::ALL
                .iter()
                .copied()
                .filter(|one| group(*one) == id)
                .collect(),
        });
        groups.into()
    }
}

fn group(one: Misbehaviour) -> &'static str {
    let places = one.endpoints();
    if places.contains(&Endpoint::Callback) {
        "callback"
    } else if places.contains(&Endpoint::Par) && places.contains(&Endpoint::UserInfo) {
        "any"
    } else {
        "tokens"
    }
}

/// What a form is filled with. All texts are as they came.
#[derive(Clone, Default)]
pub(crate) struct Ask {
    pub(crate) misbehaviour: String,
    pub(crate) endpoint: String,
    pub(crate) client_id: String,
    pub(crate) flow: String,
    pub(crate) times: String,
    pub(crate) always: bool,
    pub(crate) seconds: String,
    /// `client` where a form of a flow's page asks for the whole client.
    pub(crate) whom: String,
}

impl Ask {
    pub(super) fn is(&self, one: &Misbehaviour) -> bool {
        self.misbehaviour == one.id()
    }
}

/// A rule that waits.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) misbehaviour: Misbehaviour,
    /// Where, for whom, how often, in words.
    pub(super) words: String,
}

/// The rules that wait, of those that are `wanted`.
pub(super) fn lines(shared: &Shared, wanted: impl Fn(&Rule) -> bool) -> Vec<Line> {
    let world = shared.world();
    let rules = world.rules.iter().filter(|(_, rule)| wanted(rule));
    rules
        .map(|(number, rule)| Line {
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
        (None, None) => parts.push("for whoever comes next".to_owned()),
    }
    parts.push(match rule.times {
        Times::Count(1) => "once".to_owned(),
        Times::Count(number) => format!("{number} times"),
        Times::Word(_) => "until it is taken away".to_owned(),
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
    offers: Vec<Offer>,
    endpoints: &'static [Endpoint],
    lines: Vec<Line>,
    ask: Ask,
    wrong: Option<&'a str>,
}

impl Page<'_> {
    /// The name in the examples: the one that is chosen.
    fn example(&self) -> &'static str {
        let chosen = Misbehaviour::from_id(&self.ask.misbehaviour);
        chosen.unwrap_or(Misbehaviour::DroppedAfter).id()
    }

    /// What the example has to say about seconds.
    fn example_seconds(&self) -> Option<i64> {
        Misbehaviour::from_id(&self.ask.misbehaviour)?.seconds()
    }
}

/// The page. `ask` is what the form is filled with, and what was `wrong` with that.
pub(crate) fn misbehave(shared: &Shared, ask: Ask, wrong: Option<&str>) -> String {
    render(&Page {
        url: shared.names.url(),
        clients: &shared.clients,
        offers: Offer::all(),
        endpoints: Endpoint::ALL,
        lines: lines(shared, |_| true),
        ask,
        wrong,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_misbehaviour_is_offered_once() {
        let offers = Offer::all();
        let all: Vec<_> = offers.iter().flat_map(|offer| &offer.entries).collect();
        assert_eq!(all.len(), Misbehaviour::ALL.len());
        assert!(offers.iter().all(|offer| !offer.entries.is_empty()));
    }

    #[test]
    fn a_rule_is_put_in_words() {
        let rule = Rule {
            endpoint: Some(Endpoint::Refresh),
            client_id: Some("demo-app".into()),
            times: Times::Count(2),
            seconds: Some(3),
            ..Rule::new(Misbehaviour::Slow)
        };
        let words = "at refresh, for demo-app, 2 times, 3 seconds";
        assert_eq!(in_words(&rule), words);
        let words = "for whoever comes next, once";
        assert_eq!(in_words(&Rule::new(Misbehaviour::Slow)), words);
    }
}
