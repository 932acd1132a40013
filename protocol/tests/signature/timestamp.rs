//! Timestamps of the test authority (RFC 3161): a CMS signed-data (RFC 5652) with a `TSTInfo`.

use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

use crate::authority::{Key, Made, at};

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OID: u8 = 0x06;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0]`, constructed.
const TAG_0: u8 = 0xa0;

// The contents of object identifiers.
pub(crate) const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
pub(crate) const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];
pub(crate) const SHA_512: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3];
const ECDSA_SHA_256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const TST_INFO: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 4];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 3];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4];
const SIGNING_CERTIFICATE_V2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, 47];
const POLICY: &[u8] = &[0x2a, 3, 4, 1];

/// A timestamp before it is signed.
pub(crate) struct Timestamp {
    pub(crate) time: &'static str,
    /// The hash function of the imprint.
    pub(crate) hash: &'static [u8],
    pub(crate) imprint: Vec<u8>,
    pub(crate) root: Made,
    pub(crate) authority: Made,
    /// The key that signs: that of the authority.
    pub(crate) key: Key,
    /// Whether the token has the certificate.
    pub(crate) with_certificate: bool,
    /// Whether the signed attributes name the certificate.
    pub(crate) names_certificate: bool,
    /// A change of what the authority states, after the statement was signed.
    pub(crate) info: fn(Vec<u8>) -> Vec<u8>,
    /// How often the token has the signer.
    pub(crate) signers: usize,
}

impl Timestamp {
    /// A good timestamp of a signature value, which is base64url.
    pub(crate) fn of(value: &str) -> Self {
        Self {
            time: "2026-03-01T09:00:40Z",
            hash: SHA_256,
            imprint: Sha256::digest(value).to_vec(),
            root: Made::timestamp_root(),
            authority: Made::timestamp_authority(),
            key: Made::timestamp_authority().key,
            with_certificate: true,
            names_certificate: true,
            info: |info| info,
            signers: 1,
        }
    }

    /// The authority's certificate, DER.
    pub(crate) fn authority_certificate(&self) -> Vec<u8> {
        self.authority.signed_by(&self.root)
    }

    /// The token, DER.
    pub(crate) fn token(&self) -> Vec<u8> {
        let certificate = self.authority_certificate();
        let info = self.statement();
        let signer = self.signer(&certificate, &info);
        let content = value(OCTET_STRING, &(self.info)(info));
        let content = sequence(&[&value(OID, TST_INFO), &value(TAG_0, &content)]);
        let certificates = match self.with_certificate {
            true => value(TAG_0, &certificate),
            false => Vec::new(),
        };
        let data = sequence(&[
            &value(INTEGER, &[3]),
            &value(SET, &algorithm(SHA_256)),
            &content,
            &certificates,
            &value(SET, &signer.repeat(self.signers)),
        ]);
        sequence(&[&value(OID, SIGNED_DATA), &value(TAG_0, &data)])
    }

    /// `TSTInfo` (RFC 3161 §2.4.2).
    fn statement(&self) -> Vec<u8> {
        let imprint = value(OCTET_STRING, &self.imprint);
        let time: String = self.time.chars().filter(char::is_ascii_digit).collect();
        sequence(&[
            &value(INTEGER, &[1]),
            &value(OID, POLICY),
            &sequence(&[&algorithm(self.hash), &imprint]),
            &value(INTEGER, &[7]),
            &value(GENERALIZED_TIME, format!("{time}Z").as_bytes()),
        ])
    }

    /// `SignerInfo` (RFC 5652 §5.3).
    fn signer(&self, certificate: &[u8], info: &[u8]) -> Vec<u8> {
        let read = Certificate::from_der(certificate).unwrap();
        let named = read.tbs_certificate();
        let issuer = named.issuer().to_der().unwrap();
        let serial = named.serial_number().to_der().unwrap();
        let digest = value(OCTET_STRING, &Sha256::digest(info));
        let thumbprint = value(OCTET_STRING, &Sha256::digest(certificate));
        let names = sequence(&[&sequence(&[&sequence(&[&thumbprint])])]);
        let mut attributes = vec![
            attribute(CONTENT_TYPE, &value(OID, TST_INFO)),
            attribute(MESSAGE_DIGEST, &digest),
        ];
        if self.names_certificate {
            attributes.push(attribute(SIGNING_CERTIFICATE_V2, &names));
        }
        attributes.sort();
        let attributes = attributes.concat();
        // The signature is over the attributes with the tag of a set (§5.4).
        let signature = self.key.sign_asn1(&value(SET, &attributes));
        sequence(&[
            &value(INTEGER, &[1]),
            &sequence(&[&issuer, &serial]),
            &algorithm(SHA_256),
            &value(TAG_0, &attributes),
            &algorithm(ECDSA_SHA_256),
            &value(OCTET_STRING, &signature),
        ])
    }

    /// Ends the authority's certificate at this time.
    pub(crate) fn ends(&mut self, time: &str) {
        self.authority.params.not_after = at(time);
    }
}

fn algorithm(oid: &[u8]) -> Vec<u8> {
    sequence(&[&value(OID, oid)])
}

fn attribute(kind: &[u8], content: &[u8]) -> Vec<u8> {
    sequence(&[&value(OID, kind), &value(SET, content)])
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A value with its tag and its length, which is below 64 KiB.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let mut out = match (high, low) {
        (0, 0..=0x7f) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    out.extend_from_slice(content);
    out
}
