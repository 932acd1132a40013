//! Tests of the endpoints and pages with single requests.

mod app;
mod assertions;
mod control;
mod findings;
mod flow;
mod log_in;
mod misbehaviour;
mod mistakes;
mod no_findings;
mod pages;
mod parallel;
mod phones;
mod refusals;
