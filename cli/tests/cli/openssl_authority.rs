//! `openssl ts`, a timestamp authority that others wrote, behind a server on loopback. The tests of
//! the backend use it, too.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

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

/// What the authority does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Behaviour {
    Timestamp,
    /// Every request gets this answer.
    Answer {
        status: u16,
        content_type: &'static str,
        body: Vec<u8>,
    },
}

/// Writes the revocation list of the root.
const LIST: &str = "ca -gencrl -config cnf -cert root.pem -keyfile root.key -out root.crl";

/// The authority. `root.pem` in its folder is its root, and `other.pem` is another one.
pub(crate) struct Authority {
    pub(crate) folder: TempDir,
    /// Without a path. The authority answers at every path.
    pub(crate) url: String,
    behaviour: Arc<Mutex<Behaviour>>,
    requests: Arc<AtomicU32>,
}

impl Authority {
    /// `None`: the tests do not run with openssl.
    pub(crate) fn start() -> Option<Self> {
        std::env::var_os("SWITCHBACK_TEST_CURL")?;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let configuration = CONFIGURATION.replace("URL", &url);
        for (name, content) in [("cnf", &*configuration), ("index", ""), ("crlnumber", "01")] {
            fs::write(path.join(name), content).expect("writable");
        }
        for root in ["root", "other"] {
            let args = "req -x509 -config cnf -extensions root-certificate -newkey ec \
                        -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650";
            openssl(
                &path,
                &format!("{args} -keyout {root}.key -out {root}.pem -subj /CN={root}"),
            );
        }
        for args in [
            "req -new -config cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
             -keyout authority.key -out authority.csr -subj /CN=authority",
            "x509 -req -in authority.csr -CA root.pem -CAkey root.key -CAcreateserial \
             -extfile cnf -extensions authority -days 365 -out authority.pem",
            LIST,
        ] {
            openssl(&path, args);
        }
        let behaviour = Arc::new(Mutex::new(Behaviour::Timestamp));
        let requests = Arc::new(AtomicU32::new(0));
        let (current, count) = (Arc::clone(&behaviour), Arc::clone(&requests));
        // The thread ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let behaviour = current.lock().expect("no panic").clone();
                serve(&path, &behaviour, &count, stream.expect("a connection"));
            }
        });
        Some(Self {
            folder,
            url,
            behaviour,
            requests,
        })
    }

    pub(crate) fn behaves(&self, behaviour: Behaviour) {
        *self.behaviour.lock().expect("no panic") = behaviour;
    }

    /// The root revokes the authority, and publishes a new list.
    #[allow(dead_code, reason = "the tests of the service do not call it")]
    pub(crate) fn is_revoked(&self) {
        let folder = self.folder.path();
        openssl(
            folder,
            "ca -revoke authority.pem -config cnf -cert root.pem -keyfile root.key",
        );
        openssl(folder, LIST);
    }

    /// The number of requests for a timestamp.
    pub(crate) fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }
}

fn openssl(folder: &Path, args: &str) {
    let output = Command::new("openssl")
        .args(args.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("openssl");
    assert!(output.status.success(), "{args}: {output:?}");
}

fn serve(folder: &Path, behaviour: &Behaviour, requests: &AtomicU32, stream: TcpStream) {
    let mut reader = BufReader::new(&stream);
    let (mut line, mut headers) = (String::new(), String::new());
    while reader.read_line(&mut line).expect("UTF-8") > 2 {
        headers.push_str(&line.to_ascii_lowercase());
        line.clear();
    }
    let header = |name: &str| {
        let line = headers.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("{name} {headers}")).trim()
    };
    let list = headers.starts_with("get /root.crl ");
    if list && let Ok(list) = fs::read(folder.join("root.crl")) {
        return answer(stream, 200, "application/pkix-crl", &list);
    }
    if list {
        return answer(stream, 404, "text/html", b"");
    }
    requests.fetch_add(1, Ordering::SeqCst);
    assert_eq!(header("content-type:"), "application/timestamp-query");
    let mut query = vec![0; header("content-length:").parse().expect("a number")];
    reader.read_exact(&mut query).expect("a body");

    let (status, content_type, body) = match behaviour {
        Behaviour::Timestamp => {
            fs::write(folder.join("query"), query).expect("writable");
            openssl(
                folder,
                "ts -reply -config cnf -queryfile query -signer authority.pem \
                 -inkey authority.key -out reply",
            );
            let reply = fs::read(folder.join("reply")).expect("a reply");
            (200, "application/timestamp-reply", reply)
        }
        Behaviour::Answer {
            status,
            content_type,
            body,
        } => (*status, *content_type, body.clone()),
    };
    answer(stream, status, content_type, &body);
}

fn answer(mut stream: TcpStream, status: u16, content_type: &str, body: &[u8]) {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n"
    )
    .and_then(|()| stream.write_all(body))
    .expect("a client");
}
