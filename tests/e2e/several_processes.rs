//! One store, and several processes at it: an app and its extensions, two commands.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::BufRead as _;

use serde_json::json;
use switchback::{Client, Error, Purpose, store};

use crate::process::{Part, Process, say};
use crate::support::{World, request, session_of};

const PROCESSES: usize = 8;
const ROUNDS: u64 = 50;

/// So many callers in each of them.
const CALLERS: usize = 3;

#[test]
fn eight_processes_refresh_once_per_round() {
    if let Some(part) = Part::played_here() {
        return ask_when_told(&part);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (world, folder) = (runtime.block_on(World::new()), tempfile::tempdir().unwrap());
    let app = world.app_over(store::SealedFile::open(&folder).unwrap());
    let session = runtime.block_on(world.logged_in(&app));
    let does = json!(session.id().as_str());
    let part = Part::new(&world, folder.path(), does);
    let name = "several_processes::eight_processes_refresh_once_per_round";
    let mut processes: Vec<_> = (0..PROCESSES)
        .map(|_| Process::start(name, &part))
        .collect();
    let mut expires = session.expires_at().unwrap();
    let mut now = part_time(&world);
    for round in 1..=ROUNDS {
        let passes = expires - now;
        world.sandbox.advance_with_clients(passes);
        now += passes;
        for process in &mut processes {
            process.tell(&passes.to_string());
        }
        let heard: HashSet<String> = processes
            .iter_mut()
            .map(|process| process.hear().expect("it goes on"))
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
        let counters = world.sandbox.counters();
        assert_eq!(counters.refreshes, round, "one refresh a round");
        assert_eq!(counters.refused_token_requests, 0);
    }
    assert_eq!(world.sandbox.counters().revoked_grants, 0);
}

fn part_time(world: &World) -> i64 {
    switchback::ports::Clock::now(&*world.clock).wall
}

/// One of the processes: whenever it is told that time has passed, some callers want a
/// token.
fn ask_when_told(part: &Part) {
    let (platform, clock) = part.platform();
    let client = part.client(platform);
    let id = part.does.as_str().unwrap().parse().unwrap();
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
            (Some(error), _) => say(&format!("failed {error}")),
            (None, 1) => {
                let token = tokens.into_iter().next().unwrap();
                say(&format!("{token:x} {}", session.expires_at().unwrap()));
            }
            (None, different) => say(&format!("failed {different} tokens in one process")),
        }
    }
}

/// Two clients at one store, as far as they know in two processes.
fn two(world: &World) -> [Client; 2] {
    [world.app(), world.app()]
}

#[tokio::test]
async fn a_session_ended_by_one_process_ends_in_the_other() {
    let world = World::new().await;
    let [one, two] = two(&world);
    let session = world.logged_in(&one).await;
    let elsewhere = two.session(session.id()).await.unwrap();
    session.log_out().await.unwrap();
    // What it has in its memory is good until it expires: nobody reads a store for each call.
    elsewhere.access_token().await.unwrap();
    world.advance(60);
    let error = elsewhere.access_token().await.unwrap_err();
    assert!(matches!(error, Error::LoginRequired { .. }), "{error:?}");
    assert_eq!(elsewhere.ended(), Some(switchback::SessionEnd::LoggedOut));
    assert_eq!(world.sandbox.counters().refreshes, 0);
}

#[tokio::test]
async fn two_processes_exchange_one_link_once() {
    let world = World::new().await;
    let [one, two] = two(&world);
    let login = one.begin(request(Purpose::Login)).await.unwrap();
    let link = world.approve(&login.url);
    let (first, second) = tokio::join!(one.complete(&link), two.complete(&link));
    let first = session_of(first.unwrap());
    assert_eq!(first, session_of(second.unwrap()));
    assert_eq!(world.sandbox.counters().code_exchanges, 1);
    assert_eq!(world.sandbox.counters().refused_token_requests, 0);
    two.session(&first)
        .await
        .unwrap()
        .access_token()
        .await
        .unwrap();
}

#[tokio::test]
async fn the_subject_is_shared_between_processes() {
    let world = World::new().await;
    let [one, two] = two(&world);
    let session = world.logged_in(&one).await;
    let elsewhere = two.session(session.id()).await.unwrap();
    let me = session.user_info().await.unwrap();
    world.advance(60);
    // Neither undoes what the other has stored.
    elsewhere.access_token().await.unwrap();
    assert_eq!(elsewhere.subject().unwrap().expose(), me.sub);
    session.access_token().await.unwrap();
    assert_eq!(world.sandbox.counters().refreshes, 1);
}
