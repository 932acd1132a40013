//! [`Rule`]: which misbehaviour happens, at which endpoint, for which client, how often.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Misbehaviour;
use crate::{Endpoint, Refusal, suggest};

/// The largest `seconds` of a rule: ten years.
const MAX_SECONDS: i64 = 315_360_000;
/// The longest delay of an answer, in seconds.
const MAX_DELAY: i64 = 600;

/// Which misbehaviour happens, at which endpoint, for which client and how often. Without
/// `endpoint` it happens at every endpoint at which it can; without `client_id` and `flow`, for
/// the next request of any client.
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
    /// The misbehaviour.
    pub misbehaviour: Misbehaviour,
    /// The endpoint; if left out, every endpoint at which the misbehaviour can happen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// If set, the rule is for this client only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// If set, the rule is for the flow with this id only: `f1` is the first flow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    /// How often it happens: once, if left out.
    #[serde(default)]
    pub times: Times,
    /// The seconds of the misbehaviours that need them, such as the delay of `slow`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<i64>,
}

/// How often a rule applies: a number of times, or `"always"` until the rule is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Times {
    /// A number of times, from 1.
    Count(u32),
    /// Until the rule is removed.
    Unlimited(Always),
}

/// The JSON string `"always"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Always {
    /// Until the rule is removed.
    Always,
}

impl Times {
    /// Until the rule is removed.
    pub const ALWAYS: Times = Times::Unlimited(Always::Always);
}

/// Written by hand, because the derived error messages name Rust types.
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
    /// A rule for the next request at which this misbehaviour can happen.
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

    /// Checks that the rule can match a request.
    ///
    /// # Errors
    /// `invalid_request`: a key has a value that is out of range, or that the misbehaviour
    /// does not allow.
    pub fn check(&self) -> Result<(), Refusal> {
        self.problem()
            .map_err(|(key, reason)| Refusal::bad(format!("{key}: {reason}")))
    }

    /// Checks that the misbehaviour can happen at this endpoint.
    pub(crate) fn can_be_at(&self, endpoint: Option<Endpoint>) -> Result<(), Refusal> {
        let own = self.misbehaviour.endpoints();
        if endpoint.is_some_and(|endpoint| own.contains(&endpoint)) {
            return Ok(());
        }
        Err(Refusal::bad(format!(
            "{} cannot happen at this endpoint",
            self.misbehaviour
        )))
    }

    /// The first mistake: its key, and the reason.
    pub(crate) fn problem(&self) -> Result<(), (&'static str, String)> {
        let own = self.misbehaviour.endpoints();
        if self
            .endpoint
            .is_some_and(|endpoint| !own.contains(&endpoint))
        {
            let places: Vec<&str> = own.iter().map(|endpoint| endpoint.id()).collect();
            let (name, places) = (self.misbehaviour, places.join(", "));
            let reason = format!("{name} cannot happen at this endpoint; use one of: {places}");
            return Err(("endpoint", reason));
        }
        if self.times == Times::Count(0) {
            return Err(("times", "it must be at least 1, or always".into()));
        }
        let range = match self.misbehaviour {
            _ if self.misbehaviour.seconds().is_none() => None,
            Misbehaviour::Slow => Some(0..=MAX_DELAY),
            Misbehaviour::ClockSkewed => Some(-MAX_SECONDS..=MAX_SECONDS),
            _ => Some(0..=MAX_SECONDS),
        };
        match (self.seconds, range) {
            (Some(_), None) => {
                let reason = format!("{} has no seconds; leave them out", self.misbehaviour);
                Err(("seconds", reason))
            }
            (Some(seconds), Some(range)) if !range.contains(&seconds) => {
                let (from, to) = range.into_inner();
                Err(("seconds", format!("it must be from {from} to {to}")))
            }
            _ => Ok(()),
        }
    }

    /// The rule in the header `Switchback-Misbehave`: a name, and optionally `; seconds=N`.
    pub(crate) fn from_header(text: &str) -> Result<Rule, Refusal> {
        let (name, rest) = text.split_once(';').unwrap_or((text, ""));
        let misbehaviour = Misbehaviour::from_id(name.trim()).ok_or_else(|| {
            let names = Misbehaviour::ALL.iter().map(|one| one.id());
            Refusal::bad(format!(
                "the header Switchback-Misbehave does not name a misbehaviour; {}",
                suggest::alternatives(name.trim(), names)
            ))
        })?;
        let seconds = match rest.trim() {
            "" => None,
            rest => Some(
                rest.strip_prefix("seconds=")
                    .and_then(|seconds| seconds.parse().ok())
                    .ok_or_else(|| {
                        Refusal::bad(
                            "the header Switchback-Misbehave is malformed: send the name of a misbehaviour, and after it optionally ; seconds=N",
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

    /// The misbehaviour of this rule, with its seconds.
    pub(super) fn active(&self) -> Active {
        let seconds = self.seconds.or(self.misbehaviour.seconds());
        Active {
            misbehaviour: self.misbehaviour,
            seconds: seconds.unwrap_or_default(),
        }
    }
}

/// The misbehaviour of one request.
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

    /// How long the answer is delayed.
    pub(crate) fn delay(self) -> Duration {
        match self.misbehaviour {
            Misbehaviour::Slow => Duration::from_secs(self.seconds.unsigned_abs()),
            _ => Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_rules_are_refused() {
        let refusal = |rule: Rule| rule.check().unwrap_err().description;
        let slow = Rule::new(Misbehaviour::Slow);
        for (rule, part) in [
            (
                Rule {
                    endpoint: Some(Endpoint::Par),
                    ..Rule::new(Misbehaviour::CallbackTwice)
                },
                "use one of: callback",
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
                "has no seconds",
            ),
        ] {
            let text = refusal(rule);
            assert!(text.contains(part), "{text}");
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
    }

    #[test]
    fn a_rule_is_read_from_json_and_written_as_json() {
        let text = r#"{"misbehaviour":"slow","endpoint":"refresh","times":"always","seconds":3}"#;
        let rule: Rule = serde_json::from_str(text).unwrap();
        assert_eq!(rule.times, Times::ALWAYS);
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
        let rule: Rule = serde_json::from_str(r#"{"misbehaviour":"slow"}"#).unwrap();
        assert_eq!(rule, Rule::new(Misbehaviour::Slow));
    }
}
