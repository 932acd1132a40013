//! The person with the phone: what waits for them, and what they decide.

use serde::Serialize;

use super::World;
use super::grant::Grant;
use super::request::AuthorizationRequest;
use crate::Refusal;
use crate::ticket::Kind;

/// An authorization request that waits for the person to decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Names the request in the fake Truid app.
    pub id: String,
    /// The service's name.
    pub client_name: String,
    /// The service's client identifier.
    pub client_id: String,
    /// The function: `confirm-signup`, `login-session` or `idv`.
    pub function: String,
    /// The data points that the service asks for, in its order.
    pub data_points: Vec<String>,
    /// When it began to wait, in seconds since the epoch on the sandbox's clock.
    pub since: i64,
    /// When it stops waiting, likewise.
    pub deadline: i64,
}

/// A request on its way to a decision.
pub(super) enum Entry {
    Open {
        request: Box<AuthorizationRequest>,
        since: i64,
        deadline: i64,
    },
    /// Kept only so that a second decision can be told what is wrong.
    Decided,
}

impl Entry {
    /// Whether nothing is left to decide.
    fn is_over(&self, now: i64) -> bool {
        match self {
            Entry::Open { deadline, .. } => now >= *deadline,
            Entry::Decided => true,
        }
    }
}

impl World {
    /// Lets a good request wait.
    pub(super) fn wait(&mut self, request: AuthorizationRequest, now: i64) -> Waiting {
        let deadline = now.saturating_add(self.lifetimes.waiting);
        let mut waiting = describe(&request, now, deadline);
        let entry = Entry::Open {
            request: Box::new(request),
            since: now,
            deadline,
        };
        let number = self.waiting.put(entry, |entry| entry.is_over(now));
        waiting.id = self.mint.write(Kind::Waiting, number, 0);
        waiting
    }

    /// All that waits, the oldest first.
    pub(crate) fn list(&self, now: i64) -> Vec<Waiting> {
        self.waiting
            .iter()
            .filter_map(|(number, entry)| self.waiting(number, entry))
            .filter(|waiting| now < waiting.deadline)
            .collect()
    }

    /// One request that waits.
    ///
    /// # Errors
    /// `not_found`, `already_decided` or `expired`.
    pub(crate) fn look(&self, id: &str, now: i64) -> Result<Waiting, Refusal> {
        let number = self.number(id)?;
        let entry = self.waiting.get(number).ok_or_else(not_found)?;
        match self.waiting(number, entry) {
            None => Err(already_decided()),
            Some(waiting) if now >= waiting.deadline => Err(expired()),
            Some(waiting) => Ok(waiting),
        }
    }

    /// The person approves: a grant begins, and its code is in the callback URL (RFC 6749
    /// section 4.1.2). Truid documents no `iss` (RFC 9207) there, so there is none.
    ///
    /// # Errors
    /// As [`World::look`].
    pub(crate) fn approve(&mut self, id: &str, now: i64) -> Result<String, Refusal> {
        let request = self.decide(id, now)?;
        let deadline = now.saturating_add(self.lifetimes.code);
        let grant = Grant::new(&request, deadline);
        let number = self.grants.put(grant, |grant| grant.is_over(now));
        Ok(request.callback("code", &self.mint.write(Kind::Code, number, 0)))
    }

    /// The person declines (RFC 6749 section 4.1.2.1). The callback has no description,
    /// as in the guide's example.
    ///
    /// # Errors
    /// As [`World::look`].
    pub(crate) fn decline(&mut self, id: &str, now: i64) -> Result<String, Refusal> {
        let request = self.decide(id, now)?;
        Ok(request.callback("error", "access_denied"))
    }

    /// Takes the request for a decision, which can be made once.
    fn decide(&mut self, id: &str, now: i64) -> Result<AuthorizationRequest, Refusal> {
        let number = self.number(id)?;
        let entry = self.waiting.get_mut(number).ok_or_else(not_found)?;
        match entry {
            Entry::Open { deadline, .. } if now >= *deadline => return Err(expired()),
            Entry::Open { .. } => {}
            Entry::Decided => return Err(already_decided()),
        }
        match std::mem::replace(entry, Entry::Decided) {
            Entry::Open { request, .. } => Ok(*request),
            Entry::Decided => Err(already_decided()),
        }
    }

