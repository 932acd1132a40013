//! Rules that wait for their request, in the order in which they were made.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Misbehaviour;
use crate::{Endpoint, Refusal};

/// The most rules at a time.
pub(crate) const MOST: usize = 100;
/// The longest that a misbehaviour may take or skew, in seconds: ten years.
const LONGEST: i64 = 315_360_000;
/// The longest that an answer may be held back, in seconds.
const SLOWEST: i64 = 600;

/// What goes wrong, where, for whom and how often. Without `endpoint` it is wherever the
/// misbehaviour can happen; without `client_id` and `flow`, for whoever comes next.
///
/// ```
/// use switchback_sandbox::{Endpoint, Misbehaviour, Rule, Times};
///
/// let rule = Rule {
///     endpoint: Some(Endpoint::Refresh),
///     times: Times::Count(2),
///     ..Rule::new(Misbehaviour::DroppedAfter)
/// };
/// assert!(rule.check().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What goes wrong.
    pub misbehaviour: Misbehaviour,
    /// Where; otherwise wherever it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// For this client only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// In this flow only, by its id: `f1` is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// How often; once, when nothing is said.
    #[serde(default)]
    pub times: Times,
    /// How many seconds, for those that take some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
}

/// How often: a number of times, or `"always"` until the rule is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Times {
    /// So many times.
    Count(u32),
    /// Until the rule is taken away.
    Word(Always),
}

/// The word `always`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Always {
    /// Until the rule is taken away.
    Always,
}

impl Times {
    /// Until the rule is taken away.
    pub const ALWAYS: Times = Times::Word(Always::Always);
}

/// By hand, so that a mistake is told in words that need no Rust.
impl<'de> Deserialize<'de> for Times {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimesVisitor)
    }
}

struct TimesVisitor;

impl TimesVisitor {
    const WANTED: &str = "a number from 1, or \"always\"";

    fn wrong<E: Error>() -> E {
        E::custom(format_args!("it must be {}", Self::WANTED))
    }
}

