//! The limits on connections, from the limit on open files of this process.

use super::connections::ConnectionLimits;
use super::settings::Settings;

/// The default maximum. Each connection needs 50 kB at most, so that all of them need 200 MB.
const DEFAULT_MAX: usize = 4096;

/// The minimum for one address, however small the total is.
const MIN_PER_NETWORK: usize = 32;

/// Open files besides connections: the database with its default connections, the listeners, the
/// resolver, and a reserve.
const RESERVED: usize = 64;

/// The limits of the listener for monitoring.
pub(super) const OPERATIONS: ConnectionLimits = ConnectionLimits {
    total: 16,
    per_network: 16,
};

/// The limits on connections.
pub(super) fn connections(settings: &Settings) -> ConnectionLimits {
    let limits = &settings.limits;
    let default = || most_connections(settings).map_or(DEFAULT_MAX, |most| most.min(DEFAULT_MAX));
    let total = limits.connections.unwrap_or_else(default);
    let per_network = limits.connections_per_address;
    ConnectionLimits {
        total,
        per_network: per_network
            .unwrap_or((total / 4).max(MIN_PER_NETWORK))
            .min(total),
    }
}

/// How many connections the limit on open files allows. `None` if the system has no such limit.
pub(super) fn most_connections(settings: &Settings) -> Option<usize> {
    let databases = settings.database.connections.unwrap_or_default();
    Some(room(open_files()?, usize::try_from(databases).ok()?))
}

/// Half as many requests as connections may be under way, each with a connection to the provider.
fn room(files: usize, databases: usize) -> usize {
    let others = RESERVED + OPERATIONS.total + databases;
    (files.saturating_sub(others) / 3 * 2).max(8)
}

#[cfg(unix)]
fn open_files() -> Option<usize> {
    use rustix::process::{Resource, getrlimit};
    usize::try_from(getrlimit(Resource::Nofile).current?).ok()
}

#[cfg(not(unix))]
fn open_files() -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_into_the_open_file_limit() {
        assert_eq!(
            [150, 1024, 65_536].map(|files| room(files, 10)),
            [40, 622, 43_630]
        );
        for files in 200..2000 {
            let connections = room(files, 10);
            let all = connections + connections / 2 + RESERVED + OPERATIONS.total + 10;
            assert!((files - 3..=files).contains(&all), "{files}: {all}");
        }
        assert_eq!(room(0, 10), 8);
    }
}
