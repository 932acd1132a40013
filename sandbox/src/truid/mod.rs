//! Truid's own terms: endpoints, functions, data points and claims.

pub(crate) mod claims;
mod endpoint;
mod function;

pub use endpoint::Endpoint;
