//! The server that a client sends its requests to: the provider, or a backend in front of it.
//!
//! Before you change this: only a provider's own error codes are translated. A backend answers as
//! RFC 6749 says, so its codes are read unchanged.

use switchback_protocol::http::Response;
use switchback_protocol::mediated::Mediation;
use switchback_protocol::token::{self, TokenFailure, TokenResponse};
use switchback_protocol::{Provider, Registration, Secret};

/// The server that a client sends its requests to: provider or backend.
#[derive(Clone, Copy)]
pub enum Peer<'a> {
    /// The provider, which the client is registered with.
    Provider(&'a Registration),
    /// The service's backend, which sends the requests to the provider.
    Backend(&'a Mediation),
}

impl<'a> Peer<'a> {
    /// The provider, or the provider behind the backend.
    pub fn provider(self) -> &'a Provider {
        match self {
            Self::Provider(registration) => registration.provider(),
            Self::Backend(mediation) => mediation.provider(),
        }
    }

    /// Reads the answer to a token request. A backend answers as RFC 6749 says; a provider may have
    /// its own error codes.
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
