//! The simulated store, processes, service and clocks.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use core::mem;

use super::super::*;
use crate::lease::Owner;
use crate::time::Uptime;

/// The lifetime of an access token, in seconds.
pub(super) const LIFE: i64 = 100;
pub(super) const SKEW: i64 = 20;

#[derive(Clone, Debug)]
pub(super) enum Op {
    /// A process takes its next step: it asks for a token, stores, sends or receives.
    Proceed(usize, Conditions),
    /// A process applies a log-out or an identification.
    Apply(usize, Input),
    Crash(usize),
    /// Seconds pass.
    Wait(i64),
    /// The wall clock is set by this many hours.
    SetClock(i64),
    Reboot,
}

/// The conditions of one step. By default nothing fails.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions {
    pub(super) outcome: RequestOutcome,
    /// Whether an answer that the process no longer waits for arrives now.
    pub(super) late: bool,
    /// Whether the process knows that the holder of a lease has ended.
    pub(super) known: bool,
}

/// The outcome of a request. `true` means that the service used the token anyway.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum RequestOutcome {
    #[default]
    Answered,
    /// The process stops waiting, and receives the answer later.
    Late,
    Lost(bool),
    Failed(bool),
    Busy(Option<u32>),
    InvalidClient,
    /// Refused with an error code that no standard defines.
    UnknownError(bool),
    /// Refused until the person acts.
    Interaction,
    NotSent,
}

/// A request that was sent.
#[derive(Clone)]
pub(super) struct SentRequest {
    /// The grant that was stored before the request was sent.
    rotating: Grant,
    asked_at: Time,
    outcome: RequestOutcome,
    answer: Result<TokenResponse, TokenFailure>,
}

/// The grant that was read, the event, and the result of the step.
#[derive(Clone)]
pub(super) struct Decision(Option<Grant>, Input, (Option<Grant>, Vec<Effect>));

/// The next step of a process.
#[derive(Clone, Default)]
pub(super) enum Task {
    #[default]
    Ask,
    Store(Box<Decision>),
    Send(Grant),
    Receive(SentRequest),
}

#[derive(Clone, Default)]
pub(super) struct Process {
    /// `None` before the process starts.
    owner: Option<Owner>,
    pub(super) task: Task,
    given_up: Vec<SentRequest>,
    last_effect: Option<Effect>,
}

#[derive(Clone, Default)]
pub(super) struct Simulation {
    store: Option<Grant>,
    pub(super) processes: Vec<Process>,
    started: usize,
    /// The real time, in seconds.
    passed: i64,
    /// The error of the wall clock, in seconds.
    set_by: i64,
    /// When the machine was booted. Also the id of the boot.
    booted: i64,
    has_uptime: bool,
    clock_was_set: bool,
    /// When the service issued each pair of tokens, by the number of the pair.
    pub(super) issued: Vec<Time>,
    allows_reuse: bool,
    has_ended: bool,
    /// The number of unknown errors since the last tokens.
    unknown_errors: usize,
    /// The stored grants of the requests that may have used their token.
    pub(super) sent: Vec<Grant>,
    /// The number of the newest returned access token.
    given: usize,
    /// The observed transitions: phase, input, effect.
    pub(super) observed: BTreeSet<String>,
}

pub(super) fn pair(number: usize) -> TokenResponse {
    TokenResponse {
        access_token: format!("A{number}").into(),
        expires_in: Some(LIFE),
        refresh_token: Field::Present(format!("R{number}").into()),
        scope: Field::Absent,
        id_token: Field::Absent,
    }
}

/// A refusal with an error code that no standard defines.
fn unknown_error() -> TokenFailure {
    TokenFailure::Refused(OAuthError::new("unknown_code", None, &[]))
}

/// The higher the number, the newer the token.
pub(super) fn number(token: &Secret) -> usize {
    token.expose()[1..].parse().unwrap()
}

pub(super) fn says_again(rotating: &Grant) -> bool {
    matches!(rotating.phase, Phase::Rotating { again: true, .. })
}

/// The real time in seconds, if the clocks are right.
pub(super) fn seconds(time: &Time) -> i64 {
    let by_uptime = |up: Uptime| up.boot.cast_signed() + up.seconds;
    time.uptime.map_or(time.wall, by_uptime)
}

/// The name of a variant.
pub(super) fn name(of: &impl fmt::Debug) -> String {
    format!("{of:?}").split([' ', '(']).take(1).collect()
}

