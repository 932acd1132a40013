//! Tests of parallel requests: the trace has the decisions in the order in which they were made.

use std::sync::Arc;

use switchback_sandbox::{FlowTrace, Sandbox};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::*;

/// The number of parallel requests.
const PARALLEL: usize = 8;

/// The statuses of the token endpoint in a flow, in the order of the trace.
fn token_statuses(flow: &FlowTrace) -> Vec<u16> {
    let tokens = flow
        .said
        .iter()
        .filter(|step| step.title.contains("/token"));
    tokens.filter_map(|step| step.status).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_trace_has_parallel_refreshes_in_the_order_of_their_decisions() {
    let (sandbox, to) = started().await;
    for _ in 0..30 {
        sandbox.reset();
        let code = code(&sandbox, "login-session");
        let tokens = exchange(to, &code).await.json();
        let barrier = Arc::new(Barrier::new(PARALLEL));
        let mut requests = JoinSet::new();
        for _ in 0..PARALLEL {
            let barrier = Arc::clone(&barrier);
            let refresh_token = text(&tokens, "refresh_token").to_owned();
            requests.spawn(async move {
                barrier.wait().await;
                refresh(to, &refresh_token).await.status
            });
        }
        let answers = requests.join_all().await;
        let good = answers.iter().filter(|status| **status == 200).count();
        assert_eq!(good, 1, "{answers:?}");

        let flow = sandbox.flow(&sandbox.flows()[0].id).unwrap();
        let mut decided = vec![200, 200];
        decided.resize(1 + PARALLEL, 400);
        assert_eq!(token_statuses(&flow), decided);
        let reused = sandbox.findings().into_iter().filter(|found| {
            found.flow == flow.summary.id && found.finding.id() == "refresh-token-reused"
        });
        assert_eq!(reused.count(), PARALLEL - 1);
        let counters = sandbox.counters();
        assert_eq!((counters.refreshes, counters.revoked_grants), (1, 1));
        assert_eq!(counters.refused_token_requests, PARALLEL as u64 - 1);
    }
    sandbox.stop().await;
}

/// A complete login. It stops early if another task resets the sandbox.
async fn log_in(sandbox: &Sandbox, to: std::net::SocketAddr) -> Option<()> {
    let url = format!("{}{}", sandbox.url(), authorization("idv"));
    let waiting = sandbox.app().open(&url).ok()?;
    let callback = sandbox.app().approve(&waiting.id).ok()?;
    let answer = exchange(to, &parameter(&callback, "code")?).await;
    let tokens = (answer.status == 200).then(|| answer.json())?;
    refresh(to, text(&tokens, "refresh_token")).await;
    Some(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn counters_and_trace_agree_after_resets_between_parallel_requests() {
    let (sandbox, to) = started().await;
    let sandbox = Arc::new(sandbox);
    let mut logins = JoinSet::new();
    for task in 0..PARALLEL {
        let sandbox = Arc::clone(&sandbox);
        logins.spawn(async move {
            for round in 0..40 {
                log_in(&sandbox, to).await;
                if (round + task) % 4 == 0 {
                    sandbox.reset();
                }
            }
        });
    }
    logins.join_all().await;
    log_in(&sandbox, to).await.unwrap();

    let flows = sandbox.flows();
    let traces = flows.iter().filter_map(|flow| sandbox.flow(&flow.id));
    let statuses: Vec<u16> = traces.flat_map(|flow| token_statuses(&flow)).collect();
    let good = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.len() - good;
    let counters = sandbox.counters();
    let counted = counters.code_exchanges + counters.refreshes;
    assert_eq!(good as u64, counted);
    assert_eq!(refused as u64, counters.refused_token_requests);
}
