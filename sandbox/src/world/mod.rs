//! All state and all rules, without I/O: the time and one seed come in, answers go out.
//! Whoever holds a [`World`] decides what the time is and how requests arrive.

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
use crate::trace::{Mask, Trace};
use crate::{Config, Lifetimes, Person, RegisteredClient, Rule};
use reference::References;

pub(crate) use data::{ClaimKeys, presentation, user_info};
pub(crate) use now::Now;
pub(crate) use waiting::PageState;

pub use decision::{Callback, Choice, Decision, OpenedBy, Waiting};

/// Truid, as far as a service can see it.
pub(crate) struct World {
    clients: HashMap<String, Arc<RegisteredClient>>,
    /// The base URL, which client assertions must be meant for.
    url: String,
    /// Who can hold the phone, the first where nobody is chosen.
    people: Vec<Arc<Person>>,
    /// Those of them as configured whose data was changed.
    unchanged: Vec<Arc<Person>>,
    lifetimes: Lifetimes,
    /// How far the sandbox's clock is ahead of that of the clients, in seconds.
    pub(crate) ahead: i64,
    /// The status of a good answer to a pushed authorization request.
    pub(crate) par_status: u16,
    references: References,
    pushed: BoundedMap<authorize::Pushed>,
    waiting: BoundedMap<waiting::Entry>,
    grants: BoundedMap<grant::Grant>,
    counters: Counters,
    used: reuse::UsedValues,
    /// What goes wrong on demand, from the start and now.
    configured: Vec<Rule>,
    pub(crate) rules: Rules,
    /// What was said.
    pub(crate) trace: Trace,
    /// What stands for secrets where the trace is shown.
    pub(crate) mask: Mask,
}

/// What has happened since the start or the last reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counters {
    /// Authorization requests that were good and now wait or waited, whether a browser
    /// or the Truid app opened them.
    pub authorize: u64,
    /// Pushed authorization requests that were good.
    pub par: u64,
    /// Codes that were exchanged for tokens.
    pub code_exchanges: u64,
    /// Refreshes that gave new tokens.
    pub refreshes: u64,
    /// Requests to the token endpoint that were refused, whatever the reason.
    pub refused_token_requests: u64,
    /// Grants that ended early: a code or a refresh token was used twice, or the session
    /// was ended from the Truid app.
    pub revoked_grants: u64,
    /// User info answers with data.
    pub user_info: u64,
    /// Presentations, of either version.
    pub presentations: u64,
}

impl World {
    /// A world in which nothing has happened. Nobody can guess its codes and tokens who
    /// does not know the seed.
    pub(crate) fn new(config: &Config, seed: [u8; 32]) -> Self {
        World {
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
        }
    }

    /// The same at this base URL.
    pub(crate) fn at(self, url: &str) -> Self {
        World {
            url: url.to_owned(),
            ..self
        }
    }

    /// This second of the sandbox's clock, on both clocks.
    pub(crate) fn moment(&self, now: i64) -> Now {
        Now {
            sandbox: now,
            clients: now.saturating_sub(self.ahead),
        }
    }

    /// What has happened.
    pub(crate) fn counters(&self) -> Counters {
        self.counters
    }

    /// Forgets everything that happened; the rules of the configuration are back. With a
    /// seed, numbers, ids and tokens begin anew
    /// from it.
    pub(crate) fn reset(&mut self, seed: Option<[u8; 32]>) {
        self.pushed.clear();
        self.waiting.clear();
        self.grants.clear();
        self.trace.clear();
        self.counters = Counters::default();
        self.used.clear();
        self.restore_people();
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
