//! TLS for phones: a certificate authority that people install on their phones, and a server
//! certificate that it signs at each start.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{RootCertStore, ServerConfig};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Host;

use super::TlsError;
use crate::network::addresses::Names;
use crate::network::authority::{Authority, DAY, since, unusable};

/// The validity of a server certificate, which begins a day before now. Apple accepts 825 days
/// from a manually installed authority, and recommends 397 for all others.
const LIFETIME: Duration = Duration::from_secs(397 * DAY);

/// The folder of the sandbox's certificate authority.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("required" = ["folder"]))]
pub struct Tls {
    /// The folder; the sandbox creates it if necessary. In a configuration file, the path is
    /// relative to the folder of the file. The authority's key can sign only for this machine,
    /// private networks and the host of `public_url`.
    // `Config::check` reports a missing value, together with all other mistakes.
    #[serde(default)]
    pub folder: PathBuf,
}

/// The authority and the server configuration of a sandbox with TLS.
pub(crate) struct TlsServer {
    pub(crate) authority: Authority,
    pub(crate) config: Arc<ServerConfig>,
}

impl fmt::Debug for TlsServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsServer")
            .field("authority", &self.authority.name)
            .finish_non_exhaustive()
    }
}

impl Tls {
    /// Opens the authority, and signs a server certificate for these names. The times come from
    /// the machine's clock, as on phones, and not from the sandbox's clock.
    pub(crate) fn serve(&self, names: &Names) -> Result<TlsServer, TlsError> {
        let now = SystemTime::now();
        let authority = Authority::open(&self.folder, names, now)?;
        let made = leaf(&authority, names, now).and_then(|(leaf, key)| {
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            verify(&authority, &leaf, &provider)?;
            config(leaf, key, provider)
        });
        // Without `verify`, these mistakes would fail on the phone, with a worse error.
        let config = made.map_err(|why| {
            let why = format!(
                "the authority cannot sign for this sandbox: it was made for other names, or its key does not match its certificate ({why})"
            );
            unusable(&self.folder.join("authority.pem"), &why)
        })?;
        Ok(TlsServer { authority, config })
    }
}

/// A new key, and a certificate for it with these names.
fn leaf(
    authority: &Authority,
    names: &Names,
    now: SystemTime,
) -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), String> {
    let key = KeyPair::generate().map_err(|error| error.to_string())?;
    let mut params = CertificateParams::new(["localhost".to_owned()].to_vec())
        .map_err(|error| error.to_string())?;
    let addresses = names.addresses().into_iter().map(SanType::IpAddress);
    params.subject_alt_names.extend(addresses);
    let public = match names.public_host() {
        Some(Host::Domain(name)) => Some(SanType::DnsName(
            name.try_into()
                .map_err(|error: rcgen::Error| error.to_string())?,
        )),
        Some(Host::Ipv4(ip)) => Some(SanType::IpAddress(ip.into())),
        Some(Host::Ipv6(ip)) => Some(SanType::IpAddress(ip.into())),
        None => None,
    };
    if let Some(public) = public
        && !params.subject_alt_names.contains(&public)
    {
        params.subject_alt_names.push(public);
    }
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "Switchback sandbox");
    let from = now - Duration::from_secs(DAY);
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since(from);
    let to = from + LIFETIME;
    params.not_after = rcgen::date_time_ymd(1970, 1, 1) + since(to);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let leaf = params
        .signed_by(&key, authority.issuer())
        .map_err(|error| error.to_string())?;
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    Ok((leaf.into(), key.into()))
}

/// Checks the certificate as a client that trusts the authority does: the signature, and the
/// names for which the authority may sign.
fn verify(
    authority: &Authority,
    leaf: &CertificateDer<'_>,
    provider: &Arc<CryptoProvider>,
) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    let added = roots.add(authority.certificate.clone());
    added.map_err(|error| error.to_string())?;
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| error.to_string())?;
    let name = ServerName::try_from("localhost").map_err(|error| error.to_string())?;
    verifier
        .verify_server_cert(leaf, &[], &name, &[], UnixTime::now())
        .map_err(|error| error.to_string())?;
    Ok(())
}

