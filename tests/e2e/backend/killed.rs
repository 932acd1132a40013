//! A node that is killed at every point where it touches the world: afterwards every session
//! is alive, or says that its rotation was interrupted, and a login is completed, or says
//! that its code was spent. Nothing else, on either database.
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

use super::around::{Around, Surrounded};
use super::database::{Address, Database};
use super::support::{Node, Stage, XHR, config_at, path, world};
use crate::points::{PointedNetwork, Points};
use crate::process::{Part, Process, say, stay};

impl Around for Points {
    fn pass(&self, point: &'static str) -> BoxFuture<'_, Result<(), StoreError>> {
        Self::pass(self, point);
        Box::pin(std::future::ready(Ok(())))
    }
}

/// The node that is killed: it serves a request of a session, or completes a login.
fn victim(part: &Part) {
    let points = Points::of(&part.does);
    let address: Address = serde_json::from_value(part.does["database"].clone()).unwrap();
    let text = |name: &str| part.does[name].as_str().unwrap();
    let shown = Credential::read(text("shown")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let store = Surrounded {
            inner: address.open().await,
            around: Arc::clone(&points),
        };
        let mut world = world(Arc::new(store), part.clock());
        world.http = Arc::new(PointedNetwork(Arc::new(Reqwest::new()), points));
        let service = Service::new(config_at(&part.base_url), world).unwrap();
        say("begins");
        match part.does["query"].as_str() {
            None => drop(service.session(&shown).await.unwrap()),
            Some(query) => drop(service.complete(query, Some(&shown), false).await.unwrap()),
        }
    });
    say("done");
    stay();
}

/// What happens to the victim, and what it was doing.
struct Scene {
    stage: Stage,
    shown: Credential,
    query: Option<String>,
}

/// The credential in a cookie.
fn credential(cookie: &str) -> Credential {
    Credential::read(cookie.split_once('=').unwrap().1).unwrap()
}

impl Scene {
    /// A session whose access token has so many seconds left, of 300.
    async fn refresh(database: Database, left: i64) -> Self {
        let stage = Stage::over(database).await;
        let cookie = stage.log_in(&stage.node()).await;
        stage.advance(300 - left);
        Self::of(stage, &cookie, None)
    }

    /// A login whose link has come.
    async fn login(database: Database) -> Self {
        let stage = Stage::over(database).await;
        let started = stage.node().get("/truid/login-session", &[XHR]).await;
        let link = stage.approve(started.location());
        let query = path(&link).split_once('?').unwrap().1.to_owned();
        Self::of(stage, &started.cookie().unwrap(), Some(query))
    }

    /// The database belongs to the victim from now on.
    fn of(mut stage: Stage, cookie: &str, query: Option<String>) -> Self {
        stage.store = None;
        Self {
            stage,
            shown: credential(cookie),
            query,
        }
    }

    fn start(&self, stop_at: Option<usize>, says_all: bool) -> Process {
        let does = json!({
            "database": self.stage.database.address,
            "shown": self.shown.text().expose(),
            "query": self.query,
            "stop_at": stop_at,
            "says_all": says_all,
        });
        let (url, clock) = (self.stage.sandbox.url(), &self.stage.clock);
        let mut victim = Process::start(NAME, &Part::at(url, clock, String::new(), does));
        assert_eq!(victim.hear().as_deref(), Some("begins"));
        victim
    }

    /// The points that a victim passes when nobody kills it.
    fn points(&self) -> Vec<String> {
        self.start(None, true).hear_until("done")
    }

    /// What the next node finds. It goes on with it, and it is one of the two things that are
    /// allowed.
    async fn afterwards(&self) -> Found {
        let world = self.stage.world_over(self.stage.database.open().await);
        let node = Node::of(Service::new(self.stage.config(), world).unwrap());
        if let Address::Postgres(_) = self.stage.database.address {
            // Nobody knows that the node is gone: its lease runs out.
            self.stage.clock.advance(61);
        }
        let mut shown = self.shown.clone();
        if let Some(query) = &self.query {
            // The link comes once more, and again after that.
            for _ in 0..2 {
                let completed = node.service.complete(query, Some(&self.shown), false);
                match completed.await.unwrap() {
                    LoginOutcome::LoggedIn { credential, .. } => shown = credential,
                    LoginOutcome::Refused(refusal) => {
                        assert_eq!(refusal.code(), "invalid_grant");
                        return Found::Interrupted;
                    }
                    other => panic!("neither: {other:?}"),
                }
            }
        }
        // The second one is asked for when every token from before has expired.
        for _ in 0..2 {
            match node.service.session(&shown).await {
                Ok(_) => self.stage.advance(301),
                Err(Error::LoginRequired(SessionEnd::RotationInterrupted)) => {
                    return Found::Interrupted;
                }
                Err(other) => panic!("neither: {other:?}"),
            }
        }
        Found::Alive
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Found {
    Alive,
    Interrupted,
}

const NAME: &str = "backend::killed::a_killed_node_leaves_live_or_interrupted_sessions";

/// Kills a victim at each of its points. Between the request and the storing of its answer
/// the tokens die with the process; at every other point nothing is lost.
async fn kill_at_each_point(
    scene: impl AsyncFn() -> Scene,
    stored: &str,
) -> BTreeMap<Found, usize> {
    let points = scene().await.points();
    let answered = points.iter().position(|p| p == "send: after").unwrap();
    let stored = points[answered..].iter().position(|point| point == stored);
    let stored = answered + stored.unwrap();
    let mut found = BTreeMap::new();
    for (number, point) in points.iter().enumerate() {
        let scene = scene().await;
        let mut victim = scene.start(Some(number), false);
        assert_eq!(victim.hear().as_deref(), Some("there"), "{point}");
        victim.kill();
        let before = scene.stage.sandbox.counters().revoked_grants;
        let lost = (answered..stored).contains(&number);
        let expected = match lost {
            true => Found::Interrupted,
            false => Found::Alive,
        };
        assert_eq!(scene.afterwards().await, expected, "{number}: {point}");
        // A token is used twice only where nobody can know that it was used.
        let revoked = scene.stage.sandbox.counters().revoked_grants - before;
        assert_eq!(revoked, u64::from(lost), "{number}: {point}");
        *found.entry(expected).or_default() += 1;
    }
    found
}

#[test]
fn a_killed_node_leaves_live_or_interrupted_sessions() {
    if let Some(part) = Part::played_here() {
        return victim(&part);
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
            let over =
                kill_at_each_point(async || Scene::refresh(database().await, 0).await, replaced);
            let early = kill_at_each_point(
                async || Scene::refresh(database().await, 20).await,
                replaced,
            );
            let added = "add_grant: after";
            let login = kill_at_each_point(async || Scene::login(database().await).await, added);
            for found in [over.await, early.await, login.await] {
                // Both kinds of end are seen, and most points lose nothing.
                let (alive, interrupted) = (found[&Found::Alive], found[&Found::Interrupted]);
                assert!(interrupted > 0 && alive > interrupted, "{found:?}");
            }
        }
    });
}
