//! A node is killed before and after each call of a port while it completes a signing, and while it
//! fetches a signature with a refreshed token. Afterwards another node gets the verified signature
//! with its timestamp, or says clearly that it cannot: the person begins again, or the signing is
//! `lost`. No refresh token is sent twice unless no node can know that it was sent.
//!
//! The points are decorators on the ports; the node is a real process, and the kill is SIGKILL.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;
use switchback::http::Reqwest;
use switchback_backend::signature::{DocumentDigest, SignRequest};
use switchback_backend::{Credential, LoginOutcome, Service, SigningId, SigningStatus};
use switchback_sandbox::Misbehaviour;

use super::database::{Address, Database};
use super::signing::timestamping_config_at;
use super::statement_hook::HookedRowStore;
use super::support::{BackendFixture, path, platform};
use crate::kill_points::{KillPointTransport, KillPoints};
use crate::process::{ChildProcess, ChildTask, print_line, wait_forever};

/// Longer than a login may take, and than a lease.
const LATER: i64 = 2 * 600 + 1;

/// More than a lease holds, in seconds.
const LEASE: i64 = 61;

/// The node that is killed: it completes the login, or fetches the signature.
fn victim(child: &ChildTask) {
    let points = KillPoints::of(&child.task);
    let address: Address = serde_json::from_value(child.task["database"].clone()).unwrap();
    let text = |name: &str| child.task[name].as_str().unwrap();
    let shown = Credential::read(text("shown")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let config = timestamping_config_at(&child.base_url).await;
        let store = HookedRowStore {
            inner: address.open().await,
            hook: Arc::clone(&points),
        };
        let mut platform = platform(Arc::new(store), child.clock());
        platform.http = Arc::new(KillPointTransport(Arc::new(Reqwest::new()), points));
        let service = Service::new(config, platform).unwrap();
        print_line("begins");
        match child.task["query"].as_str() {
            Some(query) => drop(
                service
                    .complete(query, Some(&shown), &[], false)
                    .await
                    .unwrap(),
            ),
            None => drop(service.signing(&text("id").parse().unwrap()).await.unwrap()),
        }
    });
    print_line("done");
    wait_forever();
}

/// The state before the kill, and the task of the victim.
struct Scenario {
    fixture: BackendFixture,
    id: SigningId,
    shown: Credential,
    query: String,
    /// Whether the victim completes the login; otherwise it fetches the signature.
    completes: bool,
}

impl Scenario {
    /// A signing that the person has approved.
    async fn approved(database: Database) -> Self {
        let fixture = BackendFixture::over(database).await;
        let service = service(&fixture).await;
        let request = SignRequest::new(
            "https://service.example/contracts/17.pdf",
            DocumentDigest::of(b"a contract"),
            "I sign the contract",
        );
        let login = service.begin_signing(request, None).await.unwrap();
        let link = fixture.approve(login.url.expose());
        Self {
            id: login.signing.unwrap(),
            shown: login.initiator.unwrap(),
            query: path(&link).split_once('?').unwrap().1.to_owned(),
            completes: true,
            fixture,
        }
    }

    /// A completed login whose access token has expired, and whose signature was not fetched.
    async fn unfetched(database: Database) -> Self {
        let mut scenario = Self::approved(database).await;
        let fixture = &scenario.fixture;
        fixture.misbehave_at_signature(Misbehaviour::ServerError);
        let service = service(fixture).await;
        let done = service.complete(&scenario.query, Some(&scenario.shown), &[], false);
        assert!(matches!(done.await.unwrap(), LoginOutcome::LoggedIn { .. }));
        fixture.sandbox.behave();
        fixture.advance(3600);
        scenario.completes = false;
        scenario
    }

    /// The database belongs to the victim from now on.
    fn start(&mut self, stop_at: Option<usize>, print_all: bool) -> ChildProcess {
        self.fixture.store = None;
        let task = json!({
            "database": self.fixture.database.address,
            "shown": self.shown.text().expose(),
            "id": self.id.to_string(),
            "query": self.completes.then_some(&self.query),
            "stop_at": stop_at,
            "print_all": print_all,
        });
        let (url, clock) = (self.fixture.sandbox.url(), &self.fixture.clock);
        let mut victim = ChildProcess::start(NAME, &ChildTask::at(url, clock, String::new(), task));
        assert_eq!(victim.next_line().as_deref(), Some("begins"));
        victim
    }

