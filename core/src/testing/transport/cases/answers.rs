//! Status and headers of an answer.

use crate::testing::run::{Case, Verdict, fail};
use crate::testing::transport::probe::{METHODS, Probe, is};
use crate::testing::transport::server::{AfterAnswer, Server, answer, head};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "status-is-an-answer",
        demand: "Every status is an answer with headers and body, not an error, and the request is not sent again: also for 408, 421, 429 and 503.",
        check: status_is_an_answer,
    },
    Case {
        name: "challenge-is-an-answer",
        demand: "401 and 407 are answers, with and without a challenge: the transport asks no person for a password and does not send the request again.",
        check: challenge_is_an_answer,
    },
    Case {
        name: "redirect-is-an-answer",
        demand: "301, 302, 303, 307 and 308 are answers with their `location`; the transport does not follow them.",
        check: redirect_is_an_answer,
    },
    Case {
        name: "set-cookie-by-itself",
        demand: "Each `set-cookie` of an answer is a separate header, in the original order, also if it contains a comma.",
        check: set_cookie_by_itself,
    },
    Case {
        name: "header-names-in-lower-case",
        demand: "The header names of an answer are in lower case, and the values are unchanged.",
        check: header_names_in_lower_case,
    },
    Case {
        name: "empty-answer",
        demand: "204, 304 and an answer with an empty body are returned immediately, also if the server keeps the connection open.",
        check: empty_answer,
    },
    Case {
        name: "interim-answer",
        demand: "Interim answers (100, 103) are skipped, and add nothing to the final answer.",
        check: interim_answer,
    },
];

fn status_is_an_answer(probe: &Probe) -> Verdict {
    // Statuses that some clients retry automatically, or report as errors.
    let statuses: &[(&str, &[&str])] = &[
        ("200 OK", &[]),
        // Without a reason phrase (RFC 9112 §4).
        ("201 ", &[]),
        ("400 Bad Request", &[]),
        ("403 Forbidden", &[]),
        ("404 Not Found", &[]),
        ("408 Request Timeout", &[]),
        ("408 Request Timeout", &["retry-after: 0"]),
        ("409 Conflict", &[]),
        ("410 Gone", &[]),
        ("421 Misdirected Request", &[]),
        ("425 Too Early", &["retry-after: 0"]),
        ("429 Too Many Requests", &["retry-after: 0"]),
        ("500 Internal Server Error", &[]),
        ("502 Bad Gateway", &[]),
        ("503 Service Unavailable", &["retry-after: 0"]),
        ("504 Gateway Timeout", &[]),
        ("599 Custom Status", &[]),
    ];
    for (status, headers) in statuses {
        for method in METHODS {
            for once in [true, false] {
                let headers = [&["x-kept: yes"], *headers].concat();
                let server = Server::of(answer(status, &headers, "{\"error\":\"e\"}"))?;
                let mut request = probe.once(&server, method);
                request.once = once;
                let response = probe.answered(request)?;
                is(&response, number(status), b"{\"error\":\"e\"}", status)?;
                if response.header("x-kept") != Some("yes") {
                    return fail(format!("{status}: the headers are missing"));
                }
                one_request(&server, status)?;
            }
        }
    }
    Ok(())
}

fn challenge_is_an_answer(probe: &Probe) -> Verdict {
    let challenges = [
        (
            "401 Unauthorized",
            "www-authenticate",
            "Basic realm=\"service\"",
        ),
        (
            "401 Unauthorized",
            "www-authenticate",
            "Bearer error=\"invalid_token\"",
        ),
        (
            "401 Unauthorized",
            "www-authenticate",
            "Digest realm=\"service\", nonce=\"n\", qop=\"auth\"",
        ),
        // No scheme alone: Foundation ends the process for that on Linux.
        ("401 Unauthorized", "www-authenticate", "Negotiate b25l"),
        ("401 Unauthorized", "x-none", "here"),
        (
            "407 Proxy Authentication Required",
            "proxy-authenticate",
            "Basic realm=\"proxy\"",
        ),
        ("407 Proxy Authentication Required", "x-none", "here"),
    ];
    for (status, name, value) in challenges {
        for method in METHODS {
            let header = format!("{name}: {value}");
            let server = Server::of(answer(status, &[&header], "{}"))?;
            let response = probe.answered(probe.once(&server, method))?;
            let what = format!("{status} with {header}");
            is(&response, number(status), b"{}", &what)?;
            if response.header(name) != Some(value) {
                return fail(format!("{what}: the header is missing"));
            }
            one_request(&server, &what)?;
        }
    }
    Ok(())
}

