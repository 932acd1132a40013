//! How a client may prove who it is.

use schemars::JsonSchema;
use serde::Deserialize;

/// A method of client authentication (RFC 7591 section 2, OpenID Connect Core section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AuthenticationMethod {
    /// A public client, which proves nothing.
    None,
    /// The secret in the `Authorization` header.
    ClientSecretBasic,
    /// The secret in the body.
    ClientSecretPost,
    /// A JWT that is signed with the client's key.
    PrivateKeyJwt,
}

impl AuthenticationMethod {
    /// As it stands in a configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            AuthenticationMethod::None => "none",
            AuthenticationMethod::ClientSecretBasic => "client_secret_basic",
            AuthenticationMethod::ClientSecretPost => "client_secret_post",
            AuthenticationMethod::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_have_the_names_of_the_file() {
        use AuthenticationMethod::*;
        for method in [None, ClientSecretBasic, ClientSecretPost, PrivateKeyJwt] {
            let read = serde_json::from_value(method.as_str().into());
            assert_eq!(read.ok(), Some(method));
        }
    }
}
