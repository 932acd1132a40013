//! What time it is, by two clocks.
//!
//! The wall clock is set by people and by the network, and may be wrong by hours or jump
//! while a session lives. The uptime of the machine is set by nobody, but starts anew with
//! it, and means nothing on another machine. A span between two moments is measured by the
//! uptime where both have the same start, and by the wall clock where not.

use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// What time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Time {
    /// Seconds since the epoch, by the wall clock.
    pub wall: i64,
    /// By the clock that nobody sets, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Uptime>,
}

/// How long a machine has been up, the time in which it slept included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uptime {
    /// Names the start that it counts from: another after every start of the machine.
    pub boot: u64,
    /// Seconds since then.
    pub seconds: i64,
}

/// Version 1 of what is stored knew the wall clock only. (By hand: `untagged` costs a phone
/// ten times as much.)
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

/// A wall clock that goes back by this much, in seconds, was corrected and not set: no time
/// has passed by it.
const CORRECTION: i64 = 60;

impl Time {
    /// A time of which only the wall clock is known.
    pub const fn wall(seconds: i64) -> Self {
        Self {
            wall: seconds,
            uptime: None,
        }
    }

    /// Seconds that have passed since then. `None` where nobody can tell: the machine was
    /// started anew, and the wall clock was set back behind that moment.
    ///
    /// ```
    /// use switchback_protocol::time::{Time, Uptime};
    /// let up = |seconds| Some(Uptime { boot: 7, seconds });
    /// let then = Time { wall: 1_000_000, uptime: up(50) };
    /// // Somebody set the clock back by an hour, and 20 seconds have passed.
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

/// A clock that is further off than this is not believed, in seconds: a day.
pub const MAX_CLOCK_OFFSET: i64 = 24 * 3600;

/// By how many seconds the service's clock is ahead of the wall clock here (behind, where
/// negative), by the `Date` header of its answer (RFC 9110 §6.6.1). `None` where that is no
/// date, or one that is further off than [`MAX_CLOCK_OFFSET`].
///
/// For what the service signs with times of its own: ID tokens and signatures. How long a
/// token lives is a span, and needs none of it.
pub fn clock_offset(date_header: &str, asked_at: &Time, now: &Time) -> Option<i64> {
    let there = date(date_header)?;
    // It was written between the two.
    let here = now.wall.saturating_sub(now.since(asked_at)? / 2);
    let offset = there.saturating_sub(here);
    (offset.abs() <= MAX_CLOCK_OFFSET).then_some(offset)
}

/// A date as HTTP writes it, in any of its three forms (RFC 9110 §5.6.7), in seconds since the
/// epoch. It is read as that of a cookie is, which may come in more forms than these.
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
            // The wall clock jumps by hours.
            (at(90_000, up(1, 15)), Some(5)),
            (at(-90_000, up(1, 15)), Some(5)),
            // The machine was started anew.
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
        // RFC 9110 section 5.6.7 has this example.
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
