//! The clock.
//!
//! Before you change this: a lease is measured by the uptime, which must continue while the machine
//! sleeps, and must be comparable between processes or say that it is not (another boot id).
//! `std::time::Instant` does neither on a phone.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use switchback_protocol::time::{Time, Uptime};

/// The current time.
pub trait Clock: Send + Sync {
    /// The wall clock, and a monotonic clock that continues while the machine sleeps, if the system
    /// has one.
    fn now(&self) -> Time;
}

/// The system's clocks.
///
/// On Linux and Android the uptime counts from the start of the machine and is the same for all
/// processes. Elsewhere each process has its own uptime, and times between processes are compared
/// by the wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Time {
            wall: since.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX)),
            uptime: Some(Uptime {
                boot: boot(),
                seconds: uptime(),
            }),
        }
    }
}

/// The id of this start of the machine; of this process, if the system has no such id.
fn boot() -> u64 {
    static BOOT: OnceLock<u64> = OnceLock::new();
    *BOOT.get_or_init(|| system_boot().unwrap_or_else(|| getrandom::u64().unwrap_or_default()))
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn system_boot() -> Option<u64> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let digits: String = id
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(16)
        .collect();
    u64::from_str_radix(&digits, 16).ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn system_boot() -> Option<u64> {
    None
}

/// Not `std::time::Instant`, which stops while a phone sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn uptime() -> i64 {
    rustix::time::clock_gettime(rustix::time::ClockId::Boottime).tv_sec
}

/// On Apple's systems the monotonic clock continues while the device sleeps.
#[cfg(target_vendor = "apple")]
fn uptime() -> i64 {
    rustix::time::clock_gettime(rustix::time::ClockId::Monotonic).tv_sec
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn uptime() -> i64 {
    static START: OnceLock<std::time::Instant> = OnceLock::new();
    let up = START.get_or_init(std::time::Instant::now).elapsed();
    i64::try_from(up.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_has_one_boot_id_per_process() {
        let (one, two) = (SystemClock.now(), SystemClock.now());
        assert!(two.since(&one).is_some_and(|passed| passed < 60));
        assert_eq!(one.uptime.map(|up| up.boot), two.uptime.map(|up| up.boot));
    }
}
