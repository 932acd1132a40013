//! What Rust holds, counted: whoever makes and drops things without end sees whether it grows.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Bytes that Rust holds at this moment, in all of this process.
#[uniffi::export]
pub fn bytes_held() -> i64 {
    let sum = COUNTED.stats();
    // What other threads free meanwhile may be in the one sum and not yet in the other.
    let held = sum.bytes_allocated.saturating_sub(sum.bytes_deallocated);
    i64::try_from(held).unwrap_or(i64::MAX)
}
