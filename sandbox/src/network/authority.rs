//! The certificate authority of a sandbox: made once, stored in a folder, and installed manually
//! on the phones that have to trust it (RFC 5280).
//!
//! | file | content |
//! |---|---|
//! | `authority.pem` | the private key and the certificate, readable only by the owner |
//! | `ca.pem` | only the certificate, for example for `curl --cacert` |
//!
//! Key and certificate are in one file, which is written to a temporary file and renamed. So a
//! crash leaves a complete authority or none.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, GeneralSubtree,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest as _, Sha256};
use url::Host;
use x509_cert::der::pem::{LineEnding, encode_string};

use super::TlsError;
use crate::network::addresses::{Names, PRIVATE, is_private};

/// The validity of an authority: long enough that people install it on a phone only once.
const LIFETIME: Duration = Duration::from_secs(10 * 365 * DAY);

/// The seconds in a day.
pub(super) const DAY: u64 = 24 * 60 * 60;

/// A certificate authority, with its key.
pub(crate) struct Authority {
    /// The name in a phone's list of certificates.
    pub(crate) name: String,
    /// The certificate.
    pub(crate) certificate: CertificateDer<'static>,
    /// The certificate as text (RFC 7468).
    pub(crate) pem: String,
    /// The file with the certificate.
    pub(crate) file: PathBuf,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// The authority in this folder. If there is none, makes one that may sign for these names.
    ///
    /// # Errors
    /// A file cannot be read, written or used.
    pub(crate) fn open(folder: &Path, names: &Names, now: SystemTime) -> Result<Self, TlsError> {
        let file = folder.join("authority.pem");
        let whole = match fs::read(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(folder, &file, names, now)?;
                fs::read(&file)
            }
            read => read,
        };
        let whole = whole.map_err(|error| system(&file, &error))?;
        private(&file)?;
        Authority::read(folder, &file, &whole)
    }

    /// Reads an authority. This does not check that the key and the certificate belong together:
    /// `tls::verify` does that with the server certificate.
    fn read(folder: &Path, file: &Path, whole: &[u8]) -> Result<Self, TlsError> {
        let broken = || unusable(file, "it is not a key and its certificate");
        let key = PrivateKeyDer::from_pem_slice(whole).map_err(|_| broken())?;
        let key = KeyPair::try_from(&key).map_err(|_| broken())?;
        let certificate = CertificateDer::from_pem_slice(whole).map_err(|_| broken())?;
        let pem = encode_string("CERTIFICATE", LineEnding::LF, &certificate);
        let pem = pem.map_err(|_| broken())?;
        // A copy for people and programs; the sandbox itself does not read it.
        let copy = folder.join("ca.pem");
        if fs::read(&copy).ok().as_deref() != Some(pem.as_bytes()) {
            let written = temporary(folder, pem.as_bytes())
                .and_then(|file| file.persist(&copy).map_err(|error| error.error));
            written.map_err(|error| system(&copy, &error))?;
        }
        let mut params = CertificateParams::default();
        let name = name(&key);
        params.distinguished_name = subject(&name);
        Ok(Authority {
            name,
            certificate,
            pem,
            file: copy,
            issuer: Issuer::new(params, key),
        })
    }

    /// The issuer, which signs server certificates.
    pub(crate) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }
}

/// Makes an authority. If another sandbox makes one at the same time, the first one stays.
fn make(folder: &Path, file: &Path, names: &Names, now: SystemTime) -> Result<(), TlsError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.recursive(true).create(folder);
    made.map_err(|error| system(folder, &error))?;
    let whole = generate(names, now).map_err(|error| failed(file, &error))?;
    let written = temporary(folder, whole.as_bytes())
        .and_then(|new| new.persist_noclobber(file).map_err(|error| error.error));
    match written {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(system(file, &error)),
        _ => Ok(()),
    }
}

/// A new key and its certificate, in PEM.
fn generate(names: &Names, now: SystemTime) -> Result<String, String> {
    let key = KeyPair::generate().map_err(|error| error.to_string())?;
    let mut params = CertificateParams::default();
    params.distinguished_name = subject(&name(&key));
    // The clock of a phone can be slow.
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since(now - Duration::from_secs(DAY));
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since(now + LIFETIME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    // With a stolen key, an attacker can imitate a sandbox, but no other server.
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted(names),
        excluded_subtrees: Vec::new(),
    });
    let certificate = params
        .self_signed(&key)
        .map_err(|error| error.to_string())?;
    let text = |label, der: &[u8]| {
        encode_string(label, LineEnding::LF, der).map_err(|error| error.to_string())
    };
    Ok(text("PRIVATE KEY", key.serialized_der())? + &text("CERTIFICATE", certificate.der())?)
}

/// The names for which the authority may sign (RFC 5280 section 4.2.1.10).
fn permitted(names: &Names) -> Vec<GeneralSubtree> {
    let network = |(ip, prefix): (IpAddr, u8)| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix))
    };
    let one = |ip: IpAddr| network((ip, if ip.is_ipv4() { 32 } else { 128 }));
    let mut all = vec![
        GeneralSubtree::DnsName("localhost".into()),
        // Multicast DNS (RFC 6762).
        GeneralSubtree::DnsName("local".into()),
    ];
    all.extend(PRIVATE.map(network));
    let listen = names.listen().ip();
    if !listen.is_unspecified() && !is_private(listen) {
        all.push(one(listen));
    }
    match names.public_host() {
        Some(Host::Domain(name)) => all.push(GeneralSubtree::DnsName(name.into())),
        Some(Host::Ipv4(ip)) => all.push(one(ip.into())),
        Some(Host::Ipv6(ip)) => all.push(one(ip.into())),
        None => {}
    }
    all
}

/// The name of an authority. It contains a part of the key's hash, so that two authorities have
/// different names.
fn name(key: &KeyPair) -> String {
    let digest = Sha256::digest(rcgen::PublicKeyData::subject_public_key_info(key));
    let short: String = digest[..4].iter().map(|b| format!("{b:02x}")).collect();
    format!("Switchback sandbox {short}")
}

fn subject(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    subject
}

/// The time since 1970 in whole seconds, as in certificates.
pub(super) fn since(time: SystemTime) -> Duration {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_secs(since.as_secs())
}

/// A temporary file, to be renamed when it is complete. From the start, only its owner can read
/// it.
fn temporary(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Checks that only the owner can read this file.
fn private(file: &Path) -> Result<(), TlsError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(file).map_err(|error| system(file, &error))?;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(unusable(
                file,
                "other users could read its key (if none did, chmod 600 is enough)",
            ));
        }
    }
    Ok(())
}

fn system(file: &Path, error: &io::Error) -> TlsError {
    failed(
        file,
        &format!("{error}; correct this, or set another folder"),
    )
}

/// The error for a file that has to be replaced.
pub(super) fn unusable(file: &Path, why: &str) -> TlsError {
    failed(
        file,
        &format!(
            "{why}; remove this file, start again, and install the new certificate on the phones"
        ),
    )
}

fn failed(file: &Path, reason: &str) -> TlsError {
    TlsError {
        file: file.into(),
        reason: reason.into(),
    }
}
