//! The page with the certificates of the simulated certificate authority.

use askama::Template;

use super::render;
use crate::http::TSA;
use crate::http::certificates::{ROOT_DER, ROOT_PEM, TSA_ROOT_DER, TSA_ROOT_PEM};
use crate::signing::CRL;

#[derive(Template)]
#[template(path = "certificates.html")]
struct Certificates;

/// The page with links to the certificates.
pub(crate) fn certificates() -> String {
    render(&Certificates)
}
