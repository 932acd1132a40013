//! Requests that are not sent, and the texts of errors.

use std::net::{Ipv4Addr, SocketAddrV4, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;

use socket2::{Domain, Socket, Type};

use crate::testing::canary::CANARY;
use crate::testing::run::{Case, Verdict, fail, leave_out};
use crate::testing::transport::probe::{METHODS, Probe, is_not_sent};
use crate::testing::transport::server::Server;

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "nobody-listens",
        demand: "If the connection is refused, the error is `NotSent`.",
        check: connection_refused,
    },
    Case {
        name: "no-such-name",
        demand: "If the host name does not resolve, the error is `NotSent`.",
        check: no_such_name,
    },
    Case {
        name: "tls-refused",
        demand: "If the server refuses the TLS handshake, the error is `NotSent`.",
        check: tls_refused,
    },
    Case {
        name: "errors-tell-no-request",
        demand: "No error of this run shows a part of its request: no host, path, parameter, header or body.",
        check: errors_tell_no_request,
    },
];

fn connection_refused(probe: &Probe) -> Verdict {
    // Bound but not listening, so that no other program gets this port.
    let any = SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0);
    let bound = Socket::new(Domain::IPV4, Type::STREAM, None)
        .and_then(|socket| socket.bind(&any.into()).map(|()| socket));
    let port = bound.as_ref().ok().and_then(|socket| {
        let address = socket.local_addr().ok()?;
        Some(address.as_socket_ipv4()?.port())
    });
    let Some(port) = port else {
        return fail("the suite could not open a port");
    };
    let authority = format!("127.0.0.1:{port}");
    for method in METHODS {
        for once in [true, false] {
            let answer = probe.send(probe.to(&authority, method, once))?;
            is_not_sent(&answer, "a connection that is refused")?;
        }
    }
    Ok(())
}

/// A name that cannot be registered (RFC 6761 §6.4). If the system answers slowly or resolves it,
/// the case says nothing about the transport.
fn no_such_name(probe: &Probe) -> Verdict {
    let host = format!("{CANARY}.invalid");
    let (done, answer) = mpsc::channel();
    let asked = host.clone();
    let looks = move || {
        let resolves = (asked.as_str(), 80).to_socket_addrs().is_ok();
        let _ = done.send(!resolves);
    };
    if thread::Builder::new().spawn(looks).is_err() {
        return fail("the suite could not start a thread");
    }
    match answer.recv_timeout(probe.timing.limit / 2) {
        Ok(true) => {}
        Ok(false) => return leave_out("this network resolves names that do not exist"),
        Err(_) => {
            return leave_out("this network takes too long to answer that a name does not exist");
        }
    }
    for method in METHODS {
        let answer = probe.send(probe.to(&host, method, true))?;
        if answer.is_ok() {
            return leave_out("a proxy answers for names that do not exist");
        }
        is_not_sent(&answer, "a name that does not resolve")?;
    }
    Ok(())
}

fn tls_refused(probe: &Probe) -> Verdict {
    let server = Server::refusing_tls()?;
    for method in METHODS {
        let mut request = probe.once(&server, method);
        request.url = request.url.replacen("http:", "https:", 1);
        is_not_sent(&probe.send(request)?, "a TLS handshake that is refused")?;
    }
    Ok(())
}

/// All earlier failures had secrets in path, parameters, headers and body.
fn errors_tell_no_request(probe: &Probe) -> Verdict {
    match probe.leaks() {
        0 => Ok(()),
        // Without the texts, which show the secret.
        leaks => fail(format!(
            "{leaks} errors of this run showed a part of the request"
        )),
    }
}
