//! The world of the property tests: a store, processes, a service and clocks.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use core::mem;

use super::super::*;
use crate::lease::Owner;
use crate::time::Uptime;

/// Seconds that an access token lives.
pub(super) const LIFE: i64 = 100;
pub(super) const SKEW: i64 = 20;

#[derive(Clone, Debug)]
pub(super) enum Op {
    /// A process does the next thing it has to do: it asks, stores, sends or hears.
    Go(usize, Chance),
    /// Somebody logs out, or it is read who the person is.
    Tell(usize, Input),
    Crash(usize),
    /// So many seconds pass.
    Pass(i64),
    /// Somebody sets the wall clock, by so many hours.
    Jump(i64),
    Reboot,
}

/// What chance holds for a process: each is looked at where it matters. By default nothing
/// goes wrong.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chance {
    pub(super) fate: Fate,
    /// An answer that was given up comes after all.
    pub(super) late: bool,
    /// That the holder of a lease is gone is known.
    pub(super) known: bool,
}

/// What becomes of a request. `true` where the token was used all the same.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Fate {
    #[default]
    Answered,
    /// The process gives it up, and hears the answer after that.
    Late,
    Lost(bool),
    Failed(bool),
    Busy(Option<u32>),
    InvalidClient,
    /// Refused in words that no standard knows.
    Strange(bool),
    /// Only the person can go on.
    Interaction,
    NotSent,
}

/// A request that was sent.
#[derive(Clone)]
pub(super) struct Flight {
    /// What was stored before it was sent.
    mark: Grant,
    asked_at: Time,
    fate: Fate,
    answer: Result<TokenResponse, TokenFailure>,
}

/// What was read, what happened, and what is to be stored and done.
#[derive(Clone)]
pub(super) struct Decided(Option<Grant>, Input, (Option<Grant>, Vec<Effect>));

/// What a process does next.
#[derive(Clone, Default)]
pub(super) enum Task {
    #[default]
    Ask,
    Store(Box<Decided>),
    Send(Grant),
    Hear(Flight),
}

#[derive(Clone, Default)]
pub(super) struct Process {
    /// None before it starts.
    owner: Option<Owner>,
    pub(super) task: Task,
    given_up: Vec<Flight>,
    told: Option<Effect>,
}

#[derive(Clone, Default)]
pub(super) struct World {
    store: Option<Grant>,
    pub(super) processes: Vec<Process>,
    started: usize,
    /// Seconds that have really passed.
    passed: i64,
    /// By how many seconds the wall clock was set.
    set_by: i64,
    /// When the machine was started: that names the start as well.
    booted: i64,
    has_uptime: bool,
    has_jumped: bool,
    /// When the service issued each pair of tokens, by its number.
    pub(super) issued: Vec<Time>,
    forgives: bool,
    has_ended: bool,
    /// How often strange words were heard since tokens were.
    strange: usize,
    /// The marks of the requests that may have used their token.
    pub(super) sent: Vec<Grant>,
    /// The newest access token that was handed out.
    given: usize,
    /// What happened: the phase that was found, the input, the effect.
    pub(super) seen: BTreeSet<String>,
}

pub(super) fn pair(number: usize) -> TokenResponse {
    TokenResponse {
        access_token: format!("A{number}").into(),
        expires_in: Some(LIFE),
        refresh_token: Field::Is(format!("R{number}").into()),
        scope: Field::Absent,
        id_token: Field::Absent,
    }
}

/// A refusal in words that no standard knows.
fn strange() -> TokenFailure {
    TokenFailure::Refused(OAuthError::new("strange", None, &[]))
}

/// The higher the number, the newer the token.
pub(super) fn number(token: &Secret) -> usize {
    token.expose()[1..].parse().unwrap()
}

pub(super) fn says_again(mark: &Grant) -> bool {
    matches!(mark.phase, Phase::Rotating { again: true, .. })
}

