//! Limits how many logins may begin from one address.

use std::hash::BuildHasher as _;
use std::hash::RandomState;
use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// A bucket for each address, and 65,536 buckets at most, so that memory is limited. Two addresses
/// sometimes share a bucket; the random hash key prevents that a client chooses one.
pub(super) struct StartLimiter {
    limiter: RateLimiter<u16, HashMapStateStore<u16>, DefaultClock>,
    hash_key: RandomState,
}

impl StartLimiter {
    /// This many starts per minute, at once or spread. `None` for 0: no limit.
    pub(super) fn new(per_minute: u32) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute)?);
        Some(Self {
            limiter: RateLimiter::hashmap(quota),
            hash_key: RandomState::new(),
        })
    }

    /// Counts a start. The error is the number of seconds to wait.
    pub(super) fn count(&self, from: IpAddr) -> Result<(), u64> {
        let bucket = self.hash_key.hash_one(network(from)).to_be_bytes();
        let bucket = u16::from_be_bytes([bucket[0], bucket[1]]);
        self.limiter.check_key(&bucket).map_err(|not_yet| {
            let wait = not_yet.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
    }

    /// Removes the buckets of addresses that have been idle long enough.
    pub(super) fn remove_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// The IPv4 address, or the /64 of an IPv6 address: a client with one IPv6 address has the whole
/// /64.
pub(super) fn network(ip: IpAddr) -> u128 {
    match ip.to_canonical() {
        IpAddr::V4(ip) => u128::from(ip.to_bits()),
        IpAddr::V6(ip) => ip.to_bits() >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_limited_per_address() {
        let starts = StartLimiter::new(2).unwrap();
        let from = "192.0.2.1".parse().unwrap();
        assert_eq!([starts.count(from), starts.count(from)], [Ok(()), Ok(())]);
        let seconds = starts.count(from).unwrap_err();
        assert!((1..=30).contains(&seconds), "{seconds}");
        // Few of a thousand other addresses share the full bucket.
        let others = (0..1000_u32).map(|n| IpAddr::from(n.to_be_bytes()));
        let refused = others.filter(|ip| starts.count(*ip).is_err()).count();
        assert!(refused < 100, "{refused}");
        assert!(StartLimiter::new(0).is_none());
    }

    #[test]
    fn ipv6_addresses_are_counted_by_64_prefix() {
        let network = |ip: &str| network(ip.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
