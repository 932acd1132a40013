//! What the page asks, and what it gets: JSON.
//!
//! ```json
//! {"signature": "eyJ…", "time": 1700747100,
//!  "anchors": [{"name": "root.pem", "content": "base64"}], "timestamp_anchors": [], "crls": []}
//! ```
//!
//! Instead of a document, `digest` can have its digest as in `sigD.hashV`: base64url.
//!
//! The answer is `{"report": …}`, or `{"error": "…"}` if a file cannot be read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use switchback_jades::{
    Anchors, Crl, DigestInput, DocumentDigest, Expected, P256_ALGORITHMS, Policy, Report,
    digest_input,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Compact or JSON serialization.
    signature: String,
    /// The time of the verification, in seconds since the epoch.
    time: i64,
    anchors: Vec<File>,
    timestamp_anchors: Vec<File>,
    crls: Vec<File>,
    /// SHA-256, base64url without padding: for a document that is not here.
    digest: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The name for people.
    name: String,
    /// Base64.
    content: String,
}

/// The answer to a request. `document` is both digests of the document, if the person chose one.
pub(crate) fn answer(request: &[u8], document: Option<[DocumentDigest; 2]>) -> Vec<u8> {
    let answer = match report(request, document) {
        Ok(report) => json!({ "report": report }),
        Err(error) => json!({ "error": error }),
    };
    answer.to_string().into_bytes()
}

fn report(request: &[u8], document: Option<[DocumentDigest; 2]>) -> Result<Report, String> {
    let request: Request = serde_json::from_slice(request).map_err(|error| error.to_string())?;
    let signature = request.signature.trim().as_bytes();
    // A signature that cannot be read fails with either digest.
    let input = digest_input(signature).unwrap_or(DigestInput::Document);
    let document = match (document, &request.digest) {
        (Some(digests), _) => digests.into_iter().find(|digest| digest.input() == input),
        (None, Some(text)) => Some(digest(text, input)?),
        (None, None) => None,
    };
    let expected = Expected {
        document,
        ..Expected::default()
    };
    let anchors = anchors(&request.anchors)?;
    let timestamp_anchors = self::anchors(&request.timestamp_anchors)?;
    let crls = request.crls.iter().map(|file| {
        let crl = Crl::read(&file.bytes()?);
        crl.map_err(|error| file.error(&error))
    });
    let crls = crls.collect::<Result<Vec<_>, _>>()?;
    let policy = Policy {
        timestamp_anchors: &timestamp_anchors,
        crls: &crls,
        ..Policy::new(&anchors, P256_ALGORITHMS, request.time)
    };
    Ok(switchback_jades::verify(signature, &expected, &policy))
}

fn digest(text: &str, input: DigestInput) -> Result<DocumentDigest, String> {
    DocumentDigest::from_base64url(text.trim(), input).ok_or_else(|| {
        "the digest is not the 32 bytes of a SHA-256 digest in base64url, without padding"
            .to_owned()
    })
}

fn anchors(files: &[File]) -> Result<Anchors, String> {
    let mut anchors = Anchors::new();
    for file in files {
        anchors
            .add(&file.bytes()?)
            .map_err(|error| file.error(&error))?;
    }
    Ok(anchors)
}

impl File {
    fn bytes(&self) -> Result<Vec<u8>, String> {
        STANDARD
            .decode(&self.content)
            .map_err(|error| self.error(&error))
    }

    fn error(&self, error: &dyn std::fmt::Display) -> String {
        format!("{}: {error}", self.name)
    }
}
