//! Parses a service's request according to the standards: forms, links, scopes, PKCE and client
//! assertions. This module has no state.
//!
//! Before you change this: it shares no code with `switchback-protocol`, on purpose. A mistake in one
//! parser then cannot agree with the same mistake in the other.

pub(crate) mod assertion;
pub(crate) mod authorization;
pub(crate) mod form;
pub(crate) mod incoming;
pub(crate) mod link;
pub(crate) mod pkce;
pub(crate) mod scope;
mod scope_mistake;
