//! What nobody should send: each is answered with its status and its body, and nothing else
//! comes of it.

mod addresses;
mod callbacks;
mod cross_site;
mod headers;
mod owners;
mod tokens;

/// A header's value of 16 KiB.
fn long() -> String {
    "a".repeat(16 << 10)
}
