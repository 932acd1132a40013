//! Parses a service's request according to the standards: forms, links, scopes, PKCE and client
//! assertions. This module has no state.

pub(crate) mod assertion;
pub(crate) mod authorization;
pub(crate) mod form;
pub(crate) mod incoming;
pub(crate) mod link;
pub(crate) mod pkce;
pub(crate) mod scope;
mod scope_mistake;
