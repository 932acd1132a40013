//! Truid's own terms: endpoints, functions, data points and claims.

pub(crate) mod claims;
mod endpoint;
pub(crate) mod function;

pub use endpoint::Endpoint;
