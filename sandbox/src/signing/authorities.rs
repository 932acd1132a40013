//! [`Authorities`]: the certificate authorities of a simulated Truid (RFC 5280). The certificates
//! have the form of those in real signatures.
//!
//! | certificate | for |
//! |---|---|
//! | root | the trust anchor of signatures |
//! | intermediate | issues a leaf for each signature; the only one with a CRL distribution point |
//! | compromised intermediate | the same, but always in the CRL: for a misbehaviour |
//! | leaf | one signature by one person, valid for 30 days |
//! | root of the timestamp authority, and its certificate | timestamps (RFC 3161) |

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CustomExtension, DistinguishedName, DnType, DnValue, Error, IsCa, Issuer, KeyIdMethod,
    KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use x509_cert::der::{Decode, Encode};

use super::der;
use super::key::Key;

/// The path of the certificate revocation list of the root.
pub(crate) const CRL: &str = "/crl/root-ca-v1.crl";

/// The lifetime of a leaf, in seconds: 30 days.
pub(super) const LEAF: i64 = 30 * DAY;
/// The time until the next certificate revocation list, in seconds.
const NEXT_CRL: i64 = DAY;
/// The seconds in a day.
pub(super) const DAY: i64 = 24 * 60 * 60;
/// The latest time in a certificate, in seconds since 1970-01-01: the end of the year 9999.
const LATEST: i64 = 253_402_300_799;
/// The years for which an authority is valid.
const YEARS: i32 = 20;

/// The organization in the names: that of Truid's test certificates ends with `- TEST` as well.
const ORGANIZATION: &str = "Switchback sandbox - TEST";
/// The attribute type `pseudonym` (X.520 section 6.2.10).
const PSEUDONYM: &[u64] = &[2, 5, 4, 65];
/// The extension with the identifier of the issuer's key (RFC 5280 section 4.2.1.1).
const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
/// The extension with the purposes of a key (RFC 5280 section 4.2.1.12).
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
/// The purpose of a timestamp authority's key (RFC 3161 section 2.3).
const TIME_STAMPING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 8];

/// The certificate authorities.
pub(crate) struct Authorities {
    pub(super) root: Issued,
    pub(super) intermediate: Issued,
    /// An intermediate that the certificate revocation list always contains.
    pub(super) compromised: Issued,
    pub(super) timestamp_root: Issued,
    pub(super) timestamp: Issued,
    /// The first second of the authorities, since 1970-01-01.
    since: i64,
}

/// A certificate with its key.
pub(super) struct Issued {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Key,
    /// The serial number: seven bytes, as in Truid's certificates.
    pub(super) serial: [u8; 7],
    /// The name of the issuer in DER.
    pub(super) issuer: Vec<u8>,
    params: CertificateParams,
}

/// The name, the key and the validity of a certificate.
struct Template<'a> {
    /// Names the key; certificates with different labels have different keys.
    label: &'a str,
    number: u64,
    /// The parts of the subject.
    subject: DistinguishedName,
    /// From and to, in seconds since 1970-01-01.
    valid: (i64, i64),
    is_ca: IsCa,
    usages: &'a [KeyUsagePurpose],
}

