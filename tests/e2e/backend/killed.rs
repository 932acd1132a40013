//! A node is killed before and after each call of a port, on both databases. Afterwards the session
//! is alive or its end is `RotationInterrupted`; the login is completed or refused with
//! `invalid_grant`. No other outcome is allowed.
//!
//! The points are decorators on the ports; the node is a real process, and the kill is
//! SIGKILL.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use switchback::http::Reqwest;
use switchback::ports::BoxFuture;
use switchback_backend::store::StoreError;
use switchback_backend::{Credential, Error, LoginOutcome, Service};
use switchback_protocol::grant::SessionEnd;

use super::database::{Address, Database};
use super::statement_hook::{HookedRowStore, StatementHook};
use super::support::{BackendFixture, Node, XHR, config_at, path, platform};
use crate::kill_points::{KillPointTransport, KillPoints};
use crate::process::{ChildProcess, ChildTask, print_line, wait_forever};

impl StatementHook for KillPoints {
    fn on_point(&self, point: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        Self::pass(self, point);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The node that is killed: it serves a request of a session, or completes a login.
fn victim(child: &ChildTask) {
    let points = KillPoints::of(&child.task);
    let address: Address = serde_json::from_value(child.task["database"].clone()).unwrap();
    let text = |name: &str| child.task[name].as_str().unwrap();
    let shown = Credential::read(text("shown")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = HookedRowStore {
            inner: address.open().await,
            hook: Arc::clone(&points),
        };
        let mut platform = platform(Arc::new(store), child.clock());
        platform.http = Arc::new(KillPointTransport(Arc::new(Reqwest::new()), points));
        let service = Service::new(config_at(&child.base_url), platform).unwrap();
        print_line("begins");
        match child.task["query"].as_str() {
            None => drop(service.session(&shown).await.unwrap()),
            Some(query) => drop(
                service
                    .complete(query, Some(&shown), &[], false)
                    .await
                    .unwrap(),
            ),
        }
    });
    print_line("done");
    wait_forever();
}

/// The state before the kill, and the task of the victim.
struct Scenario {
    fixture: BackendFixture,
    shown: Credential,
    query: Option<String>,
}

/// The credential of a cookie.
fn credential(cookie: &str) -> Credential {
    Credential::read(cookie.split_once('=').unwrap().1).unwrap()
}

impl Scenario {
    /// A session whose access token is valid for this many of its 300 seconds.
    async fn refresh(database: Database, left: i64) -> Self {
        let fixture = BackendFixture::over(database).await;
        let cookie = fixture.log_in(&fixture.node()).await;
        fixture.advance(300 - left);
        Self::of(fixture, &cookie, None)
    }

    /// A login whose callback link has arrived.
    async fn login(database: Database) -> Self {
        let fixture = BackendFixture::over(database).await;
        let started = fixture.node().get("/truid/login-session", &[XHR]).await;
        let link = fixture.approve(started.location());
        let query = path(&link).split_once('?').unwrap().1.to_owned();
        Self::of(fixture, &started.cookie().unwrap(), Some(query))
    }

    /// The database belongs to the victim from now on.
    fn of(mut fixture: BackendFixture, cookie: &str, query: Option<String>) -> Self {
        fixture.store = None;
        Self {
            fixture,
            shown: credential(cookie),
            query,
        }
    }

    fn start(&self, stop_at: Option<usize>, print_all: bool) -> ChildProcess {
        let task = json!({
            "database": self.fixture.database.address,
            "shown": self.shown.text().expose(),
            "query": self.query,
            "stop_at": stop_at,
            "print_all": print_all,
        });
        let (url, clock) = (self.fixture.sandbox.url(), &self.fixture.clock);
        let mut victim = ChildProcess::start(NAME, &ChildTask::at(url, clock, String::new(), task));
        assert_eq!(victim.next_line().as_deref(), Some("begins"));
        victim
    }

    /// The points that a victim passes without a kill.
    fn points(&self) -> Vec<String> {
        self.start(None, true).lines_until("done")
    }

