//! What time it is.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use switchback_protocol::time::{Time, Uptime};

/// What time it is.
pub trait Clock: Send + Sync {
    /// By the wall clock, and by a clock that nobody sets and that goes on while the machine
    /// sleeps, where there is one.
    fn now(&self) -> Time;
}

/// The system's clocks.
///
/// The uptime counts from the start of the machine, for all processes alike, on Linux and
/// Android; elsewhere each process counts for itself, and spans between processes are
/// measured by the wall clock.
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

/// Names this start of the machine, or of this process where the system has no name for
/// it.
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

/// `std::time::Instant` stops while a phone sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn uptime() -> i64 {
    rustix::time::clock_gettime(rustix::time::ClockId::Boottime).tv_sec
}

/// Apple's goes on while the device sleeps.
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
