//! Messages for people. They contain no text from a request.

use switchback_protocol::Purpose;

use crate::error::Error;

/// What happened, and what to do next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) happened: &'static str,
    pub(super) next: &'static str,
}

impl Message {
    /// What happened, for a title: without the full stop.
    pub(super) fn heading(&self) -> &'static str {
        self.happened.trim_end_matches('.')
    }
}

/// The message for an address without a page.
pub(super) const NOT_FOUND: Message = Message {
    happened: "This page does not exist.",
    next: "Check the address, or go to the start of this website.",
};

const NOTHING_TO_SIGN: (&str, &str) = (
    "There is nothing to sign here any more.",
    "Perhaps the document is signed, or the time to sign it is over. Go back to where you got this \
     link.",
);

const FOR_ANOTHER_PERSON: (&str, &str) = (
    "This document is for another person.",
    "Log out, and log in as the person who shall sign.",
);

/// The message for a refusal, by its code in `?login=`.
pub(super) fn refusal(code: &str) -> Message {
    let (happened, next) = match code {
        "access_denied" => (
            "You declined.",
            "Nothing was shared. You can start again at any time.",
        ),
        "expired" => (
            "That took too long.",
            "Start again, and finish within a few minutes.",
        ),
        "signing_closed" => NOTHING_TO_SIGN,
        "other_person" => FOR_ANOTHER_PERSON,
        "replayed" => (
            "This link was used before.",
            "If you are not logged in, start again.",
        ),
        "temporarily_unavailable" | "server_error" => (
            "The login service has a problem.",
            "Wait a minute, and try again.",
        ),
        "invalid_scope"
        | "unauthorized_client"
        | "invalid_client"
        | "unsupported_response_type" => (
            "The login service does not accept this website.",
            "You cannot fix this yourself. Please tell the people who run this website.",
        ),
        _ => (
            "That did not work.",
            "Try again. If it fails again, please tell the people who run this website.",
        ),
    };
    Message { happened, next }
}

/// The message for an ended session or a failure.
pub(super) fn failure(error: &Error) -> Message {
    let (happened, next) = match error {
        Error::LoginRequired(_) | Error::TokenExpired => {
            ("You are not logged in any more.", "Log in again.")
        }
        Error::UnknownSigning | Error::SigningClosed => NOTHING_TO_SIGN,
        Error::OtherPerson => FOR_ANOTHER_PERSON,
        Error::TooManyRequests { .. } => (
            "Too many requests came at once.",
            "They came from your network, or from this browser. Wait a minute, and try again.",
        ),
        Error::TryAgain { .. } | Error::Store(_) => (
            "This does not work right now.",
            "Another service, which this website needs, does not answer. Wait a moment, and try \
             again.",
        ),
        _ => (
            "Something went wrong on this website.",
            "You cannot fix this yourself. Please tell the people who run this website.",
        ),
    };
    Message { happened, next }
}

/// The texts about a session.
pub(super) struct SessionTexts {
    pub(super) heading: &'static str,
    /// The word before the time at which it began.
    pub(super) at: &'static str,
    /// The button that ends it.
    pub(super) end: &'static str,
}

/// The texts about a session for this purpose.
pub(super) fn session(purpose: Purpose) -> SessionTexts {
    let (heading, at, end) = match purpose {
        Purpose::Onboarding => ("You have signed up", "on", HIDE),
        Purpose::IdentityVerification => ("Your identity is verified", "on", HIDE),
        Purpose::Signing => ("You have signed", "on", HIDE),
        Purpose::Login => ("You are logged in", "since", "Log out"),
    };
    SessionTexts { heading, at, end }
}

/// This ends the session, and not the membership of a person who signed up.
const HIDE: &str = "Stop showing this data";

/// The heading of an offered purpose.
pub(super) fn offer(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Onboarding => "Sign up",
        Purpose::IdentityVerification => "Verify your identity",
        Purpose::Signing => "Sign a document",
        _ => "Log in",
    }
}

/// A readable label for a field of OpenID Connect user info (Core section 5.1) or another text
/// field.
pub(super) fn label(field: &str) -> String {
    let text = field.replace(['_', '-', '/'], " ");
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn field_labels_are_readable() {
        assert_eq!(label("phone_number"), "Phone number");
        assert_eq!(label("personal-number/swe-10"), "Personal number swe 10");
        assert_eq!(label("été"), "Été");
        assert_eq!(label(""), "");
    }
}
