//! Reading protected resources with a session.

use std::sync::Arc;

use switchback_driver::resource::{self, ResourceFailure};
use switchback_protocol::Rule;
use switchback_protocol::http::{Header, Request, Response, secrets_in};

use super::{Answered, SessionState, SetCookies};
use crate::error::Error;

const CANNOT_READ: &str = "the identity could not be read";

impl SessionState {
    /// Reads a protected resource. If the token is rejected, it is refreshed once.
    pub(super) async fn resource(
        self: &Arc<Self>,
        endpoint: &'static str,
        url: &str,
        request: impl Fn(&[Header]) -> Request,
    ) -> Result<Response, Error> {
        let failed = |failure| failed(endpoint, failure);
        let sender = &self.client.sender;
        let mut session = self.authorize(url).await?;
        loop {
            let response = resource::get(sender, request(session.headers())).await;
            let response = response.map_err(failed)?;
            let cookies = SetCookies::of(&response);
            match self.answered(&session, response.status, cookies).await? {
                Answered::SendAgain(next) => session = next,
                Answered::Accepted => {
                    let sent = secrets_in(session.headers());
                    return resource::check_status(response, &sent).map_err(failed);
                }
            }
        }
    }
}

fn failed(endpoint: &'static str, failure: ResourceFailure) -> Error {
    match failure {
        ResourceFailure::TryAgain {
            retry_after,
            source,
        } => Error::try_again(CANNOT_READ, retry_after, source),
        ResourceFailure::TooLong => Error::Protocol {
            endpoint,
            rule: Rule::TooLong,
        },
        ResourceFailure::Refused(error) => Error::configuration(format_args!(
            "{endpoint} refused the request: {error}; add the data point to the scope of the login, \
             and check the claims"
        )),
    }
}
