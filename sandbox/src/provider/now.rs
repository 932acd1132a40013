//! The time on two clocks: the sandbox's and the clients'. If a test moves only the sandbox's
//! clock, a client cannot know what has expired by that move, so the sandbox reports no finding.
//!
//! Before you change this: a refusal depends on the sandbox's clock, and a finding about time needs
//! both clocks.

/// A time on both clocks, in seconds since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Now {
    /// The sandbox's clock. It decides what is refused.
    pub(crate) sandbox: i64,
    /// The clients' clock. It decides what clients could know.
    pub(crate) clients: i64,
}

impl Now {
    /// The time `seconds` later.
    pub(crate) fn after(self, seconds: i64) -> Now {
        Now {
            sandbox: self.sandbox.saturating_add(seconds),
            clients: self.clients.saturating_add(seconds),
        }
    }

    /// Whether both clocks have reached this time.
    pub(crate) fn has_come(self, now: Now) -> bool {
        now.sandbox >= self.sandbox && now.clients >= self.clients
    }

    /// The seconds until this time, by the clock that reaches it first.
    pub(crate) fn left(self, now: Now) -> i64 {
        let sandbox = self.sandbox.saturating_sub(now.sandbox);
        sandbox.min(self.clients.saturating_sub(now.clients))
    }

    /// The seconds since this time, by the clock that shows fewer.
    pub(crate) fn age(self, now: Now) -> i64 {
        let sandbox = now.sandbox.saturating_sub(self.sandbox);
        sandbox.min(now.clients.saturating_sub(self.clients))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_come_when_both_clocks_reach_it() {
        let at = |sandbox, clients| Now { sandbox, clients };
        let deadline = at(1_000, 1_000).after(30);
        for (now, has_come) in [
            (at(1_029, 1_029), false),
            (at(1_030, 1_029), false),
            (at(1_029, 1_030), false),
            (at(1_030, 1_030), true),
        ] {
            assert_eq!(deadline.has_come(now), has_come, "{now:?}");
        }
        // The sandbox's clock was moved forward, and back.
        assert_eq!(deadline.left(at(1_020, 1_000)), 10);
        assert_eq!(deadline.left(at(1_000, 1_020)), 10);
        assert_eq!(at(1_000, 1_000).age(at(1_026, 1_001)), 1);
        assert_eq!(at(1_000, 1_000).age(at(999, 1_027)), -1);
    }
}
