//! Counts the memory that Rust holds, for tests of leaks.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The bytes that Rust holds at this moment in this process.
#[uniffi::export]
pub fn bytes_held() -> i64 {
    let sum = COUNTED.stats();
    // While other threads free memory, one sum may be newer than the other.
    let held = sum.bytes_allocated.saturating_sub(sum.bytes_deallocated);
    i64::try_from(held).unwrap_or(i64::MAX)
}
