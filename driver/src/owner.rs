//! Names of those who hold leases: each client has one that no other has, in no process and on
//! no node.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use switchback_protocol::lease::Owner;

use crate::ports::{Entropy, EntropyError};

/// What all names begin with that were made in this process.
static PROCESS: OnceLock<String> = OnceLock::new();

/// A name that no other client has, even where the system's random source repeats itself.
///
/// # Errors
/// Where there are no random bytes.
pub fn new(entropy: &dyn Entropy) -> Result<Owner, EntropyError> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes)?;
    let random = || bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let process = PROCESS.get_or_init(random);
    let (id, count) = (std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    Ok(Owner::new(format!("{process}-{id}-{count}")))
}

/// Whether the owner of this name belongs to this process.
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
        // The same process id, as every container has it, after a restart.
        let before = format!("{}-{}-0", "0".repeat(32), std::process::id());
        assert!(!is_of_this_process(&Owner::new(before)));
    }
}
