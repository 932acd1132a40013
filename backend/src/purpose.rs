//! What a login is for, as the API and the configuration write it.

use switchback_protocol::Purpose;

/// The word for a purpose in JSON and in TOML, where words have underscores. A provider's own
/// name for it ([`Provider::purpose_name`](crate::Provider::purpose_name)) is part of a path only.
pub(crate) const fn word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Onboarding => "onboarding",
        Purpose::Login => "login",
        Purpose::IdentityVerification => "identity_verification",
    }
}