    fn number(&self, id: &str) -> Result<u64, Refusal> {
        let ticket = self
            .mint
            .read(id)
            .filter(|ticket| ticket.kind == Kind::Waiting);
        ticket.map(|ticket| ticket.entry).ok_or_else(not_found)
    }

    /// The request with this number, if it was not decided.
    fn waiting(&self, number: u64, entry: &Entry) -> Option<Waiting> {
        let Entry::Open {
            request,
            since,
            deadline,
        } = entry
        else {
            return None;
        };
        let id = self.mint.write(Kind::Waiting, number, 0);
        Some(Waiting {
            id,
            ..describe(request, *since, *deadline)
        })
    }
}

/// All but the id.
fn describe(request: &AuthorizationRequest, since: i64, deadline: i64) -> Waiting {
    Waiting {
        id: String::new(),
        client_name: request.client.name.clone(),
        client_id: request.client.client_id.clone(),
        function: request.function.name().to_owned(),
        data_points: request
            .scope
            .names(&request.client)
            .map(str::to_owned)
            .collect(),
        since,
        deadline,
    }
}

fn not_found() -> Refusal {
    Refusal::new("not_found", "no request has this id, or not any more")
}

fn already_decided() -> Refusal {
    Refusal::new(
        "already_decided",
        "this request was approved or declined before",
    )
}

fn expired() -> Refusal {
    Refusal::new(
        "expired",
        "this request waited too long; the service has to start again",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::function::Function;

    fn asked(world: &mut World) -> Waiting {
        world
            .ask(Function::Idv, &Parameters::authorization())
            .unwrap()
    }

    #[test]
    fn a_decision_is_made_once() {
        let mut world = world();
        let (first, second) = (asked(&mut world), asked(&mut world));
        assert_eq!(world.list(NOW), [first.clone(), second.clone()]);
        let callback = world.approve(&first.id, NOW).unwrap();
        assert!(callback.starts_with("https://app.example/truid/callback?code="));
        assert!(callback.ends_with("&state=s+t%26te"), "{callback}");
        let callback = world.decline(&second.id, NOW).unwrap();
        assert_eq!(
            callback,
            "https://app.example/truid/callback?error=access_denied&state=s+t%26te"
        );
        assert!(world.list(NOW).is_empty());
        for id in [&first.id, &second.id] {
            assert_eq!(refused(world.approve(id, NOW)).error, "already_decided");
            assert_eq!(refused(world.decline(id, NOW)).error, "already_decided");
            assert_eq!(refused(world.look(id, NOW)).error, "already_decided");
        }
    }

    #[test]
    fn a_request_expires() {
        let mut world = world();
        let waiting = asked(&mut world);
        assert_eq!(world.list(NOW + 599).len(), 1);
        assert_eq!(world.list(NOW + 600).len(), 0);
        assert_eq!(refused(world.look(&waiting.id, NOW + 600)).error, "expired");
        assert_eq!(
            refused(world.approve(&waiting.id, NOW + 600)).error,
            "expired"
        );
        assert_eq!(
            refused(world.decline(&waiting.id, NOW + 600)).error,
            "expired"
        );
        assert!(world.approve(&waiting.id, NOW + 599).is_ok());
    }

    #[test]
    fn unknown_ids() {
        let mut world = world();
        let code = world.code(Function::Idv);
        for id in ["", "x", code.as_str()] {
            assert_eq!(refused(world.approve(id, NOW)).error, "not_found");
        }
        let waiting = asked(&mut world);
        world.reset();
        assert_eq!(refused(world.approve(&waiting.id, NOW)).error, "not_found");
        assert_eq!(world.counters(), crate::Counters::default());
    }

    #[test]
    fn memory_is_bounded() {
        let mut config = crate::Config::default();
        config.limits.waiting = 2;
        let mut world = World::new(&config, [7; 32]);
        let ids: Vec<String> = (0..3).map(|_| asked(&mut world).id).collect();
        assert_eq!(refused(world.approve(&ids[0], NOW)).error, "not_found");
        assert!(world.approve(&ids[2], NOW).is_ok());
    }
}
