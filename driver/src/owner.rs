//! Owners of leases. Each client gets an owner name that no other client has, in any process and on
//! any node.
//!
//! Before you change this: if two clients had the same name, each would take the other's lease for
//! its own, and both would send the same refresh token. The name of a client that has ended must
//! never come back either.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use switchback_protocol::lease::Owner;

use crate::ports::{Entropy, EntropyError};

/// The random prefix of all names of this process.
static PROCESS: OnceLock<String> = OnceLock::new();

/// A new owner name. It is unique even if the system's random source repeats itself, since it also
/// contains the process id and a counter.
///
/// # Errors
/// If the operating system returns no random bytes.
pub fn new(entropy: &dyn Entropy) -> Result<Owner, EntropyError> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes)?;
    let random = || bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let process = PROCESS.get_or_init(random);
    let (id, count) = (std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    Ok(Owner::new(format!("{process}-{id}-{count}")))
}

/// Whether this owner is a client of this process.
pub fn is_of_this_process(owner: &Owner) -> bool {
    let process = owner.as_str().split('-').next();
    PROCESS.get().map(String::as_str) == process
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemEntropy;

    #[test]
    fn owners_differ_and_belong_to_this_process() {
        let [one, other] = [(); 2].map(|()| new(&SystemEntropy).unwrap());
        assert_ne!(one, other);
        assert!(is_of_this_process(&one) && is_of_this_process(&other));
        // After a restart, a container often has the same process id as before.
        let before = format!("{}-{}-0", "0".repeat(32), std::process::id());
        assert!(!is_of_this_process(&Owner::new(before)));
    }
}