impl Simulation {
    pub(super) fn new(processes: usize, has_uptime: bool, allows_reuse: bool) -> Self {
        let mut simulation = Self {
            has_uptime,
            allows_reuse,
            ..Self::default()
        };
        simulation.issued.push(simulation.now());
        let login = Grant::new(Purpose::Login, vec![], simulation.now(), pair(0), 300);
        simulation.store = Some(login);
        simulation.processes = vec![Process::default(); processes];
        (0..processes).for_each(|process| simulation.start(process));
        simulation
    }

    /// Starts a process in place of one that has ended.
    fn start(&mut self, process: usize) {
        self.started += 1;
        self.processes[process] = Process::default();
        self.processes[process].owner = Some(Owner::new(format!("process {}", self.started)));
    }

    pub(super) fn now(&self) -> Time {
        Time {
            wall: self.passed + self.set_by,
            uptime: self.has_uptime.then_some(Uptime {
                boot: self.booted.cast_unsigned(),
                seconds: self.passed - self.booted,
            }),
        }
    }

    /// Whether every elapsed time was measured correctly until now.
    fn is_right(&self) -> bool {
        !self.clock_was_set || self.has_uptime && self.booted == 0
    }

    pub(super) fn run(&mut self, op: Op) {
        let before = self.store.clone();
        match op {
            Op::Proceed(process, conditions) => self.proceed(process, conditions),
            Op::Apply(process, input) => self.apply(process, input),
            Op::Crash(process) => self.start(process),
            Op::Wait(seconds) => self.passed += seconds,
            Op::SetClock(hours) => {
                self.set_by += hours * 3600;
                self.clock_was_set = true;
            }
            Op::Reboot => {
                self.booted = self.passed;
                (0..self.processes.len()).for_each(|process| self.start(process));
            }
        }
        self.check_what_is_stored(before.as_ref());
        self.check_that_waiting_ends();
    }

    fn check_what_is_stored(&self, before: Option<&Grant>) {
        assert!(
            before.is_some() || self.store.is_none(),
            "the session was restored"
        );
        if let (Some(before), Some(after)) = (before, &self.store) {
            let growth = u64::from(before != after);
            assert_eq!(after.generation, before.generation + growth);
            assert!(growth == 0 || !before.is_over(), "Over must be final");
            assert_eq!(Grant::from_json(&after.to_json()).as_ref(), Ok(after));
            let stored = after.access.as_ref().map(|access| number(&access.token));
            assert!(
                stored.is_none_or(|n| n >= self.given),
                "the stored token is older"
            );
        }
    }

    /// A new process asks for a token. From now on either nothing fails, or the service answers
    /// every refresh with the same unknown error.
    fn check_that_waiting_ends(&self) {
        self.check_that_waiting_ends_with(RequestOutcome::Answered);
        self.check_that_waiting_ends_with(RequestOutcome::UnknownError(false));
    }

    fn check_that_waiting_ends_with(&self, outcome: RequestOutcome) {
        let mut simulation = self.clone();
        simulation.processes.truncate(1);
        simulation.start(0);
        let conditions = Conditions {
            outcome,
            ..Conditions::default()
        };
        for _ in 0..20 {
            simulation.proceed(0, conditions);
            match simulation.processes[0].last_effect.take() {
                Some(Effect::ReturnToken(_) | Effect::LoginRequired(_)) => {
                    let passed = simulation.passed - self.passed;
                    return assert!(passed <= 3600 + Lease::HOLDS_FOR_SECONDS, "{passed} s");
                }
                Some(Effect::Wait { at_most }) => simulation.passed += at_most,
                Some(Effect::TryAgain { retry_after, .. }) => {
                    simulation.passed += i64::from(retry_after.unwrap_or(1));
                }
                _ => {}
            }
        }
        panic!("waiting does not end");
    }

    fn proceed(&mut self, process: usize, conditions: Conditions) {
        match mem::take(&mut self.processes[process].task) {
            Task::Ask if conditions.late && !self.processes[process].given_up.is_empty() => {
                let request = self.processes[process].given_up.remove(0);
                let input = self.answer(request);
                self.apply(process, input);
            }
            Task::Ask => self.ask(process, conditions),
            Task::Store(decision) => self.commit(process, *decision),
            Task::Send(rotating) => self.send(process, rotating, conditions),
            Task::Receive(request) => self.receive(process, request),
        }
    }

