//! Detects reused values: a state, a code challenge, a nonce or a `jti` must be new each time.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// The maximum number of stored values.
const MAX_VALUES: usize = 20_000;

/// Used values, each with the flow of its first use. Only hashes of the values are stored.
pub(super) struct UsedValues {
    hasher: RandomState,
    flows: HashMap<u64, u64>,
    order: VecDeque<u64>,
}

/// The kind of a value.
#[derive(Clone, Copy, Hash)]
pub(super) enum Value {
    State,
    Challenge,
    Nonce,
    Jti,
}

impl UsedValues {
    pub(super) fn new() -> Self {
        UsedValues {
            hasher: RandomState::new(),
            flows: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        self.flows.clear();
        self.order.clear();
    }

    /// The flow in which this client sent this value before. If it did not, stores `flow` and
    /// returns `None`.
    pub(super) fn earlier_use(
        &mut self,
        client_id: &str,
        kind: Value,
        value: &str,
        flow: u64,
    ) -> Option<u64> {
        let hash = self.hasher.hash_one((client_id, kind, value));
        if let Some(first) = self.flows.get(&hash) {
            return Some(*first);
        }
        if self.order.len() >= MAX_VALUES
            && let Some(oldest) = self.order.pop_front()
        {
            self.flows.remove(&oldest);
        }
        self.order.push_back(hash);
        self.flows.insert(hash, flow);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_reused_only_by_the_same_client_and_kind() {
        let mut used = UsedValues::new();
        assert_eq!(used.earlier_use("a", Value::State, "x", 1), None);
        assert_eq!(used.earlier_use("a", Value::State, "x", 2), Some(1));
        assert_eq!(used.earlier_use("b", Value::State, "x", 3), None);
        assert_eq!(used.earlier_use("a", Value::Nonce, "x", 4), None);
        for number in 0..MAX_VALUES {
            used.earlier_use("c", Value::State, &number.to_string(), 5);
        }
        assert_eq!(used.earlier_use("a", Value::State, "x", 6), None);
        assert_eq!(used.flows.len(), MAX_VALUES);
        used.clear();
        assert_eq!(used.earlier_use("a", Value::State, "x", 7), None);
    }
}
