//! The endpoints, one request at a time.

mod flow;
mod product;
mod refusals;
