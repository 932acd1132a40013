//! The answers of the token endpoint.

use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;

use super::Request;
use super::answer::{self, Answer};
use crate::Refusal;

impl Request<'_> {
    /// `POST /oauth2/v1/token`.
    pub(super) fn token(&mut self) -> Answer {
        match self.provider.token(self.context, self.incoming, self.now) {
            Ok(tokens) => answer::json(StatusCode::OK, &tokens),
            Err(refusal) => self.refused_client(&refusal),
        }
    }

    /// A refusal for a client, with a challenge if the client tried to authenticate in the header.
    pub(super) fn refused_client(&mut self, refusal: &Refusal) -> Answer {
        let mut answer = self.refused(refusal);
        let headers = self.incoming.headers();
        if refusal.error == "invalid_client" && headers.contains_key(AUTHORIZATION) {
            answer::challenge_basic(&mut answer);
        }
        answer
    }
}
