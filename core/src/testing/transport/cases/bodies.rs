//! The body of an answer, and its limit.

use std::sync::LazyLock;

use switchback_protocol::http::{MAX_BODY, Response};

use crate::testing::run::{Case, Verdict, fail, leave_out};
use crate::testing::transport::coding::{deflate, gzip};
use crate::testing::transport::probe::{Probe, is, is_body, is_too_long};
use crate::testing::transport::server::{
    AfterAnswer, ReceivedRequest, Server, answer, chunk, head, wait_until,
};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "body-in-every-framing",
        demand: "A body of any bytes is returned unchanged: with a length, in chunks, or up to the end of the connection; sent at once or byte by byte.",
        check: body_in_every_framing,
    },
    Case {
        name: "gzip",
        demand: "A body in gzip is decoded if the request allows that coding (without `accept-encoding` it allows any); otherwise it may stay encoded, with its `content-encoding`.",
        check: gzip_is_decoded,
    },
    Case {
        name: "deflate",
        demand: "A body in deflate is decoded if the request allows that coding; otherwise it may stay encoded, with its `content-encoding`.",
        check: deflate_is_decoded,
    },
    Case {
        name: "body-of-1-mib",
        demand: "A body may have 1 MiB.",
        check: body_of_1_mib,
    },
    Case {
        name: "body-of-more",
        demand: "A body of 1 MiB and one byte is `TooLong`, in every framing.",
        check: body_of_more,
    },
    Case {
        name: "decoded-bytes-count",
        demand: "The limit counts decoded bytes: 1 MiB is allowed, however small it was when encoded, and one byte more is `TooLong`.",
        check: decoded_bytes_count,
    },
    Case {
        name: "body-without-end",
        demand: "A body that never ends is `TooLong` shortly after its first MiB, and its connection is closed.",
        check: body_without_end,
    },
];

/// More bytes than the buffers of two sockets hold.
const ENOUGH: usize = 32 << 20;

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut answer = head("200 OK", &["Transfer-Encoding: chunked"]);
    for piece in body.chunks(60_000) {
        answer.extend(chunk(piece));
    }
    answer.extend_from_slice(b"0\r\n\r\n");
    answer
}

fn until_the_end(body: &[u8]) -> Vec<u8> {
    [head("200 OK", &[]), body.into()].concat()
}

