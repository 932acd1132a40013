//! A test authority with the forms of the real one: a root, an intermediate certificate with a CRL
//! distribution point, and a certificate that is used for one signature.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CrlIssuingDistributionPoint, CustomExtension, DnType, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, PublicKeyData, RevokedCertParams, SerialNumber, SignatureAlgorithm,
};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

/// The purpose of a timestamp authority's key (RFC 3161 §2.3).
pub(crate) const TIME_STAMPING: u8 = 8;
const CRL_URL: &str = "http://pki.example.com/crl/root.crl";

/// A P-256 key that depends on its name only. Its signature values do not depend on random numbers
/// (RFC 6979).
#[derive(Clone)]
pub(crate) struct Key {
    secret: SigningKey,
    public: Vec<u8>,
}

impl Key {
    pub(crate) fn new(name: &str) -> Self {
        let secret = SigningKey::from_slice(&Sha256::digest(name)).unwrap();
        let public = secret
            .verifying_key()
            .to_sec1_point(false)
            .as_bytes()
            .to_vec();
        Self { secret, public }
    }

    /// r and s.
    pub(crate) fn sign_jws(&self, input: &str) -> Vec<u8> {
        let signature: Signature = self.secret.sign(input.as_bytes());
        signature.to_bytes().to_vec()
    }

    /// The public key (RFC 7517).
    pub(crate) fn jwk(&self) -> serde_json::Value {
        let (x, y) = self.public[1..].split_at(32);
        serde_json::json!({"kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y)})
    }

    pub(crate) fn sign_asn1(&self, input: &[u8]) -> Vec<u8> {
        let signature: Signature = self.secret.sign(input);
        signature.to_der().as_bytes().to_vec()
    }
}

impl PublicKeyData for Key {
    fn der_bytes(&self) -> &[u8] {
        &self.public
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_ECDSA_P256_SHA256
    }
}

impl rcgen::SigningKey for Key {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.sign_asn1(message))
    }
}

/// A certificate that is made, and the key of its subject.
pub(crate) struct Made {
    pub(crate) params: CertificateParams,
    pub(crate) key: Key,
}

impl Made {
    fn new(name: &str, from: &str, days: i64) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = at(from);
        params.not_after = params.not_before + time::Duration::days(days);
        params.use_authority_key_identifier_extension = true;
        let key = Key::new(name);
        let digest = Sha256::digest(key.der_bytes());
        params.serial_number = Some(SerialNumber::from(digest[..6].to_vec()));
        params.key_identifier_method = KeyIdMethod::PreSpecified(digest[..20].to_vec());
        Self { params, key }
    }

    pub(crate) fn authority(name: &str, path_length: u8) -> Self {
        let mut made = Self::new(name, "2025-01-01T00:00:00Z", 3650);
        let organization = "Example Authority";
        made.params
            .distinguished_name
            .push(DnType::OrganizationName, organization);
        made.params.is_ca = IsCa::Ca(BasicConstraints::Constrained(path_length));
        made.params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        made
    }

    pub(crate) fn root() -> Self {
        Self::authority("Example Root CA v1", 1)
    }

    pub(crate) fn intermediate() -> Self {
        let mut made = Self::authority("Example Intermediate CA v1", 0);
        made.params.crl_distribution_points = vec![CrlDistributionPoint {
            uris: vec![CRL_URL.to_owned()],
        }];
        made
    }

    pub(crate) fn timestamp_root() -> Self {
        Self::authority("Example Timestamp Root CA v1", 0)
    }

    /// The certificate of a timestamp authority (RFC 3161 §2.3).
    pub(crate) fn timestamp_authority() -> Self {
        let name = "Example Timestamp Authority v1";
        let mut made = Self::new(name, "2025-01-01T00:00:00Z", 3650);
        made.params.is_ca = IsCa::ExplicitNoCa;
        made.params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        made.purposes(&[TIME_STAMPING], true);
        made
    }

    /// Sets the purposes of the key: the last numbers of their identifiers.
    pub(crate) fn purposes(&mut self, purposes: &[u8], critical: bool) {
        let content = purposes.iter().flat_map(|purpose| {
            // id-kp, 1.3.6.1.5.5.7.3
            [6, 8, 0x2b, 6, 1, 5, 5, 7, 3, *purpose]
        });
        let content: Vec<u8> = content.collect();
        let length = u8::try_from(content.len()).unwrap();
        let der = [&[0x30, length], &content[..]].concat();
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], der);
        extension.set_criticality(critical);
        self.params.custom_extensions = vec![extension];
    }

    /// The certificate of a person.
    pub(crate) fn leaf() -> Self {
        let mut made = Self::new(
            "ppid=0b8f4a4e-3c1d-4b52-9d5a-6f1f6f2b7c11",
            "2026-03-01T09:00:00Z",
            30,
        );
        made.params.is_ca = IsCa::ExplicitNoCa;
        made.params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::ContentCommitment,
        ];
        made
    }

    pub(crate) fn signed_by(&self, issuer: &Self) -> Vec<u8> {
        let issuer = Issuer::from_params(&issuer.params, &issuer.key);
        let certificate = self.params.signed_by(&self.key, &issuer).unwrap();
        certificate.der().to_vec()
    }

    pub(crate) fn self_signed(&self) -> Vec<u8> {
        self.signed_by(self)
    }

    /// A list of this authority that revokes these certificates at this time.
    pub(crate) fn crl(&self, from: &str, revoked: &[(&Self, &str)]) -> Vec<u8> {
        let revoked = revoked.iter().map(|(made, time)| RevokedCertParams {
            serial_number: made.params.serial_number.clone().unwrap(),
            revocation_time: at(time),
            reason_code: None,
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: at(from),
            next_update: at(from) + time::Duration::days(7),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None::<CrlIssuingDistributionPoint>,
            revoked_certs: revoked.collect(),
            key_identifier_method: self.params.key_identifier_method.clone(),
        };
        let issuer = Issuer::from_params(&self.params, &self.key);
        params.signed_by(&issuer).unwrap().der().to_vec()
    }
}

/// A time as text, in UTC.
pub(crate) fn at(text: &str) -> OffsetDateTime {
    let number = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap();
    let small = |from: usize| number(from..from + 2) as u8;
    let month = time::Month::try_from(small(5)).unwrap();
    let date = time::Date::from_calendar_date(i32::from(number(0..4)), month, small(8)).unwrap();
    let clock = time::Time::from_hms(small(11), small(14), small(17)).unwrap();
    date.with_time(clock).assume_utc()
}

pub(crate) fn seconds(text: &str) -> i64 {
    at(text).unix_timestamp()
}

pub(crate) fn base64(der: &[u8]) -> String {
    STANDARD.encode(der)
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
