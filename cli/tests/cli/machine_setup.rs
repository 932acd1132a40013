//! Faults in the setup of a machine, which last until a person changes it.

use std::fs;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::Value;

use crate::support::{
    CommandOutput, LINK, RunningCommand, Truid, logged_in, parameter, run, switchback, text,
};

/// The environment of a command: the certificates, the proxy and the message bus of a machine.
struct MachineSetup {
    home: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl MachineSetup {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let made = rcgen::generate_simple_self_signed(["ca.example".to_owned()]);
        let ca = home.path().join("ca.pem");
        fs::write(&ca, made.expect("a certificate").cert.pem()).expect("writable");
        let ca = ca.display().to_string();
        Self {
            variables: vec![("SSL_CERT_FILE", ca), ("SSL_CERT_DIR", String::new())],
            home,
        }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_string()));
        self
    }

    fn home(&self) -> &Path {
        self.home.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = switchback(self.home(), args);
        for name in [
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
            "no_proxy",
        ] {
            command.env_remove(name);
        }
        for (name, value) in &self.variables {
            match value.is_empty() {
                true => command.env_remove(name),
                false => command.env(name, value),
            };
        }
        command
    }

    /// Runs `serve --check` with a provider at this URL.
    fn checked(&self, base_url: &str, more: &[&str]) -> CommandOutput {
        let file = self.home().join("service.toml");
        let config = format!(
            "listen = '127.0.0.1:0'\ndatabase = {{ sqlite = 'service.db' }}\n\
             purposes = {{ login = ['name'] }}\n\
             [provider]\nbase_url = '{base_url}'\nclient_id = 'me'\n\
             client_secret_env = 'SECRET'\n\
             redirect_uri = 'https://service.example/truid/complete'\n"
        );
        fs::write(&file, config).expect("writable");
        let file = file.display().to_string();
        let args = [&["serve", "--config", &file], more].concat();
        let mut command = self.command(&args);
        CommandOutput::new(command.env("SECRET", "s").output().expect("it starts"))
    }

    /// Runs `login`, which exchanges its code at this URL.
    fn logged_in(&self, base_url: &str) -> CommandOutput {
        let args = [
            "login",
            "--json",
            "--no-open",
            "--store",
            "file",
            "--client-id",
            "me",
            "--redirect-uri",
            LINK,
            "--base-url",
            base_url,
        ];
        let mut running = RunningCommand::of(self.command(&args));
        let state = parameter(&text(&running.step("begun")["url"]), "state");
        running.say(&format!("{LINK}?code=c&state={state}"));
        running.end()
    }

    #[track_caller]
    fn is_blocked(&self, base_url: &str, words: &str) {
        for done in [
            self.checked(base_url, &["--check", "--json"]),
            self.checked(base_url, &["--check", "--online", "--json"]),
            self.logged_in(base_url),
        ] {
            let error = done.expect_code(7).last()["error"].clone();
            assert_eq!(error["kind"], "configuration");
            assert!(text(&error["message"]).contains(words), "{error}");
            let next = error["next"].as_str().unwrap_or_default();
            assert!(!next.contains("again"), "{error}");
        }
    }
}

/// A server with a self-signed certificate.
fn untrusted() -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a certificate");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("a port").port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut tls = rustls::ServerConnection::new(Arc::clone(&config)).expect("a server");
            while tls.complete_io(&mut stream).is_ok() {}
        }
    });
    format!("https://localhost:{port}")
}

#[test]
fn missing_ca_certificates_are_7() {
    let setup = MachineSetup::new()
        .with("SSL_CERT_FILE", "/nonexistent")
        .with("SSL_CERT_DIR", "/nonexistent");
    setup.is_blocked("https://service.invalid", "CA certificates");
    let done = setup.checked("https://service.invalid", &["--json"]);
    assert_eq!(done.expect_code(7).last()["error"]["kind"], "configuration");
    assert!(
        !setup.home().join("service.db").exists(),
        "the check stored a login"
    );
}

#[test]
fn an_unusable_proxy_is_7() {
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed_url = format!("http://{}", closed.local_addr().expect("a port"));
    drop(closed);
    for proxy in [closed_url, refusing_proxy()] {
        let setup = MachineSetup::new().with("HTTPS_PROXY", &proxy);
        setup.is_blocked("https://service.invalid", "the proxy cannot be used");
    }
}

