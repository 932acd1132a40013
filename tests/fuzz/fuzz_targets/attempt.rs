//! A stored attempt, valid or damaged, and events on it.
//!
//! Input: the record on the first line, then an event a line, as [`happens`] reads them.
//!
//! A record that can be read is written unchanged, and shows no secret. A step is deterministic,
//! stores a readable mark before anything is sent, and does not reverse a final state.
#![no_main]

use libfuzzer_sys::fuzz_target;
use switchback_fuzz::{record_and_lines, response, shows_no_secret, token_answer};
use switchback_protocol::attempt::{Attempt, Effect, Input, Phase, StoredSession, step};
use switchback_protocol::callback::{self, Answer};
use switchback_protocol::lease::{Caller, Lease, Owner};
use switchback_protocol::stored::Unreadable;
use switchback_protocol::time::Time;
use switchback_protocol::{Environment, OAuthError, RedirectUri};

/// The members of a record that are secrets.
const SECRETS: [&str; 9] = [
    "state",
    "states",
    "code_verifier",
    "nonce",
    "subject",
    "url",
    "value",
    "forwarded",
    "under",
];

fuzz_target!(|input: &[u8]| {
    let (record, lines) = record_and_lines(input);
    let mut attempt = match Attempt::from_json(record) {
        Ok(attempt) => attempt,
        Err(Unreadable::Version { found, known }) => return assert!(found > known),
        Err(_) => return,
    };
    is_written_as_it_was_read(&attempt);
    shows_no_secret(record, &SECRETS, Attempt::from_json);
    let mut process = Process {
        now: attempt.begun_at,
        owner: Owner::new("this process"),
    };
    for line in lines {
        let Some(input) = process.input(&mut attempt, line) else {
            continue;
        };
        let outcome = step(Some(&attempt), &input);
        assert!(
            outcome == step(Some(&attempt), &input),
            "the same input gave another result"
        );
        assert!(
            step(None, &input).0.is_none(),
            "an input restored a removed record"
        );
        let (next, effects) = outcome;
        let next = next.expect("the attempt was removed");
        check(&attempt, &input, &next, &effects);
        attempt = next;
    }
});

struct Process {
    now: Time,
    owner: Owner,
}

impl Process {
    /// `word rest`: changes the time or the owner, or is an input of the attempt.
    fn input(&mut self, attempt: &mut Attempt, line: &str) -> Option<Input> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let lease = || match rest.strip_prefix("late") {
            Some(_) => Some(Lease {
                by: Owner::new("another process"),
                since: self.now,
            }),
            None => attempt.lease().cloned(),
        };
        Some(match word {
            "now" => {
                self.now.wall = rest.parse().ok()?;
                return None;
            }
            "owner" => {
                self.owner = Owner::new(rest);
                return None;
            }
            "cookie" => {
                let answer = response(format!("200\nset-cookie: {rest}").as_bytes())?;
                attempt.take_cookies(&attempt.redirect_uri.clone(), &answer, &self.now);
                return None;
            }
            "callback" | "gone" | "alive" | "over" | "unconfirmed" => Input::Callback {
                callback: {
                    let ours = RedirectUri::new(&attempt.redirect_uri, Environment::Test);
                    callback::read(rest, &ours.ok()?).ok()??
                },
                now: self.now,
                caller: Caller {
                    owner: self.owner.clone(),
                    holder_has_ended: word == "gone",
                },
                session: match word {
                    "alive" => StoredSession::Active,
                    "over" => StoredSession::Ended,
                    "unconfirmed" => StoredSession::Unconfirmed,
                    _ => StoredSession::Absent,
                },
            },
            "stored" => Input::SessionStored,
            "other" => Input::OtherPerson,
            "failed" => Input::Failed {
                lease: lease()?,
                failure: token_answer(rest)?.err()?,
            },
            "declined" => Input::Declined { lease: lease()? },
            "forgotten" => Input::Forgotten {
                lease: lease()?,
                error: OAuthError::new("access_denied", None, &[]),
            },
            "not-sent" => Input::NotSent { lease: lease()? },
            "lost" => Input::Lost { lease: lease()? },
            _ => return None,
        })
    }
}

fn is_written_as_it_was_read(attempt: &Attempt) {
    assert_eq!(Attempt::from_json(&attempt.to_json()).as_ref(), Ok(attempt));
    // All methods of a record must work for this record.
    let now = Time::wall(1_700_000_000);
    let _ = attempt.is_pending(&now);
    let _ = attempt.is_being_exchanged(&now, false);
    let _ = attempt.may_open_again(&now);
    let _ = attempt.open_by();
    let _ = attempt.timeline.to_string();
    assert_eq!(attempt.id(), attempt.clone().id());
}

fn check(before: &Attempt, input: &Input, after: &Attempt, effects: &[Effect]) {
    is_written_as_it_was_read(after);
    assert!(
        matches!(effects, [_] | [Effect::EndSession, Effect::Done(_)]),
        "{effects:?}"
    );
    let mut same = after.clone();
    same.generation = before.generation;
    let grown = before.generation.saturating_add(u64::from(same != *before));
    assert_eq!(after.generation, grown);
    match effects.last() {
        Some(Effect::Exchange { code, lease }) => {
            let Input::Callback { callback, .. } = input else {
                panic!("{input:?}");
            };
            assert_eq!(callback.answer, Answer::Code(code.clone()));
            assert_eq!(after.lease(), Some(lease), "it is sent before it is marked");
        }
        Some(Effect::Forward { lease }) => {
            assert_eq!(after.lease(), Some(lease), "it is sent before it is marked");
        }
        Some(Effect::Wait { at_most }) => assert!((1..=Lease::HOLDS_FOR_SECONDS).contains(at_most)),
        _ => {}
    }
    if after.phase == Phase::Completed && before.phase != Phase::Completed {
        assert!(after.code_verifier().expose().is_empty() && after.cookies().is_empty());
    }
    if before.phase == Phase::Completed {
        assert!(matches!(after.phase, Phase::Completed | Phase::OtherPerson));
    }
    if before.phase == Phase::OtherPerson && !matches!(input, Input::SessionStored) {
        assert_eq!(after.phase, Phase::OtherPerson);
    }
}
