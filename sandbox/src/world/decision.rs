//! What can be decided, and what comes of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Purpose, Rule};

/// An authorization request that waits for the person to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Waiting {
    /// Names the request in the fake Truid app.
    pub id: String,
    /// The service's name.
    pub client_name: String,
    /// The service's client identifier.
    pub client_id: String,
    /// What the service asks for.
    pub purpose: Purpose,
    /// The data points that the service asks for, in its order.
    pub data_points: Vec<String>,
    /// What the service tells the person, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_message: Option<String>,
    /// The flow that it belongs to, for the trace.
    pub flow: String,
    /// When it began to wait, in seconds since the epoch on the sandbox's clock.
    pub since: i64,
    /// When it stops waiting, likewise.
    pub deadline: i64,
}

/// What the person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Decision {
    /// Approves.
    Approve,
    /// Declines.
    Decline,
    /// Does nothing until it is too late.
    Expire,
}

/// Who opens the redirect URI after the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OpenedBy {
    /// The Truid app, on the device that the login began on.
    #[default]
    App,
    /// The authorize page that waits on another device.
    Page,
}

/// A decision, with who makes it and where it goes.
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
    /// What the person does.
    pub decision: Decision,
    /// Who it is, by the id of the configuration; the first of them where none is named.
    pub person: Option<String>,
    /// Who opens the redirect URI.
    pub opened_by: OpenedBy,
    /// What goes wrong with the callback, before any rule that waits for it.
    pub misbehave: Option<Rule>,
}

impl Choice {
    /// This decision by the first person, and the Truid app goes back to the service.
    pub fn new(decision: Decision) -> Self {
        Choice {
            decision,
            person: None,
            opened_by: OpenedBy::App,
            misbehave: None,
        }
    }
}

/// What the Truid app opens after a decision.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Callback {
    /// The service's redirect URI with the outcome. Nothing where it is not opened: the
    /// person took too long, the page on the other device opens it, or the app never does.
    pub redirect: Option<String>,
    /// How often it is opened, by whoever opens it: once, twice or never.
    pub times: u8,
}

impl Callback {
    pub(super) const NONE: Callback = Callback {
        redirect: None,
        times: 0,
    };
}

impl std::fmt::Debug for Callback {
    /// Without the URL, which has a code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Callback")
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}
