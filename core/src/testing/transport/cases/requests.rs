//! How requests arrive at the server.

use std::sync::Mutex;
use std::sync::mpsc;

use switchback_protocol::http::{Method, Request};

use crate::testing::lock;
use crate::testing::run::{Case, Verdict, fail, leave_out};
use crate::testing::transport::probe::{FORM, METHODS, Probe, has_header, is};
use crate::testing::transport::server::{AfterAnswer, Server, answer};

pub(super) const CASES: &[Case<Probe>] = &[
    Case {
        name: "request-as-it-is",
        demand: "Method, path, query and headers arrive unchanged, and each header arrives once.",
        check: request_as_it_is,
    },
    Case {
        name: "form-as-it-is",
        demand: "The bytes of a body arrive unchanged, with `%`, `+` and UTF-8, and with the given content type without a `charset`.",
        check: form_as_it_is,
    },
    Case {
        name: "body-without-100-continue",
        demand: "A body of any length is sent, also if the server does not answer `100 Continue`.",
        check: body_without_100_continue,
    },
    Case {
        name: "no-cookie-of-its-own",
        demand: "The transport stores no cookies: a request has only the cookies that it was given.",
        check: no_cookie_of_its_own,
    },
    Case {
        name: "nothing-from-a-cache",
        demand: "Every request is sent: no answer comes from a cache, whatever its `cache-control` says.",
        check: nothing_from_a_cache,
    },
    Case {
        name: "unwanted-is-not-sent",
        demand: "A request that is cancelled before it is sent is not sent.",
        check: unwanted_is_not_sent,
    },
    Case {
        name: "several-at-a-time",
        demand: "A request that waits for its answer does not block other requests, and each request gets its own answer.",
        check: several_at_a_time,
    },
];

fn request_as_it_is(probe: &Probe) -> Verdict {
    let server = Server::of(answer("200 OK", &[], "ok"))?;
    // Codes and states contain such characters, and a path may.
    let target = "/a%2Fb/c%20d/~e;f=1/?code=%c3%A5%2B+b&state=a.b-c_d~&empty=&scope=x%20y:z,!*()";
    let headers = [
        ("accept", "application/json"),
        ("authorization", "Bearer a.b-c_d~e+f/g=="),
        ("cookie", "__Host-a=1; b=\"2\"; c=x=y"),
        ("x-requested-with", "app.example"),
    ];
    for method in METHODS {
        let mut request = probe.once(&server, method);
        request.url = format!("http://{}{target}", server.authority());
        request
            .headers
            .retain(|(name, _)| !headers.iter().any(|(given, _)| given == name));
        let given = headers.map(|(name, value)| (name, value.into()));
        request.headers.extend(given);
        probe.answered(request)?;
    }
    for (received, method) in server.received().iter().zip(["GET", "POST"]) {
        if received.method != method {
            return fail(format!("a {method} arrived as {}", received.method));
        }
        if received.target != target {
            let arrived = &received.target;
            return fail(format!("the target {target:?} arrived as {arrived:?}"));
        }
        for (name, value) in headers {
            has_header(received, name, value)?;
        }
        if received.all("host") != [server.authority()] {
            return fail("the header host does not match the URL");
        }
    }
    Ok(())
}

fn form_as_it_is(probe: &Probe) -> Verdict {
    let forms = [
        "grant_type=authorization_code&code=a%2Bb%20c+d%25&e=%c3%a5",
        "name=å€😀&line=a%0D%0Ab&and=%26&quote=\"'<>",
        "",
    ];
    for form in forms {
        let server = Server::of(answer("200 OK", &[], "ok"))?;
        let mut request = probe.once(&server, Method::Post);
        request.body = Some(form.into());
        probe.answered(request)?;
        for received in server.received() {
            has_header(&received, "content-type", FORM)?;
            if received.body != form.as_bytes() {
                let arrived = String::from_utf8_lossy(&received.body).into_owned();
                return fail(format!("the body {form:?} arrived as {arrived:?}"));
            }
        }
    }
    Ok(())
}