impl Visitor<'_> for TimesVisitor {
    type Value = Times;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::WANTED)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Times, E> {
        let number = u32::try_from(number).map_err(|_| Self::wrong())?;
        Ok(Times::Count(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Times, E> {
        let number = u32::try_from(number).map_err(|_| Self::wrong())?;
        Ok(Times::Count(number))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Times, E> {
        match word {
            "always" => Ok(Times::ALWAYS),
            _ => Err(Self::wrong()),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Times::Count(1)
    }
}

impl Rule {
    /// A rule for the next request at which this can happen.
    pub fn new(misbehaviour: Misbehaviour) -> Self {
        Rule {
            misbehaviour,
            endpoint: None,
            client_id: None,
            flow: None,
            times: Times::default(),
            seconds: None,
        }
    }

    /// Whether such a rule can ever match.
    ///
    /// # Errors
    /// `invalid_request`, and what is wrong.
    pub fn check(&self) -> Result<(), Refusal> {
        self.problem()
            .map_err(|(key, reason)| Refusal::bad(format!("{key}: {reason}")))
    }

    /// Whether it can happen here. What cannot is not done in silence.
    pub(crate) fn can_be_at(&self, endpoint: Option<Endpoint>) -> Result<(), Refusal> {
        let own = self.misbehaviour.endpoints();
        if endpoint.is_some_and(|endpoint| own.contains(&endpoint)) {
            return Ok(());
        }
        Err(Refusal::bad(format!(
            "{} cannot happen here",
            self.misbehaviour
        )))
    }

    /// What is wrong with it, and at which key.
    pub(crate) fn problem(&self) -> Result<(), (&'static str, String)> {
        let own = self.misbehaviour.endpoints();
        if self
            .endpoint
            .is_some_and(|endpoint| !own.contains(&endpoint))
        {
            let places: Vec<&str> = own.iter().map(|endpoint| endpoint.id()).collect();
            let (name, places) = (self.misbehaviour, places.join(", "));
            let reason = format!("{name} cannot happen at this endpoint; it can at {places}");
            return Err(("endpoint", reason));
        }
        if self.times == Times::Count(0) {
            return Err(("times", "it must be at least 1, or always".into()));
        }
        let range = match self.misbehaviour {
            _ if self.misbehaviour.seconds().is_none() => None,
            Misbehaviour::Slow => Some(0..=SLOWEST),
            Misbehaviour::ClockSkewed => Some(-LONGEST..=LONGEST),
            _ => Some(0..=LONGEST),
        };
        match (self.seconds, range) {
            (Some(_), None) => {
                let reason = format!("{} takes no seconds", self.misbehaviour);
                Err(("seconds", reason))
            }
            (Some(seconds), Some(range)) if !range.contains(&seconds) => {
                let (from, to) = range.into_inner();
                Err(("seconds", format!("it must be from {from} to {to}")))
            }
            _ => Ok(()),
        }
    }

    /// A rule out of the header `Switchback-Misbehave`: a name, and `; seconds=N` where it
    /// takes some.
    pub(crate) fn from_header(text: &str) -> Result<Rule, Refusal> {
        let (name, rest) = text.split_once(';').unwrap_or((text, ""));
        let misbehaviour = Misbehaviour::from_id(name.trim()).ok_or_else(|| {
            Refusal::bad("the header Switchback-Misbehave names no misbehaviour of the list")
        })?;
        let seconds = match rest.trim() {
            "" => None,
            rest => Some(
                rest.strip_prefix("seconds=")
                    .and_then(|seconds| seconds.parse().ok())
                    .ok_or_else(|| {
                        Refusal::bad(
                            "the header Switchback-Misbehave is a name, and ; seconds=N where it takes some",
                        )
                    })?,
            ),
        };
        let rule = Rule {
            seconds,
            ..Rule::new(misbehaviour)
        };
        rule.check()?;
        Ok(rule)
    }

    /// What happens by this rule.
    fn active(&self) -> Active {
        let seconds = self.seconds.or(self.misbehaviour.seconds());
        Active {
            misbehaviour: self.misbehaviour,
            seconds: seconds.unwrap_or_default(),
        }
    }
}

/// What a request is, as far as rules ask.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) endpoint: Endpoint,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) flow: &'a str,
}

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Active {
    pub(crate) misbehaviour: Misbehaviour,
    pub(crate) seconds: i64,
}

impl Active {
    /// Whether the connection is closed without an answer.
    pub(crate) fn drops(self) -> bool {
        matches!(
            self.misbehaviour,
            Misbehaviour::DroppedBefore | Misbehaviour::DroppedAfter
        )
    }

    /// How long to wait before the answer is sent.
    pub(crate) fn held(self) -> Duration {
        match self.misbehaviour {
            Misbehaviour::Slow => Duration::from_secs(self.seconds.unsigned_abs()),
            _ => Duration::ZERO,
        }
    }
}

/// The rules that wait.
#[derive(Default)]
pub(crate) struct Rules {
    rules: Vec<(u64, Rule)>,
    next: u64,
}

impl Rules {
    /// The rules of a configuration, which was checked.
    pub(crate) fn new(configured: &[Rule]) -> Self {
        let mut rules = Rules::default();
        for rule in configured {
            let _ = rules.add(rule.clone());
        }
        rules
    }

    /// Adds a rule and gives its number.
    ///
    /// # Errors
    /// As [`Rule::check`], and where there are too many.
    pub(crate) fn add(&mut self, rule: Rule) -> Result<u64, Refusal> {
        rule.check()?;
        if self.rules.len() >= MOST {
            return Err(Refusal::bad(
                "there are 100 rules already; take some away first",
            ));
        }
        self.next += 1;
        self.rules.push((self.next, rule));
        Ok(self.next)
    }

    /// All that wait, the oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Rule)> {
        self.rules.iter().map(|(number, rule)| (*number, rule))
    }

    /// Takes one away, or all. Gives how many there were.
    pub(crate) fn remove(&mut self, number: Option<u64>) -> usize {
        let before = self.rules.len();
        self.rules
            .retain(|(own, _)| number.is_some_and(|number| *own != number));
        before - self.rules.len()
    }

    /// What goes wrong with this request: by a header of its own, or by the first rule
    /// that is for it, which counts down.
    pub(crate) fn take(&mut self, subject: Subject<'_>, header: Option<&Rule>) -> Option<Active> {
        let can = |rule: &Rule| rule.misbehaviour.endpoints().contains(&subject.endpoint);
        if let Some(rule) = header.filter(|rule| can(rule)) {
            return Some(rule.active());
        }
        let place = self.rules.iter().position(|(_, rule)| {
            can(rule)
                && rule.endpoint.is_none_or(|own| own == subject.endpoint)
                && rule
                    .client_id
                    .as_deref()
                    .is_none_or(|own| Some(own) == subject.client_id)
                && rule.flow.as_deref().is_none_or(|own| own == subject.flow)
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

    fn at(endpoint: Endpoint) -> Subject<'static> {
        Subject {
            endpoint,
            client_id: Some("demo-app"),
            flow: "f1",
        }
    }

    #[test]
    fn a_rule_is_for_what_it_names_and_counts_down() {
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
        let other_client = Subject {
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
        let other_flow = Subject {
            flow: "f2",
            ..refresh
        };
        assert_eq!(rules.take(other_flow, None), None);
        assert_eq!(rules.remove(Some(always)), 1);
        assert_eq!(rules.remove(Some(always)), 0);
        assert_eq!(rules.take(refresh, None), None);
    }

    #[test]
    fn a_header_comes_first_and_counts_nothing_down() {
        let mut rules = Rules::default();
        rules.add(Rule::new(Misbehaviour::ServerError)).unwrap();
        let header = Rule::from_header("unavailable; seconds=7").unwrap();
        let active = rules.take(at(Endpoint::Par), Some(&header)).unwrap();
        assert_eq!(
            (active.misbehaviour, active.seconds),
            (Misbehaviour::Unavailable, 7)
        );
        assert_eq!(rules.iter().count(), 1);
        // Where it cannot happen, the header does nothing.
        assert_eq!(rules.take(at(Endpoint::Callback), Some(&header)), None);
    }

    #[test]
    fn rules_that_cannot_be() {
        let bad = |rule: Rule| rule.check().unwrap_err().description;
        let slow = Rule::new(Misbehaviour::Slow);
        for (rule, part) in [
            (
                Rule {
                    endpoint: Some(Endpoint::Par),
                    ..Rule::new(Misbehaviour::CallbackTwice)
                },
                "it can at callback",
            ),
            (
                Rule {
                    times: Times::Count(0),
                    ..slow.clone()
                },
                "at least 1",
            ),
            (
                Rule {
                    seconds: Some(601),
                    ..slow
                },
                "from 0 to 600",
            ),
            (
                Rule {
                    seconds: Some(1),
                    ..Rule::new(Misbehaviour::TokenTypeCase)
                },
                "takes no seconds",
            ),
        ] {
            let said = bad(rule);
            assert!(said.contains(part), "{said}");
        }
        for header in [
            "",
            "slower",
            "slow; second=1",
            "slow; seconds=x",
            "slow; seconds=-1",
        ] {
            assert!(Rule::from_header(header).is_err(), "{header}");
        }
        let mut rules = Rules::default();
        let full = (0..=MOST).map(|_| rules.add(Rule::new(Misbehaviour::Slow)));
        assert_eq!(full.filter(Result::is_ok).count(), MOST);
    }

    #[test]
    fn json() {
        let text = r#"{"misbehaviour":"slow","endpoint":"refresh","times":"always","seconds":3}"#;
        let rule: Rule = serde_json::from_str(text).unwrap();
        assert_eq!(rule.times, Times::ALWAYS);
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        let rule: Rule = serde_json::from_str(r#"{"misbehaviour":"slow"}"#).unwrap();
        assert_eq!(rule, Rule::new(Misbehaviour::Slow));
    }
}
