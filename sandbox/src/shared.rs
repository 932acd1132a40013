//! [`Shared`]: the state that the handles and the routes share. It has the simulated provider
//! ([`Provider`]) behind its lock, the clock, and notifications of changes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::config::FURTHEST;
use crate::http::Logins;
use crate::network::addresses::Names;
use crate::network::tls;
use crate::oauth::link::Link;
use crate::provider::Provider;
use crate::trace::flow_number;
use crate::{
    Apps, Callback, Choice, Config, Finding, FlowFinding, FlowSummary, FlowTrace, Refusal,
    RegisteredClient, Rule, Waiting, suggest,
};

/// The maximum number of flows and of findings in one answer.
const MAX_LISTED: usize = 1_000;

/// The state that the handles and the routes share.
pub(crate) struct Shared {
    provider: Mutex<Provider>,
    /// The fixed time of the clock, in seconds since 1970-01-01; `None` if the system's clock
    /// counts.
    fixed_time: Option<i64>,
    /// The configured seed for ids and tokens.
    seed: Option<[u8; 32]>,
    /// How far the clock was moved, in seconds.
    moved: AtomicI64,
    /// How far the clients' clocks were moved with it, in seconds.
    clients_moved: AtomicI64,
    /// The number of changes; `None` when the sandbox stops.
    changes: watch::Sender<Option<u64>>,
    /// The sandbox's hosts and URLs.
    pub(crate) names: Names,
    /// The TLS configuration, if the sandbox uses TLS.
    pub(crate) tls: Option<tls::TlsServer>,
    /// The apps that may open the sandbox's links.
    pub(crate) apps: Apps,
    /// The clients, for the start page.
    pub(crate) clients: Vec<RegisteredClient>,
    /// The logins that began on the start page.
    pub(crate) logins: Logins,
}

impl Shared {
    /// The state of a new sandbox.
    ///
    /// # Errors
    /// The operating system returned no random bytes.
    pub(crate) fn new(
        config: Config,
        names: Names,
        tls: Option<tls::TlsServer>,
    ) -> Result<Shared, getrandom::Error> {
        let configured = config.seed.as_deref().map(seed_of);
        let seed = configured.map_or_else(random_seed, Ok)?;
        let start = clock(config.now).div_euclid(1_000);
        Ok(Shared {
            provider: Mutex::new(Provider::new(&config, seed).at(names.url(), start)),
            seed: configured,
            fixed_time: config.now,
            moved: AtomicI64::new(0),
            clients_moved: AtomicI64::new(0),
            changes: watch::Sender::new(Some(0)),
            names,
            tls,
            apps: config.apps,
            clients: config.clients,
            logins: Logins::default(),
        })
    }

    /// The time of the sandbox's clock, in seconds since 1970-01-01.
    pub(crate) fn now(&self) -> i64 {
        self.millis().div_euclid(1_000)
    }

    /// The time of the sandbox's clock, in milliseconds since 1970-01-01.
    pub(crate) fn millis(&self) -> i64 {
        let now = clock(self.fixed_time);
        let moved = self.moved.load(Ordering::Relaxed).saturating_mul(1_000);
        now.saturating_add(moved)
    }

    /// Notifies the listeners of a change.
    pub(crate) fn changed(&self) {
        self.changes
            .send_modify(|number| *number = number.map(|number| number.wrapping_add(1)));
    }

    /// Notifies the listeners that the sandbox stops.
    pub(crate) fn stopping(&self) {
        self.changes.send_replace(None);
    }

