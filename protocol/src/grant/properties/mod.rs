//! A simulation of processes, a store and a service with random failures, and the invariants that
//! must hold in it.
//!
//! Three processes share a store with compare and set. The service accepts a refresh token once:
//! a strict service, such as Truid, ends the grant at the second use, and a tolerant one answers
//! with newer tokens. Reading, storing, sending and receiving are separate steps, so that the steps
//! of other processes come between them. A process that takes no step for a long time was
//! suspended. Processes crash, answers are lost or late, the wall clock is set, the machine
//! reboots.
//!
//! 1. A refresh token is sent again only if the stored phase says `again: true`. If the clocks are
//!    right, no two running processes send it at the same time. With a wrong clock, a suspended
//!    process may send after the one that took over, whose phase said `again: true`.
//! 2. The stored access token is never older than a returned one. A returned token is the stored
//!    one, and is valid.
//! 3. A log-out is final: the tokens of a late answer are revoked, and no caller gets a token.
//! 4. The phase `Over` is final too.
//! 5. Waiting ends: a caller that follows the effects has a token, or must log in, after at most 20
//!    steps and little more than an hour.
//! 6. The generation grows by one with each change and only then. A decision depends only on its
//!    arguments. A stored grant is read as it was written.
//! 7. An unknown error code ends no session the first time. If the service repeats it at every
//!    refresh, waiting ends too.
//! 8. Without failures, each expiry leads to one request, and the session continues.

mod simulation;

use alloc::collections::BTreeSet;

use proptest::collection::vec as many;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::*;
use simulation::{
    Conditions, LIFE, Op, Process, RequestOutcome, SKEW, Simulation, Task, number, seconds,
};

fn request_outcomes() -> impl Strategy<Value = RequestOutcome> {
    let seconds = prop::sample::select(&[None, Some(30), Some(150), Some(u32::MAX)][..]);
    prop_oneof![
        8 => Just(RequestOutcome::Answered),
        2 => Just(RequestOutcome::Late),
        2 => any::<bool>().prop_map(RequestOutcome::Lost),
        2 => any::<bool>().prop_map(RequestOutcome::Failed),
        1 => seconds.prop_map(RequestOutcome::Busy),
        1 => Just(RequestOutcome::InvalidClient),
        2 => any::<bool>().prop_map(RequestOutcome::UnknownError),
        1 => Just(RequestOutcome::Interaction),
        1 => Just(RequestOutcome::NotSent),
    ]
}

/// Whether there is an uptime, whether the service allows reuse, and the operations.
fn operations() -> impl Strategy<Value = (bool, bool, Vec<Op>)> {
    let conditions = (request_outcomes(), prop::bool::weighted(0.2), any::<bool>());
    let conditions = conditions.prop_map(|(outcome, late, known)| Conditions {
        outcome,
        late,
        known,
    });
    // The first process is fast, the third is slow.
    let process = prop::sample::select(&[0, 0, 0, 0, 1, 1, 2][..]);
    let subject = "me".into();
    let others = prop_oneof![Just(Input::LogOut), Just(Input::Identified { subject })];
    let op = prop_oneof![
        120 => (process, conditions).prop_map(|(process, conditions)| Op::Proceed(process, conditions)),
        25 => prop_oneof![0..5i64, 5..40i64, 0..=400i64].prop_map(Op::Wait),
        8 => (0..3usize).prop_map(Op::Crash),
        4 => prop::sample::select(&[-12, -1, 1, 12][..]).prop_map(Op::SetClock),
        2 => (0..3usize, others).prop_map(|(process, input)| Op::Apply(process, input)),
        1 => Just(Op::Reboot),
    ];
    (any::<bool>(), any::<bool>(), many(op, 1..100))
}

fn simulate((has_uptime, allows_reuse, ops): (bool, bool, Vec<Op>)) -> Simulation {
    let mut simulation = Simulation::new(3, has_uptime, allows_reuse);
    ops.into_iter().for_each(|op| simulation.run(op));
    simulation
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_invariants_hold_under_failures(operations in operations()) {
        simulate(operations);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn without_failures_each_expiry_is_one_request(
        turns in many((0..5usize, prop_oneof![2 => Just(0), 1 => 0..150i64]), 1..120)
    ) {
        let mut simulation = Simulation::new(5, true, false);
        for (process, seconds) in turns {
            simulation.run(Op::Proceed(process, Conditions::default()));
            if seconds > 0 {
                // A busy process takes a step every few seconds.
                let is_idle = |process: &Process| matches!(process.task, Task::Ask);
                let all_are_idle = simulation.processes.iter().all(is_idle);
                simulation.run(Op::Wait(if all_are_idle { seconds } else { seconds % 5 }));
                (0..5).for_each(|process| simulation.run(Op::Proceed(process, Conditions::default())));
            }
        }
        for (n, rotating) in simulation.sent.iter().enumerate() {
            assert_eq!(rotating.refresh_token.as_ref().map(number), Some(n), "sent twice");
        }
        // A refresh comes neither too early nor late after the first use that needs it.
        simulation.issued.push(simulation.now());
        let lives = simulation.issued.windows(2).map(|two| seconds(&two[1]) - seconds(&two[0]));
        let lives: Vec<_> = lives.collect();
        assert!(lives.iter().all(|life| *life < LIFE + 150), "{lives:?}");
        assert!(lives.iter().rev().skip(1).all(|life| *life >= LIFE - SKEW), "{lives:?}");
        let good = ["ReturnToken", "Refresh", "Wait", "faster"];
        for what in &simulation.observed {
            assert!(good.iter().any(|good| what.ends_with(good)), "{what}");
        }
    }
}

#[test]
fn the_simulation_reaches_every_transition() {
    let mut runner = TestRunner::deterministic();
    let mut observed = BTreeSet::new();
    for _ in 0..200 {
        let operations = operations().new_tree(&mut runner).unwrap().current();
        observed.extend(simulate(operations).observed);
    }
    for what in [
        // A refresh, and its results.
        "Rotating Answered ReturnToken",
        "Rotating Failed Misconfigured",
        "Rotating Failed TryAgain",
        "Rotating Failed LoginRequired",
        "the error was repeated",
        "Rotating Lost TryAgain",
        "Rotating NotSent TryAgain",
        "may send: false",
        // Other processes wait, use the old token, take over, or retry an interrupted refresh.
        "Rotating Use Wait",
        "Rotating Use ReturnToken",
        "Rotating Use Refresh",
        "Interrupted Use Refresh",
        "sent again",
        "another process was faster",
        // A late answer is stored, or dropped.
        "Interrupted Answered ReturnToken",
        "Rotating Answered Reload",
        "Nothing Answered Revoke",
        // The service requests a pause; the person logs out, is identified, must log in.
        "Ready Use TryAgain",
        "Rotating LogOut Revoke",
        "Rotating Identified SamePerson",
        "Over Use LoginRequired",
    ] {
        assert!(observed.contains(what), "{what} is not among {observed:#?}");
    }
}
