//! A process is killed before and after each call of a port, and at random moments. Afterwards the
//! session is alive or its end is `RotationInterrupted`; the login is completed or refused as
//! interrupted. No other outcome is allowed.
//!
//! The points are decorators on the ports: the shipped code contains nothing of this. The process
//! is a real one, and the kill is SIGKILL.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use switchback::ports::{
    AfterReinstall, Guard, Owner, Platform, ProcessLock, SecureStore, StoreError,
};
use switchback::store::MarkerFolder;
use switchback::{Error, LoginOutcome, Purpose, SessionEnd, SessionId, store};

use crate::kill_points::{KillPointTransport, KillPoints};
use crate::process::{ChildProcess, ChildTask, print_line, wait_forever};
use crate::support::{Fixture, request, session_of};

struct KillPointStore(Arc<dyn SecureStore>, Arc<KillPoints>);

impl SecureStore for KillPointStore {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.1.around("get", || self.0.get(key))
    }
    fn put(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        let kind = key.split('/').nth(1).unwrap();
        self.1
            .around(&format!("put {kind}"), || self.0.put(key, value))
    }
    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.1.around("delete", || self.0.delete(key))
    }
    fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.1.around("list", || self.0.list(prefix))
    }
}

struct KillPointLock(Arc<dyn ProcessLock>, Arc<KillPoints>);

impl ProcessLock for KillPointLock {
    fn enter(&self) -> Result<Box<dyn Guard + '_>, StoreError> {
        self.1.around("enter", || self.0.enter())
    }
    fn announce(&self, owner: &Owner) -> Result<Box<dyn Guard + Send + Sync>, StoreError> {
        self.1.around("announce", || self.0.announce(owner))
    }
    fn is_gone(&self, owner: &Owner) -> bool {
        self.0.is_gone(owner)
    }
}

fn with_kill_points(
    mut platform: Platform,
    store: store::SealedFile,
    points: &Arc<KillPoints>,
) -> Platform {
    let points = || Arc::clone(points);
    let section = KillPointLock(store.process_lock().unwrap(), points());
    platform.http = Arc::new(KillPointTransport(platform.http, points()));
    platform
        .with_store(Arc::new(KillPointStore(Arc::new(store), points())))
        .with_process_lock(Arc::new(section))
}

/// The process that is killed: it refreshes a session, or completes a login.
fn victim(child: &ChildTask) {
    let (platform, _) = child.platform();
    let points = KillPoints::of(&child.task);
    let text = |name: &str| child.task[name].as_str();
    let mut platform = with_kill_points(platform, child.store(), &points);
    if let Some(folder) = text("wipes_by") {
        platform = platform.after_reinstall(MarkerFolder::new(folder), AfterReinstall::Wipe);
    }
    let client = child.client(platform);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    print_line("begins");
    runtime.block_on(async {
        if let Some(session) = text("session") {
            let session = client.session(&session.parse().unwrap()).await.unwrap();
            session.access_token().await.unwrap();
        }
        if let Some(link) = text("link") {
            client.complete(link).await.unwrap();
        }
        if let Some(session) = text("leaves") {
            let session = client.session(&session.parse().unwrap()).await;
            session.unwrap().log_out().await.unwrap();
        }
        if child.task["begins"] == true {
            client.begin(request(Purpose::Login)).await.unwrap();
        }
        if text("wipes_by").is_some() {
            client.sessions().await.unwrap();
        }
    });
    print_line("done");
    wait_forever();
}

/// The state before the kill, and the task of the victim.
struct Scenario {
    fixture: Fixture,
    folder: tempfile::TempDir,
    session: Option<SessionId>,
    link: Option<String>,
}

impl Scenario {
    /// A session whose access token is valid for this many of its 60 seconds.
    async fn refresh(left: i64) -> Self {
        let (fixture, folder) = (Fixture::new().await, tempfile::tempdir().unwrap());
        let app = fixture.app_over(sealed(folder.path()));
        let session = fixture.logged_in(&app).await;
        fixture.advance(60 - left);
        Self {
            session: Some(session.id().clone()),
            link: None,
            fixture,
            folder,
        }
    }

