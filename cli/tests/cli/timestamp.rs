//! `switchback timestamp` against `openssl ts`, a timestamp authority that others wrote.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{CommandOutput, run};

/// A detached signature with a header that says nothing else.
const COMPACT: &str = "eyJhbGciOiJFUzI1NiJ9..c2lnbmF0dXJl";

/// `PORT` is the port of the authority.
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
crlDistributionPoints = URI:http://127.0.0.1:PORT/root.crl
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
enum Behaviour {
    Timestamp,
    /// Every request gets this answer.
    Answer {
        status: u16,
        content_type: &'static str,
        body: Vec<u8>,
    },
}

/// `openssl ts` behind a server on loopback.
struct Authority {
    folder: TempDir,
    port: u16,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Authority {
    /// `None`: the tests do not run with openssl.
    fn start() -> Option<Self> {
        std::env::var_os("SWITCHBACK_TEST_CURL")?;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let configuration = CONFIGURATION.replace("PORT", &port.to_string());
        for (name, content) in [
            ("cnf", configuration.as_str()),
            ("contract.jws", COMPACT),
            ("index", ""),
            ("crlnumber", "01"),
        ] {
            fs::write(path.join(name), content).expect("writable");
        }
        for root in ["root", "other"] {
            let subject = format!("/CN={root}");
            openssl(
                &path,
                &format!(
                    "req -x509 -config cnf -extensions root-certificate -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
                 -nodes -keyout {root}.key -out {root}.pem -days 3650 -subj {subject}"
                ),
            );
        }
        openssl(
            &path,
            "req -new -config cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
             -keyout authority.key -out authority.csr -subj /CN=authority",
        );
        openssl(
            &path,
            "x509 -req -in authority.csr -CA root.pem -CAkey root.key -CAcreateserial \
             -extfile cnf -extensions authority -days 365 -out authority.pem",
        );
        openssl(
            &path,
            "ca -gencrl -config cnf -cert root.pem -keyfile root.key -out root.crl",
        );
        let behaviour = Arc::new(Mutex::new(Behaviour::Timestamp));
        let current = behaviour.clone();
        // The thread ends with the process of the tests.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let behaviour = current.lock().expect("no panic").clone();
                serve(&path, &behaviour, stream.expect("a connection"));
            }
        });
        Some(Self {
            folder,
            port,
            behaviour,
        })
    }

    fn behaves(&self, behaviour: Behaviour) {
        *self.behaviour.lock().expect("no panic") = behaviour;
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect(name)
    }

    /// Runs the command for a file of the folder.
    fn timestamp(&self, file: &str, root: &str, more: &[&str]) -> CommandOutput {
        let url = format!("http://127.0.0.1:{}/", self.port);
        let (file, root) = (self.path(file), self.path(root));
        let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let (file, root) = (path(&file), path(&root));
        let args = [
            "--json",
            "timestamp",
            &file,
            "--authority",
            &url,
            "--root",
            &root,
        ];
        run(self.folder.path(), &[&args, more].concat())
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

fn serve(folder: &Path, behaviour: &Behaviour, stream: TcpStream) {
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

fn tokens(json: &[u8]) -> usize {
    let document: Value = serde_json::from_slice(json).expect("JSON");
    let parts = [&document["protected"], &document["signature"]];
    assert_eq!(parts, ["eyJhbGciOiJFUzI1NiJ9", "c2lnbmF0dXJl"]);
    let components = document["header"]["etsiU"].as_array().expect("etsiU");
    let kinds = components.iter().map(|component| {
        let text = component.as_str().expect("base64url");
        let beginning = String::from_utf8(URL_SAFE_NO_PAD.decode(text).expect(text));
        beginning.expect("JSON")[..9].to_owned()
    });
    let kinds: Vec<_> = kinds.collect();
    let lists = kinds
        .iter()
        .filter(|kind| kind.starts_with("{\"rVals\""))
        .count();
    assert_eq!(lists, 1, "the list of the root is there once: {kinds:?}");
    kinds.iter().filter(|kind| *kind == "{\"sigTst\"").count()
}

#[test]
fn a_signature_gets_a_timestamp_and_then_another_one() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let done = authority
        .timestamp("contract.jws", "root.pem", &[])
        .expect_code(0);
    let said = done.last();
    assert_eq!(said["authority"], "CN=authority");
    assert!(said["time"].is_i64(), "{said}");
    let json = "contract.jws.json";
    assert_eq!(said["file"], json!(authority.path(json)));
    assert_eq!(tokens(&authority.read(json)), 1);
    assert_eq!(authority.read("contract.jws"), COMPACT.as_bytes());

    // The file beside the compact one is not replaced, since it has a timestamp already.
    let refused = authority
        .timestamp("contract.jws", "root.pem", &[])
        .expect_code(2);
    assert!(
        refused.last()["error"]["message"]
            .to_string()
            .contains("already")
    );
    authority.timestamp(json, "root.pem", &[]).expect_code(0);
    assert_eq!(tokens(&authority.read(json)), 2);

    let output = authority.path("other.json");
    let output = output.to_str().expect("UTF-8");
    authority
        .timestamp("contract.jws", "root.pem", &["-o", output])
        .expect_code(0);
    assert_eq!(tokens(&authority.read("other.json")), 1);
}

#[test]
fn a_timestamp_that_does_not_verify_is_not_written() {
    let Some(authority) = Authority::start() else {
        return;
    };
    let fails = |behaviour: Option<Behaviour>, root: &str, code: i32, words: &str| {
        if let Some(behaviour) = behaviour {
            authority.behaves(behaviour);
        }
        let failed = authority
            .timestamp("contract.jws", root, &[])
            .expect_code(code);
        let error = failed.last()["error"].to_string();
        assert!(error.contains(words), "{error}");
        assert!(!authority.path("contract.jws.json").exists());
    };
    let answer = |status: u16, content_type: &'static str, body: Vec<u8>| {
        Some(Behaviour::Answer {
            status,
            content_type,
            body,
        })
    };
    let reply = "application/timestamp-reply";

    fails(None, "other.pem", 7, "--root");
    // The last answer again: it has the nonce of another request.
    let replayed = authority.read("reply");
    fails(answer(200, reply, replayed), "root.pem", 8, "nonce");
    // `PKIStatus` 2, without a token.
    let rejection = vec![0x30, 5, 0x30, 3, 2, 1, 2];
    fails(answer(200, reply, rejection), "root.pem", 3, "status 2");
    fails(
        answer(200, reply, b"<html>".to_vec()),
        "root.pem",
        8,
        "malformed",
    );
    fails(
        answer(200, "text/html", Vec::new()),
        "root.pem",
        7,
        "RFC 3161",
    );
    fails(
        answer(404, "text/html", Vec::new()),
        "root.pem",
        7,
        "status 404",
    );
    fs::remove_file(authority.path("root.crl")).expect("a list");
    let last = Some(Behaviour::Timestamp);
    fails(last, "root.pem", 5, "revocation list");
    fails(
        answer(503, "text/html", Vec::new()),
        "root.pem",
        5,
        "status 503",
    );
}

#[test]
fn wrong_files_are_named() {
    let home = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = home.path().join(name);
        fs::write(&path, content).expect("writable");
        path.to_str().expect("UTF-8").to_owned()
    };
    let signature = file("good.jws", COMPACT);
    let text = file("text", "hello");
    let run = |signature: &str, root: &str| {
        let url = "http://127.0.0.1:9/";
        let args = [
            "--json",
            "timestamp",
            signature,
            "--authority",
            url,
            "--root",
            root,
        ];
        let failed = run(home.path(), &args).expect_code(2);
        failed.last()["error"].to_string()
    };
    assert!(run("missing.jws", &text).contains("trust anchors"));
    let root = {
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::default();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let root = parameters.self_signed(&key).expect("a certificate");
        file("root.pem", &root.pem())
    };
    assert!(run("missing.jws", &root).contains("missing.jws"));
    assert!(run(&text, &root).contains("not a detached JAdES signature"));
    assert!(run(&signature, &signature).contains("trust anchors"));
}
