//! Invalid requests: each gets its documented status and body, and changes nothing.

mod addresses;
mod callbacks;
mod cross_site;
mod headers;
mod owners;
mod tokens;

/// A header value of 16 KiB.
fn long() -> String {
    "a".repeat(16 << 10)
}