    /// The outcome for the next node, which continues with the session: one of the two that are
    /// allowed.
    async fn afterwards(&self) -> Outcome {
        let platform = self
            .fixture
            .platform_over(self.fixture.database.open().await);
        let node = Node::of(Service::new(self.fixture.config(), platform).unwrap());
        if let Address::Postgres(_) = self.fixture.database.address {
            // No node knows that the victim has ended: its lease expires by time.
            self.fixture.clock.advance(61);
        }
        let mut shown = self.shown.clone();
        if let Some(query) = &self.query {
            // The link arrives again, twice.
            for _ in 0..2 {
                let completed = node.service.complete(query, Some(&self.shown), &[], false);
                match completed.await.unwrap() {
                    LoginOutcome::LoggedIn { credential, .. } => shown = credential,
                    LoginOutcome::Refused(refusal) => {
                        assert_eq!(refusal.code(), "invalid_grant");
                        return Outcome::Interrupted;
                    }
                    other => panic!("neither: {other:?}"),
                }
            }
        }
        // The second session is requested after all earlier tokens have expired.
        for _ in 0..2 {
            match node.service.session(&shown).await {
                Ok(_) => self.fixture.advance(301),
                Err(Error::LoginRequired(SessionEnd::RotationInterrupted)) => {
                    return Outcome::Interrupted;
                }
                Err(other) => panic!("neither: {other:?}"),
            }
        }
        Outcome::Alive
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Alive,
    Interrupted,
}

const NAME: &str = "backend::killed::a_killed_node_leaves_live_or_interrupted_sessions";

/// Kills a victim at each of its points. Between the request and the storing of its answer the
/// tokens are lost with the process; at every other point nothing is lost.
async fn kill_at_each_point(
    scenario: impl AsyncFn() -> Scenario,
    stored: &str,
) -> BTreeMap<Outcome, usize> {
    let points = scenario().await.points();
    let answered = points.iter().position(|p| p == "send: after").unwrap();
    let stored = points[answered..].iter().position(|point| point == stored);
    let stored = answered + stored.unwrap();
    let mut found = BTreeMap::new();
    for (number, point) in points.iter().enumerate() {
        let scenario = scenario().await;
        let mut victim = scenario.start(Some(number), false);
        assert_eq!(victim.next_line().as_deref(), Some("there"), "{point}");
        victim.kill();
        let before = scenario.fixture.sandbox.counters().revoked_grants;
        let lost = (answered..stored).contains(&number);
        let expected = match lost {
            true => Outcome::Interrupted,
            false => Outcome::Alive,
        };
        assert_eq!(scenario.afterwards().await, expected, "{number}: {point}");
        // A token is used twice only if no node can know that it was used.
        let revoked = scenario.fixture.sandbox.counters().revoked_grants - before;
        assert_eq!(revoked, u64::from(lost), "{number}: {point}");
        *found.entry(expected).or_default() += 1;
    }
    found
}

#[test]
fn a_killed_node_leaves_live_or_interrupted_sessions() {
    if let Some(child) = ChildTask::from_environment() {
        return victim(&child);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let postgres = Database::postgres().await.is_some();
        for over_postgres in [false, true] {
            if over_postgres && !postgres {
                continue;
            }
            let database = async || match over_postgres {
                true => Database::postgres().await.unwrap(),
                false => Database::sqlite(),
            };
            let replaced = "replace_grant: after";
            let over = kill_at_each_point(
                async || Scenario::refresh(database().await, 0).await,
                replaced,
            );
            let early = kill_at_each_point(
                async || Scenario::refresh(database().await, 20).await,
                replaced,
            );
            let added = "add_grant: after";
            let login = kill_at_each_point(async || Scenario::login(database().await).await, added);
            for found in [over.await, early.await, login.await] {
                // Both outcomes occur, and most points lose nothing.
                let (alive, interrupted) = (found[&Outcome::Alive], found[&Outcome::Interrupted]);
                assert!(interrupted > 0 && alive > interrupted, "{found:?}");
            }
        }
    });
}
