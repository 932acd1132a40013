//! Reads a service's request as the standards say: forms, links, scopes, PKCE and client
//! assertions. Nothing in here keeps state.

pub(crate) mod assertion;
pub(crate) mod authorization;
pub(crate) mod form;
pub(crate) mod incoming;
pub(crate) mod link;
pub(crate) mod pkce;
pub(crate) mod scope;
mod scope_mistake;