fn config(
    leaf: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<ServerConfig>, String> {
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(vec![leaf], key)
        });
    let mut config = config.map_err(|error| error.to_string())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use x509_cert::Certificate;
    use x509_cert::der::Decode as _;

    use super::*;
    use crate::network::addresses as names;

    fn names(listen: &str, url: Option<&str>) -> Names {
        let url = url.map(|url| names::public(url).unwrap());
        Names::new(listen.parse().unwrap(), true, url)
    }

    fn folder() -> (tempfile::TempDir, Tls) {
        let folder = tempfile::tempdir().unwrap();
        let tls = Tls {
            folder: folder.path().join("a/b"),
        };
        (folder, tls)
    }

    #[test]
    fn an_authority_is_made_once_with_private_files() {
        let (_folder, tls) = folder();
        let names = names("127.0.0.1:81", None);
        let first = tls.serve(&names).unwrap();
        let second = tls.serve(&names).unwrap();
        assert_eq!(first.authority.certificate, second.authority.certificate);
        assert_eq!(
            fs::read_to_string(&second.authority.file).unwrap(),
            second.authority.pem
        );
        assert!(!second.authority.pem.contains("PRIVATE"));
        // No temporary file remains.
        assert_eq!(fs::read_dir(&tls.folder).unwrap().count(), 2);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            let key = tls.folder.join("authority.pem");
            assert_eq!((mode(&tls.folder), mode(&key)), (0o700, 0o600));
            fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
            let error = tls.serve(&names).unwrap_err().to_string();
            assert!(error.contains("other users could read"), "{error}");
        }
    }

    #[test]
    fn concurrent_starts_use_the_same_authority() {
        let (_folder, tls) = folder();
        let names = names("127.0.0.1:81", None);
        let served = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| tls.serve(&names).unwrap().authority.certificate))
                .collect();
            all.into_iter()
                .map(|thread| thread.join().unwrap())
                .collect::<Vec<_>>()
        });
        assert!(served.iter().all(|certificate| *certificate == served[0]));
    }

    #[test]
    fn an_unusable_authority_is_reported_and_not_replaced() {
        let (_folder, tls) = folder();
        let own = names("127.0.0.1:81", None);
        tls.serve(&own).unwrap();
        let file = tls.folder.join("authority.pem");
        let good = fs::read_to_string(&file).unwrap();
        let at = good.find("-----BEGIN CERTIFICATE").unwrap();

        let (_other, other) = folder();
        other.serve(&own).unwrap();
        let foreign = fs::read_to_string(other.folder.join("authority.pem")).unwrap();
        let foreign = &foreign[foreign.find("-----BEGIN CERTIFICATE").unwrap()..];
        for (bad, part) in [
            (String::new(), "not a key and its certificate"),
            (good[..at].to_owned(), "not a key and its certificate"),
            (good[at..].to_owned(), "not a key and its certificate"),
            (good[..at].to_owned() + foreign, "does not match"),
        ] {
            fs::write(&file, &bad).unwrap();
            let error = tls.serve(&own).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
            assert!(error.contains("authority.pem") && error.contains("remove this file"));
            assert_eq!(
                fs::read_to_string(&file).unwrap(),
                bad,
                "the sandbox replaced the file"
            );
        }

        fs::write(&file, &good).unwrap();
        tls.serve(&own).unwrap();
    }

    #[test]
    fn an_authority_signs_only_for_its_names() {
        let (_folder, tls) = folder();
        tls.serve(&names("127.0.0.1:81", Some("https://one.example")))
            .unwrap();
        for (listen, url) in [
            ("127.0.0.1:81", Some("https://a.one.example")),
            ("192.168.1.7:81", Some("https://my-mac.local:81")),
            ("[fd00::7]:81", None),
            ("0.0.0.0:81", None),
            ("[::]:81", None),
        ] {
            tls.serve(&names(listen, url)).unwrap();
        }
        for (listen, url) in [
            ("127.0.0.1:81", Some("https://two.example")),
            ("127.0.0.1:81", Some("https://one.example.evil.example")),
            ("127.0.0.1:81", Some("https://192.0.2.7")),
            ("192.0.2.7:81", None),
            ("[2001:db8::1]:81", None),
        ] {
            let error = tls.serve(&names(listen, url)).unwrap_err().to_string();
            assert!(
                error.contains("made for other names") && error.contains("NameConstraint"),
                "{error}"
            );
        }
        // An authority that was made for a public address signs for it.
        let (_folder, tls) = folder();
        tls.serve(&names("192.0.2.7:81", None)).unwrap();
        let (_folder, tls) = folder();
        tls.serve(&names("127.0.0.1:81", Some("https://[2001:db8::1]")))
            .unwrap();
    }

    #[test]
    fn certificates_are_valid_no_longer_than_phones_accept() {
        let (_folder, tls) = folder();
        let names = names("127.0.0.1:81", None);
        let now = SystemTime::now();
        let authority = Authority::open(&tls.folder, &names, now).unwrap();
        let days = |der: &[u8]| {
            let parsed = Certificate::from_der(der).unwrap();
            let validity = parsed.tbs_certificate().validity();
            let (from, to) = (validity.not_before, validity.not_after);
            (to.to_unix_duration() - from.to_unix_duration()).as_secs() / DAY
        };
        assert_eq!(days(&authority.certificate), 3_651);
        let (one, _) = leaf(&authority, &names, now).unwrap();
        assert_eq!(days(&one), 397);
        let (last, _) = leaf(&authority, &names, now).unwrap();
        assert_ne!(one, last);
    }
}
