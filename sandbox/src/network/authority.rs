//! The certificate authority of a sandbox: made once, kept in a folder, and installed by
//! hand on the phones that are to trust it (RFC 5280).
//!
//! | file | what it holds |
//! |---|---|
//! | `authority.pem` | the key and its certificate, for nobody else to read |
//! | `ca.pem` | the certificate alone, for `curl --cacert` and the like |
//!
//! Both halves are one file, written aside and renamed, so that a crash leaves a whole
//! authority or none.

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

/// How long an authority is valid. Long enough that a phone is set up only once.
const LIFETIME: Duration = Duration::from_secs(10 * 365 * DAY);

/// The seconds in a day.
pub(super) const DAY: u64 = 24 * 60 * 60;

/// What a client trusts, and what signs for the sandbox.
pub(crate) struct Authority {
    /// What a phone lists it as.
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
    /// The authority in this folder, which is made where there is none. Its certificate
    /// vouches for these names.
    ///
    /// # Errors
    /// Which file could not be written or used, and what to do about it.
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

    /// Reads an authority. This does not check that the key and the certificate belong together.
    /// The check comes later, when the certificate of this start is verified as a client does it.
    fn read(folder: &Path, file: &Path, whole: &[u8]) -> Result<Self, TlsError> {
        let broken = || unusable(file, "it is not a key and its certificate");
        let key = PrivateKeyDer::from_pem_slice(whole).map_err(|_| broken())?;
        let key = KeyPair::try_from(&key).map_err(|_| broken())?;
        let certificate = CertificateDer::from_pem_slice(whole).map_err(|_| broken())?;
        let pem = encode_string("CERTIFICATE", LineEnding::LF, &certificate);
        let pem = pem.map_err(|_| broken())?;
        // For people and programs; the sandbox itself does not read it.
        let copy = folder.join("ca.pem");
        if fs::read(&copy).ok().as_deref() != Some(pem.as_bytes()) {
            let written = aside(folder, pem.as_bytes())
                .and_then(|aside| aside.persist(&copy).map_err(|error| error.error));
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

    /// What signs for the sandbox.
    pub(crate) fn issuer(&self) -> &Issuer<'static, KeyPair> {
        &self.issuer
    }
}

/// Makes an authority. Another sandbox may do the same at this moment: the first wins.
fn make(folder: &Path, file: &Path, names: &Names, now: SystemTime) -> Result<(), TlsError> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.recursive(true).create(folder);
    made.map_err(|error| system(folder, &error))?;
    let whole = generate(names, now).map_err(|error| failed(file, &error))?;
    let written = aside(folder, whole.as_bytes())
        .and_then(|aside| aside.persist_noclobber(file).map_err(|error| error.error));
    match written {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(system(file, &error)),
        _ => Ok(()),
    }
}

/// A key and its certificate, as text.
fn generate(names: &Names, now: SystemTime) -> Result<String, String> {
    let key = KeyPair::generate().map_err(|error| error.to_string())?;
    let mut params = CertificateParams::default();
    params.distinguished_name = subject(&name(&key));
    // A phone's clock may be behind.
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since(now - Duration::from_secs(DAY));
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since(now + LIFETIME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    // Who steals the key can play a sandbox to the phones that trust it, and no bank.
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

/// What an authority that is made for these names may vouch for (RFC 5280 section
/// 4.2.1.10).
fn permitted(names: &Names) -> Vec<GeneralSubtree> {
    let network = |(ip, prefix): (IpAddr, u8)| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix))
    };
    let one = |ip: IpAddr| network((ip, if ip.is_ipv4() { 32 } else { 128 }));
    let mut all = vec![
        GeneralSubtree::DnsName("localhost".into()),
        // Names of machines on a network without a name server (RFC 6762).
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

/// What a phone lists an authority as. Made of its key, so that two can be told apart.
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

/// Whole seconds since 1970, which is what certificates have.
pub(super) fn since(time: SystemTime) -> Duration {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_secs(since.as_secs())
}

/// A file with a name to come, so that whoever looks finds all of it or nothing. It begins
/// its life with nobody else allowed to read it.
fn aside(folder: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let mut aside = tempfile::NamedTempFile::new_in(folder)?;
    aside.write_all(bytes)?;
    aside.as_file().sync_all()?;
    Ok(aside)
}

/// Whether nobody else can read this file.
fn private(file: &Path) -> Result<(), TlsError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let there = fs::metadata(file).map_err(|error| system(file, &error))?;
        if there.permissions().mode() & 0o077 != 0 {
            return Err(unusable(
                file,
                "others could read its key (chmod 600 if none did)",
            ));
        }
    }
    Ok(())
}

fn system(file: &Path, error: &io::Error) -> TlsError {
    failed(file, &format!("{error}; mend it, or name another folder"))
}

/// For what cannot be mended.
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
