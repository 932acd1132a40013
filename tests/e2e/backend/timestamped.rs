//! A service timestamps signatures at `openssl ts`, a timestamp authority that others wrote.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use switchback_backend::signature::Anchors;
use switchback_backend::{Service, Timestamps};
use tempfile::TempDir;

use super::signing::{asked, prepared, status};
use super::support::{API_KEY, BackendFixture, Node};

/// `URL` is the address of the authority.
const CONFIGURATION: &str = "\
[req]
distinguished_name = name
[name]
[root-certificate]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[authority]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
crlDistributionPoints = URI:URL/root.crl
[ca]
default_ca = root
[root]
database = index
default_md = sha256
default_crl_days = 7
crlnumber = crlnumber
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
[tsa]
default_tsa = here
[here]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
ess_cert_id_alg = sha256
";

/// The authority, on loopback.
struct Authority {
    folder: TempDir,
    url: String,
    is_down: Arc<AtomicBool>,
    requests: Arc<AtomicU32>,
}

impl Authority {
    /// `None`: the tests do not run with openssl.
    async fn start() -> Option<Self> {
        std::env::var_os("SWITCHBACK_TEST_CURL")?;
        let folder = tempfile::tempdir().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let path = folder.path().to_owned();
        let configuration = CONFIGURATION.replace("URL", &url);
        for (name, content) in [("cnf", &*configuration), ("index", ""), ("crlnumber", "01")] {
            std::fs::write(path.join(name), content).unwrap();
        }
        for args in [
            "req -x509 -config cnf -extensions root-certificate -newkey ec \
             -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 3650 \
             -subj /CN=root",
            "req -new -config cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
             -keyout authority.key -out authority.csr -subj /CN=authority",
            "x509 -req -in authority.csr -CA root.pem -CAkey root.key -CAcreateserial \
             -extfile cnf -extensions authority -days 365 -out authority.pem",
            "ca -gencrl -config cnf -cert root.pem -keyfile root.key -out root.crl",
        ] {
            openssl(&path, args);
        }
        let is_down = Arc::new(AtomicBool::new(false));
        let requests = Arc::new(AtomicU32::new(0));
        let (down, count) = (Arc::clone(&is_down), Arc::clone(&requests));
        let list = std::fs::read(path.join("root.crl")).unwrap();
        let reply = move |query: Bytes| async move {
            count.fetch_add(1, Ordering::SeqCst);
            if down.load(Ordering::SeqCst) {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
            std::fs::write(path.join("query"), query).unwrap();
            openssl(
                &path,
                "ts -reply -config cnf -queryfile query -signer authority.pem \
                 -inkey authority.key -out reply",
            );
            let content_type = [(header::CONTENT_TYPE, "application/timestamp-reply")];
            (content_type, std::fs::read(path.join("reply")).unwrap()).into_response()
        };
        let router = Router::new()
            .route("/", post(reply))
            .route("/root.crl", get(async || list));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Some(Self {
            folder,
            url,
            is_down,
            requests,
        })
    }

    /// A node that timestamps signatures here.
    async fn node(&self, fixture: &BackendFixture) -> Node {
        let root = std::fs::read(self.folder.path().join("root.pem")).unwrap();
        let roots = Anchors::read(&root).unwrap();
        let mut config = fixture.signing_config().await;
        let timestamps = Timestamps::new(format!("{}/", self.url), roots);
        config.signing.as_mut().unwrap().timestamps = Some(timestamps);
        let service = Service::new(config, fixture.platform()).unwrap();
        Node::with_api_keys(service, API_KEY)
    }
}

fn openssl(folder: &Path, args: &str) {
    let output = Command::new("openssl")
        .args(args.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args}: {output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_gets_a_timestamp_at_completion() {
    let Some(authority) = Authority::start().await else {
        return;
    };
    let fixture = BackendFixture::new().await;
    let node = authority.node(&fixture).await;
    let id = prepared(&node, &asked()).await;
    fixture.sign(&node, &id).await;
    let signed = status(&node, &id).await;
    assert_eq!(signed["status"], "signed");
    assert_eq!(signed["report"]["summary"]["level"], "B-T", "{signed:#}");
    let json = &signed["signature_json"];
    assert!(json["header"]["etsiU"].is_array(), "{json}");
    let compact = signed["signature"].as_str().unwrap();
    assert!(compact.starts_with(json["protected"].as_str().unwrap()));
    assert_eq!(authority.requests.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timestamp_comes_later_if_the_authority_is_down() {
    let Some(authority) = Authority::start().await else {
        return;
    };
    let fixture = BackendFixture::new().await;
    let node = authority.node(&fixture).await;
    let id = prepared(&node, &asked()).await;
    authority.is_down.store(true, Ordering::SeqCst);
    fixture.sign(&node, &id).await;
    let signed = status(&node, &id).await;
    assert_eq!(signed["status"], "signed");
    assert_eq!(signed["report"]["summary"]["level"], "B-B");
    assert!(signed.get("signature_json").is_none());
    authority.is_down.store(false, Ordering::SeqCst);
    let before = authority.requests.load(Ordering::SeqCst);
    node.service.continue_signings().await.unwrap();
    assert_eq!(authority.requests.load(Ordering::SeqCst), before, "not yet");
    fixture.advance(61);
    node.service.continue_signings().await.unwrap();
    let signed = status(&node, &id).await;
    assert_eq!(signed["report"]["summary"]["level"], "B-T", "{signed:#}");
    assert!(signed["signature_json"].is_object());
    fixture.advance(24 * 3600);
    node.service.continue_signings().await.unwrap();
    assert_eq!(authority.requests.load(Ordering::SeqCst), before + 1);
}