    /// Waits for this time, or until the sandbox stops.
    pub(crate) async fn delay(&self, time: Duration) {
        let mut changes = self.subscribe();
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            _ = changes.wait_for(Option::is_none) => {}
        }
    }

    /// A listener: it gets a number at each change, and `None` when the sandbox stops.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<u64>> {
        self.changes.subscribe()
    }

    /// The base URL.
    pub(crate) fn url(&self) -> &str {
        self.names.url()
    }

    /// Locks the simulated provider. A poisoned lock is used anyway: a panic is a bug in one
    /// request, and no reason to refuse all others.
    pub(crate) fn provider(&self) -> MutexGuard<'_, Provider> {
        let mut provider = self.provider.lock().unwrap_or_else(PoisonError::into_inner);
        provider.ahead = self.ahead();
        provider
    }

    /// How far the sandbox's clock is ahead of the clients' clocks, in seconds.
    fn ahead(&self) -> i64 {
        self.moved() - self.clients_moved.load(Ordering::Relaxed)
    }

    /// Moves the clock. `with_clients`: the test also moves the clients' clocks.
    pub(crate) fn advance(&self, seconds: i64, with_clients: bool) {
        let step = seconds.clamp(-FURTHEST, FURTHEST);
        let forward = |clock: &AtomicI64| {
            let _ = clock.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |moved| {
                Some(moved.saturating_add(step).clamp(-FURTHEST, FURTHEST))
            });
        };
        forward(&self.moved);
        if with_clients {
            forward(&self.clients_moved);
        }
        // A code may have expired by this move.
        self.changed();
    }

    /// How far the clock was moved, in seconds.
    pub(crate) fn moved(&self) -> i64 {
        self.moved.load(Ordering::Relaxed)
    }

    /// Deletes all state, and undoes moves of the clock. New ids and tokens come from `seed`, or
    /// else from the configured seed.
    pub(crate) fn reset(&self, seed: Option<&str>) {
        self.provider().reset(seed.map(seed_of).or(self.seed));
        self.moved.store(0, Ordering::Relaxed);
        self.clients_moved.store(0, Ordering::Relaxed);
        self.changed();
    }

    /// Adds a rule and returns its number.
    pub(crate) fn misbehave(&self, rule: Rule) -> Result<u64, Refusal> {
        if let Some(id) = &rule.client_id {
            self.check_client(id)?;
        }
        if rule
            .flow
            .as_deref()
            .is_some_and(|id| flow_number(id).is_none())
        {
            return Err(Refusal::bad(
                "flow: it must be the id of a flow, such as f1",
            ));
        }
        let number = self.provider().rules.add(rule)?;
        self.changed();
        Ok(number)
    }

    /// Checks that a client with this id is registered.
    ///
    /// # Errors
    /// `invalid_request`, with the registered clients.
    pub(crate) fn check_client(&self, client_id: &str) -> Result<(), Refusal> {
        let ids = || self.clients.iter().map(|client| client.client_id.as_str());
        if ids().any(|id| id == client_id) {
            return Ok(());
        }
        Err(Refusal::bad(format!(
            "client_id: no client has this id; {}",
            suggest::alternatives(client_id, ids())
        )))
    }

    /// Removes the rule with this number, or all rules; returns how many it removed.
    pub(crate) fn behave(&self, number: Option<u64>) -> usize {
        let removed = self.provider().rules.remove(number);
        self.changed();
        removed
    }

    /// The recorded flows, the newest first, at most [`MAX_LISTED`].
    pub(crate) fn flows(&self, client_id: Option<&str>, limit: usize) -> Vec<FlowSummary> {
        let provider = self.provider();
        let now = provider.moment(self.now());
        let flows = provider.trace.iter().rev().filter(|(_, flow)| {
            let own = flow.client.as_ref().map(|client| client.client_id.as_str());
            client_id.is_none() || own == client_id
        });
        let flows = flows.take(limit.min(MAX_LISTED));
        flows
            .map(|(number, flow)| flow.summary(number, now))
            .collect()
    }

    /// The summary of one flow.
    pub(crate) fn summary(&self, id: &str) -> Option<FlowSummary> {
        let number = flow_number(id)?;
        let provider = self.provider();
        let now = provider.moment(self.now());
        Some(provider.trace.get(number)?.summary(number, now))
    }

    /// One flow with its requests and answers.
    pub(crate) fn flow(&self, id: &str) -> Option<FlowTrace> {
        let provider = self.provider();
        let now = provider.moment(self.now());
        let number = flow_number(id)?;
        let flow = provider.trace.get(number)?;
        Some(flow.trace(number, &provider.mask, now))
    }

    /// The findings for which `keep` is true, in the order of their flows: the newest
    /// [`MAX_LISTED`], and how many more there are.
    pub(crate) fn findings(&self, keep: impl Fn(Finding) -> bool) -> (Vec<FlowFinding>, usize) {
        let provider = self.provider();
        let now = provider.moment(self.now());
        let flows = || provider.trace.iter();
        let kinds = flows().flat_map(|(_, flow)| flow.kinds(now));
        let number = kinds.filter(|kind| keep(*kind)).count();
        let left_out = number.saturating_sub(MAX_LISTED);
        let found = flows().flat_map(|(number, flow)| flow.found(number, now));
        let found = found.filter(|found| keep(found.finding)).skip(left_out);
        (found.collect(), left_out)
    }

    /// The number of occurrences of each finding.
    pub(crate) fn finding_counts(&self) -> HashMap<Finding, usize> {
        let provider = self.provider();
        let now = provider.moment(self.now());
        let mut counts = HashMap::new();
        for kind in provider.trace.iter().flat_map(|(_, flow)| flow.kinds(now)) {
            *counts.entry(kind).or_default() += 1;
        }
        counts
    }

    /// Ends all login sessions with a service, as the person.
    pub(crate) fn end_sessions(&self, client_id: &str) -> usize {
        let ended = self.provider().end_sessions(client_id, self.millis());
        self.changed();
        ended
    }

    /// Revokes the intermediate certificate now, or undoes that. A second revocation changes
    /// nothing.
    pub(crate) fn revoke_intermediate(&self, revoked: bool) {
        let now = self.now();
        let mut provider = self.provider();
        let before = provider.signing.revoked;
        provider.signing.revoked = revoked.then(|| before.unwrap_or(now));
        drop(provider);
        self.changed();
    }

    /// Decides as the person.
    pub(crate) fn decide(&self, id: &str, choice: &Choice) -> Result<Callback, Refusal> {
        // Read the clock under the lock: the trace is ordered by time.
        let outcome = self.provider().decide(id, choice, self.millis());
        self.changed();
        outcome
    }

    /// Opens a link in the Truid app, as the operating system does.
    pub(crate) fn open(&self, url: &str) -> Result<Waiting, Refusal> {
        let link = Link::read(url, &self.names)?;
        let outcome = self.provider().open(&link, self.millis());
        self.changed();
        outcome
    }
}

