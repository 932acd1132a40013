//! What Truid answers at its endpoints, and how the answers look.

pub(crate) mod answer;
pub(crate) mod authorize;
pub(crate) mod data;
pub(crate) mod misbehave;
pub(crate) mod token;
