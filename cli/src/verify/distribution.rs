//! Where the certificates of a signature say that their revocation lists are (RFC 5280 §4.2.1.13).
//!
//! Nothing here is verified: a list is fetched from there, and then verified like any other.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::ext::pkix::CrlDistributionPoints;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};

/// The http and https URLs of the revocation lists of the chain, without repetition.
pub(super) fn urls(signature: &[u8]) -> Vec<String> {
    let mut urls = Vec::new();
    for certificate in certificates(signature).unwrap_or_default() {
        for url in points(&certificate).unwrap_or_default() {
            if url.starts_with("http") && !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    urls
}

fn certificates(signature: &[u8]) -> Option<Vec<Vec<u8>>> {
    let protected = match serde_json::from_slice::<Value>(signature) {
        Ok(json) => protected(&json)?.to_owned(),
        Err(_) => std::str::from_utf8(signature).ok()?.split('.').next()?.to_owned(),
    };
    let header = URL_SAFE_NO_PAD.decode(protected).ok()?;
    let header: Value = serde_json::from_slice(&header).ok()?;
    let chain = header["x5c"].as_array()?.iter();
    chain.map(|text| STANDARD.decode(text.as_str()?).ok()).collect()
}

/// The protected header in the flattened or the general JSON serialization (RFC 7515 §7.2).
fn protected(json: &Value) -> Option<&str> {
    let general = || json["signatures"].get(0)?["protected"].as_str();
    json["protected"].as_str().or_else(general)
}

fn points(certificate: &[u8]) -> Option<Vec<String>> {
    let certificate = Certificate::from_der(certificate).ok()?;
    let found = certificate.tbs_certificate().get_extension::<CrlDistributionPoints>();
    let (_, points) = found.ok()??;
    let mut urls = Vec::new();
    for point in points.0 {
        if let Some(DistributionPointName::FullName(names)) = point.distribution_point {
            urls.extend(names.into_iter().filter_map(|name| match name {
                GeneralName::UniformResourceIdentifier(url) => Some(url.to_string()),
                _ => None,
            }));
        }
    }
    Some(urls)
}
