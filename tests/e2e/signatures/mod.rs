//! Signatures: whether a second implementation agrees with ours, and the cost of a verification.

mod agreement;
mod cost;
mod dss;
mod sandbox;
mod vectors;