/// The time of a clock that was not moved, in milliseconds since 1970-01-01.
fn clock(fixed_time: Option<i64>) -> i64 {
    match fixed_time {
        Some(seconds) => seconds.saturating_mul(1_000),
        None => {
            let since = SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        }
    }
}

/// The seed from a configured text.
fn seed_of(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn random_seed() -> Result<[u8; 32], getrandom::Error> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{RequestContext, Status, Step};

    #[test]
    fn lists_have_at_most_1000_entries_and_count_the_rest() {
        let mut config = Config::default();
        config.limits.flows = 2_000;
        let names = Names::new("127.0.0.1:1".parse().unwrap(), false, None);
        let shared = Shared::new(config, names, None).unwrap();
        for at in 0..1_100 {
            let trace = &mut shared.provider().trace;
            let flow = trace.begin(Status::Stray, at);
            let mut context = RequestContext::new(flow, at, None);
            context.find(Finding::StateShort, "short");
            context.find(Finding::WebView, "web view");
            trace.record(context, Step::at(at));
        }
        assert_eq!(shared.flows(None, usize::MAX).len(), 1_000);
        assert_eq!(shared.flows(None, usize::MAX)[0].began, 1_099);
        assert_eq!(shared.flows(Some("demo-app"), 10), []);
        let (found, left_out) = shared.findings(|_| true);
        assert_eq!((found.len(), left_out), (1_000, 1_200));
        assert_eq!(found[999].at, 1_099);
        let (found, left_out) = shared.findings(|finding| finding == Finding::WebView);
        assert_eq!((found.len(), left_out), (1_000, 100));
        assert_eq!(found[0].at, 100);
        assert_eq!(shared.finding_counts()[&Finding::StateShort], 1_100);
    }
}