    /// A login whose callback link has arrived.
    async fn login() -> Self {
        let (fixture, folder) = (Fixture::new().await, tempfile::tempdir().unwrap());
        let app = fixture.app_over(sealed(folder.path()));
        let login = app.begin(request(Purpose::Login)).await.unwrap();
        Self {
            session: None,
            link: Some(fixture.approve(&login.url)),
            fixture,
            folder,
        }
    }

    fn start(&self, stop_at: Option<usize>, print_all: bool) -> ChildProcess {
        let task = json!({
            "session": self.session.as_ref().map(SessionId::as_str),
            "link": self.link,
            "stop_at": stop_at,
            "print_all": print_all,
        });
        let child = ChildTask::new(&self.fixture, self.folder.path(), task);
        let mut victim = ChildProcess::start(NAME, &child);
        assert_eq!(victim.next_line().as_deref(), Some("begins"));
        victim
    }

    /// The points that a victim passes without a kill.
    fn points(&self) -> Vec<String> {
        self.start(None, true).lines_until("done")
    }

    /// The outcome for the next process, which continues with the session: one of the two that are
    /// allowed.
    async fn afterwards(&self) -> Outcome {
        let app = self.fixture.app_over(sealed(self.folder.path()));
        let id = match &self.link {
            None => self.session.clone().unwrap(),
            Some(link) => match app.complete(link).await.unwrap() {
                LoginOutcome::LoggedIn { session, .. } => session,
                LoginOutcome::Refused {
                    interrupted: true, ..
                } => return Outcome::Interrupted,
                other => panic!("neither: {other:?}"),
            },
        };
        if let Some(link) = &self.link {
            assert_eq!(session_of(app.complete(link).await.unwrap()), id);
            assert_eq!(app.pending_logins().await.unwrap(), []);
        }
        let session = app.session(&id).await.unwrap();
        // The second token is requested after all earlier tokens have expired.
        for _ in 0..2 {
            match session.access_token().await {
                Ok(_) => self.fixture.advance(301),
                Err(Error::LoginRequired {
                    reason: SessionEnd::RotationInterrupted,
                    ..
                }) => return Outcome::Interrupted,
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

fn sealed(folder: &Path) -> store::SealedFile {
    store::SealedFile::open(folder).unwrap()
}

const NAME: &str = "killed::a_killed_process_leaves_a_live_or_interrupted_session";

/// Kills a victim at each of its points. Between the request and the storing of its answer the
/// tokens are lost with the process; at every other point nothing is lost.
async fn kill_at_each_point(scenario: impl AsyncFn() -> Scenario) -> BTreeMap<Outcome, usize> {
    let points = scenario().await.points();
    let last = |name: &str| points.iter().rposition(|point| point == name).unwrap();
    let answered = last("send: after");
    let stored = answered
        + points[answered..]
            .iter()
            .position(|point| point == "put session: after")
            .unwrap();
    let mut found = BTreeMap::new();
    for (number, point) in points.iter().enumerate() {
        let scenario = scenario().await;
        let mut victim = scenario.start(Some(number), false);
        assert_eq!(victim.next_line().as_deref(), Some("there"), "{point}");
        victim.kill();
        let lost = (answered..stored).contains(&number);
        let expected = if lost {
            Outcome::Interrupted
        } else {
            Outcome::Alive
        };
        assert_eq!(scenario.afterwards().await, expected, "{number}: {point}");
        *found.entry(expected).or_default() += 1;
    }
    found
}

/// Kills a victim at random moments, including moments within a call of a port.
async fn kill_at_random(
    scenario: impl AsyncFn() -> Scenario,
    times: usize,
) -> BTreeMap<Outcome, usize> {
    let mut found = BTreeMap::new();
    for n in 0..times {
        let scenario = scenario().await;
        let mut victim = scenario.start(None, false);
        // A delay of growing length, without a clock.
        let mut spun = vec![0_u8; n * 40_000];
        spun.iter_mut()
            .for_each(|byte| *byte = byte.wrapping_add(1));
        std::hint::black_box(&spun);
        victim.kill();
        *found.entry(scenario.afterwards().await).or_default() += 1;
    }
    found
}

#[test]
fn a_killed_process_leaves_a_live_or_interrupted_session() {
    if let Some(child) = ChildTask::from_environment() {
        return victim(&child);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut kills, mut at_points) = (0, Vec::new());
    runtime.block_on(async {
        // An expired token, a token that is due but still valid, and a login.
        let expired = kill_at_each_point(async || Scenario::refresh(0).await).await;
        let due = kill_at_each_point(async || Scenario::refresh(10).await).await;
        let login = kill_at_each_point(async || Scenario::login().await).await;
        at_points.extend([expired, due, login]);
        for found in [
            kill_at_random(async || Scenario::refresh(0).await, 75).await,
            kill_at_random(async || Scenario::login().await, 75).await,
        ] {
            kills += found.values().sum::<usize>();
        }
    });
    for found in &at_points {
        // Some sessions were lost, and most were not.
        assert!(
            found[&Outcome::Interrupted] > 0
                && found[&Outcome::Alive] > found[&Outcome::Interrupted]
        );
        kills += found.values().sum::<usize>();
    }
    assert!(kills >= 200, "hundreds of kills: {kills}, {at_points:?}");
}

/// Kills a victim at each point of a task in a folder with one session; `afterwards` checks the
/// result.
async fn kill_at_each_point_of(
    task: impl Fn(&SessionId, &Path) -> serde_json::Value,
    afterwards: impl AsyncFn(&Fixture, &Path, &SessionId),
) -> usize {
    let mut stop_at = 0;
    loop {
        let (fixture, folder) = (Fixture::new().await, tempfile::tempdir().unwrap());
        let app = fixture.app_over(sealed(folder.path()));
        let session = fixture.logged_in(&app).await;
        let mut task = task(session.id(), folder.path());
        task["stop_at"] = json!(stop_at);
        let mut victim = ChildProcess::start(NAME, &ChildTask::new(&fixture, folder.path(), task));
        assert_eq!(victim.next_line().as_deref(), Some("begins"));
        let ended = victim.next_line().unwrap();
        victim.kill();
        afterwards(&fixture, folder.path(), session.id()).await;
        if ended == "done" {
            return stop_at;
        }
        stop_at += 1;
    }
}

#[tokio::test]
async fn a_killed_log_out_is_complete_or_not_begun() {
    let (alive, gone) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let leaves = |id: &SessionId, _: &Path| json!({ "leaves": id.as_str() });
    kill_at_each_point_of(leaves, async |fixture, folder, id| {
        let app = fixture.app_over(sealed(folder));
        match app.session(id).await {
            Ok(session) => {
                session.access_token().await.unwrap();
                alive.fetch_add(1, Ordering::SeqCst);
            }
            Err(Error::LoginRequired {
                reason: SessionEnd::NoSession,
                ..
            }) => {
                gone.fetch_add(1, Ordering::SeqCst);
            }
            Err(other) => panic!("neither: {other:?}"),
        }
    })
    .await;
    assert!(alive.into_inner() > 0 && gone.into_inner() > 0);
}

#[tokio::test]
async fn a_login_killed_at_begin_blocks_no_other() {
    let begins = |_: &SessionId, _: &Path| json!({ "begins": true });
    let killed = kill_at_each_point_of(begins, async |fixture, folder, id| {
        let app = fixture.app_over(sealed(folder));
        assert!(app.pending_logins().await.unwrap().len() <= 1);
        assert_eq!(app.sessions().await.unwrap(), std::slice::from_ref(id));
        fixture.logged_in(&app).await;
    })
    .await;
    assert!(killed > 3);
}

#[tokio::test]
async fn a_killed_first_run_wipes_exactly_once_more() {
    let marker = |folder: &Path| folder.join("installed");
    let wipes =
        |_: &SessionId, folder: &Path| json!({ "wipes_by": marker(folder).display().to_string() });
    let killed = kill_at_each_point_of(wipes, async |fixture, folder, _| {
        let app = || {
            let platform = fixture.platform().with_store(Arc::new(sealed(folder)));
            let marker = MarkerFolder::new(marker(folder));
            let platform = platform.after_reinstall(marker, AfterReinstall::Wipe);
            switchback::Client::new(fixture.config(), platform).unwrap()
        };
        assert_eq!(app().sessions().await.unwrap(), []);
        let session = fixture.logged_in(&app()).await;
        assert_eq!(app().sessions().await.unwrap(), [session.id().clone()]);
    })
    .await;
    assert!(killed > 3);
}