    /// Another node, which shares only the database.
    async fn another(&self) -> Service {
        let store = self.fixture.database.open().await;
        let config = timestamping_config_at(self.fixture.sandbox.url()).await;
        Service::new(config, self.fixture.platform_over(store)).unwrap()
    }

    /// What the service gets from the next node.
    async fn afterwards(&self, next: Next) -> Outcome {
        let one = self.another().await;
        match next {
            // The browser sends the callback again, twice, and the service asks.
            Next::Reload => {
                // On PostgreSQL no node knows that the victim has ended: its lease expires by time.
                // The code is valid for less time, so the clock of the sandbox stays for now.
                self.fixture.clock.advance(LEASE);
                for _ in 0..2 {
                    let again = one.complete(&self.query, Some(&self.shown), &[], false);
                    match again.await.unwrap() {
                        LoginOutcome::LoggedIn { signing, .. } => {
                            assert_eq!(signing, Some(self.id));
                        }
                        LoginOutcome::Refused(refusal) => {
                            assert_eq!(refusal.code(), "invalid_grant");
                            self.fixture.sandbox.advance_with_clients(LEASE);
                            return self.begins_again(&one).await;
                        }
                        other => panic!("neither: {other:?}"),
                    }
                }
            }
            // No browser and no caller comes: two nodes continue at the same time.
            Next::Maintenance => {
                self.fixture.advance(LATER);
                let other = self.another().await;
                let turns = tokio::join!(one.continue_signings(), other.continue_signings());
                assert_eq!(turns, (Ok(()), Ok(())));
                // They fetched the signature, and not this call.
                let fetched = self.fixture.sandbox.counters().signatures;
                let status = self.status(&one).await;
                assert_eq!(self.fixture.sandbox.counters().signatures, fetched);
                if status == "pending" {
                    return self.begins_again(&one).await;
                }
            }
        }
        let status = one.signing(&self.id).await.unwrap();
        let signature = match status {
            SigningStatus::Signed(signature) => signature,
            SigningStatus::Lost => {
                assert_eq!(one.signing(&self.id).await, Ok(SigningStatus::Lost));
                return Outcome::Lost;
            }
            other => panic!("neither: {other:?}"),
        };
        assert_eq!(signature.report["indication"], "TOTAL-PASSED");
        if signature.awaits_timestamp {
            self.fixture.advance(LATER);
            one.continue_signings().await.unwrap();
        }
        let SigningStatus::Signed(proven) = one.signing(&self.id).await.unwrap() else {
            panic!("it was signed");
        };
        assert_eq!(proven.compact, signature.compact);
        assert!(!proven.awaits_timestamp);
        assert_eq!(proven.report["summary"]["level"], "B-T");
        // Nothing is left to do.
        let before = self.fixture.sandbox.counters();
        self.fixture.advance(LATER);
        one.continue_signings().await.unwrap();
        let after = self.fixture.sandbox.counters();
        assert_eq!(
            (after.signatures, after.timestamps, after.refreshes),
            (before.signatures, before.timestamps, before.refreshes)
        );
        Outcome::Signed
    }

    async fn status(&self, node: &Service) -> &'static str {
        node.signing(&self.id).await.unwrap().as_str()
    }

    /// The tokens were lost with the process: the service says that the person has not signed, and
    /// the person signs again.
    async fn begins_again(&self, node: &Service) -> Outcome {
        assert_eq!(self.status(node).await, "pending");
        let login = node.begin_prepared_signing(&self.id, Some(&self.shown));
        let login = login.await.unwrap();
        let link = self.fixture.approve(login.url.expose());
        let query = path(&link).split_once('?').unwrap().1;
        let done = node.complete(query, Some(&self.shown), &[], false);
        assert!(matches!(done.await.unwrap(), LoginOutcome::LoggedIn { .. }));
        assert_eq!(self.status(node).await, "signed");
        Outcome::Again
    }
}

