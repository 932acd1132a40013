//! [`Provider`]: the simulated identity provider, with its clients, people, grants and rules. It
//! does no I/O: the caller passes the time, the seed and the requests. A request is checked and
//! answered in one call, so its effects are complete or absent.

mod authentication;
mod authorize;
#[cfg(test)]
mod authorize_tests;
mod code;
mod data;
#[cfg(test)]
mod data_tests;
mod decide;
#[cfg(test)]
mod decide_tests;
mod decision;
mod flow;
mod grant;
#[cfg(test)]
mod grant_tests;
mod now;
mod people;
mod reference;
mod refresh;
mod request;
mod reuse;
mod sign;
#[cfg(test)]
pub(crate) mod testing;
mod token;
#[cfg(test)]
mod token_tests;
mod waiting;

use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::bounded_map::BoundedMap;
use crate::misbehaviour::Rules;
use crate::signing::Signing;
use crate::trace::{Mask, Trace};
use crate::{Config, Lifetimes, Person, RegisteredClient, Rule};
use reference::References;

pub(crate) use data::{ClaimKeys, presentation, user_info};
pub(crate) use now::Now;
pub(crate) use waiting::PageState;

pub use decision::{Callback, Choice, Decision, OpenedBy, Waiting};

/// The state of the simulated Truid.
pub(crate) struct Provider {
    clients: HashMap<String, Arc<RegisteredClient>>,
    /// The base URL, which must be the audience of client assertions.
    url: String,
    /// The people who can use the phone; the first one is the default.
    people: Vec<Arc<Person>>,
    /// The configured data of those people whose data was changed.
    unchanged: Vec<Arc<Person>>,
    lifetimes: Lifetimes,
    /// How far the sandbox's clock is ahead of the clients' clocks, in seconds.
    pub(crate) ahead: i64,
    /// The status of the answer to a successful pushed authorization request.
    pub(crate) par_status: u16,
    references: References,
    pushed: BoundedMap<authorize::Pushed>,
    waiting: BoundedMap<waiting::RequestEntry>,
    grants: BoundedMap<grant::Grant>,
    counters: Counters,
    used: reuse::UsedValues,
    /// The rules of the configuration.
    configured: Vec<Rule>,
    /// The active rules.
    pub(crate) rules: Rules,
    pub(crate) trace: Trace,
    /// Masks the secrets when the trace is shown.
    pub(crate) mask: Mask,
    /// Signs for the people, and issues their certificates.
    pub(crate) signing: Signing,
}

/// The numbers of events since the start or the last reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counters {
    /// Accepted authorization requests, opened in a browser or in the Truid app.
    pub authorize: u64,
    /// Accepted pushed authorization requests.
    pub par: u64,
    /// Codes that were exchanged for tokens.
    pub code_exchanges: u64,
    /// Refreshes that returned new tokens.
    pub refreshes: u64,
    /// Refused requests to the token endpoint.
    pub refused_token_requests: u64,
    /// Grants that were revoked: a code or a refresh token was used twice, or the person ended the
    /// session in the Truid app.
    pub revoked_grants: u64,
    /// User info answers with data.
    pub user_info: u64,
    /// Presentations, of both versions.
    pub presentations: u64,
    /// Signatures that were fetched.
    pub signatures: u64,
    /// Replies of the timestamp authority, also those that refuse.
    pub timestamps: u64,
}

impl Provider {
    /// The initial state. Codes and tokens can be computed only with the seed.
    pub(crate) fn new(config: &Config, seed: [u8; 32]) -> Self {
        Provider {
            clients: config
                .clients
                .iter()
                .map(|client| (client.client_id.clone(), Arc::new(client.clone())))
                .collect(),
            url: String::new(),
            people: config.people.iter().cloned().map(Arc::new).collect(),
            unchanged: Vec::new(),
            lifetimes: config.lifetimes,
            ahead: 0,
            par_status: config.par_status,
            references: References::new(seed),
            pushed: BoundedMap::new(config.limits.pushed),
            waiting: BoundedMap::new(config.limits.waiting),
            grants: BoundedMap::new(config.limits.grants),
            counters: Counters::default(),
            used: reuse::UsedValues::new(),
            configured: config.rules.clone(),
            rules: Rules::new(&config.rules),
            trace: Trace::new(config.limits.flows),
            mask: Mask::new(seed),
            signing: Signing::new(config.signature, seed),
        }
    }

    /// The same state with this base URL, for a clock that shows `now` at the start.
    pub(crate) fn at(self, url: &str, now: i64) -> Self {
        Provider {
            url: url.to_owned(),
            signing: self.signing.at(url, now),
            ..self
        }
    }

    /// The time on both clocks when the sandbox's clock shows `now`.
    pub(crate) fn moment(&self, now: i64) -> Now {
        Now {
            sandbox: now,
            clients: now.saturating_sub(self.ahead),
        }
    }

    /// The numbers of events.
    pub(crate) fn counters(&self) -> Counters {
        self.counters
    }

    /// Restores the initial state. With a seed, new ids and tokens come from it, and their numbers
    /// start again at 1.
    pub(crate) fn reset(&mut self, seed: Option<[u8; 32]>) {
        self.pushed.clear();
        self.waiting.clear();
        self.grants.clear();
        self.trace.clear();
        self.counters = Counters::default();
        self.used.clear();
        self.restore_people();
        self.signing.revoked = None;
        self.rules = Rules::new(&self.configured);
        if let Some(seed) = seed {
            self.pushed.restart();
            self.waiting.restart();
            self.grants.restart();
            self.trace.restart();
            self.references = References::new(seed);
            self.mask = Mask::new(seed);
        }
    }
}
