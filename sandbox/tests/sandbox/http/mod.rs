//! Tests of the endpoints and pages with single requests.

mod app;
mod assertions;
mod blame;
mod findings;
mod flow;
mod log_in;
mod misbehaviour;
mod mistakes;
mod pages;
mod parallel;
mod phones;
mod product;
mod refusals;