async fn service(fixture: &BackendFixture) -> Service {
    let config = timestamping_config_at(fixture.sandbox.url()).await;
    Service::new(config, fixture.platform()).unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Reload,
    Maintenance,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// The signature is here.
    Signed,
    /// The person signs again.
    Again,
    /// The signing is `lost`.
    Lost,
}

const NAME: &str = "backend::killed_signing::a_killed_node_loses_no_signature";

/// Kills a victim at each of its points. Between the answer with the tokens and its storing, the
/// tokens are lost with the process; at every other point nothing is lost.
async fn kill_at_each_point(
    scenario: impl AsyncFn() -> Scenario,
    stored: &str,
    next: Next,
) -> BTreeMap<Outcome, usize> {
    let mut first = scenario().await;
    let points = first.start(None, true).lines_until("done");
    let sent = points.iter().position(|p| p == "send: before").unwrap();
    let answered = sent + 1;
    let stored = points[answered..].iter().position(|point| point == stored);
    let lost = answered..answered + stored.unwrap();
    let mut found = BTreeMap::new();
    // Before the code is sent, only a callback continues the login.
    let begin_at = match (next, first.completes) {
        (Next::Maintenance, true) => sent,
        _ => 0,
    };
    for (number, point) in points.iter().enumerate().skip(begin_at) {
        let mut scenario = scenario().await;
        let mut victim = scenario.start(Some(number), false);
        assert_eq!(victim.next_line().as_deref(), Some("there"), "{point}");
        victim.kill();
        let before = scenario.fixture.sandbox.counters().revoked_grants;
        let outcome = scenario.afterwards(next).await;
        let revoked = scenario.fixture.sandbox.counters().revoked_grants - before;
        let (completes, is_lost) = (scenario.completes, lost.contains(&number));
        let expected = match (completes, is_lost) {
            (_, false) => Outcome::Signed,
            (true, true) => Outcome::Again,
            (false, true) => Outcome::Lost,
        };
        // If no callback comes again, a code that was not sent is not sent.
        let was_sent = number > sent || matches!(next, Next::Reload) || !completes;
        let expected = match was_sent {
            true => expected,
            false => Outcome::Again,
        };
        assert_eq!(outcome, expected, "{next:?}, {number}: {point}");
        let sent_twice = is_lost && (matches!(next, Next::Reload) || !completes);
        assert_eq!(
            revoked,
            u64::from(sent_twice),
            "{next:?}, {number}: {point}"
        );
        *found.entry(outcome).or_default() += 1;
    }
    found
}

/// A database for two nodes at once. A file belongs to one process.
async fn database() -> Database {
    Database::postgres().await.expect("a PostgreSQL")
}

/// Whether the tests have a PostgreSQL.
async fn has_database() -> bool {
    Database::postgres().await.is_some()
}

/// Kills the node that completes the login.
async fn kill_at_completion(next: Next) {
    let approved = async || Scenario::approved(database().await).await;
    let found = kill_at_each_point(approved, "add_grant: after", next).await;
    assert!(found[&Outcome::Again] > 0 && found[&Outcome::Signed] > found[&Outcome::Again]);
}

#[test]
fn a_killed_node_loses_no_signature() {
    if let Some(child) = ChildTask::from_environment() {
        return victim(&child);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        if has_database().await {
            kill_at_completion(Next::Reload).await;
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_maintenance_finishes_what_a_killed_node_began() {
    if has_database().await {
        kill_at_completion(Next::Maintenance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_killed_while_it_fetches_a_signature_loses_it_only_with_its_token() {
    if !has_database().await {
        return;
    }
    let unfetched = async || Scenario::unfetched(database().await).await;
    let found = kill_at_each_point(unfetched, "replace_grant: after", Next::Maintenance).await;
    assert!(found[&Outcome::Lost] > 0 && found[&Outcome::Signed] > found[&Outcome::Lost]);
}
