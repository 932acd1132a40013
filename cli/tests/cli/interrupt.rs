//! Ctrl-C, while something is under way that must not be cut off.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use crate::support::{
    CommandOutput, LINK, RunningCommand, Truid, kill, login, parameter, run, start, text,
};

/// A way to a sandbox on which answers of its token endpoint wait until they are let go.
pub(crate) struct Proxy {
    pub(crate) url: String,
    /// An answer is there, and waits.
    pub(crate) held: Receiver<()>,
    pub(crate) go: Sender<()>,
}

impl Proxy {
    pub(crate) fn to(truid: &Truid) -> Self {
        let door = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", door.local_addr().expect("a port"));
        let there = truid.url().trim_start_matches("http://").to_owned();
        let ((holds, held), (go, goes)) = (channel(), channel());
        let goes = Arc::new(Mutex::new(goes));
        std::thread::spawn(move || {
            for here in door.incoming() {
                let (Ok(here), Ok(there)) = (here, TcpStream::connect(&there)) else {
                    return;
                };
                let (holds, goes) = (holds.clone(), Arc::clone(&goes));
                std::thread::spawn(move || carry(here, there, &holds, &goes));
            }
        });
        Self { url, held, go }
    }
}

/// One request after the other, each with its answer.
fn carry(mut here: TcpStream, mut there: TcpStream, holds: &Sender<()>, go: &Mutex<Receiver<()>>) {
    while let Some(request) = message(&mut here) {
        // A server wants to be called by its own name.
        let text = String::from_utf8(request.clone()).expect("forms are text");
        let (own, its) = (here.local_addr(), there.peer_addr());
        let (own, its) = (own.expect("an address"), its.expect("an address"));
        let text = text.replacen(&own.to_string(), &its.to_string(), 1);
        if there.write_all(text.as_bytes()).is_err() {
            return;
        }
        let Some(answer) = message(&mut there) else {
            return;
        };
        if request.starts_with(b"POST ") {
            holds.send(()).expect("the test waits");
            if go.lock().expect("no panic").recv().is_err() {
                return;
            }
        }
        if here.write_all(&answer).is_err() {
            return;
        }
    }
}

/// A head, and as much as its `content-length` says.
fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    while !message.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        message.extend(byte);
    }
    let head = String::from_utf8_lossy(&message).to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .map_or(0, |length| length.trim().parse().expect("a number"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    message.extend(body);
    Some(message)
}

/// Logs in on the way through the proxy, and lets the token expire at the service.
fn logged_in(home: &Path, truid: &Truid, proxy: &Proxy) {
    proxy.go.send(()).expect("it goes on");
    let mut args = login(truid, LINK, &["--scope", "email", "name"]);
    let base = args.iter().position(|arg| *arg == truid.url());
    args[base.expect("there is one")] = &proxy.url;
    let mut running = RunningCommand::start(home, &args);
    let url = text(&running.step("begun")["url"]);
    running.say(&truid.approve(&url.replace(&proxy.url, truid.url())));
    running.end().expect_code(0);
    proxy.held.recv().expect("the tokens came this way");
    truid.sandbox().advance(100);
}

/// Reads claims, which takes a refresh; it gets a signal while the answer is on its way.
fn interrupted(
    home: &Path,
    proxy: &Proxy,
    signal: &str,
) -> (Child, String, BufReader<ChildStderr>) {
    let mut child = start(home, &["session", "claims", "email"]);
    proxy.held.recv().expect("it refreshes");
    kill(&child, signal);
    let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
    let mut first = String::new();
    stderr.read_line(&mut first).expect("UTF-8");
    (child, first, stderr)
}

fn ended(child: Child, mut stderr: BufReader<ChildStderr>) -> CommandOutput {
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("UTF-8");
    let mut done = CommandOutput::new(child.wait_with_output().expect("it ends"));
    done.stderr = rest;
    done
}

#[test]
fn a_refresh_under_way_goes_on_to_its_end() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let proxy = Proxy::to(&truid);
    logged_in(home, &truid, &proxy);
    for signal in ["INT", "TERM"] {
        let (child, first, stderr) = interrupted(home, &proxy, signal);
        assert!(first.starts_with("Finishing"), "{first}");
        proxy.go.send(()).expect("it goes on");
        let done = ended(child, stderr).expect_code(130);
        assert!(
            done.stderr.starts_with("error: interrupted, after"),
            "{done:#?}"
        );
        assert!(done.stdout.contains("maja.sjostrom"), "{done:#?}");
        truid.sandbox().advance(1000);
    }
    // The new refresh token was stored each time: it is good for another refresh.
    proxy.go.send(()).expect("it goes on");
    run(home, &["session", "claims", "email"]).expect_code(0);
    run(home, &["session", "token"]).expect_code(0);
    let counters = truid.sandbox().counters();
    assert_eq!((counters.refreshes, counters.revoked_grants), (3, 0));
}

#[test]
fn a_second_ctrl_c_leaves_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let proxy = Proxy::to(&truid);
    logged_in(home, &truid, &proxy);
    let (child, first, stderr) = interrupted(home, &proxy, "INT");
    assert!(first.contains("Ctrl-C again"), "{first}");
    kill(&child, "INT");
    let done = ended(child, stderr).expect_code(130);
    assert!(done.stderr.starts_with("error: interrupted"), "{done:#?}");
    assert_eq!(done.stdout, "");
}

#[test]
fn whoever_waits_for_a_person_ends_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    for signal in ["INT", "TERM"] {
        let mut running = RunningCommand::start(home, &login(&truid, LINK, &[]));
        let begun = running.step("begun");
        running.signal(signal);
        // Its stdin is still open: only the signal ends it.
        let error = running.object();
        running.end().expect_code(130);
        assert_eq!(error["error"]["message"], "interrupted");
        assert!(text(&error["error"]["next"]).contains("--continue"));
        assert!(
            !error
                .to_string()
                .contains(&parameter(&text(&begun["url"]), "state"))
        );
    }
}
