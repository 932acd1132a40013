//! How clients reach the sandbox: under which addresses, over which connections, with TLS or
//! without.

pub(crate) mod addresses;
pub(crate) mod authority;
pub(crate) mod connection;
pub(crate) mod tls;

pub use tls::Tls;
