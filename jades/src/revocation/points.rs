//! Where authorities publish their revocation lists (RFC 5280 §4.2.1.13).

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use x509_cert::der::Decode;
use x509_cert::ext::pkix::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

use crate::path::Chain;

/// Where an authority publishes a revocation list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributionPoint {
    /// The subject of the certificate that the list can revoke (RFC 4514).
    pub certificate: String,
    /// The URL: http or https.
    pub url: String,
}

/// Where the lists for the certificates of a chain are published: http and https only.
pub(crate) fn distribution_points(chain: &Chain<'_>) -> Vec<DistributionPoint> {
    let mut result = Vec::new();
    for certificate in chain.certificates() {
        for url in certificate
            .distribution_points
            .map(urls)
            .unwrap_or_default()
        {
            let lower = url.get(..8).map(str::to_ascii_lowercase);
            let lower = lower.unwrap_or_default();
            if lower.starts_with("http://") || lower.starts_with("https://") {
                result.push(DistributionPoint {
                    certificate: certificate.subject_text(),
                    url,
                });
            }
        }
    }
    result
}

/// The URLs of the extension `cRLDistributionPoints` (DER).
pub(super) fn urls(extension: &[u8]) -> Vec<String> {
    let Ok(points) = CrlDistributionPoints::from_der(extension) else {
        return Vec::new();
    };
    let names = points.0.iter().filter(|point| {
        // A list of another issuer, or of some reasons only, is not supported.
        point.crl_issuer.is_none() && point.reasons.is_none()
    });
    let names = names.filter_map(|point| point.distribution_point.as_ref());
    names.flat_map(urls_of).collect()
}

pub(super) fn urls_of(name: &DistributionPointName) -> Vec<String> {
    let DistributionPointName::FullName(names) = name else {
        return Vec::new();
    };
    let url = |name: &GeneralName| match name {
        GeneralName::UniformResourceIdentifier(url) => Some(url.to_string()),
        _ => None,
    };
    names.iter().filter_map(url).collect()
}
