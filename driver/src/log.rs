//! Writes events to the log, under the names in [`event`](mod@crate::event).
//!
//! Before you change this: the names and the field names `event`, `id` and `note` are an interface
//! for operators. A field must have no secret and no claim.

use std::fmt;

use switchback_protocol::attempt::AttemptId;

use crate::event;

/// Writes an event to the log.
pub fn event(event: &'static str, id: &AttemptId, note: Option<&dyn fmt::Display>) {
    match note {
        Some(note) => tracing::info!(target: "switchback", event, %id, %note),
        None => tracing::info!(target: "switchback", event, %id),
    }
}

/// Reports that the clock of this device differs from the service's clock, in seconds.
pub fn clock_off(seconds: i64) {
    tracing::info!(target: "switchback", event = event::CLOCK_OFF, seconds);
}
