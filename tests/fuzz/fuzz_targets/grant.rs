//! A stored grant, valid or damaged, and events on it.
//!
//! Input: the record on the first line, then an event a line, as [`happens`] reads them.
//!
//! A record that can be read is written unchanged, and shows no secret. A step is deterministic; a
//! refresh token is sent only under a mark; an ended session and a log-out are final.
#![no_main]

use libfuzzer_sys::fuzz_target;
use switchback_fuzz::{record_and_lines, shows_no_secret, token_answer};
use switchback_protocol::Secret;
use switchback_protocol::grant::{Effect, Grant, Input, Phase, step};
use switchback_protocol::lease::{Caller, Lease, Owner};
use switchback_protocol::stored::Unreadable;
use switchback_protocol::time::Time;

/// The members of a record that are secrets.
const SECRETS: [&str; 6] = [
    "token",
    "refresh_token",
    "subject",
    "expected",
    "id_token",
    "value",
];

fuzz_target!(|input: &[u8]| {
    let (record, lines) = record_and_lines(input);
    let mut grant = match Grant::from_json(record) {
        Ok(grant) => grant,
        Err(Unreadable::Version { found, known }) => return assert!(found > known),
        Err(_) => return,
    };
    is_written_as_it_was_read(&grant);
    shows_no_secret(record, &SECRETS, Grant::from_json);
    let mut process = Process {
        now: Time::wall(grant.since),
        owner: Owner::new("this process"),
    };
    for line in lines {
        let Some(input) = process.input(&grant, line) else {
            continue;
        };
        let outcome = step(Some(&grant), &input);
        assert!(
            outcome == step(Some(&grant), &input),
            "the same input gave another result"
        );
        assert!(
            step(None, &input).0.is_none(),
            "an input restored a removed record"
        );
        let (next, effects) = outcome;
        assert_eq!(next.is_none(), matches!(input, Input::LogOut));
        let Some(next) = next else {
            return assert!(
                matches!(&effects[..], [] | [Effect::Revoke(_)]),
                "{effects:?}"
            );
        };
        check(&grant, &input, &next, &effects);
        grant = next;
    }
});

struct Process {
    now: Time,
    owner: Owner,
}

impl Process {
    /// `word rest`: changes the time or the owner, or is an input of the grant.
    fn input(&mut self, grant: &Grant, line: &str) -> Option<Input> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let now = self.now;
        let rotation = || match (&grant.phase, rest.strip_prefix("late")) {
            (_, Some(_)) => 7,
            (Phase::Rotating { rotation, .. } | Phase::Interrupted { rotation, .. }, _) => {
                *rotation
            }
            _ => 0,
        };
        let (url, more) = rest.split_once(' ').unwrap_or((rest, ""));
        Some(match word {
            "now" => {
                self.now.wall = rest.parse().ok()?;
                return None;
            }
            "owner" => {
                self.owner = Owner::new(rest);
                return None;
            }
            "use" | "gone" | "rejected" => Input::Use {
                now,
                skew: 30,
                rejected: match word {
                    "rejected" => grant.access_token().cloned(),
                    _ => None,
                },
                caller: Caller {
                    owner: self.owner.clone(),
                    holder_has_ended: word == "gone",
                },
            },
            "answered" => match token_answer(rest)? {
                Ok(tokens) => Input::Answered {
                    rotation: rotation(),
                    asked_at: now,
                    tokens,
                    lifetime: 300,
                },
                Err(failure) => Input::Failed {
                    rotation: rotation(),
                    now,
                    failure,
                },
            },
            "not-sent" => Input::NotSent {
                rotation: rotation(),
                now,
            },
            "lost" => Input::Lost {
                rotation: rotation(),
                now,
            },
            "identified" => Input::Identified {
                subject: rest.into(),
            },
            "cookies" => Input::CookiesSet {
                url: url.into(),
                set_cookie: vec![more.into()],
                date: None,
                now,
            },
            "turned-away" => Input::RejectedByBackend {
                url: url.into(),
                sent: more.into(),
                now,
            },
            "log-out" => Input::LogOut,
            _ => return None,
        })
    }
}

fn is_written_as_it_was_read(grant: &Grant) {
    assert_eq!(Grant::from_json(&grant.to_json()).as_ref(), Ok(grant));
    // All methods of a record must work for this record.
    for now in [0, 1_700_000_000, i64::MIN, i64::MAX] {
        for skew in [0, 30] {
            let fresh = grant.fresh(&Time::wall(now), skew);
            assert!(fresh.is_none() || fresh == grant.access_token() && !grant.is_over());
        }
    }
    assert!(
        grant
            .denied_scopes()
            .iter()
            .all(|scope| grant.asked.contains(scope))
    );
}

fn check(before: &Grant, input: &Input, after: &Grant, effects: &[Effect]) {
    is_written_as_it_was_read(after);
    let mut same = after.clone();
    same.generation = before.generation;
    let grown = before.generation.saturating_add(u64::from(same != *before));
    assert_eq!(after.generation, grown);
    if before.is_over() {
        assert!(after == before, "over is final");
    }
    for effect in effects {
        match effect {
            Effect::ReturnToken(token) => assert_eq!(after.access_token(), Some(token)),
            Effect::Refresh {
                rotation, lease, ..
            } => {
                assert_eq!(after.lease(), Some(lease), "it is sent before it is marked");
                let Phase::Rotating {
                    rotation: ours,
                    again,
                    ..
                } = after.phase
                else {
                    panic!("{:?}", after.phase);
                };
                assert_eq!((ours, ours), (*rotation, after.generation));
                // A process that finds the mark of another process does not know whether the token
                // was sent.
                assert_eq!(again, before.phase != Phase::Ready);
                assert!(before.is_refreshable());
            }
            Effect::Wait { at_most } => assert!((1..=Lease::HOLDS_FOR_SECONDS).contains(at_most)),
            Effect::LoginRequired(_) => assert!(
                after.is_over()
                    || matches!(
                        input,
                        Input::Use {
                            rejected: Some(_),
                            ..
                        }
                    )
            ),
            Effect::Revoke(token) => {
                let came = match input {
                    Input::Answered { tokens, .. } => Some(tokens.token_to_revoke()),
                    _ => None::<&Secret>,
                };
                assert_eq!(came, Some(token));
            }
            _ => {}
        }
    }
}
