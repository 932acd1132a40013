//! The rules that no request has used up yet, in the order in which they were made.

use super::rule::{Active, Rule, Times};
use crate::{Endpoint, Refusal};

/// The maximum number of rules.
pub(crate) const MAX_RULES: usize = 100;

/// The properties of a request that rules match.
#[derive(Clone, Copy)]
pub(crate) struct RequestInfo<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) flow: &'a str,
}

/// The active rules.
#[derive(Default)]
pub(crate) struct Rules {
    rules: Vec<(u64, Rule)>,
    next: u64,
}

impl Rules {
    /// The rules of a configuration that was checked.
    pub(crate) fn new(configured: &[Rule]) -> Self {
        let mut rules = Rules::default();
        for rule in configured {
            let _ = rules.add(rule.clone());
        }
        rules
    }

    /// Adds a rule and returns its number.
    ///
    /// # Errors
    /// Those of [`Rule::check`], and `invalid_request` if there are [`MAX_RULES`] rules.
    pub(crate) fn add(&mut self, rule: Rule) -> Result<u64, Refusal> {
        rule.check()?;
        if self.rules.len() >= MAX_RULES {
            return Err(Refusal::bad(
                "the sandbox has 100 rules, which is the maximum; remove some first",
            ));
        }
        self.next += 1;
        self.rules.push((self.next, rule));
        Ok(self.next)
    }

    /// All rules, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Rule)> {
        self.rules.iter().map(|(number, rule)| (*number, rule))
    }

    /// Removes the rule with this number, or all; returns how many it removed.
    pub(crate) fn remove(&mut self, number: Option<u64>) -> usize {
        let before = self.rules.len();
        self.rules
            .retain(|(own, _)| number.is_some_and(|number| *own != number));
        before - self.rules.len()
    }

    /// The misbehaviour of this request: that of its header, or else that of the first rule
    /// that matches, which then counts down.
    pub(crate) fn take(&mut self, info: RequestInfo<'_>, header: Option<&Rule>) -> Option<Active> {
        let can = |rule: &Rule| rule.misbehaviour.endpoints().contains(&info.endpoint);
        if let Some(rule) = header.filter(|rule| can(rule)) {
            return Some(rule.active());
        }
        let place = self.rules.iter().position(|(_, rule)| {
            can(rule)
                && rule.endpoint.is_none_or(|own| own == info.endpoint)
                && rule
                    .client_id
                    .as_deref()
                    .is_none_or(|own| Some(own) == info.client_id)
                && rule.flow.as_deref().is_none_or(|own| own == info.flow)
        })?;
        let rule = &mut self.rules[place].1;
        let active = rule.active();
        if let Times::Count(left) = &mut rule.times {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.rules.remove(place);
            }
        }
        Some(active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Misbehaviour;

    fn at(endpoint: Endpoint) -> RequestInfo<'static> {
        RequestInfo {
            endpoint,
            client_id: Some("demo-app"),
            flow: "f1",
        }
    }

    #[test]
    fn a_rule_matches_what_it_names_and_counts_down() {
        let mut rules = Rules::default();
        let add = |rules: &mut Rules, rule: Rule| rules.add(rule).unwrap();
        add(
            &mut rules,
            Rule {
                endpoint: Some(Endpoint::Refresh),
                client_id: Some("demo-app".into()),
                times: Times::Count(2),
                ..Rule::new(Misbehaviour::DroppedAfter)
            },
        );
        let always = add(
            &mut rules,
            Rule {
                flow: Some("f1".into()),
                times: Times::ALWAYS,
                ..Rule::new(Misbehaviour::Slow)
            },
        );
        let named = |active: Option<Active>| active.map(|active| active.misbehaviour);
        let other_client = RequestInfo {
            client_id: None,
            ..at(Endpoint::Refresh)
        };
        let refresh = at(Endpoint::Refresh);
        assert_eq!(
            named(rules.take(other_client, None)),
            Some(Misbehaviour::Slow)
        );
        for _ in 0..2 {
            let active = rules.take(refresh, None);
            assert_eq!(named(active), Some(Misbehaviour::DroppedAfter));
        }
        let slow = Active {
            misbehaviour: Misbehaviour::Slow,
            seconds: 5,
        };
        assert_eq!(rules.take(refresh, None), Some(slow));
        assert_eq!(rules.take(at(Endpoint::Callback), None), None);
        let other_flow = RequestInfo {
            flow: "f2",
            ..refresh
        };
        assert_eq!(rules.take(other_flow, None), None);
        assert_eq!(rules.remove(Some(always)), 1);
        assert_eq!(rules.remove(Some(always)), 0);
        assert_eq!(rules.take(refresh, None), None);
    }

    #[test]
    fn a_header_comes_before_the_rules_and_counts_none_down() {
        let mut rules = Rules::default();
        rules.add(Rule::new(Misbehaviour::ServerError)).unwrap();
        let header = Rule::from_header("unavailable; seconds=7").unwrap();
        let active = rules.take(at(Endpoint::Par), Some(&header)).unwrap();
        assert_eq!(
            (active.misbehaviour, active.seconds),
            (Misbehaviour::Unavailable, 7)
        );
        assert_eq!(rules.iter().count(), 1);
        // At an endpoint where the misbehaviour cannot happen, the header has no effect.
        assert_eq!(rules.take(at(Endpoint::Callback), Some(&header)), None);
    }

    #[test]
    fn no_more_than_the_maximum_number_of_rules() {
        let mut rules = Rules::default();
        let full = (0..=MAX_RULES).map(|_| rules.add(Rule::new(Misbehaviour::Slow)));
        assert_eq!(full.filter(Result::is_ok).count(), MAX_RULES);
    }
}