    fn ask(&mut self, process: usize, conditions: Conditions) {
        let holder = self.store.as_ref().and_then(Grant::lease);
        let holder = holder.map(|lease| lease.by.clone());
        let holder_runs = self.processes.iter().any(|p| p.owner == holder);
        let owner = self.processes[process].owner.clone().unwrap();
        let input = Input::Use {
            now: self.now(),
            skew: SKEW,
            rejected: None,
            caller: Caller {
                owner,
                holder_has_ended: conditions.known && !holder_runs,
            },
        };
        self.apply(process, input);
    }

    /// Reads and decides, unless the process is busy.
    fn apply(&mut self, process: usize, input: Input) {
        if !matches!(self.processes[process].task, Task::Ask) {
            return;
        }
        let read = self.store.clone();
        let outcome = step(read.as_ref(), &input);
        assert!(
            step(read.as_ref(), &input) == outcome,
            "the decision varies"
        );
        let (next, effects) = &outcome;
        let logs_out = matches!(input, Input::LogOut);
        assert_eq!(next.is_none(), read.is_none() || logs_out);
        if read.as_ref().is_none_or(Grant::is_over) {
            assert!(logs_out || *next == read, "Over must be final");
            let due: &[&str] = match input {
                Input::LogOut => &[],
                Input::Answered { .. } => &["Revoke", "LoginRequired"],
                _ => &["LoginRequired"],
            };
            assert_eq!(effects.iter().map(name).collect::<Vec<_>>(), due);
        }
        let changes = *next != read;
        let decision = Decision(read, input, outcome);
        match changes {
            true => self.processes[process].task = Task::Store(decision.into()),
            false => self.act(process, decision),
        }
    }

    /// Compares and sets. If another process was faster, starts again.
    fn commit(&mut self, process: usize, decision: Decision) {
        let generation = |grant: &Option<Grant>| grant.as_ref().map(|grant| grant.generation);
        let Decision(read, input, (next, _)) = &decision;
        if generation(&self.store) == generation(read) {
            self.store.clone_from(next);
            return self.act(process, decision);
        }
        self.observed.insert("another process was faster".into());
        if !matches!(input, Input::Use { .. }) {
            self.apply(process, decision.1);
        }
    }

    /// Carries out the effects, and checks that they are allowed.
    fn act(&mut self, process: usize, Decision(read, input, (_, effects)): Decision) {
        let found = read.map_or("Nothing".into(), |grant| name(&grant.phase));
        let what = format!("{found} {}", name(&input));
        for effect in effects {
            self.observed.insert(format!("{what} {}", name(&effect)));
            self.processes[process].last_effect = Some(effect.clone());
            let stored = self.store.as_ref();
            match effect {
                Effect::ReturnToken(token) => self.return_token(&token, &input),
                Effect::Refresh {
                    token,
                    rotation,
                    lease,
                } => {
                    let rotating = stored.unwrap().clone();
                    assert_eq!(
                        (rotating.generation, rotating.lease()),
                        (rotation, Some(&lease))
                    );
                    assert_eq!(rotating.refresh_token, Some(token));
                    self.processes[process].task = Task::Send(rotating);
                }
                Effect::Wait { at_most } => {
                    assert!(
                        (1..=Lease::HOLDS_FOR_SECONDS).contains(&at_most),
                        "{at_most}"
                    );
                }
                Effect::Revoke(token) => {
                    if let Input::Answered { tokens, .. } = &input {
                        assert_eq!(Field::Present(token), tokens.refresh_token);
                    }
                    self.has_ended = true;
                }
                Effect::LoginRequired(_) => {
                    assert!(stored.is_none_or(Grant::is_over));
                    self.check_that_it_may_be_over(&input, &what);
                }
                _ => {}
            }
        }
    }

    /// An unknown error ends the session only if it is repeated.
    fn check_that_it_may_be_over(&mut self, input: &Input, what: &str) {
        if let Input::Failed { failure, .. } = input
            && *failure == unknown_error()
            && what.starts_with("Rotating")
        {
            assert!(self.unknown_errors > 1, "the error came once");
            self.observed.insert("the error was repeated".into());
        }
    }

