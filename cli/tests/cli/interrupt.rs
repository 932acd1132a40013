//! Ctrl-C during a refresh, which the command must finish, and during a wait for a person.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStderr};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use crate::support::{
    CommandOutput, LINK, RunningCommand, Truid, kill, login, parameter, run, start, text,
};

/// A proxy to a sandbox. It holds each answer of the token endpoint until the test releases it.
pub(crate) struct Proxy {
    pub(crate) url: String,
    /// One message for each answer that the proxy holds.
    pub(crate) held: Receiver<()>,
    /// Releases an answer.
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

/// Forwards the requests of a connection, one after the other, and their answers.
fn carry(mut here: TcpStream, mut there: TcpStream, holds: &Sender<()>, go: &Mutex<Receiver<()>>) {
    while let Some(request) = message(&mut here) {
        // The sandbox accepts only its own name in `Host`.
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
            holds.send(()).expect("the test ended before");
            if go.lock().expect("no panic").recv().is_err() {
                return;
            }
        }
        if here.write_all(&answer).is_err() {
            return;
        }
    }
}

/// Reads a head, and the body of its `content-length`.
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

/// Logs in through the proxy, and lets the token expire at the provider.
fn logged_in(home: &Path, truid: &Truid, proxy: &Proxy) {
    proxy.go.send(()).expect("the proxy runs");
    let mut args = login(truid, LINK, &["--scope", "email", "name"]);
    let base = args.iter().position(|arg| *arg == truid.url());
    args[base.expect("the option --base-url")] = &proxy.url;
    let mut running = RunningCommand::start(home, &args);
    let url = text(&running.step("begun")["url"]);
    running.say(&truid.approve(&url.replace(&proxy.url, truid.url())));
    running.end().expect_code(0);
    proxy.held.recv().expect("the tokens came this way");
    truid.sandbox().advance(100);
}

/// Reads claims, which needs a refresh, and sends a signal before the answer arrives.
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
fn ctrl_c_waits_for_an_open_refresh() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    let proxy = Proxy::to(&truid);
    logged_in(home, &truid, &proxy);
    for signal in ["INT", "TERM"] {
        let (child, first, stderr) = interrupted(home, &proxy, signal);
        assert!(first.starts_with("Finishing"), "{first}");
        proxy.go.send(()).expect("the proxy runs");
        let done = ended(child, stderr).expect_code(130);
        assert!(
            done.stderr.starts_with("error: interrupted, after"),
            "{done:#?}"
        );
        assert!(done.stdout.contains("maja.sjostrom"), "{done:#?}");
        truid.sandbox().advance(1000);
    }
    // The command stored the new refresh token each time: another refresh works.
    proxy.go.send(()).expect("the proxy runs");
    run(home, &["session", "claims", "email"]).expect_code(0);
    run(home, &["session", "token"]).expect_code(0);
    let counters = truid.sandbox().counters();
    assert_eq!((counters.refreshes, counters.revoked_grants), (3, 0));
}

#[test]
fn a_second_ctrl_c_ends_the_command_at_once() {
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
fn ctrl_c_ends_a_wait_for_a_callback_at_once() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    let truid = Truid::start(&[LINK]);
    for signal in ["INT", "TERM"] {
        let mut running = RunningCommand::start(home, &login(&truid, LINK, &[]));
        let begun = running.step("begun");
        running.signal(signal);
        // stdin is still open: only the signal ends the command.
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
