//! Connections and threads that a transport leaves behind.

use std::fs;

use switchback_protocol::http::Method;

use crate::testing::run::{Case, Verdict, fail, leave_out};
use crate::testing::transport::probe::Probe;
use crate::testing::transport::server::{AfterAnswer, Server, answer, wait_until};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "no-connection-left",
        demand: "After 200 requests, one after the other, at most 10 connections are open.",
        check: no_connection_left,
    },
    Case {
        name: "no-thread-left",
        demand: "After 200 requests, another 400 leave at most 100 threads more than before, one request at a time.",
        check: no_thread_left,
    },
];

const REQUESTS: usize = 200;
/// A connection pool has a few.
const CONNECTIONS: usize = 10;
/// A thread pool has some, and other threads of this process come and go.
const THREADS: usize = 100;

/// The server says that it closes a connection where it was asked to (RFC 9112 §9.6).
fn two_hundred(probe: &Probe) -> Verdict<Server> {
    let server = Server::start(|request, connection| {
        let closes = request.has("connection", "close");
        let headers: &[&str] = if closes { &["connection: close"] } else { &[] };
        connection.write(answer("200 OK", headers, "ok"))?;
        Ok(AfterAnswer::Keep)
    })?;
    for number in 0..REQUESTS {
        probe.answered(match number % 4 {
            0 => probe.once(&server, Method::Get),
            2 => probe.once(&server, Method::Post),
            _ => probe.get(&server),
        })?;
    }
    Ok(server)
}

fn no_connection_left(probe: &Probe) -> Verdict {
    let server = two_hundred(probe)?;
    match server.open_after(probe.timing.limit, CONNECTIONS) {
        ..=CONNECTIONS => Ok(()),
        open => fail(format!(
            "{open} connections are open after {REQUESTS} requests"
        )),
    }
}

fn no_thread_left(probe: &Probe) -> Verdict {
    // The first requests start the threads of the client's pools.
    drop(two_hundred(probe)?);
    let Some(before) = threads() else {
        return leave_out("this system does not list the threads of a process");
    };
    drop(two_hundred(probe)?);
    drop(two_hundred(probe)?);
    let more = || threads().unwrap_or_default().saturating_sub(before);
    match wait_until(probe.timing.limit, || more() <= THREADS) {
        true => Ok(()),
        false => fail(format!(
            "{} threads more than before the last {} requests",
            more(),
            2 * REQUESTS
        )),
    }
}

/// The number of threads of this process, if the system lists them in a folder.
fn threads() -> Option<usize> {
    Some(fs::read_dir("/proc/self/task").ok()?.count())
}
