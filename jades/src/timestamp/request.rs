//! Requests a timestamp (RFC 3161 §2.4), without the network: a request as DER, and what the answer
//! must have.

use alloc::string::String;
use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};
use x509_cert::der::asn1::Utf8StringRef;
use x509_cert::der::{Decode as _, Reader as _, SliceReader, Tag};

use super::TimestampError;
use super::hash::Hash;
use super::token::{MAX_TOKEN, Token, next_is};
use crate::Serialization;

/// A request for a timestamp of a signature.
///
/// ```
/// use switchback_jades::{Serialization, TimestampRequest};
///
/// # let random = || [7; 8];
/// # fn post(_: &[u8]) -> Vec<u8> { vec![0x30, 5, 0x30, 3, 2, 1, 2] }
/// let signature = Serialization::read(b"eyJ4IjoxfQ..c2lnbmF0dXJl").unwrap();
/// let request = TimestampRequest::new(&signature, random());
/// // POST with the content type `application/timestamp-query`.
/// let answer = post(request.der());
/// match request.read_response(&answer) {
///     Ok(token) => println!("verify the token, then add it to the signature: {token:?}"),
///     Err(error) => println!("{error}"), // the timestamp authority refused: status 2
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TimestampRequest {
    der: [u8; LENGTH],
}

const LENGTH: usize = 69;

/// `SEQUENCE`, version 1, and the beginning of the imprint: SHA-256, and 32 bytes.
const BEGINNING: [u8; 24] = [
    0x30, 67, 2, 1, 1, 0x30, 49, 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 32,
];
/// `certReq` is true.
const END: [u8; 3] = [1, 1, 0xff];

/// `PKIStatus`: granted, and granted with modifications.
const GRANTED: [u8; 2] = [0, 1];

/// The longest text of an authority that an error shows, in characters.
const MAX_TEXT: usize = 200;

impl TimestampRequest {
    /// A request for a timestamp of the signature value (ETSI TS 119 182-1 §5.3.4), with SHA-256 and
    /// with the authority's certificate in the token.
    ///
    /// `nonce` are random bytes of this request only. They bind the answer to the request.
    pub fn new(signature: &Serialization, nonce: [u8; 8]) -> Self {
        let imprint: [u8; 32] = Sha256::digest(signature.signature_text()).into();
        let mut nonce = nonce;
        // A positive INTEGER of always the same length. 62 random bits remain.
        nonce[0] = nonce[0] & 0x7f | 0x40;
        let mut der = [0; LENGTH];
        let parts: [&[u8]; 5] = [&BEGINNING, &imprint, &[2, 8], &nonce, &END];
        let bytes = parts.into_iter().flatten();
        der.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Self { der }
    }

    /// The request, DER: the body of a POST with the content type `application/timestamp-query`.
    pub const fn der(&self) -> &[u8] {
        &self.der
    }

    fn imprint(&self) -> &[u8] {
        &self.der[24..56]
    }

    fn nonce(&self) -> &[u8] {
        &self.der[58..66]
    }

    /// Reads the authority's answer (`application/timestamp-reply`), and returns the token if it
    /// answers this request. The signature of the token is not verified here:
    /// [`verify_timestamp`](crate::verify_timestamp()) does that.
    ///
    /// # Errors
    /// [`TimestampError`]: the authority refused, or the token is malformed, is of another signature
    /// or request, or does not have the authority's certificate.
    pub fn read_response(&self, response: &[u8]) -> Result<Vec<u8>, TimestampError> {
        if response.len() > MAX_TOKEN {
            return Err(TimestampError::MalformedResponse);
        }
        let (status, text, token) =
            read(response).map_err(|_| TimestampError::MalformedResponse)?;
        if !GRANTED.contains(&status) {
            return Err(TimestampError::Refused { status, text });
        }
        let der = token.ok_or(TimestampError::MalformedResponse)?;
        let token = Token::read(der)?;
        if token.info.hash != Hash::Sha256 || token.info.imprint != self.imprint() {
            return Err(TimestampError::Imprint);
        }
        if token.info.nonce != Some(self.nonce()) {
            return Err(TimestampError::Nonce);
        }
        let (hash, digest) = token.signer.certificate;
        let signer = |certificate: &&[u8]| hash.digest(certificate) == digest;
        match token.certificates.iter().any(signer) {
            true => Ok(der.into()),
            false => Err(TimestampError::NoCertificate),
        }
    }
}

type Answer<'a> = (u8, String, Option<&'a [u8]>);

/// Reads `TimeStampResp`.
fn read(response: &[u8]) -> Result<Answer<'_>, TimestampError> {
    let mut reader = SliceReader::new(response)?;
    let answer = reader.sequence(|response| {
        let (status, text) = response.sequence(|info| {
            let status = u8::decode(info)?;
            let mut text = String::new();
            if next_is(info, Tag::Sequence)? {
                info.sequence(|texts| {
                    while !texts.is_finished() {
                        let part = Utf8StringRef::decode(texts)?;
                        append(&mut text, part.as_str());
                    }
                    Ok::<_, TimestampError>(())
                })?;
            }
            // Flags that explain the status.
            if next_is(info, Tag::BitString)? {
                info.tlv_bytes()?;
            }
            Ok::<_, TimestampError>((status, text))
        })?;
        let token = match response.is_finished() {
            true => None,
            false => Some(response.tlv_bytes()?),
        };
        Ok::<_, TimestampError>((status, text, token))
    })?;
    reader.finish()?;
    Ok(answer)
}

/// Appends what a terminal can show.
fn append(text: &mut String, part: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    let left = MAX_TEXT.saturating_sub(text.chars().count());
    text.extend(part.chars().filter(|c| !c.is_control()).take(left));
}
