//! What happens, for logs: under the names of [`switchback::event`], which are stable.

use std::fmt::Display;

/// Writes an event. `id` is the attempt's, and the grant's.
pub(crate) fn log(event: &'static str, id: &str, note: Option<&dyn Display>) {
    match note {
        Some(note) => tracing::info!(target: "switchback", event, id, %note),
        None => tracing::info!(target: "switchback", event, id),
    }
}