/// The body in every framing: its name, the answer, and whether the server closes the connection
/// after it.
fn framings(body: &[u8]) -> [(&'static str, Vec<u8>, AfterAnswer); 3] {
    [
        (
            "with a length",
            answer("200 OK", &[], body),
            AfterAnswer::Keep,
        ),
        ("in chunks", chunked(body), AfterAnswer::Keep),
        ("to the end", until_the_end(body), AfterAnswer::Close),
    ]
}

fn body_in_every_framing(probe: &Probe) -> Verdict {
    let body: Vec<u8> = (0..=u8::MAX).chain((0..=u8::MAX).rev()).collect();
    let mut answers: Vec<_> = framings(&body).into();
    let old = until_the_end(&body);
    let old = [b"HTTP/1.0", &old["HTTP/1.1".len()..]].concat();
    answers.push(("by HTTP/1.0", old, AfterAnswer::Close));
    let (first, second) = body.split_at(7);
    let marked = [
        head("200 OK", &["transfer-encoding: chunked"]),
        b"7;name=value\r\n".into(),
        first.into(),
        b"\r\n".into(),
        chunk(second),
        b"0\r\n\r\n".into(),
    ];
    let what = "in chunks with an extension";
    answers.push((what, marked.concat(), AfterAnswer::Keep));
    for (what, answer, then) in answers {
        // Byte by byte, nothing is at the position that a reader's buffer expects.
        for size in [answer.len(), 1] {
            let answer = answer.clone();
            let server = Server::start(move |_, connection| {
                for piece in answer.chunks(size) {
                    connection.write(piece)?;
                }
                Ok(then)
            })?;
            let response = probe.answered(probe.get(&server))?;
            is(&response, 200, &body, what)?;
        }
    }
    Ok(())
}

type Coding = fn(&[u8]) -> Vec<u8>;

/// Bodies at and over the limit: coding, decoded length, encoded bytes.
static LONG: LazyLock<Vec<(&str, usize, Vec<u8>)>> = LazyLock::new(|| {
    let codings: [(&str, Coding); 2] = [("gzip", gzip), ("deflate", deflate)];
    let lengths = [MAX_BODY, MAX_BODY + 1, 2 * MAX_BODY];
    let of = |(name, coding): (&'static str, Coding)| {
        lengths.map(|length| (name, length, coding(&vec![b' '; length])))
    };
    codings.into_iter().flat_map(of).collect()
});

fn gzip_is_decoded(probe: &Probe) -> Verdict {
    is_decoded(probe, "gzip", gzip)
}

fn deflate_is_decoded(probe: &Probe) -> Verdict {
    is_decoded(probe, "deflate", deflate)
}

fn is_decoded(probe: &Probe, name: &'static str, coding: Coding) -> Verdict {
    let plain = "{\"access_token\":\"a\",\"claims\":[\"one\",\"two\",\"three\"]}".repeat(20);
    let coded = coding(plain.as_bytes());
    for in_chunks in [false, true] {
        let server = coded_server(name, &coded, in_chunks)?;
        let response = probe.answered(probe.get(&server))?;
        if was_left(&response, name, &coded, &server.received()) {
            continue;
        }
        is(&response, 200, plain.as_bytes(), name)?;
    }
    Ok(())
}

fn coded_server(name: &str, coded: &[u8], in_chunks: bool) -> Verdict<Server> {
    let coding = format!("Content-Encoding: {name}");
    Server::of(match in_chunks {
        false => answer("200 OK", &[&coding], coded),
        true => [
            head("200 OK", &[&coding, "Transfer-Encoding: chunked"]),
            chunk(coded),
            b"0\r\n\r\n".into(),
        ]
        .concat(),
    })
}

/// Whether a body stayed encoded, correctly: the request did not allow the coding, and the answer
/// names it.
fn was_left(response: &Response, name: &str, coded: &[u8], asked: &[ReceivedRequest]) -> bool {
    let allows = |received: &ReceivedRequest| {
        let codings = received.all("accept-encoding");
        let mut named = codings.iter().flat_map(|list| list.split(','));
        codings.is_empty()
            || named.any(|coding| {
                let (coding, weight) = coding.split_once(';').unwrap_or((coding, ""));
                let refused = weight.replace(' ', "").trim_end_matches(['0', '.']) == "q=";
                ["*", name].contains(&coding.trim()) && !refused
            })
    };
    response.body == coded
        && response.header("content-encoding") == Some(name)
        && !asked.iter().any(allows)
}

fn body_of_1_mib(probe: &Probe) -> Verdict {
    let body = vec![b'x'; MAX_BODY];
    for (what, answer, then) in framings(&body) {
        let server = Server::start(move |_, connection| {
            connection.write(&answer)?;
            Ok(then)
        })?;
        let response = probe.answered(probe.get(&server))?;
        is(&response, 200, &body, what)?;
    }
    Ok(())
}

fn body_of_more(probe: &Probe) -> Verdict {
    for (what, answer, then) in framings(&vec![b'x'; MAX_BODY + 1]) {
        let server = Server::start(move |_, connection| {
            connection.write(&answer)?;
            Ok(then)
        })?;
        is_too_long(&probe.send(probe.get(&server))?, what)?;
    }
    Ok(())
}

fn decoded_bytes_count(probe: &Probe) -> Verdict {
    let mut tried = 0;
    for (name, length, coded) in LONG.iter() {
        let server = coded_server(name, coded, false)?;
        let what = format!("{length} bytes in {name}");
        let answer = probe.send(probe.get(&server))?;
        match &answer {
            Ok(response) if was_left(response, name, coded, &server.received()) => continue,
            Ok(response) if *length <= MAX_BODY => is_body(response, &vec![b' '; *length], &what)?,
            Err(error) if *length <= MAX_BODY => return fail(format!("{what}: {error}")),
            _ => is_too_long(&answer, &what)?,
        }
        tried += 1;
    }
    match tried {
        0 => leave_out("the transport allows no coding and decodes none"),
        _ => Ok(()),
    }
}

fn body_without_end(probe: &Probe) -> Verdict {
    let piece = vec![b'x'; 60_000];
    let framings = [
        ("to the end", head("200 OK", &[]), piece.clone()),
        (
            "in chunks",
            head("200 OK", &["transfer-encoding: chunked"]),
            chunk(&piece),
        ),
        (
            "with a length",
            head("200 OK", &["content-length: 99999999999"]),
            piece,
        ),
    ];
    for (what, begin, piece) in framings {
        let server = Server::start(move |_, connection| {
            connection.write(&begin)?;
            let mut rest = ENOUGH;
            while rest > 0 {
                connection.write(&piece)?;
                rest = rest.saturating_sub(piece.len());
            }
            Ok(AfterAnswer::Close)
        })?;
        is_too_long(&probe.send(probe.get(&server))?, what)?;
        // The server's writes fail once the client has closed the connection.
        let is_left = || server.open_after(probe.timing.grace, 0) == 0;
        if !wait_until(probe.timing.limit, is_left) {
            return fail(format!("{what}: the connection stayed open"));
        }
        let read = server.written();
        if read >= ENOUGH {
            return fail(format!("{what}: {read} bytes were read without a limit"));
        }
    }
    Ok(())
}
