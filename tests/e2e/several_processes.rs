//! Several processes with one store: an app and its extensions, or two commands.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::BufRead as _;

use serde_json::json;
use switchback::{Client, Error, store};

use crate::process::{ChildProcess, ChildTask, print_line};
use crate::support::{Fixture, session_of};

const PROCESSES: usize = 8;
const ROUNDS: u64 = 50;

/// The number of callers in each process.
const CALLERS: usize = 3;

#[test]
fn eight_processes_refresh_once_per_round() {
    if let Some(child) = ChildTask::from_environment() {
        return request_tokens_on_command(&child);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (fixture, folder) = (
        runtime.block_on(Fixture::new()),
        tempfile::tempdir().unwrap(),
    );
    let app = fixture.app_over(store::SealedFile::open(&folder).unwrap());
    let session = runtime.block_on(fixture.logged_in(&app));
    let task = json!(session.id().as_str());
    let child = ChildTask::new(&fixture, folder.path(), task);
    let name = "several_processes::eight_processes_refresh_once_per_round";
    let mut processes: Vec<_> = (0..PROCESSES)
        .map(|_| ChildProcess::start(name, &child))
        .collect();
    let mut expires = session.expires_at().unwrap();
    let mut now = wall_clock(&fixture);
    for round in 1..=ROUNDS {
        let passes = expires - now;
        fixture.sandbox.advance_with_clients(passes);
        now += passes;
        for process in &mut processes {
            process.send_line(&passes.to_string());
        }
        let heard: HashSet<String> = processes
            .iter_mut()
            .map(|process| process.next_line().expect("the child runs"))
            .collect();
        assert_eq!(
            heard.len(),
            1,
            "round {round}: all have one token: {heard:?}"
        );
        let said = heard.into_iter().next().unwrap();
        let (token, expires_at) = said.split_once(' ').unwrap();
        assert_ne!(token, "failed", "round {round}: {expires_at}");
        expires = expires_at.parse().unwrap();
        let counters = fixture.sandbox.counters();
        assert_eq!(counters.refreshes, round, "one refresh a round");
        assert_eq!(counters.refused_token_requests, 0);
    }
    assert_eq!(fixture.sandbox.counters().revoked_grants, 0);
}

fn wall_clock(fixture: &Fixture) -> i64 {
    switchback::ports::Clock::now(&*fixture.clock).wall
}

/// One of the processes: for each line that it reads, it moves its clock, and several callers
/// request a token.
fn request_tokens_on_command(child: &ChildTask) {
    let (platform, clock) = child.platform();
    let client = child.client(platform);
    let id = child.task.as_str().unwrap().parse().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let session = runtime.block_on(client.session(&id)).unwrap();
    for command in std::io::stdin().lock().lines() {
        clock.advance(command.unwrap().parse().unwrap());
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let session = session.clone();
                runtime.spawn(async move { session.access_token().await })
            })
            .collect();
        let mut tokens = HashSet::new();
        let mut failed = None;
        for caller in callers {
            match runtime.block_on(caller).unwrap() {
                Ok(token) => {
                    let mut hasher = DefaultHasher::new();
                    token.expose().hash(&mut hasher);
                    tokens.insert(hasher.finish());
                }
                Err(error) => failed = Some(error),
            }
        }
        match (failed, tokens.len()) {
            (Some(error), _) => print_line(&format!("failed {error}")),
            (None, 1) => {
                let token = tokens.into_iter().next().unwrap();
                print_line(&format!("{token:x} {}", session.expires_at().unwrap()));
            }
            (None, different) => print_line(&format!("failed {different} tokens in one process")),
        }
    }
}

/// Two clients with one store, which behave like two processes.
fn two(fixture: &Fixture) -> [Client; 2] {
    [fixture.app(), fixture.app()]
}

#[tokio::test]
async fn a_session_ended_by_one_process_ends_in_the_other() {
    let fixture = Fixture::new().await;
    let [one, two] = two(&fixture);
    let session = fixture.logged_in(&one).await;
    let elsewhere = two.session(session.id()).await.unwrap();
    session.log_out().await.unwrap();
    // A token in memory is valid until it expires: no call reads the store for it.
    elsewhere.access_token().await.unwrap();
    fixture.advance(60);
    let error = elsewhere.access_token().await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired { .. }), "{error:?}");
    assert_eq!(elsewhere.ended(), Some(switchback::SessionEnd::LoggedOut));
    assert_eq!(fixture.sandbox.counters().refreshes, 0);
}

#[tokio::test]
async fn two_processes_exchange_one_link_once() {
    let fixture = Fixture::new().await;
    let [one, two] = two(&fixture);
    let (_, link) = fixture.approved_login(&one).await;
    let (first, second) = tokio::join!(one.complete(&link), two.complete(&link));
    let first = session_of(first.unwrap());
    assert_eq!(first, session_of(second.unwrap()));
    assert_eq!(fixture.sandbox.counters().code_exchanges, 1);
    assert_eq!(fixture.sandbox.counters().refused_token_requests, 0);
    two.session(&first)
        .await
        .unwrap()
        .access_token()
        .await
        .unwrap();
}

#[tokio::test]
async fn the_subject_is_shared_between_processes() {
    let fixture = Fixture::new().await;
    let [one, two] = two(&fixture);
    let session = fixture.logged_in(&one).await;
    let elsewhere = two.session(session.id()).await.unwrap();
    let me = session.user_info().await.unwrap();
    fixture.advance(60);
    // Neither process undoes what the other has stored.
    elsewhere.access_token().await.unwrap();
    assert_eq!(elsewhere.subject().unwrap().expose(), me.sub);
    session.access_token().await.unwrap();
    assert_eq!(fixture.sandbox.counters().refreshes, 1);
}
