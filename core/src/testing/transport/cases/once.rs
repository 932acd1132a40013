//! Requests that must arrive at most once.

use switchback_protocol::http::Method;

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::transport::probe::{METHODS, Probe, is_lost, shown};
use crate::testing::transport::server::{AfterAnswer, Server, answer, chunk, head};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "once-closed",
        demand: "If the server reads a `once` request and closes the connection, the request arrives once and the error is `Lost`.",
        check: once_closed,
    },
    Case {
        name: "once-reset",
        demand: "If the server reads a `once` request and resets the connection, the request arrives once and the error is `Lost`.",
        check: once_reset,
    },
    Case {
        name: "once-half-answered",
        demand: "If the answer to a `once` request breaks off in its head or body, the request arrives once and the error is `Lost`.",
        check: once_half_answered,
    },
    Case {
        name: "once-after-another",
        demand: "If the server answered an earlier request, kept the connection and closes it now, a `once` request arrives once and the error is `Lost`.",
        check: once_after_another,
    },
    Case {
        name: "once-on-a-new-connection",
        demand: "A `once` request is sent on a new connection.",
        check: once_on_a_new_connection,
    },
    Case {
        name: "repeated-whole",
        demand: "A request that is not `once` may be repeated if its connection breaks, each time with its complete body; the result is an answer or `Lost`.",
        check: repeated_whole,
    },
];

fn once_closed(probe: &Probe) -> Verdict {
    let tried = ends(
        probe,
        AfterAnswer::Close,
        b"",
        "if the connection is closed",
    )?;
    probe.arrived_once(&tried)
}

fn once_reset(probe: &Probe) -> Verdict {
    let tried = ends(probe, AfterAnswer::Reset, b"", "if the connection is reset")?;
    probe.arrived_once(&tried)
}

fn once_half_answered(probe: &Probe) -> Verdict {
    let in_chunks = head("200 OK", &["transfer-encoding: chunked"]);
    let halves = [
        (
            "with bytes that are not HTTP",
            b"SSH-2.0-x\r\n\r\n".to_vec(),
        ),
        ("in the status", b"HTTP/1.1 20".to_vec()),
        ("after the head", head("200 OK", &["content-length: 100"])),
        (
            "in the body",
            [head("200 OK", &["content-length: 100"]), b"{}".into()].concat(),
        ),
        (
            "in a chunk",
            [in_chunks.clone(), b"64\r\n{}".into()].concat(),
        ),
        ("before the last chunk", [in_chunks, chunk("{}")].concat()),
    ];
    let mut tried = Vec::new();
    for (place, half) in halves {
        for then in [AfterAnswer::Close, AfterAnswer::Reset] {
            let how = format!("if the answer breaks off {place}");
            tried.extend(ends(probe, then, &half, &how)?);
        }
    }
    probe.arrived_once(&tried)
}

/// Sends a request to servers that read it, answer with `said` and then end the connection.
fn ends(
    probe: &Probe,
    then: AfterAnswer,
    said: &[u8],
    how: &str,
) -> Verdict<Vec<(Server, String)>> {
    let tried = METHODS.map(|method| {
        let said = said.to_vec();
        let server = Server::start(move |_, connection| {
            connection.write(&said)?;
            Ok(then)
        })?;
        let what = format!("{method:?} {how}");
        let answer = probe.send(probe.once(&server, method))?;
        is_lost(&answer, &what)?;
        Ok((server, what))
    });
    tried.into_iter().collect()
}

fn once_after_another(probe: &Probe) -> Verdict {
    let mut tried = Vec::new();
    for method in METHODS {
        for before_is_once in [false, true] {
            let server = Server::start(|received, connection| {
                if received.target != "/before" {
                    return Ok(AfterAnswer::Close);
                }
                connection.write(answer("200 OK", &[], "ok"))?;
                Ok(AfterAnswer::Keep)
            })?;
            let mut before = probe.get(&server);
            before.once = before_is_once;
            before.url = format!("http://{}/before", server.authority());
            probe.answered(before)?;
            server.forget();
            let answer = probe.send(probe.once(&server, method))?;
            let what = format!("{method:?} after another request");
            is_lost(&answer, &what)?;
            tried.push((server, what));
        }
    }
    probe.arrived_once(&tried)
}

fn once_on_a_new_connection(probe: &Probe) -> Verdict {
    let server = Server::of(answer("200 OK", &[], "ok"))?;
    probe.answered(probe.get(&server))?;
    for method in [Method::Post, Method::Get, Method::Post] {
        probe.answered(probe.once(&server, method))?;
    }
    let all = server.received();
    let once = all.iter().skip(1);
    for (place, received) in once.enumerate() {
        let before = &all[..=place];
        let used = before
            .iter()
            .any(|other| other.connection == received.connection);
        if used {
            let number = received.number;
            return fail(format!(
                "request {number} must arrive once, but came on a connection that was used before"
            ));
        }
    }
    Ok(())
}

fn repeated_whole(probe: &Probe) -> Verdict {
    let server = Server::start(|received, connection| {
        if received.number == 2 {
            return Ok(AfterAnswer::Close);
        }
        connection.write(answer("200 OK", &[], "ok"))?;
        Ok(AfterAnswer::Keep)
    })?;
    // Leaves a connection in the pool.
    probe.answered(probe.get(&server))?;
    let mut request = probe.once(&server, Method::Post);
    request.once = false;
    let body = format!("b={}", "0123456789".repeat(2_000));
    request.body = Some(body.as_str().into());
    let sent = probe.send(request)?;
    for received in server.received().iter().skip(1) {
        if received.body != body.as_bytes() {
            let (seen, wanted) = (received.body.len(), body.len());
            return fail(format!(
                "a body of {wanted} bytes arrived with {seen} bytes, or changed"
            ));
        }
    }
    match &sent {
        Ok(response) if response.status == 200 && server.requests() > 2 => Ok(()),
        Ok(_) => fail("it had an answer that the server did not send"),
        lost => match is_lost(lost, "a reused connection that broke") {
            Ok(()) if server.requests() < 2 => {
                fail(format!("the request never arrived: {}", shown(lost)))
            }
            verdict => verdict,
        },
    }
}