/// The seconds that had really passed, where the clocks are right.
pub(super) fn seconds(time: &Time) -> i64 {
    let by_uptime = |up: Uptime| up.boot.cast_signed() + up.seconds;
    time.uptime.map_or(time.wall, by_uptime)
}

/// The name of a variant.
pub(super) fn name(of: &impl fmt::Debug) -> String {
    format!("{of:?}").split([' ', '(']).take(1).collect()
}

impl World {
    pub(super) fn new(processes: usize, has_uptime: bool, forgives: bool) -> Self {
        let mut world = Self {
            has_uptime,
            forgives,
            ..Self::default()
        };
        world.issued.push(world.now());
        let login = Grant::new(Purpose::Login, vec![], world.now(), pair(0), 300);
        world.store = Some(login);
        world.processes = vec![Process::default(); processes];
        (0..processes).for_each(|who| world.start(who));
        world
    }

    /// A process starts, in the place of one that runs no more.
    fn start(&mut self, who: usize) {
        self.started += 1;
        self.processes[who] = Process::default();
        self.processes[who].owner = Some(Owner::new(format!("process {}", self.started)));
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

    /// Whether every span was measured right until now.
    fn is_right(&self) -> bool {
        !self.has_jumped || self.has_uptime && self.booted == 0
    }

    pub(super) fn run(&mut self, op: Op) {
        let before = self.store.clone();
        match op {
            Op::Go(who, chance) => self.go(who, chance),
            Op::Tell(who, input) => self.tell(who, input),
            Op::Crash(who) => self.start(who),
            Op::Pass(seconds) => self.passed += seconds,
            Op::Jump(hours) => {
                self.set_by += hours * 3600;
                self.has_jumped = true;
            }
            Op::Reboot => {
                self.booted = self.passed;
                (0..self.processes.len()).for_each(|who| self.start(who));
            }
        }
        self.check_what_is_stored(before.as_ref());
        self.check_that_nobody_waits_for_ever();
    }

    fn check_what_is_stored(&self, before: Option<&Grant>) {
        assert!(before.is_some() || self.store.is_none(), "it comes back");
        if let (Some(before), Some(after)) = (before, &self.store) {
            let growth = u64::from(before != after);
            assert_eq!(after.generation, before.generation + growth);
            assert!(growth == 0 || !before.is_over(), "over is final");
            assert_eq!(Grant::from_json(&after.to_json()).as_ref(), Ok(after));
            let stored = after.access.as_ref().map(|access| number(&access.token));
            assert!(stored.is_none_or(|n| n >= self.given), "it is old");
        }
    }

    /// From now on nothing goes wrong, or the service says the same strange words whenever it is
    /// asked; and one that was not there before asks.
    fn check_that_nobody_waits_for_ever(&self) {
        self.check_that_all_ends_where(Fate::Answered);
        self.check_that_all_ends_where(Fate::Strange(false));
    }

    fn check_that_all_ends_where(&self, fate: Fate) {
        let mut world = self.clone();
        world.processes.truncate(1);
        world.start(0);
        let chance = Chance {
            fate,
            ..Chance::default()
        };
        for _ in 0..20 {
            world.go(0, chance);
            match world.processes[0].told.take() {
                Some(Effect::Give(_) | Effect::LoginRequired(_)) => {
                    let passed = world.passed - self.passed;
                    return assert!(passed <= 3600 + Lease::SECONDS, "{passed} s");
                }
                Some(Effect::Wait { at_most }) => world.passed += at_most,
                Some(Effect::TryAgain { retry_after, .. }) => {
                    world.passed += i64::from(retry_after.unwrap_or(1));
                }
                _ => {}
            }
        }
        panic!("it goes on and on");
    }

    fn go(&mut self, who: usize, chance: Chance) {
        match mem::take(&mut self.processes[who].task) {
            Task::Ask if chance.late && !self.processes[who].given_up.is_empty() => {
                let flight = self.processes[who].given_up.remove(0);
                let input = self.answer(flight);
                self.tell(who, input);
            }
            Task::Ask => self.ask(who, chance),
            Task::Store(decided) => self.commit(who, *decided),
            Task::Send(mark) => self.send(who, mark, chance),
            Task::Hear(flight) => self.hear(who, flight),
        }
    }

    fn ask(&mut self, who: usize, chance: Chance) {
        let holder = self.store.as_ref().and_then(Grant::lease);
        let holder = holder.map(|lease| lease.by.clone());
        let holder_runs = self.processes.iter().any(|p| p.owner == holder);
        let process = &self.processes[who];
        let input = Input::Use {
            now: self.now(),
            skew: SKEW,
            rejected: None,
            caller: Caller {
                owner: process.owner.clone().unwrap(),
                holder_is_gone: chance.known && !holder_runs,
            },
        };
        self.tell(who, input);
    }

    /// Reads and decides, unless it is busy.
    fn tell(&mut self, who: usize, input: Input) {
        if !matches!(self.processes[who].task, Task::Ask) {
            return;
        }
        let read = self.store.clone();
        let outcome = step(read.as_ref(), &input);
        assert!(step(read.as_ref(), &input) == outcome, "it varies");
        let (next, effects) = &outcome;
        let logs_out = matches!(input, Input::LogOut);
        assert_eq!(next.is_none(), read.is_none() || logs_out);
        if read.as_ref().is_none_or(Grant::is_over) {
            assert!(logs_out || *next == read, "what is over is final");
            let due: &[&str] = match input {
                Input::LogOut => &[],
                Input::Answered { .. } => &["Revoke", "LoginRequired"],
                _ => &["LoginRequired"],
            };
            assert_eq!(effects.iter().map(name).collect::<Vec<_>>(), due);
        }
        let changes = *next != read;
        let decided = Decided(read, input, outcome);
        match changes {
            true => self.processes[who].task = Task::Store(decided.into()),
            false => self.act(who, decided),
        }
    }

    /// Compares and sets. Where somebody else was faster it starts over.
    fn commit(&mut self, who: usize, decided: Decided) {
        let generation = |grant: &Option<Grant>| grant.as_ref().map(|grant| grant.generation);
        let Decided(read, input, (next, _)) = &decided;
        if generation(&self.store) == generation(read) {
            self.store.clone_from(next);
            return self.act(who, decided);
        }
        self.seen.insert("somebody else was faster".into());
        if !matches!(input, Input::Use { .. }) {
            self.tell(who, decided.1);
        }
    }

    /// Does what is to be done, and checks that it may be.
    fn act(&mut self, who: usize, Decided(read, input, (_, effects)): Decided) {
        let found = read.map_or("Nothing".into(), |grant| name(&grant.phase));
        let what = format!("{found} {}", name(&input));
        for effect in effects {
            self.seen.insert(format!("{what} {}", name(&effect)));
            self.processes[who].told = Some(effect.clone());
            let stored = self.store.as_ref();
            match effect {
                Effect::Give(token) => self.give(&token, &input),
                Effect::Refresh {
                    token,
                    rotation,
                    lease,
                } => {
                    let mark = stored.unwrap().clone();
                    assert_eq!((mark.generation, mark.lease()), (rotation, Some(&lease)));
                    assert_eq!(mark.refresh_token, Some(token));
                    self.processes[who].task = Task::Send(mark);
                }
                Effect::Wait { at_most } => {
                    assert!((1..=Lease::SECONDS).contains(&at_most), "{at_most}");
                }
                Effect::Revoke(token) => {
                    if let Input::Answered { tokens, .. } = &input {
                        assert_eq!(Field::Is(token), tokens.refresh_token);
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

    /// Strange words end nothing unless they are repeated.
    fn check_that_it_may_be_over(&mut self, input: &Input, what: &str) {
        if let Input::Failed { failure, .. } = input
            && *failure == strange()
            && what.starts_with("Rotating")
        {
            assert!(self.strange > 1, "it was said once");
            self.seen.insert("it was said twice".into());
        }
    }

    fn give(&mut self, token: &Secret, input: &Input) {
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
            self.strange = 0;
        }
        self.given = self.given.max(number(token));
    }

    fn send(&mut self, who: usize, mark: Grant, chance: Chance) {
        let (now, rotation, fate) = (self.now(), mark.generation, chance.fate);
        let may_send = mark.lease().unwrap().may_send(&now);
        if !may_send || matches!(fate, Fate::NotSent) {
            self.seen.insert(format!("may send: {may_send}"));
            return self.tell(who, Input::NotSent { rotation, now });
        }
        self.check_that_it_may_be_sent(&mark);
        self.sent.push(mark.clone());
        let answer = self.serve(mark.refresh_token.as_ref().unwrap(), fate);
        self.processes[who].task = Task::Hear(Flight {
            mark,
            asked_at: now,
            fate,
            answer,
        });
    }

    fn check_that_it_may_be_sent(&mut self, mark: &Grant) {
        let is_right = self.is_right();
        let is_same = |other: &Grant| other.refresh_token == mark.refresh_token;
        let mut before = self.sent.iter().filter(|other| is_same(other)).peekable();
        if before.peek().is_some() {
            let heirs_did = before.all(says_again) && !is_right;
            assert!(says_again(mark) || heirs_did, "no mark says so");
            self.seen.insert("sent again".into());
        }
        for process in &self.processes {
            if let Task::Hear(other) = &process.task {
                // One that is awake waits no longer for an answer.
                let slept = self.passed - seconds(&other.asked_at) > Lease::LAST;
                let may_be = slept || !is_right || !is_same(&other.mark);
                assert!(may_be, "two of them are on their way");
            }
        }
    }

    fn hear(&mut self, who: usize, flight: Flight) {
        let (now, rotation) = (self.now(), flight.mark.generation);
        let mut input = Input::Lost { rotation, now };
        match flight.fate {
            Fate::Late => self.processes[who].given_up.push(flight),
            Fate::Lost(_) => {}
            _ => input = self.answer(flight),
        }
        self.tell(who, input);
    }

    fn answer(&mut self, flight: Flight) -> Input {
        let (now, rotation) = (self.now(), flight.mark.generation);
        if let Fate::Busy(_) | Fate::InvalidClient = flight.fate {
            // The service says that it did not look at the token.
            self.sent.retain(|mark| mark.generation != rotation);
        }
        match flight.answer {
            Ok(tokens) => Input::Answered {
                rotation,
                asked_at: flight.asked_at,
                tokens,
                lifetime: 300,
            },
            Err(failure) => {
                self.strange += usize::from(failure == strange());
                Input::Failed {
                    rotation,
                    now,
                    failure,
                }
            }
        }
    }

    /// The service answers.
    fn serve(&mut self, token: &Secret, fate: Fate) -> Result<TokenResponse, TokenFailure> {
        let refuse = |code| Err(TokenFailure::Refused(OAuthError::new(code, None, &[])));
        match fate {
            Fate::Strange(false) => return Err(strange()),
            Fate::Interaction => {
                self.has_ended = true;
                return refuse("interaction_required");
            }
            Fate::Busy(retry_after) => return Err(TokenFailure::Busy { retry_after }),
            Fate::InvalidClient => return refuse("invalid_client"),
            Fate::Failed(false) | Fate::Lost(false) => return Err(TokenFailure::Failed(502)),
            _ => {}
        }
        let was_used = number(token) + 1 < self.issued.len();
        self.has_ended |= was_used && !self.forgives;
        if self.has_ended {
            return refuse("invalid_grant");
        }
        self.issued.push(self.now());
        match fate {
            Fate::Failed(_) => Err(TokenFailure::Failed(500)),
            Fate::Strange(_) => Err(strange()),
            _ => Ok(pair(self.issued.len() - 1)),
        }
    }
}
