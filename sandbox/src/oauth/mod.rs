//! How a service's request is read, by the standards: forms, links, scopes, PKCE and client
//! assertions. Nothing here has a state.

pub(crate) mod assertion;
pub(crate) mod authorization;
pub(crate) mod form;
pub(crate) mod incoming;
pub(crate) mod link;
pub(crate) mod pkce;
pub(crate) mod scope;
