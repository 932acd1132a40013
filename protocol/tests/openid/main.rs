//! ID tokens with each of the things that can be wrong. The names of the functions in
//! [`conformance`] are those of the OpenID Foundation's tests for relying parties.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod conformance;
mod issuer;
mod rules;
