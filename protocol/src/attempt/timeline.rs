//! The events of an attempt, for a person to read.
//!
//! Before you change this: nothing is decided by a timeline, and it may be sent to support. So it
//! has no secret and no claim, and its length has a limit.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

/// The events of an attempt with their times, for an app to display or to send to support. It has
/// no secret and no claim.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timeline(Vec<TimelineEntry>);

/// One line of a [`Timeline`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Seconds since the epoch.
    pub at: i64,
    /// A stable name such as `callback.received`: see `docs/reference/diagnostics.md`.
    pub event: String,
    /// Details, for a person to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Timeline {
    /// The maximum number of lines. After that a new line replaces the last.
    pub(super) const LONGEST: usize = 64;

    /// Adds a line.
    pub fn add(&mut self, at: i64, event: &str, note: Option<String>) {
        if self.0.len() >= Self::LONGEST {
            self.0.pop();
        }
        self.0.push(TimelineEntry {
            at,
            event: event.into(),
            note,
        });
    }

    /// All lines, oldest first.
    pub fn entries(&self) -> &[TimelineEntry] {
        &self.0
    }
}

impl fmt::Display for Timeline {
    /// One line for each event: seconds since the first event, name, note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.0.first().map_or(0, |first| first.at);
        for moment in &self.0 {
            let after = moment.at.saturating_sub(start);
            write!(f, "{after:>5} s  {}", moment.event)?;
            match &moment.note {
                Some(note) => writeln!(f, "  ({note})")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn a_time_out_of_range_is_displayed() {
        let mut timeline = Timeline::default();
        timeline.add(1, "login.begun", None);
        timeline.add(i64::MIN, "login.completed", None);
        assert!(timeline.to_string().contains("login.completed"));
    }
}
