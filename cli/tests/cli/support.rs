//! Runs the command as a process, with a sandbox in the test's process.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use switchback::ports::SecureStore as _;
use switchback::store::SealedFile;
use switchback_sandbox::{Config, RegisteredClient, Sandbox};

pub(crate) const LINK: &str = "https://app.example/truid/callback";

/// The command in this home, without the settings of this machine's user.
pub(crate) fn switchback(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
    command
        .args(args)
        .env("SWITCHBACK_HOME", home.join("home"))
        .env("HOME", home)
        // No keyring answers, also on a machine that has one.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null());
    command
}

/// The exit code and the output of a command that has ended.
#[derive(Debug)]
pub(crate) struct CommandOutput {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl CommandOutput {
    pub(crate) fn new(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Each line of stdout as JSON.
    pub(crate) fn objects(&self) -> Vec<Value> {
        let read = |line| serde_json::from_str(line).expect(line);
        self.stdout.lines().map(read).collect()
    }

    /// The last line of stdout as JSON.
    pub(crate) fn last(&self) -> Value {
        self.objects()
            .pop()
            .unwrap_or_else(|| panic!("no output: {self:?}"))
    }

    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }
}

pub(crate) fn run(home: &Path, args: &[&str]) -> CommandOutput {
    CommandOutput::new(switchback(home, args).output().expect("it starts"))
}

/// Runs the command with this line on stdin.
pub(crate) fn run_with(home: &Path, args: &[&str], line: &str) -> CommandOutput {
    let mut child = start(home, args);
    let mut stdin = child.stdin.take().expect("piped");
    writeln!(stdin, "{line}").expect("a writable stdin");
    drop(stdin);
    CommandOutput::new(child.wait_with_output().expect("it ends"))
}

/// Starts the command with pipes.
pub(crate) fn start(home: &Path, args: &[&str]) -> Child {
    piped(switchback(home, args))
}

fn piped(mut command: Command) -> Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(Stdio::piped()).spawn().expect("it starts")
}

/// Sends a signal by name.
pub(crate) fn kill(child: &Child, name: &str) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", name, &pid]).status();
    assert!(sent.expect("there is kill").success());
}

/// A running command, whose lines a test reads.
pub(crate) struct RunningCommand {
    pub(crate) child: Child,
    lines: BufReader<ChildStdout>,
    pub(crate) stdout: String,
}

impl RunningCommand {
    pub(crate) fn start(home: &Path, args: &[&str]) -> Self {
        Self::of(switchback(home, args))
    }

    /// Starts this command.
    pub(crate) fn of(command: Command) -> Self {
        let mut child = piped(command);
        let lines = BufReader::new(child.stdout.take().expect("piped"));
        Self {
            child,
            lines,
            stdout: String::new(),
        }
    }

    /// The next line as JSON.
    pub(crate) fn object(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("readable");
        self.stdout.push_str(&line);
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line:?}"))
    }

    /// The next object with this step.
    pub(crate) fn step(&mut self, name: &str) -> Value {
        loop {
            let object = self.object();
            if object["step"] == name {
                return object;
            }
        }
    }

    /// Reads the printed lines, up to a line with these words.
    pub(crate) fn until(&mut self, words: &str) -> String {
        let from = self.stdout.len();
        while !self.stdout[from..].contains(words) {
            let read = self.lines.read_line(&mut self.stdout).expect("UTF-8");
            assert!(read > 0, "no {words} in {}", self.stdout);
        }
        self.stdout[from..].to_owned()
    }

    pub(crate) fn say(&mut self, line: &str) {
        let stdin = self.child.stdin.as_mut().expect("piped");
        writeln!(stdin, "{line}").expect("a writable stdin");
    }

    /// Sends a signal by name.
    pub(crate) fn signal(&self, name: &str) {
        kill(&self.child, name);
    }

    /// Waits for the end of the command, and reads the rest.
    pub(crate) fn end(mut self) -> CommandOutput {
        drop(self.child.stdin.take());
        self.lines.read_to_string(&mut self.stdout).expect("UTF-8");
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().expect("piped");
        pipe.read_to_string(&mut stderr).expect("UTF-8");
        CommandOutput {
            code: self.child.wait().expect("it ends").code(),
            stdout: std::mem::take(&mut self.stdout),
            stderr,
        }
    }
}

