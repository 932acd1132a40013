//! The state that the handles and the routes share: the world behind its lock, the clock, and
//! notifications of changes.

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
use crate::trace::flow_number;
use crate::world::World;
use crate::{
    Apps, Callback, Choice, Config, Finding, FlowSummary, FlowTrace, Found, Refusal,
    RegisteredClient, Rule, Waiting, known,
};

/// The most flows, and the most findings, that are given at a time.
const MOST_LISTED: usize = 1_000;

/// What the handles and the routes share.
pub(crate) struct Shared {
    world: Mutex<World>,
    /// Where the clock stands until it is moved; nothing where it runs with the system's.
    began: Option<i64>,
    /// What ids and tokens are made from, where the configuration has it.
    seed: Option<[u8; 32]>,
    /// How far the clock was moved, in seconds.
    moved: AtomicI64,
    /// How far the clocks of the clients were moved with it, in seconds.
    clients_moved: AtomicI64,
    /// Counts what happens; nothing once the sandbox stops.
    changes: watch::Sender<Option<u64>>,
    /// Under which names it is served.
    pub(crate) names: Names,
    /// What it speaks TLS with.
    pub(crate) tls: Option<tls::Served>,
    /// Which apps may take its links.
    pub(crate) apps: Apps,
    /// For the start page.
    pub(crate) clients: Vec<RegisteredClient>,
    /// The logins that began there.
    pub(crate) logins: Logins,
}

impl Shared {
    /// What a sandbox with this configuration shares.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub(crate) fn new(
        config: Config,
        names: Names,
        tls: Option<tls::Served>,
    ) -> Result<Shared, getrandom::Error> {
        let configured = config.seed.as_deref().map(seed_of);
        let seed = configured.map_or_else(random_seed, Ok)?;
        Ok(Shared {
            world: Mutex::new(World::new(&config, seed).at(names.url())),
            seed: configured,
            began: config.now,
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

    /// The sandbox's clock, in seconds since the epoch.
    pub(crate) fn now(&self) -> i64 {
        self.millis().div_euclid(1_000)
    }

    /// The sandbox's clock, in milliseconds since the epoch.
    pub(crate) fn millis(&self) -> i64 {
        let now = match self.began {
            Some(seconds) => seconds.saturating_mul(1_000),
            None => {
                let since = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            }
        };
        let moved = self.moved.load(Ordering::Relaxed).saturating_mul(1_000);
        now.saturating_add(moved)
    }

    /// Tells the pages that look that something happened.
    pub(crate) fn changed(&self) {
        self.changes
            .send_modify(|number| *number = number.map(|number| number.wrapping_add(1)));
    }

    /// Tells the pages that look that nothing more will happen.
    pub(crate) fn stopping(&self) {
        self.changes.send_replace(None);
    }

    /// Waits so long, or until the sandbox stops.
    pub(crate) async fn hold(&self, time: Duration) {
        let mut changes = self.subscribe();
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            _ = changes.wait_for(Option::is_none) => {}
        }
    }

    /// Hears when something happened, and nothing when the sandbox stops.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<u64>> {
        self.changes.subscribe()
    }

    /// The base URL.
    pub(crate) fn url(&self) -> &str {
        self.names.url()
    }

    /// The world. A panic within it would be a bug in one request, and no reason to refuse
    /// all others.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.ahead = self.ahead();
        world
    }

    /// How far the sandbox's clock is ahead of those of the clients, in seconds.
    fn ahead(&self) -> i64 {
        self.moved() - self.clients_moved.load(Ordering::Relaxed)
    }

    /// Moves the clock, and with it those of the clients if somebody else does so.
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
        // A code may have expired by it.
        self.changed();
    }

    /// How far the clock was moved, in seconds.
    pub(crate) fn moved(&self) -> i64 {
        self.moved.load(Ordering::Relaxed)
    }

    /// Forgets all that happened, and sets the clock right. With a seed, the given one or
    /// that of the configuration, all ids and tokens begin anew from it.
    pub(crate) fn reset(&self, seed: Option<&str>) {
        self.world().reset(seed.map(seed_of).or(self.seed));
        self.moved.store(0, Ordering::Relaxed);
        self.clients_moved.store(0, Ordering::Relaxed);
        self.changed();
    }

    /// Lets something go wrong. Gives the rule's number.
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
        let number = self.world().rules.add(rule)?;
        self.changed();
        Ok(number)
    }

    /// Whether there is such a client.
    ///
    /// # Errors
    /// `invalid_request`, and the clients there are.
    pub(crate) fn check_client(&self, client_id: &str) -> Result<(), Refusal> {
        let ids = || self.clients.iter().map(|client| client.client_id.as_str());
        if ids().any(|id| id == client_id) {
            return Ok(());
        }
        Err(Refusal::bad(format!(
            "client_id: no client has it; {}",
            known::instead(client_id, ids())
        )))
    }

    /// Takes one rule away, or all. Gives how many there were.
    pub(crate) fn behave(&self, number: Option<u64>) -> usize {
        let removed = self.world().rules.remove(number);
        self.changed();
        removed
    }

    /// The flows that are remembered, the newest first, and a thousand at most.
    pub(crate) fn flows(&self, client_id: Option<&str>, limit: usize) -> Vec<FlowSummary> {
        let world = self.world();
        let now = world.moment(self.now());
        let flows = world.trace.iter().rev().filter(|(_, flow)| {
            let own = flow.client.as_ref().map(|client| client.client_id.as_str());
            client_id.is_none() || own == client_id
        });
        let flows = flows.take(limit.min(MOST_LISTED));
        flows
            .map(|(number, flow)| flow.summary(number, now))
            .collect()
    }

    /// What a list has of one flow.
    pub(crate) fn summary(&self, id: &str) -> Option<FlowSummary> {
        let number = flow_number(id)?;
        let world = self.world();
        let now = world.moment(self.now());
        Some(world.trace.get(number)?.summary(number, now))
    }

    /// One flow with all that was said in it.
    pub(crate) fn flow(&self, id: &str) -> Option<FlowTrace> {
        let world = self.world();
        let now = world.moment(self.now());
        let number = flow_number(id)?;
        let flow = world.trace.get(number)?;
        Some(flow.trace(number, &world.mask, now))
    }

    /// The findings that are to be kept, in the order of their flows: the newest thousand,
    /// and how many others there are.
    pub(crate) fn findings(&self, keep: impl Fn(Finding) -> bool) -> (Vec<Found>, usize) {
        let world = self.world();
        let now = world.moment(self.now());
        let flows = || world.trace.iter();
        let kinds = flows().flat_map(|(_, flow)| flow.kinds(now));
        let number = kinds.filter(|kind| keep(*kind)).count();
        let left_out = number.saturating_sub(MOST_LISTED);
        let found = flows().flat_map(|(number, flow)| flow.found(number, now));
        let found = found.filter(|found| keep(found.finding)).skip(left_out);
        (found.collect(), left_out)
    }

    /// How often each was found.
    pub(crate) fn tally(&self) -> HashMap<Finding, usize> {
        let world = self.world();
        let now = world.moment(self.now());
        let mut tally = HashMap::new();
        for kind in world.trace.iter().flat_map(|(_, flow)| flow.kinds(now)) {
            *tally.entry(kind).or_default() += 1;
        }
        tally
    }

    /// The person ends all login sessions with a service.
    pub(crate) fn end_sessions(&self, client_id: &str) -> usize {
        let ended = self.world().end_sessions(client_id, self.millis());
        self.changed();
        ended
    }

    /// The person decides.
    pub(crate) fn decide(&self, id: &str, choice: &Choice) -> Result<Callback, Refusal> {
        // The clock is read under the lock, so that the trace is ordered by time.
        let outcome = self.world().decide(id, choice, self.millis());
        self.changed();
        outcome
    }

    /// What the operating system does with a link to the Truid app.
    pub(crate) fn open(&self, url: &str) -> Result<Waiting, Refusal> {
        let link = Link::read(url, &self.names)?;
        let outcome = self.world().open(&link, self.millis());
        self.changed();
        outcome
    }
}

