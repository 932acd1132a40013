//! What a client should make anew for each login or request, and whether it was used before.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// How many values are remembered.
const MOST: usize = 20_000;

/// Values that were used, each with the flow that it was first used in. Of a value only
/// its hash is kept.
pub(super) struct UsedValues {
    hasher: RandomState,
    flows: HashMap<u64, u64>,
    order: VecDeque<u64>,
}

/// What kind of a value it is.
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

    /// The flow in which this client sent this value before. Where it did not, this flow is
    /// remembered as the first.
    pub(super) fn before(
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
        if self.order.len() >= MOST
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
    fn a_value_is_known_by_client_and_kind() {
        let mut used = UsedValues::new();
        assert_eq!(used.before("a", Value::State, "x", 1), None);
        assert_eq!(used.before("a", Value::State, "x", 2), Some(1));
        assert_eq!(used.before("b", Value::State, "x", 3), None);
        assert_eq!(used.before("a", Value::Nonce, "x", 4), None);
        for number in 0..MOST {
            used.before("c", Value::State, &number.to_string(), 5);
        }
        assert_eq!(used.before("a", Value::State, "x", 6), None);
        assert_eq!(used.flows.len(), MOST);
        used.clear();
        assert_eq!(used.before("a", Value::State, "x", 7), None);
    }
}
