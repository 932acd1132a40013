//! Timeouts.

use std::thread;

use switchback_protocol::http::Method;

use crate::testing::run::{Case, Verdict};
use crate::testing::transport::probe::{Probe, is_lost};
use crate::testing::transport::server::{AfterAnswer, Server, head};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "server-stays-silent",
        demand: "If the server reads a request and does not answer, the transport stops at its timeout: the error is `Lost`, and the request was sent once.",
        check: server_stays_silent,
    },
    Case {
        name: "answer-that-trickles",
        demand: "The timeout counts to the end of the answer and does not restart with each piece of it.",
        check: answer_that_trickles,
    },
];

fn server_stays_silent(probe: &Probe) -> Verdict {
    let server = Server::start(|_, _| Ok(AfterAnswer::StaySilent))?;
    let what = "a server that does not answer";
    let answer = probe.send_with_short_timeout(probe.once(&server, Method::Post))?;
    is_lost(&answer, what)?;
    probe.arrived_once(&[(server, what.into())])
}

fn answer_that_trickles(probe: &Probe) -> Verdict {
    let pause = probe.timing.timeout / 20;
    let server = Server::start(move |_, connection| {
        connection.write(head("200 OK", &["content-length: 1000000"]))?;
        for _ in 0..400 {
            connection.write("x")?;
            thread::sleep(pause);
        }
        Ok(AfterAnswer::StaySilent)
    })?;
    let what = "an answer that arrives byte by byte";
    let answer = probe.send_with_short_timeout(probe.once(&server, Method::Get))?;
    is_lost(&answer, what)?;
    probe.arrived_once(&[(server, what.into())])
}
