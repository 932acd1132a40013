//! What Truid calls things: its endpoints, its functions, and what a service can read.

pub(crate) mod claims;
mod endpoint;
pub(crate) mod function;

pub use endpoint::Endpoint;
