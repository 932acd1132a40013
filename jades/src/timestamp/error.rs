//! The reasons for which a timestamp proves nothing, or is not there.

use alloc::string::String;

use x509_cert::der;

use crate::SubIndication;

/// A timestamp proves nothing, or the authority did not send one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimestampError {
    /// The answer of the authority is not one of RFC 3161 §2.4.2.
    #[error(
        "the answer of the timestamp authority is malformed; check that its URL is the one for RFC \
         3161"
    )]
    MalformedResponse,
    /// The authority refused (RFC 3161 §2.4.2).
    #[error("the timestamp authority refused: status {status}{}", explanation(.text))]
    Refused {
        /// `PKIStatus`.
        status: u8,
        /// What the authority says, without control characters; possibly empty.
        text: String,
    },
    /// The token does not have the nonce of the request: it is an answer to another request.
    #[error("the timestamp does not answer this request: its nonce is another one")]
    Nonce,
    /// The token does not have the form of RFC 3161 and RFC 5652.
    #[error("the timestamp is malformed: {0}")]
    Malformed(&'static str),
    /// The token uses a hash function or a signature algorithm that is too weak or not known.
    #[error("the timestamp uses an algorithm that is not accepted: {0}")]
    Algorithm(&'static str),
    /// The token is a timestamp of something else.
    #[error("the timestamp is one of another signature")]
    Imprint,
    /// The token does not contain the certificate of its signer.
    #[error(
        "the certificate of the timestamp authority is missing: neither the timestamp nor `xVals` \
         has it"
    )]
    NoCertificate,
    /// The signature of the token is wrong.
    #[error("the signature of the timestamp is wrong")]
    Signature,
    /// The certificates do not lead to a configured root, or one of them is not valid.
    #[error("the certificate of the timestamp authority: {text}")]
    Chain {
        /// Why, in the words of the standard.
        why: SubIndication,
        /// Why, in a sentence.
        text: String,
    },
    /// The time of the token is in the future.
    #[error("the time of the timestamp is in the future; check the clock of this machine")]
    Future,
}

impl TimestampError {
    /// The reason in the words of ETSI EN 319 102-1 §5.4.
    pub const fn sub_indication(&self) -> SubIndication {
        match self {
            Self::MalformedResponse | Self::Malformed(_) => SubIndication::FormatFailure,
            Self::Refused { .. } | Self::Nonce => SubIndication::NoPoe,
            Self::Algorithm(_) => SubIndication::CryptoConstraintsFailureNoPoe,
            Self::Imprint => SubIndication::HashFailure,
            Self::NoCertificate => SubIndication::NoSigningCertificateFound,
            Self::Signature => SubIndication::SigCryptoFailure,
            Self::Chain { why, .. } => *why,
            Self::Future => SubIndication::TimestampOrderFailure,
        }
    }
}

impl From<der::Error> for TimestampError {
    fn from(_: der::Error) -> Self {
        Self::Malformed("it is not the DER of a timestamp token")
    }
}

fn explanation(text: &str) -> String {
    match text {
        "" => String::new(),
        text => alloc::format!(": {text}"),
    }
}
