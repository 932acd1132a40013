//! A small simulation in which everything goes wrong, and what holds in it all the same.
//!
//! Three processes share a store that compares and sets, and a service that takes a refresh
//! token once: a strict one, as Truid, ends the grant at the second use, a forgiving one
//! answers with newer tokens. Reading, storing, sending and hearing are apart, so that
//! others come in between; a process that is not chosen for long was suspended. Processes
//! crash, answers are lost or late, the wall clock jumps, the machine starts anew.
//!
//! 1. A refresh token is sent again only behind a mark that says `again: true`, and no two
//!    living processes have it on its way at once, where the clocks are right. By a wrong
//!    clock one that slept may send after its heir: then the heir's mark said so.
//! 2. What is stored is never older than what was handed out. What is handed out is what
//!    is stored, and it lives.
//! 3. A log-out is final: a late answer is revoked, and nobody gets a token.
//! 4. Over is final likewise.
//! 5. Nobody waits for ever: whoever asks and does as last_effect has a token, or must log in,
//!    after a few steps and little more than an hour.
//! 6. A generation grows by one with a change and by nothing else, a decision depends on
//!    nothing but what it is given, and what is stored is read as it was written.
//! 7. Words that no standard knows log nobody out where they are said once; said whenever it
//!    is asked, they are no reason to wait for ever.
//! 8. Where nothing goes wrong, each expiry is one request, and the session lives on.

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

/// Whether there is an uptime, whether the service allows_reuse, and what happens.
fn operations() -> impl Strategy<Value = (bool, bool, Vec<Op>)> {
    let conditions = (request_outcomes(), prop::bool::weighted(0.2), any::<bool>());
    let conditions = conditions.prop_map(|(outcome, late, known)| Conditions {
        outcome,
        late,
        known,
    });
    // One is fast, one is slow.
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
                // Whoever is busy does something every few seconds, and nobody is for long.
                let is_idle = |process: &Process| matches!(process.task, Task::Ask);
                let all_are_idle = simulation.processes.iter().all(is_idle);
                simulation.run(Op::Wait(if all_are_idle { seconds } else { seconds % 5 }));
                (0..5).for_each(|process| simulation.run(Op::Proceed(process, Conditions::default())));
            }
        }
        for (n, mark) in simulation.sent.iter().enumerate() {
            assert_eq!(mark.refresh_token.as_ref().map(number), Some(n), "it was used");
        }
        // Not before it must be, and soon after somebody asked when it must.
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
        // A refresh, and what may become of it.
        "Rotating Answered ReturnToken",
        "Rotating Failed Misconfigured",
        "Rotating Failed TryAgain",
        "Rotating Failed LoginRequired",
        "it was said twice",
        "Rotating Lost TryAgain",
        "Rotating NotSent TryAgain",
        "may send: false",
        // Others wait, have the old token, take over, or try again what was interrupted.
        "Rotating Use Wait",
        "Rotating Use ReturnToken",
        "Rotating Use Refresh",
        "Interrupted Use Refresh",
        "sent again",
        "somebody else was faster",
        // A late answer is taken, or dropped.
        "Interrupted Answered ReturnToken",
        "Rotating Answered Reload",
        "Nothing Answered Revoke",
        // The service wants a pause, the person logs out, is identified, must log in.
        "Ready Use TryAgain",
        "Rotating LogOut Revoke",
        "Rotating Identified SamePerson",
        "Over Use LoginRequired",
    ] {
        assert!(observed.contains(what), "{what} is not among {observed:#?}");
    }
}