impl Authorities {
    /// The authorities of this seed, for a clock that shows `now`. They are valid from the first
    /// day of the year before, so every start in a year makes the same certificates. `url` is the
    /// base URL of the certificate revocation list.
    ///
    /// # Errors
    /// A certificate cannot be encoded.
    pub(super) fn make(seed: &[u8; 32], url: &str, now: i64) -> Result<Authorities, Error> {
        let year = moment(now).year();
        let valid = (first_of(year - 1), first_of(year - 1 + YEARS));
        let root = |label, name| {
            Issued::self_signed(
                seed,
                authority(label, name, valid, BasicConstraints::Unconstrained),
            )
        };
        let own = root("root", "TEST - Root CA v1")?;
        let intermediate = |label, name| {
            let template = authority(label, name, valid, BasicConstraints::Constrained(0));
            let crl = CrlDistributionPoint {
                uris: vec![format!("{url}{CRL}")],
            };
            Issued::signed(seed, template, &own, vec![], vec![crl])
        };
        let intermediates = (
            intermediate("intermediate", "TEST - Intermediate CA v1")?,
            intermediate("compromised intermediate", "TEST - Intermediate CA v0")?,
        );
        let timestamp_root = root("timestamp root", "TEST - Timestamp Root CA v1")?;
        let timestamp = Issued::signed(
            seed,
            Template {
                label: "timestamp",
                number: 0,
                subject: named("TEST - Timestamp Authority v1"),
                valid,
                is_ca: IsCa::ExplicitNoCa,
                usages: &[KeyUsagePurpose::DigitalSignature],
            },
            &timestamp_root,
            vec![critical(
                EXTENDED_KEY_USAGE,
                der::sequence(&[&der::oid(TIME_STAMPING)]),
            )],
            vec![],
        )?;
        Ok(Authorities {
            root: own,
            intermediate: intermediates.0,
            compromised: intermediates.1,
            timestamp_root,
            timestamp,
            since: valid.0,
        })
    }

    /// A certificate for one signature by the person with this pairwise identifier, valid for 30
    /// days from `from`, in seconds since 1970-01-01.
    ///
    /// # Errors
    /// The certificate cannot be encoded.
    pub(super) fn leaf(
        issuer: &Issued,
        seed: &[u8; 32],
        number: u64,
        ppid: &str,
        from: i64,
    ) -> Result<Issued, Error> {
        let mut subject = DistinguishedName::new();
        subject.push(DnType::CustomDnType(PSEUDONYM.to_vec()), ppid);
        subject.push(DnType::CommonName, format!("ppid={ppid}"));
        let template = Template {
            label: "leaf",
            number,
            subject,
            valid: (from, from.saturating_add(LEAF)),
            is_ca: IsCa::ExplicitNoCa,
            usages: &[
                KeyUsagePurpose::DigitalSignature,
                KeyUsagePurpose::ContentCommitment,
            ],
        };
        Issued::signed(seed, template, issuer, vec![], vec![])
    }

    /// The certificate revocation list of the root at this time (RFC 5280 section 5). It always
    /// contains the compromised intermediate, and the other one from `revoked` on.
    ///
    /// # Errors
    /// The list cannot be encoded.
    pub(super) fn crl(&self, revoked: Option<i64>, now: i64) -> Result<Vec<u8>, Error> {
        let entry = |issued: &Issued, at, reason| RevokedCertParams {
            serial_number: SerialNumber::from(issued.serial.to_vec()),
            revocation_time: moment(at),
            reason_code: Some(reason),
            invalidity_date: None,
        };
        let mut revoked_certs = vec![entry(
            &self.compromised,
            self.since,
            RevocationReason::KeyCompromise,
        )];
        if let Some(at) = revoked {
            let reason = RevocationReason::CessationOfOperation;
            revoked_certs.push(entry(&self.intermediate, at, reason));
        }
        let now = now.clamp(0, LATEST - NEXT_CRL);
        let params = CertificateRevocationListParams {
            this_update: moment(now),
            next_update: moment(now + NEXT_CRL),
            crl_number: now.unsigned_abs().into(),
            issuing_distribution_point: None,
            revoked_certs,
            key_identifier_method: KeyIdMethod::PreSpecified(self.root.key.id()),
        };
        let list = params.signed_by(&self.root.issuer())?;
        Ok(list.der().to_vec())
    }
}

impl Issued {
    fn self_signed(seed: &[u8; 32], template: Template<'_>) -> Result<Issued, Error> {
        let (key, serial, mut params) = template.prepare(seed);
        // As in Truid's roots: only the identifier of the key.
        params.use_authority_key_identifier_extension = true;
        let certificate = params.self_signed(&key)?.der().to_vec();
        Issued::new(certificate, key, serial, params)
    }