/// A failed test leaves no running process.
impl Drop for RunningCommand {
    fn drop(&mut self) {
        // The process has possibly ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A sandbox in this process. The command uses it over HTTP, and the test directly.
pub(crate) struct Truid {
    // The first field: the sandbox must end before its runtime.
    sandbox: Option<Sandbox>,
    runtime: tokio::runtime::Runtime,
}

impl Truid {
    /// With the client `demo-app` and these redirect URIs.
    pub(crate) fn start(redirect_uris: &[&str]) -> Self {
        let mut client = RegisteredClient::demo_app();
        client.redirect_uris = redirect_uris.iter().map(|uri| (*uri).into()).collect();
        Self::with(client)
    }

    /// With this client.
    pub(crate) fn with(client: RegisteredClient) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let mut config = Config {
            clients: vec![client],
            ..Config::default()
        };
        config.lifetimes.first_login_access_token = 60;
        let sandbox = runtime.block_on(Sandbox::start(config)).expect("a sandbox");
        Self {
            sandbox: Some(sandbox),
            runtime,
        }
    }

    pub(crate) fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("it runs")
    }

    pub(crate) fn url(&self) -> &str {
        self.sandbox().url()
    }

    /// The person opens the URL and approves. Returns the callback.
    pub(crate) fn approve(&self, url: &str) -> String {
        let app = self.sandbox().app();
        let waiting = app.open(url).expect("a good link");
        app.approve(&waiting.id).expect("it waits")
    }

    pub(crate) fn stop(&mut self) {
        if let Some(sandbox) = self.sandbox.take() {
            self.runtime.block_on(sandbox.stop());
        }
    }
}

/// The arguments of a login at this sandbox.
pub(crate) fn login<'a>(truid: &'a Truid, redirect_uri: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["login", "--json", "--no-open", "--store", "file"];
    args.extend(["--client-id", "demo-app", "--redirect-uri", redirect_uri]);
    args.extend(["--base-url", truid.url()]);
    args.extend(more);
    args
}

/// Logs in with a pasted callback. Returns the session's id.
pub(crate) fn logged_in(home: &Path, truid: &Truid) -> String {
    let mut running =
        RunningCommand::start(home, &login(truid, LINK, &["--scope", "email", "name"]));
    let url = text(&running.step("begun")["url"]);
    running.say(&truid.approve(&url));
    let done = running.end().expect_code(0);
    text(&done.last()["session"])
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .into()
}

/// A parameter of a URL, without decoding.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').expect("a query");
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(key, _)| *key == name);
    found.expect(name).1.into()
}

/// An HTTP response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Parses all bytes of a connection.
    pub(crate) fn of(answer: &str) -> Self {
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Self {
            status: status.expect("a status"),
            head: head.into(),
            body: body.into(),
        }
    }
}

/// Sends one request over a new connection.
pub(crate) fn http(method: &str, url: &str, body: &str) -> Answer {
    let rest = url.strip_prefix("http://").expect("http");
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let mut stream = TcpStream::connect(host).expect(host);
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .expect("a writable socket");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    Answer::of(&answer)
}

/// Every secret in the store: states, verifiers, tokens. The command must print none of them,
/// except where a test says so.
pub(crate) fn secrets_in(home: &Path) -> Vec<String> {
    let store = SealedFile::open(home.join("home")).expect("a store");
    let mut secrets = Vec::new();
    for key in store.list("").expect("readable") {
        let entry = store.get(&key).expect("readable").expect("listed");
        let entry = serde_json::from_slice(&entry).expect("JSON");
        collect(&entry, &mut secrets);
    }
    secrets
}

fn collect(entry: &Value, secrets: &mut Vec<String>) {
    let Value::Object(fields) = entry else { return };
    for (name, value) in fields {
        match value {
            // The store empties a used verifier.
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => {
                if ["state", "code_verifier", "token", "refresh_token"].contains(&name.as_str()) {
                    secrets.push(text.clone());
                }
            }
            other => collect(other, secrets),
        }
    }
}