    fn return_token(&mut self, token: &Secret, input: &Input) {
        let stored = self.store.as_ref().and_then(|grant| grant.access.as_ref());
        assert!(stored.is_some_and(|access| access.token == *token));
        if let Input::Use { now, .. }
        | Input::Failed { now, .. }
        | Input::NotSent { now, .. }
        | Input::Lost { now, .. } = input
        {
            let age = seconds(now) - seconds(&self.issued[number(token)]);
            assert!(age < LIFE || !self.is_right(), "{age} s");
        }
        if let Input::Answered { .. } = input {
            self.unknown_errors = 0;
        }
        self.given = self.given.max(number(token));
    }

    fn send(&mut self, process: usize, rotating: Grant, conditions: Conditions) {
        let (now, rotation, outcome) = (self.now(), rotating.generation, conditions.outcome);
        let may_send = rotating.lease().unwrap().may_send(&now);
        if !may_send || matches!(outcome, RequestOutcome::NotSent) {
            self.observed.insert(format!("may send: {may_send}"));
            return self.apply(process, Input::NotSent { rotation, now });
        }
        self.check_that_it_may_be_sent(&rotating);
        self.sent.push(rotating.clone());
        let answer = self.serve(rotating.refresh_token.as_ref().unwrap(), outcome);
        self.processes[process].task = Task::Receive(SentRequest {
            rotating,
            asked_at: now,
            outcome,
            answer,
        });
    }

    fn check_that_it_may_be_sent(&mut self, rotating: &Grant) {
        let is_right = self.is_right();
        let is_same = |other: &Grant| other.refresh_token == rotating.refresh_token;
        let mut before = self.sent.iter().filter(|other| is_same(other)).peekable();
        if before.peek().is_some() {
            let successors_did = before.all(says_again) && !is_right;
            assert!(
                says_again(rotating) || successors_did,
                "no phase says again"
            );
            self.observed.insert("sent again".into());
        }
        for process in &self.processes {
            if let Task::Receive(other) = &process.task {
                // A running process does not wait longer for an answer.
                let suspended =
                    self.passed - seconds(&other.asked_at) > Lease::NO_SENDING_IN_LAST_SECONDS;
                let may_be = suspended || !is_right || !is_same(&other.rotating);
                assert!(may_be, "two processes send it");
            }
        }
    }

    fn receive(&mut self, process: usize, request: SentRequest) {
        let (now, rotation) = (self.now(), request.rotating.generation);
        let mut input = Input::Lost { rotation, now };
        match request.outcome {
            RequestOutcome::Late => self.processes[process].given_up.push(request),
            RequestOutcome::Lost(_) => {}
            _ => input = self.answer(request),
        }
        self.apply(process, input);
    }

    fn answer(&mut self, request: SentRequest) -> Input {
        let (now, rotation) = (self.now(), request.rotating.generation);
        if let RequestOutcome::Busy(_) | RequestOutcome::InvalidClient = request.outcome {
            // The service says that it did not process the token.
            self.sent.retain(|rotating| rotating.generation != rotation);
        }
        match request.answer {
            Ok(tokens) => Input::Answered {
                rotation,
                asked_at: request.asked_at,
                tokens,
                lifetime: 300,
            },
            Err(failure) => {
                self.unknown_errors += usize::from(failure == unknown_error());
                Input::Failed {
                    rotation,
                    now,
                    failure,
                }
            }
        }
    }

    /// The service answers.
    fn serve(
        &mut self,
        token: &Secret,
        outcome: RequestOutcome,
    ) -> Result<TokenResponse, TokenFailure> {
        let refuse = |code| Err(TokenFailure::Refused(OAuthError::new(code, None, &[])));
        match outcome {
            RequestOutcome::UnknownError(false) => return Err(unknown_error()),
            RequestOutcome::Interaction => {
                self.has_ended = true;
                return refuse("interaction_required");
            }
            RequestOutcome::Busy(retry_after) => return Err(TokenFailure::Busy { retry_after }),
            RequestOutcome::InvalidClient => return refuse("invalid_client"),
            RequestOutcome::Failed(false) | RequestOutcome::Lost(false) => {
                return Err(TokenFailure::Failed(502));
            }
            _ => {}
        }
        let was_used = number(token) + 1 < self.issued.len();
        self.has_ended |= was_used && !self.allows_reuse;
        if self.has_ended {
            return refuse("invalid_grant");
        }
        self.issued.push(self.now());
        match outcome {
            RequestOutcome::Failed(_) => Err(TokenFailure::Failed(500)),
            RequestOutcome::UnknownError(_) => Err(unknown_error()),
            _ => Ok(pair(self.issued.len() - 1)),
        }
    }
}
