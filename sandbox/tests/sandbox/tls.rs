//! Tests of TLS with a phone that trusts the authority of the sandbox, and with one that does not.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use switchback_sandbox::{Config, Sandbox, Tls};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::*;

async fn secure(folder: &Path) -> (Sandbox, SocketAddr) {
    let config = Config {
        tls: Some(Tls {
            folder: folder.into(),
        }),
        ..Config::default()
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let address = sandbox.address();
    (sandbox, address)
}

/// A client that trusts only these roots.
fn trusting(roots: &[CertificateDer<'static>]) -> TlsConnector {
    let mut store = RootCertStore::empty();
    for root in roots {
        store.add(root.clone()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(store)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

fn ca(sandbox: &Sandbox) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(sandbox.ca_file().unwrap()).unwrap()
}

async fn connect(
    connector: &TlsConnector,
    to: SocketAddr,
    name: &str,
) -> io::Result<TlsStream<TcpStream>> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    connector.connect(name, TcpStream::connect(to).await?).await
}

/// Sends a request and reads the complete answer.
async fn get(
    stream: &mut TlsStream<TcpStream>,
    path: &str,
    host: &str,
    headers: &str,
) -> (String, Vec<u8>) {
    let request = format!("{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let end = answer.windows(4).position(|at| at == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap(), body)
}

#[tokio::test]
async fn a_phone_with_the_authority_can_connect_to_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, to) = secure(folder.path()).await;
    assert_eq!(sandbox.url(), format!("https://127.0.0.1:{}", to.port()));
    let ca = ca(&sandbox);
    let phone = trusting(std::slice::from_ref(&ca));
    for name in ["127.0.0.1", "localhost", "::1", "10.0.2.2"] {
        let mut stream = connect(&phone, to, name).await.unwrap();
        let host = if name == "::1" { "[::1]" } else { name };
        let (head, body) = get(&mut stream, "GET /sandbox/ca.crt", host, "").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{name}: {head}");
        assert!(head.contains("content-type: application/x-x509-ca-cert"));
        assert_eq!(body, ca.as_ref());
    }
    let mut stream = connect(&phone, to, "localhost").await.unwrap();
    let (head, body) = get(&mut stream, "GET /sandbox/ca.pem", "localhost", "").await;
    assert!(head.contains("content-type: application/x-pem-file"));
    assert_eq!(CertificateDer::from_pem_slice(&body).unwrap(), ca);
    assert!(!String::from_utf8(body).unwrap().contains("PRIVATE"));

    for name in ["127.0.0.2", "example.com"] {
        assert!(connect(&phone, to, name).await.is_err(), "{name}");
    }
    // TLS is not enough: the `Host` header must also be the sandbox's.
    let mut stream = connect(&phone, to, "localhost").await.unwrap();
    let (head, _) = get(&mut stream, "GET /", "evil.example", "").await;
    assert!(head.starts_with("HTTP/1.1 421"), "{head}");
}

#[tokio::test]
async fn a_phone_without_the_authority_cannot_connect() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (sandbox, to) = secure(one.path()).await;
    let (other, _) = secure(two.path()).await;
    let stranger = trusting(&[ca(&other)]);
    let error = connect(&stranger, to, "localhost").await.unwrap_err();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    let friend = trusting(&[ca(&sandbox)]);
    assert!(connect(&friend, to, "localhost").await.is_ok());
}

#[tokio::test]
async fn a_second_start_uses_the_same_authority_and_a_new_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let leaf = async |phone: &TlsConnector, to| {
        let stream = connect(phone, to, "localhost").await.unwrap();
        let chain = stream.get_ref().1.peer_certificates().unwrap();
        assert_eq!(chain.len(), 1);
        chain[0].clone().into_owned()
    };
    let (first, to) = secure(folder.path()).await;
    let phone = trusting(&[ca(&first)]);
    let old = leaf(&phone, to).await;
    first.stop().await;
    let (_second, to) = secure(folder.path()).await;
    assert_ne!(old, leaf(&phone, to).await);
}

#[tokio::test]
async fn a_silent_client_does_not_delay_others() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, to) = secure(folder.path()).await;
    let _silent = TcpStream::connect(to).await.unwrap();
    let mut slow = TcpStream::connect(to).await.unwrap();
    slow.write_all(&[22, 3, 1]).await.unwrap();
    let mut broken = TcpStream::connect(to).await.unwrap();
    broken.write_all(&[0; 64]).await.unwrap();
    let phone = trusting(&[ca(&sandbox)]);
    let mut stream = connect(&phone, to, "localhost").await.unwrap();
    let (head, _) = get(&mut stream, "GET /", "localhost", "").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    sandbox.stop().await;
}

#[tokio::test]
async fn many_silent_clients_delay_others_only_while_connected() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, to) = secure(folder.path()).await;
    let mut silent = Vec::new();
    for _ in 0..64 {
        silent.push(TcpStream::connect(to).await.unwrap());
    }
    let phone = trusting(&[ca(&sandbox)]);
    let waiting = tokio::spawn(async move { connect(&phone, to, "localhost").await });
    drop(silent);
    assert!(waiting.await.unwrap().is_ok());
    sandbox.stop().await;
}

#[tokio::test]
async fn plain_http_gets_a_hint_to_use_https() {
    let folder = tempfile::tempdir().unwrap();
    let (_sandbox, to) = secure(folder.path()).await;
    let answer = send(to, "GET /", &[], "").await;
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("https://"), "{}", answer.body);
    let length = answer.header("content-length").unwrap();
    assert_eq!(length, answer.body.len().to_string());
}

#[tokio::test]
async fn origins_and_links_must_be_https() {
    let folder = tempfile::tempdir().unwrap();
    let (sandbox, to) = secure(folder.path()).await;
    let phone = trusting(&[ca(&sandbox)]);
    let host = format!("localhost:{}", to.port());
    for (scheme, status) in [("https", "200"), ("http", "403")] {
        let mut stream = connect(&phone, to, "localhost").await.unwrap();
        let origin = format!("Origin: {scheme}://{host}\r\nContent-Length: 0\r\n");
        let (head, _) = get(&mut stream, "POST /sandbox/v1/reset", &host, &origin).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{head}");
    }
    // The same holds for links that open the app.
    let link = |base: &str| {
        sandbox
            .app()
            .open(&format!("{base}{}", authorization("idv")))
    };
    assert!(link(&format!("https://{host}")).is_ok());
    assert_eq!(
        link(&format!("http://{host}")).unwrap_err().error,
        "unknown_link"
    );
}