/// A proxy that refuses every connection.
fn refusing_proxy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("a port"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
            let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\n\
                content-length: 0\r\n\r\n";
            let _ = std::io::Write::write_all(&mut stream, refusal);
        }
    });
    url
}

#[test]
fn an_untrusted_certificate_is_7() {
    MachineSetup::new().is_blocked(&untrusted(), "not trusted here");
}

#[test]
fn check_only_warns_if_the_provider_does_not_answer() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", free.local_addr().expect("a port"));
    drop(free);
    let done = MachineSetup::new()
        .checked(&url, &["--check", "--json"])
        .expect_code(0);
    assert_eq!(done.last()["provider_answers"], Value::Bool(false));
    assert!(done.stderr.contains("does not answer now"), "{done:#?}");
    MachineSetup::new().logged_in(&url).expect_code(5);
}

/// A message bus that accepts connections and never answers.
fn silent_bus(home: &Path) -> (String, std::sync::mpsc::Receiver<()>) {
    let path: PathBuf = home.join("bus");
    let listener = UnixListener::bind(&path).expect("a socket");
    let (comes, came) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming().flatten() {
            held.push(stream);
            let _ = comes.send(());
        }
    });
    (format!("unix:path={}", path.display()), came)
}

#[cfg(target_os = "linux")]
#[test]
fn a_silent_keyring_ends_at_ctrl_c_or_after_seconds() {
    let setup = MachineSetup::new();
    let (bus, came) = silent_bus(setup.home());
    let setup = setup.with("DBUS_SESSION_BUS_ADDRESS", bus);
    let args = [
        "login",
        "--no-open",
        "--client-id",
        "x",
        "--redirect-uri",
        LINK,
    ];
    let mut asked = setup.command(&[&args[..], &["--store", "keyring"]].concat());
    asked.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = asked.spawn().expect("it starts");
    came.recv().expect("it asks the bus");
    crate::support::kill(&child, "INT");
    let done = CommandOutput::new(child.wait_with_output().expect("it ends"));
    let done = done.expect_code(130);
    assert!(!done.stderr.contains("Finishing"), "{done:#?}");
    // Without `--store`, the key is in a file.
    let done = CommandOutput::new(setup.command(&args).output().expect("it starts"));
    let done = done.expect_code(1);
    assert!(
        done.stderr.contains("note: no keyring answers"),
        "{done:#?}"
    );
    assert!(setup.home().join("home/store.json").exists());
}

#[test]
fn a_damaged_store_json_says_how_to_repair_it() {
    let home = tempfile::tempdir().expect("a folder");
    let truid = Truid::start(&[LINK]);
    let id = logged_in(home.path(), &truid);
    let mark = home.path().join("home/store.json");
    for damaged in ["", "{", "{\"key\":", "null", "[]", "\0\0"] {
        fs::write(&mark, damaged).expect("writable");
        let done = run(home.path(), &["session", "list", "--json"]).expect_code(6);
        let next = text(&done.last()["error"]["next"]);
        assert!(next.starts_with("remove it"), "{next}");
    }
    // This works.
    fs::remove_file(&mark).expect("it is there");
    let list = run(home.path(), &["session", "list"]).expect_code(0);
    assert!(list.stdout.contains(&id), "{list:#?}");
    // A store.json of a later version is not damaged.
    fs::write(&mark, r#"{"key":"tpm"}"#).expect("writable");
    let done = run(home.path(), &["session", "list"]).expect_code(6);
    assert!(done.stderr.contains("newer switchback"), "{done:#?}");
    fs::remove_file(&mark).expect("it is there");
    let pipe = Command::new("mkfifo").arg(&mark).status();
    assert!(pipe.expect("there is mkfifo").success());
    let done = run(home.path(), &["session", "list"]).expect_code(6);
    assert!(done.stderr.contains("named pipe"), "{done:#?}");
}

#[test]
fn a_missing_option_is_named_in_json() {
    let home = tempfile::tempdir().expect("a folder");
    for args in [&["serve", "--json"][..], &["serve", "--check", "--json"]] {
        let done = run(home.path(), args).expect_code(2);
        let message = text(&done.last()["error"]["message"]);
        assert!(message.contains("--config"), "{message}");
    }
}