fn redirect_is_an_answer(probe: &Probe) -> Verdict {
    let statuses = [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ];
    for status in statuses {
        for method in METHODS {
            for once in [true, false] {
                let elsewhere = Server::of(answer("200 OK", &[], "followed"))?;
                // To another server, and to the same server.
                let there = format!("http://{}/there", elsewhere.authority());
                for location in [there.as_str(), "/there"] {
                    let header = format!("location: {location}");
                    let server = Server::of(answer(status, &[&header], "moved"))?;
                    let mut request = probe.once(&server, method);
                    request.once = once;
                    let response = probe.answered(request)?;
                    is(&response, number(status), b"moved", status)?;
                    if response.header("location") != Some(location) {
                        return fail(format!("{status}: the header location is missing"));
                    }
                    one_request(&server, status)?;
                }
                if elsewhere.connections() > 0 {
                    return fail(format!("{status}: the transport connected to the location"));
                }
            }
        }
    }
    Ok(())
}

fn set_cookie_by_itself(probe: &Probe) -> Verdict {
    let cookies = [
        "__Host-z=1; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT; HttpOnly; Secure",
        "a=x==; expires=Thu, 01-Jan-1970 00:00:00 GMT",
        "b=; Max-Age=0",
        "c=with, a comma; SameSite=Lax",
        "a=again; Path=/",
        "d=\"1,2\"",
    ];
    let headers = cookies.map(|cookie| format!("Set-Cookie: {cookie}"));
    let server = Server::of(answer(
        "200 OK",
        &headers.each_ref().map(String::as_str),
        "",
    ))?;
    let response = probe.answered(probe.get(&server))?;
    let seen: Vec<&str> = response.set_cookies().collect();
    match seen == cookies {
        true => Ok(()),
        false => fail(format!("the cookies {cookies:?} were returned as {seen:?}")),
    }
}

fn header_names_in_lower_case(probe: &Probe) -> Verdict {
    let headers = [
        "Content-Type: application/json;charset=UTF-8",
        "X-Mixed-CASE:   with  spaces \t",
        "x-quoted: \"a, b\"; c=d",
        "RETRY-AFTER: 7",
        "X-Empty:",
    ];
    let server = Server::of(answer("200 OK", &headers, "{}"))?;
    let response = probe.answered(probe.get(&server))?;
    let wanted = [
        ("content-type", "application/json;charset=UTF-8"),
        ("x-mixed-case", "with  spaces"),
        ("x-quoted", "\"a, b\"; c=d"),
        ("retry-after", "7"),
        ("x-empty", ""),
    ];
    for (name, value) in wanted {
        let seen: Vec<&str> = (response.headers.iter())
            .filter(|header| header.0 == name)
            .map(|header| header.1.as_str())
            .collect();
        if seen != [value] {
            return fail(format!("{name}: {seen:?} instead of {value:?}"));
        }
    }
    let capital = |name: &str| name.bytes().any(|byte| byte.is_ascii_uppercase());
    match response.headers.iter().find(|header| capital(&header.0)) {
        Some((name, _)) => fail(format!("{name} is not in lower case")),
        None => Ok(()),
    }
}

fn empty_answer(probe: &Probe) -> Verdict {
    let answers = [
        ("204", head("204 No Content", &[])),
        ("304", head("304 Not Modified", &["etag: \"1\""])),
        ("200 with no bytes", answer("200 OK", &[], "")),
        ("205 with no bytes", answer("205 Reset Content", &[], "")),
        (
            "200 with no chunk",
            [
                head("200 OK", &["transfer-encoding: chunked"]),
                b"0\r\n\r\n".into(),
            ]
            .concat(),
        ),
    ];
    for (what, answer) in answers {
        for method in METHODS {
            let server = Server::of(answer.clone())?;
            let response = probe.answered(probe.once(&server, method))?;
            is(&response, number(what), b"", what)?;
        }
    }
    Ok(())
}

fn interim_answer(probe: &Probe) -> Verdict {
    let early = ["link: </style.css>; rel=preload", "x-early: yes"];
    for interim in [
        head("100 Continue", &[]),
        head("103 Early Hints", &early),
        [head("103 Early Hints", &early), head("100 Continue", &[])].concat(),
    ] {
        for method in METHODS {
            let first = interim.clone();
            let server = Server::start(move |_, connection| {
                connection.write(&first)?;
                connection.write(answer("200 OK", &["x-late: yes"], "the answer"))?;
                Ok(AfterAnswer::Keep)
            })?;
            let response = probe.answered(probe.once(&server, method))?;
            is(&response, 200, b"the answer", "after an interim answer")?;
            if response.header("x-early").is_some() || response.header("x-late").is_none() {
                return fail("the headers of the interim answer were returned");
            }
            one_request(&server, "a request with an interim answer")?;
        }
    }
    Ok(())
}

/// The status code at the beginning of a text.
fn number(status: &str) -> u16 {
    let code = status.split(' ').next().unwrap_or_default();
    code.parse().unwrap_or_default()
}

fn one_request(server: &Server, what: &str) -> Verdict {
    match (server.requests(), server.connections()) {
        (1, 1) => Ok(()),
        (1, connections) => fail(format!("{what}: {connections} connections were made")),
        (requests, _) => fail(format!("{what}: the request arrived {requests} times")),
    }
}