fn body_without_100_continue(probe: &Probe) -> Verdict {
    let server = Server::of(answer("200 OK", &[], "ok"))?;
    let mut request = probe.once(&server, Method::Post);
    let form = format!("claims={}", "c".repeat(100_000));
    request.body = Some(form.as_str().into());
    probe.answered(request)?;
    match server.received().as_slice() {
        [one] if one.body == form.as_bytes() => Ok(()),
        _ => fail("a body of 100,000 bytes did not arrive once and complete"),
    }
}

fn no_cookie_of_its_own(probe: &Probe) -> Verdict {
    let set = ["set-cookie: theirs=1; Path=/"];
    let server = Server::of(answer("200 OK", &set, "ok"))?;
    for once in [false, true, true] {
        let mut request = probe.get(&server);
        request.once = once;
        probe.answered(request)?;
    }
    let mut request = probe.get(&server);
    request.headers.push(("cookie", "ours=2".into()));
    probe.answered(request)?;
    let all = server.received();
    if let [.., given] = all.as_slice() {
        has_header(given, "cookie", "ours=2")?;
    }
    let mut others = all.iter().rev().skip(1);
    match others.any(|received| !received.all("cookie").is_empty()) {
        true => fail("a later request had a cookie of an earlier answer"),
        false => Ok(()),
    }
}

fn nothing_from_a_cache(probe: &Probe) -> Verdict {
    let server = Server::start(|received, connection| {
        let fresh = [
            "cache-control: public, max-age=3600",
            "etag: \"1\"",
            "last-modified: Mon, 01 Jan 2024 00:00:00 GMT",
        ];
        connection.write(answer("200 OK", &fresh, received.number.to_string()))?;
        Ok(AfterAnswer::Keep)
    })?;
    for number in 1..=3_usize {
        let mut request = probe.get(&server);
        request.once = number == 3;
        let response = probe.answered(request)?;
        let what = format!("request {number} to the same URL");
        is(&response, 200, number.to_string().as_bytes(), &what)?;
    }
    let conditional = ["if-none-match", "if-modified-since"];
    let asks = |name: &str| {
        let all = server.received();
        all.iter().any(|received| !received.all(name).is_empty())
    };
    match conditional.into_iter().find(|name| asks(name)) {
        Some(name) => fail(format!(
            "a request arrived with {name}, which was not in it"
        )),
        None => Ok(()),
    }
}

fn unwanted_is_not_sent(probe: &Probe) -> Verdict {
    let server = Server::of(answer("200 OK", &[], "ok"))?;
    if !probe.start_cancelled(probe.once(&server, Method::Post)) {
        return leave_out("a request cannot be cancelled before it is sent here");
    }
    // A request that is sent later arrives later.
    probe.answered(probe.get(&server))?;
    server.has(2, probe.timing.grace);
    let posted = |method: &str| method == "POST";
    match server
        .received()
        .iter()
        .any(|received| posted(&received.method))
    {
        true => fail("a cancelled request arrived"),
        false => Ok(()),
    }
}

fn several_at_a_time(probe: &Probe) -> Verdict {
    let (go, gate) = mpsc::channel::<()>();
    let (gate, limit) = (Mutex::new(gate), probe.timing.limit);
    let server = Server::start(move |received, connection| {
        if received.target == "/waits" {
            // Longer than the other requests wait, but not forever.
            let _ = lock(&gate).recv_timeout(limit * 2);
        }
        connection.write(answer("200 OK", &[], &received.target))?;
        Ok(AfterAnswer::Keep)
    })?;
    let to = |path: &str, once: bool| Request {
        once,
        url: format!("http://{}{path}", server.authority()),
        ..probe.get(&server)
    };
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| probe.answered(to("/waits", true)));
        server.has(1, limit);
        let paths: Vec<String> = (0..8).map(|number| format!("/{number}")).collect();
        let numbered = paths.iter().enumerate();
        let requests = numbered.map(|(number, path)| to(path, number % 2 == 0));
        let answers = probe.send_at_once(requests.collect());
        drop(go);
        let waited = waits.join();
        for (path, sent) in paths.iter().zip(answers?) {
            match sent {
                Ok(response) => is(&response, 200, path.as_bytes(), path)?,
                Err(error) => {
                    return fail(format!(
                        "one of eight simultaneous requests failed: {error}"
                    ));
                }
            }
        }
        match waited {
            Ok(answer) => is(&answer?, 200, b"/waits", "the request that waited"),
            Err(_) => fail("the transport panicked"),
        }
    })
}
