//! The types of a decision: the pending request, the decision, and the callback.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DocumentToSign, Purpose, Rule};

/// A pending authorization request: it waits for the person's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// The id of the request in the fake Truid app.
    pub id: String,
    /// The service's name.
    pub client_name: String,
    /// The service's client identifier.
    pub client_id: String,
    /// The purpose of the request.
    pub purpose: Purpose,
    /// The requested data points, in the order of the request.
    pub data_points: Vec<String>,
    /// The service's message to the person, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_message: Option<String>,
    /// The document to sign, if this is a signing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentToSign>,
    /// The id of its flow in the trace.
    pub flow: String,
    /// When the request became pending, by the sandbox's clock, in seconds since 1970-01-01.
    pub since: i64,
    /// When the request expires, by the sandbox's clock, in seconds since 1970-01-01.
    pub deadline: i64,
}

/// The decision of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Decision {
    /// The person approves.
    Approve,
    /// The person declines.
    Decline,
    /// The person does nothing: the request expires now.
    Expire,
}

/// The program that opens the redirect URI after the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OpenedBy {
    /// The Truid app, on the device that the login began on.
    #[default]
    App,
    /// The authorize page on another device.
    Page,
}

/// A decision with all its options.
///
/// ```
/// use switchback_sandbox::{Choice, Decision};
///
/// let choice = Choice {
///     person: Some("maja".into()),
///     ..Choice::new(Decision::Approve)
/// };
/// assert_eq!(choice.decision, Decision::Approve);
/// ```
#[derive(Clone, Debug)]
pub struct Choice {
    /// The decision.
    pub decision: Decision,
    /// The id of the person in the configuration; the first person if `None`.
    pub person: Option<String>,
    /// The program that opens the redirect URI.
    pub opened_by: OpenedBy,
    /// The misbehaviour of the callback. It takes precedence over active rules.
    pub misbehave: Option<Rule>,
}

impl Choice {
    /// This decision by the first person; the Truid app opens the redirect URI.
    pub fn new(decision: Decision) -> Self {
        Choice {
            decision,
            person: None,
            opened_by: OpenedBy::App,
            misbehave: None,
        }
    }
}

/// The callback after a decision.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Callback {
    /// The service's redirect URI with the outcome. Absent if the Truid app does not open it: the
    /// request expired, the page on the other device opens it, or a rule prevents it.
    pub redirect: Option<String>,
    /// How often it is opened, by the Truid app or the page: 0, 1 or 2 times.
    pub times: u8,
}

impl Callback {
    pub(super) const NONE: Callback = Callback {
        redirect: None,
        times: 0,
    };
}

impl std::fmt::Debug for Callback {
    /// Without the URL, which contains a code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callback")
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}
