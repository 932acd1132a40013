//! Forwarded callbacks, and the meaning of the answers.

use super::*;
use crate::OAuthError;
use crate::callback::Answer;

fn code() -> Answer {
    Answer::Code("C".into())
}

#[test]
fn a_callback_is_forwarded_with_its_query_unchanged() {
    for (came, goes) in [
        ("?code=c&state=s", "?code=c&state=s"),
        (
            "?x=%7E+%20&error=access_denied&state=s&x2",
            "?x=%7E+%20&error=access_denied&state=s&x2",
        ),
        ("?code=c&state=s#_=_?no", "?code=c&state=s"),
        ("#only", ""),
    ] {
        let url = format!("HTTPS://SERVICE.example:443/truid/complete{came}");
        let request = theirs().forward(Purpose::Login, &url, Some(("cookie", "a=b".into())));
        assert_eq!(request.url, format!("{REDIRECT}{goes}"));
        assert!(request.once);
        assert_eq!(header(&request, "cookie"), Some("a=b"));
        assert_eq!(header(&request, "x-requested-with"), Some("XMLHttpRequest"));
    }
}

#[test]
fn each_answer_to_a_callback_is_read() {
    let broken = |rule| Forwarded::Failed(TokenFailure::Broken(rule));
    let json = [("content-type", "application/json")];
    let read = |mediation: &Mediation, status, body| {
        mediation.read_completion(&code(), &answer(status, &json, body), &[])
    };
    assert_eq!(read(&theirs(), 200, ""), Forwarded::Cookies);
    assert_eq!(read(&theirs(), 204, ""), Forwarded::Cookies);
    let tokens = r#"{"function":"idv","access_token":"A","token_type":"bearer","expires_in":900}"#;
    assert!(matches!(read(&ours(), 200, tokens), Forwarded::Tokens(_)));
    let none = r#"{"function":"idv","token_type":"bearer"}"#;
    assert_eq!(
        read(&ours(), 200, none),
        broken(Rule::Field("access_token"))
    );
    let denied = r#"{"error":"access_denied"}"#;
    let forgotten = |code| Forwarded::Forgotten(OAuthError::new(code, None, &[]));
    assert_eq!(read(&theirs(), 403, denied), forgotten("access_denied"));
    let refused = read(&theirs(), 403, r#"{"error":"bad_state"}"#);
    assert!(matches!(
        refused,
        Forwarded::Failed(TokenFailure::Refused(error)) if error.is("bad_state")
    ));
    assert_eq!(read(&theirs(), 403, "<html>"), broken(Rule::Status(403)));
    assert_eq!(read(&theirs(), 401, denied), forgotten("access_denied"));
    assert_eq!(read(&theirs(), 401, ""), forgotten("login_required"));
    assert_eq!(read(&theirs(), 404, denied), broken(Rule::Status(404)));
    assert_eq!(read(&theirs(), 302, ""), broken(Rule::Redirect(302)));
    assert_eq!(
        read(&theirs(), 500, ""),
        Forwarded::Failed(TokenFailure::Failed(500))
    );
    assert_eq!(
        read(&theirs(), 503, ""),
        Forwarded::Failed(TokenFailure::Failed(503))
    );
    assert_eq!(
        read(&theirs(), 408, ""),
        Forwarded::Failed(TokenFailure::Failed(408))
    );
    for status in [421, 425, 429] {
        assert_eq!(
            read(&theirs(), status, ""),
            Forwarded::Failed(TokenFailure::Busy { retry_after: None })
        );
    }
    // A refusal with status 200 counts as a refusal.
    assert_eq!(read(&ours(), 200, denied), forgotten("access_denied"));
    let refused = read(&ours(), 200, r#"{"error":"invalid_grant"}"#);
    assert!(matches!(
        refused,
        Forwarded::Failed(TokenFailure::Refused(error)) if error.is("invalid_grant")
    ));
    let retry_after = Some(3);
    // A gateway limits the rate with a status and a code of its own.
    for (status, body) in [(503, ""), (403, r#"{"error":"rate_limited"}"#)] {
        let busy = answer(status, &[("retry-after", "3")], body);
        assert_eq!(
            theirs().read_completion(&code(), &busy, &[]),
            Forwarded::Failed(TokenFailure::Busy { retry_after })
        );
    }
}

#[test]
fn a_secret_in_the_backends_error_is_redacted() {
    let body = r#"{"error":"bad","error_description":"no cookie s3ss10n"}"#;
    let refusal = answer(403, &[], body);
    let outcome = theirs().read_completion(&code(), &refusal, &[&"s3ss10n".into()]);
    assert!(!format!("{outcome:?}").contains("s3ss10n"), "{outcome:?}");
}

/// A backend like Truid's public example answers 403 `access_denied` to every unknown login, and
/// repeats the `error` of a callback.
#[test]
fn only_the_callback_can_say_declined() {
    let error = |code| OAuthError::new(code, None, &[]);
    let refused = |code| Forwarded::Refused(error(code));
    for (callback, status, theirs_says, expected) in [
        (Answer::Declined, 403, "access_denied", Forwarded::Declined),
        (Answer::Declined, 401, "login_required", Forwarded::Declined),
        // A declined login leads to no session, with any answer of the backend.
        (Answer::Declined, 200, "", Forwarded::Declined),
        (Answer::Declined, 302, "", Forwarded::Declined),
        (Answer::Declined, 400, "access_denied", Forwarded::Declined),
        (Answer::Declined, 404, "", Forwarded::Declined),
        (
            Answer::Declined,
            403,
            "invalid_state",
            refused("invalid_state"),
        ),
        (
            code(),
            403,
            "access_denied",
            Forwarded::Forgotten(error("access_denied")),
        ),
        (
            Answer::Refused(error("server_error")),
            403,
            "server_error",
            refused("server_error"),
        ),
        (
            Answer::Refused(error("invalid_scope")),
            403,
            "access_denied",
            refused("invalid_scope"),
        ),
        (
            Answer::Refused(error("invalid_scope")),
            200,
            "",
            refused("invalid_scope"),
        ),
    ] {
        for mediation in [theirs(), ours()] {
            let response = answer(status, &[], &format!(r#"{{"error":"{theirs_says}"}}"#));
            let read = mediation.read_completion(&callback, &response, &[]);
            assert_eq!(read, expected, "{callback:?} {status} {theirs_says}");
        }
    }
}