/// What all ids and tokens are made from.
fn seed_of(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// The same from nowhere.
fn random_seed() -> Result<[u8; 32], getrandom::Error> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::{Status, Step, Trail};

    #[test]
    fn a_thousand_at_most_are_listed_and_the_rest_is_counted() {
        let mut config = Config::default();
        config.limits.flows = 2_000;
        let names = Names::new("127.0.0.1:1".parse().unwrap(), false, None);
        let shared = Shared::new(config, names, None).unwrap();
        for at in 0..1_100 {
            let trace = &mut shared.world().trace;
            let flow = trace.begin(Status::Stray, at);
            let mut trail = Trail::new(flow, at, None);
            trail.find(Finding::StateShort, "short");
            trail.find(Finding::WebView, "web view");
            trace.record(trail, Step::at(at));
        }
        assert_eq!(shared.flows(None, usize::MAX).len(), 1_000);
        assert_eq!(shared.flows(None, usize::MAX)[0].began, 1_099);
        assert_eq!(shared.flows(Some("demo-app"), 10), []);
        let (found, left_out) = shared.findings(|_| true);
        assert_eq!((found.len(), left_out), (1_000, 1_200));
        assert_eq!(found[999].at, 1_099);
        let (found, left_out) = shared.findings(|one| one == Finding::WebView);
        assert_eq!((found.len(), left_out), (1_000, 100));
        assert_eq!(found[0].at, 100);
        assert_eq!(shared.tally()[&Finding::StateShort], 1_100);
    }
}
