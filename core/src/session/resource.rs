//! Reading protected resources with a session.

use std::sync::Arc;

use switchback_driver::resource::{self as driver, ResourceFailure};
use switchback_protocol::Rule;
use switchback_protocol::http::{Header, Request, Response, secrets_in};

use super::{Answered, SessionState, SetCookies};
use crate::error::Error;

/// A protected resource, for the texts of errors.
#[derive(Clone, Copy)]
pub(super) struct Resource {
    /// The endpoint.
    pub(super) endpoint: &'static str,
    /// What happened if no answer arrived.
    pub(super) unread: &'static str,
    /// What to change if the service refuses the request.
    pub(super) if_refused: &'static str,
}

impl Resource {
    /// A resource with data of the person.
    pub(super) const fn identity(endpoint: &'static str) -> Self {
        Self {
            endpoint,
            unread: "the identity could not be read",
            if_refused: "add the data point to the scope of the login, and check the claims",
        }
    }
}

impl SessionState {
    /// Reads a protected resource. If the token is rejected, it is refreshed once.
    pub(super) async fn resource(
        self: &Arc<Self>,
        resource: Resource,
        url: &str,
        request: impl Fn(&[Header]) -> Request,
    ) -> Result<Response, Error> {
        let failed = |failure| failed(resource, failure);
        let sender = &self.client.sender;
        let mut session = self.authorize(url).await?;
        loop {
            let response = driver::get(sender, request(session.headers())).await;
            let response = response.map_err(failed)?;
            let cookies = SetCookies::of(&response);
            match self.answered(&session, response.status, cookies).await? {
                Answered::SendAgain(next) => session = next,
                Answered::Accepted => {
                    let sent = secrets_in(session.headers());
                    return driver::check_status(response, &sent).map_err(failed);
                }
            }
        }
    }
}

fn failed(resource: Resource, failure: ResourceFailure) -> Error {
    let Resource {
        endpoint,
        unread,
        if_refused,
    } = resource;
    match failure {
        ResourceFailure::TryAgain {
            retry_after,
            source,
        } => Error::try_again(unread, retry_after, source),
        ResourceFailure::TooLong => Error::Protocol {
            endpoint,
            rule: Rule::TooLong,
        },
        ResourceFailure::Refused(error) => Error::configuration(format_args!(
            "{endpoint} refused the request: {error}; {if_refused}"
        )),
    }
}
