//! How many connections there may be, by how many files this process may open.

use super::connections::Most;
use super::settings::Settings;

/// As many as are good for most: at worst each holds 50 kB, and all of them 200 MB.
const ENOUGH: usize = 4096;

/// An address may have so many, however few there are in all.
const FEW: usize = 32;

/// What is open beside connections: the database, with as many connections as it has where
/// nothing is said, the listeners, the system's resolver, with something to spare.
const OTHERS: usize = 64;

/// Connections of the listener for whoever watches: it has its own.
pub(super) const PRIVATE: Most = Most {
    in_all: 16,
    of_one: 16,
};

/// How many there may be.
pub(super) fn connections(settings: &Settings) -> Most {
    let limits = &settings.limits;
    let default = || most_connections(settings).map_or(ENOUGH, |most| most.min(ENOUGH));
    let in_all = limits.connections.unwrap_or_else(default);
    let of_one = limits.connections_per_address;
    Most {
        in_all,
        of_one: of_one.unwrap_or((in_all / 4).max(FEW)).min(in_all),
    }
}

/// How many connections there is room for. `None` where the system has no such limit.
pub(super) fn most_connections(settings: &Settings) -> Option<usize> {
    let databases = settings.database.connections.unwrap_or_default();
    Some(room(open_files()?, usize::try_from(databases).ok()?))
}

/// Half as many requests may be under way, each with a connection to the provider.
fn room(files: usize, databases: usize) -> usize {
    let others = OTHERS + PRIVATE.in_all + databases;
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
    fn connections_and_what_they_bring_fit_into_what_may_be_open() {
        assert_eq!(
            [150, 1024, 65_536].map(|files| room(files, 10)),
            [40, 622, 43_630]
        );
        for files in 200..2000 {
            let connections = room(files, 10);
            let all = connections + connections / 2 + OTHERS + PRIVATE.in_all + 10;
            assert!((files - 3..=files).contains(&all), "{files}: {all}");
        }
        assert_eq!(room(0, 10), 8);
    }
}
