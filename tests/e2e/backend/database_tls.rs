//! PostgreSQL over TLS, with a certificate of the test.

use std::io::Write as _;
use std::sync::Arc;

use rustls::pki_types::PrivateKeyDer;
use switchback_backend::store::{Postgres, RowStore as _};
use tempfile::NamedTempFile;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::database::{Address, Database};

/// Starts a TLS proxy in front of PostgreSQL. Returns its port and certificate.
async fn in_front_of(address: &str, name: &str) -> (u16, NamedTempFile) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(made.cert.pem().as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (_, behind) = address.rsplit_once('@').unwrap();
    let behind = behind.split_once('/').unwrap().0.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (acceptor, behind) = (acceptor.clone(), behind.clone());
            tokio::spawn(async move {
                // PostgreSQL's request for TLS, and the answer yes.
                stream.read_exact(&mut [0; 8]).await.unwrap();
                stream.write_all(b"S").await.unwrap();
                // A client that rejects the certificate has closed the connection by now.
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut server = TcpStream::connect(behind).await.unwrap();
                    let _ = copy_bidirectional(&mut stream, &mut server).await;
                }
            });
        }
    });
    (port, file)
}

#[tokio::test]
async fn the_certificate_and_its_name_are_verified() {
    let Some(database) = Database::postgres().await else {
        return;
    };
    let Address::Postgres(address) = &database.address else {
        panic!("it is in PostgreSQL")
    };
    let (before, after) = address.rsplit_once('@').unwrap();
    let name = after.rsplit_once('/').unwrap().1;
    let connect = async |port: u16, query: String| {
        let address = format!("{before}@localhost:{port}/{name}?{query}");
        Postgres::connect(&address, 1).await
    };
    let (port, certificate) = in_front_of(address, "localhost").await;
    let trusted = format!("sslrootcert={}", certificate.path().display());
    let store = connect(port, format!("sslmode=verify-full&{trusted}")).await;
    store.unwrap().ping().await.unwrap();
    // The certificate has no trusted issuer, or another name.
    let unknown = connect(port, "sslmode=verify-full".into()).await;
    let error = unknown.err().unwrap().to_string();
    assert!(error.contains("certificate"), "{error}");
    let (port, certificate) = in_front_of(address, "db.example").await;
    let trusted = format!("sslrootcert={}", certificate.path().display());
    let other = connect(port, format!("sslmode=verify-full&{trusted}")).await;
    let error = other.err().unwrap().to_string();
    assert!(error.contains("certificate"), "{error}");
}
