//! Fetching from a server on loopback.

use std::sync::Mutex;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, IsCa,
    KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use switchback_protocol::http::MAX_BODY;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

use super::*;
use crate::http::Reqwest;

/// A revocation list of an authority that the test makes.
fn new_list() -> Vec<u8> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().unwrap();
    let authority = CertifiedIssuer::self_signed(authority, key).unwrap();
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 1, 1),
        next_update: date_time_ymd(2027, 1, 1),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(&authority).unwrap().der().to_vec()
}

/// Answers by path, and records the requests.
struct Server {
    base: String,
    list: Vec<u8>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let list = new_list();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (content, recorded) = (list.clone(), Arc::clone(&requests));
        tokio::spawn(async move {
            let all_here = Arc::new(Barrier::new(MAX_LISTS));
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (content, all_here) = (content.clone(), Arc::clone(&all_here));
                let recorded = Arc::clone(&recorded);
                tokio::spawn(answer(stream, content, all_here, recorded));
            }
        });
        Self {
            base,
            list,
            requests,
        }
    }

    /// Fetches from these paths. Without a scheme, a path is one of this server.
    async fn fetch(&self, paths: &[&str]) -> Vec<Result<FetchedCrl, NotFetched>> {
        let point = |path: &&str| DistributionPoint {
            certificate: "CN=Intermediate".into(),
            url: match path.starts_with('/') {
                true => format!("{}{path}", self.base),
                false => (*path).to_owned(),
            },
        };
        let http: Arc<dyn HttpTransport> = Arc::new(Reqwest::new());
        fetch(&http, paths.iter().map(point)).await
    }

    /// The failure of the only list.
    async fn failure(&self, path: &str) -> CrlFailure {
        let fetched = self.fetch(&[path]).await;
        let [Err(failure)] = fetched.as_slice() else {
            panic!("{path}: {fetched:?}");
        };
        assert!(failure.to_string().contains(path), "{failure}");
        failure.why.clone()
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(
    stream: TcpStream,
    list: Vec<u8>,
    all_here: Arc<Barrier>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.unwrap() == 0 {
            return;
        }
    }
    let path = head.split(' ').nth(1).unwrap().to_owned();
    requests.lock().unwrap().push(head);
    let sized = |status: &str, length: usize| {
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n")
    };
    let (head, body) = match &*path {
        "/moved" => (sized("302 Found", 0) + "location: /list\r\n\r\n", vec![]),
        "/missing" => (sized("404 Not Found", 0) + "\r\n", vec![]),
        "/page" => (
            sized("200 OK", 6) + "content-type: application/pkix-crl\r\n\r\n",
            b"<html>".to_vec(),
        ),
        "/text" => (
            sized("200 OK", list.len()) + "content-type: text/plain\r\n\r\n",
            list,
        ),
        "/long" => (sized("200 OK", MAX_BODY + 1) + "\r\n", vec![]),
        // Without a length, until the client stops reading.
        "/endless" => (
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".into(),
            vec![0; 8 * MAX_BODY],
        ),
        "/silent" => return std::future::pending().await,
        "/unfinished" => {
            let head = sized("200 OK", 2 * list.len()) + "\r\n";
            stream.write_all(head.as_bytes()).await.unwrap();
            stream.write_all(&list).await.unwrap();
            return std::future::pending().await;
        }
        together => {
            if together.starts_with("/together") {
                all_here.wait().await;
            }
            (sized("200 OK", list.len()) + "\r\n", list)
        }
    };
    // The client may close the connection before the end.
    if stream.write_all(head.as_bytes()).await.is_ok() {
        let _ = stream.write_all(&body).await;
    }
}

#[tokio::test]
async fn a_list_is_fetched_once_and_without_credentials() {
    let server = Server::start().await;
    let fetched = server.fetch(&["/list", "/list", "/text", "/list"]).await;
    let found = |path: &str| {
        Ok(FetchedCrl {
            url: format!("{}{path}", server.base),
            list: Crl::read(&server.list).unwrap(),
        })
    };
    assert_eq!(fetched, [found("/list"), found("/text")]);
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    for request in requests {
        let request = request.to_ascii_lowercase();
        assert!(request.starts_with("get "), "{request}");
        assert!(request.contains("accept: application/pkix-crl"));
        for header in ["authorization:", "cookie:", "referer:"] {
            assert!(!request.contains(header), "{request}");
        }
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_fetched_is_named_with_the_reason() {
    let server = Server::start().await;
    assert_eq!(server.failure("/moved").await, CrlFailure::Redirect(302));
    assert_eq!(server.failure("/missing").await, CrlFailure::Status(404));
    let page = server.failure("/page").await;
    assert!(matches!(page, CrlFailure::List(_)), "{page:?}");
    for path in ["/long", "/endless"] {
        let too_long = CrlFailure::Transport(TransportError::TooLong);
        assert_eq!(server.failure(path).await, too_long, "{path}");
    }
    assert_eq!(server.requests().len(), 5, "no redirect is followed");
    let refused = server.failure("http://127.0.0.1:1/list").await;
    let is_not_sent = matches!(&refused, CrlFailure::Transport(error) if error.is_not_sent());
    assert!(is_not_sent, "{refused:?}");
}

/// The clock advances as soon as no task can continue.
#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_in_time_is_named() {
    let server = Server::start().await;
    for path in ["/silent", "/unfinished"] {
        assert_eq!(server.failure(path).await, CrlFailure::Timeout, "{path}");
    }
}

#[tokio::test]
async fn other_addresses_get_no_request() {
    let server = Server::start().await;
    let host = server.base.strip_prefix("http://").unwrap();
    for url in [
        "ldap://ca.example/list",
        "file:///etc/hostname",
        "ftp://ca.example/list",
        "https:list",
        &format!("http://user:password@{host}/list"),
    ] {
        assert_eq!(server.failure(url).await, CrlFailure::Address, "{url}");
    }
    let fetched = server.fetch(&["http://127.0.0.1/\r\nlist"]).await;
    let text = fetched[0].as_ref().unwrap_err().to_string();
    assert!(text.contains(r"127.0.0.1/\r\nlist"), "{text}");
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn lists_are_fetched_at_the_same_time_up_to_a_number() {
    let server = Server::start().await;
    // The server answers when it has all these requests.
    let paths: Vec<String> = (0..MAX_LISTS + 2)
        .map(|n| format!("/together/{n:02}"))
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let fetched = server.fetch(&paths).await;
    let (lists, rest) = fetched.split_at(MAX_LISTS);
    for (list, path) in lists.iter().zip(&paths) {
        assert!(list.as_ref().unwrap().url.ends_with(path), "{list:?}");
    }
    let left_out = NotFetched {
        url: format!("{}{}", server.base, paths[MAX_LISTS]),
        why: CrlFailure::TooMany(2),
    };
    assert_eq!(rest, [Err(left_out)]);
    assert_eq!(server.requests().len(), MAX_LISTS);
}
