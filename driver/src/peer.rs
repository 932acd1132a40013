//! Whom a client talks to.

use switchback_protocol::mediated::Mediation;
use switchback_protocol::{Provider, Registration};

/// Whom a client talks to.
#[derive(Clone, Copy)]
pub enum Peer<'a> {
    /// The provider itself, which the client is registered with.
    Provider(&'a Registration),
    /// The service's backend, which talks to the provider.
    Backend(&'a Mediation),
}

impl Peer<'_> {
    /// The provider, or the one behind the backend.
    pub fn provider(&self) -> &Provider {
        match self {
            Self::Provider(registration) => registration.provider(),
            Self::Backend(mediation) => mediation.provider(),
        }
    }
}