    fn signed(
        seed: &[u8; 32],
        template: Template<'_>,
        issuer: &Issued,
        extensions: Vec<CustomExtension>,
        crl: Vec<CrlDistributionPoint>,
    ) -> Result<Issued, Error> {
        let (key, serial, mut params) = template.prepare(seed);
        params.custom_extensions = vec![issuer.long_key_identifier()];
        params.custom_extensions.extend(extensions);
        params.crl_distribution_points = crl;
        let certificate = params.signed_by(&key, &issuer.issuer())?.der().to_vec();
        Issued::new(certificate, key, serial, params)
    }

    fn new(
        certificate: Vec<u8>,
        key: Key,
        serial: [u8; 7],
        params: CertificateParams,
    ) -> Result<Issued, Error> {
        let read = x509_cert::Certificate::from_der(&certificate);
        let issuer = read.and_then(|read| read.tbs_certificate().issuer().to_der());
        Ok(Issued {
            issuer: issuer.map_err(|_| Error::CouldNotParseCertificate)?,
            certificate,
            key,
            serial,
            params,
        })
    }

    fn issuer(&self) -> Issuer<'_, &Key> {
        Issuer::from_params(&self.params, &self.key)
    }

    /// The identifier of this authority, as in the certificates that it issues: of the key, and
    /// the issuer and the serial number of the authority's own certificate. Truid's have all three.
    fn long_key_identifier(&self) -> CustomExtension {
        // A directoryName is a CHOICE, so its tag is explicit.
        let name = der::value(der::context_constructed(4), &self.issuer);
        let identifier = der::sequence(&[
            &der::value(der::context(0), self.key.id()),
            &der::value(der::context_constructed(1), name),
            &der::value(der::context(2), self.serial),
        ]);
        CustomExtension::from_oid_content(AUTHORITY_KEY_IDENTIFIER, identifier)
    }
}

impl Template<'_> {
    fn prepare(self, seed: &[u8; 32]) -> (Key, [u8; 7], CertificateParams) {
        let key = Key::derive(seed, self.label, self.number);
        let serial = serial(seed, self.label, self.number);
        let mut params = CertificateParams::default();
        params.not_before = moment(self.valid.0);
        params.not_after = moment(self.valid.1);
        params.serial_number = Some(SerialNumber::from(serial.to_vec()));
        params.distinguished_name = self.subject;
        params.is_ca = self.is_ca;
        params.key_usages = self.usages.to_vec();
        params.key_identifier_method = KeyIdMethod::PreSpecified(key.id());
        (key, serial, params)
    }
}

/// An authority: its certificate may sign certificates and revocation lists.
fn authority<'a>(
    label: &'a str,
    name: &str,
    valid: (i64, i64),
    constraints: BasicConstraints,
) -> Template<'a> {
    Template {
        label,
        number: 0,
        subject: named(name),
        valid,
        is_ca: IsCa::Ca(constraints),
        usages: &[
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::ContentCommitment,
            KeyUsagePurpose::KeyCertSign,
            KeyUsagePurpose::CrlSign,
        ],
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    if let Ok(country) = "SE".try_into() {
        subject.push(DnType::CountryName, DnValue::PrintableString(country));
    }
    subject.push(DnType::OrganizationName, ORGANIZATION);
    subject.push(DnType::CommonName, name);
    subject
}

fn critical(oid: &[u64], content: Vec<u8>) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, content);
    extension.set_criticality(true);
    extension
}

/// A serial number of seven bytes. The highest bits are `01`, so it is positive and never shorter.
fn serial(seed: &[u8; 32], label: &str, number: u64) -> [u8; 7] {
    let digest = Sha256::new()
        .chain_update(b"switchback-sandbox serial number\0")
        .chain_update(seed)
        .chain_update(number.to_be_bytes())
        .chain_update(label)
        .finalize();
    let mut serial = [0; 7];
    serial.copy_from_slice(&digest[..7]);
    serial[0] = serial[0] & 0x3f | 0x40;
    serial
}

/// A time, which becomes a time that a certificate can contain.
pub(super) fn moment(seconds: i64) -> OffsetDateTime {
    let seconds = seconds.clamp(0, LATEST).unsigned_abs();
    OffsetDateTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// The first second of a year.
fn first_of(year: i32) -> i64 {
    rcgen::date_time_ymd(year.clamp(1970, 9999), 1, 1).unix_timestamp()
}
