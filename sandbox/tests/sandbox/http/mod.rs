//! The endpoints, one request at a time.

mod flow;
mod phones;
mod product;
mod refusals;
