//! The endpoints, over real HTTP.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod flow;
mod product;
mod refusals;
mod support;
