//! How a service's request is read, by the standards: forms, links, scopes, PKCE and client
//! assertions, and the one shape of every refusal. Nothing here has a state.

pub(crate) mod assertion;
pub(crate) mod authorization;
mod endpoint;
pub(crate) mod form;
pub(crate) mod function;
pub(crate) mod incoming;
pub(crate) mod link;
pub(crate) mod pkce;
mod refusal;
pub(crate) mod scope;

pub use endpoint::Endpoint;
pub use refusal::Refusal;
