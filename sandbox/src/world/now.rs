//! The time on two clocks. A test moves the sandbox's clock, and the clock of the client that
//! it tests stays where it is, so that the client cannot know what has expired by that.

/// A moment on both clocks, in seconds since the epoch; or one to come, on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Now {
    /// On the sandbox's clock, by which is decided what is refused.
    pub(crate) sandbox: i64,
    /// On the clock that the clients have, by which is decided what they could know.
    pub(crate) clients: i64,
}

impl Now {
    /// So many seconds later.
    pub(crate) fn after(self, seconds: i64) -> Now {
        Now {
            sandbox: self.sandbox.saturating_add(seconds),
            clients: self.clients.saturating_add(seconds),
        }
    }

    /// Whether this moment has come on both clocks.
    pub(crate) fn has_come(self, now: Now) -> bool {
        now.sandbox >= self.sandbox && now.clients >= self.clients
    }

    /// The seconds until this moment, on the clock that reaches it first.
    pub(crate) fn left(self, now: Now) -> i64 {
        let sandbox = self.sandbox.saturating_sub(now.sandbox);
        sandbox.min(self.clients.saturating_sub(now.clients))
    }

    /// The seconds since this moment, on the clock on which it is less.
    pub(crate) fn age(self, now: Now) -> i64 {
        let sandbox = now.sandbox.saturating_sub(self.sandbox);
        sandbox.min(now.clients.saturating_sub(self.clients))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_clock_alone_says_is_not_held_against_anybody() {
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
        // Forth, and back.
        assert_eq!(deadline.left(at(1_020, 1_000)), 10);
        assert_eq!(deadline.left(at(1_000, 1_020)), 10);
        assert_eq!(at(1_000, 1_000).age(at(1_026, 1_001)), 1);
        assert_eq!(at(1_000, 1_000).age(at(999, 1_027)), -1);
    }
}
