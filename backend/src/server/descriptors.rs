//! How many connections there may be, by how many files this process may open.

use super::connections::ConnectionLimits;
use super::settings::Settings;

/// As many as are good for most: at worst each holds 50 kB, and all of them 200 MB.
const DEFAULT_MAX: usize = 4096;

/// An address may have so many, however few there are in all.
const MIN_PER_NETWORK: usize = 32;

/// What is open beside connections: the database, with as many connections as it has where
/// nothing is said, the listeners, the system's resolver, with something to spare.
const RESERVED: usize = 64;

/// Connections of the listener for whoever watches: it has its own.
pub(super) const OPERATIONS: ConnectionLimits = ConnectionLimits {
    total: 16,
    per_network: 16,
};

/// How many there may be.
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

/// How many connections there is room for. `None` where the system has no such limit.
pub(super) fn most_connections(settings: &Settings) -> Option<usize> {
    let databases = settings.database.connections.unwrap_or_default();
    Some(room(open_files()?, usize::try_from(databases).ok()?))
}

/// Half as many requests may be under way, each with a connection to the provider.
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
