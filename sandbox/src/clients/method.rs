//! [`AuthenticationMethod`]: the methods of client authentication.

use schemars::JsonSchema;
use serde::Deserialize;

/// A method of client authentication (RFC 7591 section 2, OpenID Connect Core section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AuthenticationMethod {
    /// A public client, which does not authenticate.
    None,
    /// The secret in the `Authorization` header.
    ClientSecretBasic,
    /// The secret in the body.
    ClientSecretPost,
    /// A JWT, signed with the client's key.
    PrivateKeyJwt,
}

impl AuthenticationMethod {
    /// The method as in a configuration.
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
    fn the_names_are_those_of_the_configuration() {
        use AuthenticationMethod::*;
        for method in [None, ClientSecretBasic, ClientSecretPost, PrivateKeyJwt] {
            let read = serde_json::from_value(method.as_str().into());
            assert_eq!(read.ok(), Some(method));
        }
    }
}
