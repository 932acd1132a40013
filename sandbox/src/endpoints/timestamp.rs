//! The answer of the timestamp authority (RFC 3161 section 3.4).

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;

use super::Request;
use super::answer::{self, Answer};
use crate::Refusal;

const QUERY: &str = "application/timestamp-query";
const REPLY: &str = "application/timestamp-reply";

impl Request<'_> {
    /// `POST /tsa`. A request that cannot be read gets a reply with a status, as section 2.4.2
    /// demands; only a wrong media type is an error of HTTP.
    pub(super) fn timestamp(&mut self) -> Answer {
        let kind = self.incoming.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(QUERY) {
            return self.refused(&Refusal::own(
                "unsupported_media_type",
                format!("a timestamp request has the Content-Type {QUERY}"),
            ));
        }
        let body = self.incoming.body;
        let wrong = self.context.active.map(|active| active.misbehaviour);
        match self.provider.timestamp(body, wrong, self.now) {
            Ok(reply) => answer::body(StatusCode::OK, REPLY, reply),
            Err(refusal) => self.refused(&refusal),
        }
    }
}
