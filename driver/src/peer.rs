//! Whom a client talks to.

use switchback_protocol::http::Response;
use switchback_protocol::mediated::Mediation;
use switchback_protocol::token::{self, TokenFailure, TokenResponse};
use switchback_protocol::{Provider, Registration, Secret};

/// Whom a client talks to.
#[derive(Clone, Copy)]
pub enum Peer<'a> {
    /// The provider itself, which the client is registered with.
    Provider(&'a Registration),
    /// The service's backend, which talks to the provider.
    Backend(&'a Mediation),
}

impl<'a> Peer<'a> {
    /// The provider, or the one behind the backend.
    pub fn provider(self) -> &'a Provider {
        match self {
            Self::Provider(registration) => registration.provider(),
            Self::Backend(mediation) => mediation.provider(),
        }
    }

    /// Reads an answer to a request for tokens. A backend speaks as the standard does; a
    /// provider may have words of its own.
    pub(crate) fn read_tokens(
        self,
        response: &Response,
        sent: &[&Secret],
    ) -> Result<TokenResponse, TokenFailure> {
        match self {
            Self::Provider(registration) => registration.provider().read_tokens(response, sent),
            Self::Backend(_) => token::read(response, sent),
        }
    }
}
