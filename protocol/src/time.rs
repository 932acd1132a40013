//! Time by two clocks.
//!
//! People and the network set the wall clock: it may be wrong by hours, and may change during a
//! session. No person sets the uptime of a machine, but it starts again at each boot and has no
//! meaning on another machine. Elapsed time is measured by the uptime if both times have the same
//! boot, and otherwise by the wall clock.
//!
//! Before you change this: no decision compares a time of a server with the clock of this device.
//! It uses the `Date` header of the same answer.

use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Seconds since the epoch, by the wall clock.
    pub wall: i64,
    /// The uptime, if the machine reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Uptime>,
}

/// The time since a machine was booted, including the time in which it was suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uptime {
    /// The id of the boot.
    pub boot: u64,
    /// Seconds since the boot.
    pub seconds: i64,
}

/// Version 1 of the stored form had only the wall clock. Written by hand, because serde's
/// `untagged` adds ten times as much code to the phone library.
impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TimeVisitor)
    }
}

struct TimeVisitor;

impl<'de> Visitor<'de> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds, or two clocks")
    }

    fn visit_i64<E: de::Error>(self, wall: i64) -> Result<Time, E> {
        Ok(Time::wall(wall))
    }

    fn visit_u64<E: de::Error>(self, wall: u64) -> Result<Time, E> {
        i64::try_from(wall).map(Time::wall).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Time, A::Error> {
        #[derive(Deserialize)]
        struct Clocks {
            wall: i64,
            uptime: Option<Uptime>,
        }
        let Clocks { wall, uptime } = Clocks::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Time { wall, uptime })
    }
}

/// A wall clock that goes back by at most this many seconds was corrected by the network: the
/// elapsed time counts as 0.
const CORRECTION: i64 = 60;

impl Time {
    /// A time without uptime.
    pub const fn wall(seconds: i64) -> Self {
        Self {
            wall: seconds,
            uptime: None,
        }
    }

    /// Seconds that have passed since then. `None` if the clocks cannot say: the machine was
    /// booted again, and the wall clock was set back before that time.
    ///
    /// ```
    /// use switchback_protocol::time::{Time, Uptime};
    /// let up = |seconds| Some(Uptime { boot: 7, seconds });
    /// let then = Time { wall: 1_000_000, uptime: up(50) };
    /// // The clock was set back by an hour, and 20 seconds have passed.
    /// let now = Time { wall: 996_420, uptime: up(70) };
    /// assert_eq!(now.since(&then), Some(20));
    /// assert_eq!(Time::wall(996_420).since(&then), None);
    /// ```
    pub fn since(&self, then: &Self) -> Option<i64> {
        let passed = match (self.uptime, then.uptime) {
            (Some(now), Some(then)) if now.boot == then.boot => {
                now.seconds.saturating_sub(then.seconds)
            }
            _ => self.wall.saturating_sub(then.wall),
        };
        (passed >= -CORRECTION).then_some(passed.max(0))
    }
}

/// The largest clock offset that counts, in seconds: a day.
pub const MAX_CLOCK_OFFSET: i64 = 24 * 3600;

/// The seconds by which the service's clock is ahead of the wall clock here (negative: behind),
/// by the `Date` header of its answer (RFC 9110 §6.6.1). `None` if the header is not a date, or the
/// offset is larger than [`MAX_CLOCK_OFFSET`].
///
/// Use it for times that the service signs: in ID tokens and signatures. The lifetime of a token is
/// a duration and does not need it.
pub fn clock_offset(date_header: &str, asked_at: &Time, now: &Time) -> Option<i64> {
    let there = date(date_header)?;
    // The answer was written between the two times.
    let here = now.wall.saturating_sub(now.since(asked_at)? / 2);
    let offset = there.saturating_sub(here);
    (offset.abs() <= MAX_CLOCK_OFFSET).then_some(offset)
}

/// Reads an HTTP date in one of its three formats (RFC 9110 §5.6.7), in seconds since the epoch.
/// The reader is that of cookies, which accepts more formats.
pub(crate) use crate::cookies::date::read as date;

#[cfg(test)]
mod tests {
    use super::*;

    fn up(boot: u64, seconds: i64) -> Option<Uptime> {
        Some(Uptime { boot, seconds })
    }

    #[test]
    fn elapsed_time_is_measured_by_the_uptime() {
        let at = |wall, uptime| Time { wall, uptime };
        let then = at(1_000, up(1, 10));
        for (now, passed) in [
            (at(1_005, up(1, 15)), Some(5)),
            // The wall clock was set by hours.
            (at(90_000, up(1, 15)), Some(5)),
            (at(-90_000, up(1, 15)), Some(5)),
            // The machine was booted again.
            (at(1_500, up(2, 3)), Some(500)),
            (at(940, up(2, 3)), Some(0)),
            (at(939, up(2, 3)), None),
            (at(1_500, None), Some(500)),
            (at(i64::MIN, None), None),
        ] {
            assert_eq!(now.since(&then), passed, "{now:?}");
        }
    }

    #[test]
    fn version_1_of_a_time_is_read() {
        let read = |json| serde_json::from_str::<Time>(json).unwrap();
        assert_eq!(read("17"), Time::wall(17));
        assert_eq!(read(r#"{"wall":17}"#), Time::wall(17));
        let both = Time {
            wall: 17,
            uptime: up(u64::MAX, 3),
        };
        assert_eq!(read(&serde_json::to_string(&both).unwrap()), both);
    }

    #[test]
    fn the_clock_offset_comes_from_the_date_header() {
        // The example of RFC 9110 section 5.6.7.
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let there = 784_111_777;
        let (asked_at, now) = (Time::wall(there - 7_200), Time::wall(there - 7_190));
        assert_eq!(clock_offset(date, &asked_at, &now), Some(7_195));
        let day_off = Time::wall(there + MAX_CLOCK_OFFSET + 1);
        assert_eq!(clock_offset(date, &day_off, &day_off), None);
        for none in ["", "soon", "784111777", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(clock_offset(none, &asked_at, &now), None, "{none}");
        }
    }
}
