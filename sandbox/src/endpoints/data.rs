//! The answers of the user info, presentation and signature endpoints, which require an access token in the
//! `Authorization` header.

use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;

use super::Request;
use super::answer::{self, Answer};
use super::sender;
use crate::Refusal;
use crate::provider::{self, ClaimKeys};

/// The media type of a JWS in compact serialization (RFC 7515 section 9.2.1).
const JOSE: &str = "application/jose";

impl Request<'_> {
    /// `GET /oidc/v1/user-info`.
    pub(super) fn user_info(&mut self) -> Answer {
        let token = self.incoming.access_token();
        let read =
            token.and_then(|token| self.provider.read_user_info(self.context, token, self.now));
        match read {
            Ok(access) => answer::json(StatusCode::OK, &provider::user_info(&access)),
            Err(refusal) => self.refused_token(&refusal),
        }
    }

    /// `GET /exchange/v1/presentation` and `GET /exchange/v2/presentation`.
    pub(super) fn presentation(&mut self) -> Answer {
        let read = self.incoming.access_token().and_then(|token| {
            let claims = self.incoming.form().and_then(ClaimKeys::read);
            self.provider
                .read_presentation(self.context, token, claims, self.now)
        });
        match read {
            Ok((access, claims)) => {
                answer::json(StatusCode::OK, &provider::presentation(&access, &claims))
            }
            Err(refusal) => self.refused_token(&refusal),
        }
    }

    /// `GET /exchange/v1/signature`.
    pub(super) fn signature(&mut self) -> Answer {
        let acceptable = sender::allows(self.incoming.headers(), JOSE);
        let read = self.incoming.access_token().and_then(|token| {
            self.provider
                .read_signature(self.context, token, acceptable, self.now)
        });
        match read {
            Ok(signature) => answer::body(StatusCode::OK, JOSE, signature),
            Err(refusal) => self.refused_token(&refusal),
        }
    }

    fn refused_token(&mut self, refusal: &Refusal) -> Answer {
        let headers = self.incoming.headers();
        let without = refusal.error == "invalid_token" && !headers.contains_key(AUTHORIZATION);
        let mut answer = self.refused(refusal);
        answer::challenge_bearer(&mut answer, refusal, without);
        answer
    }
}
