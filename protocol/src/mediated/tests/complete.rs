//! What is forwarded, and what the answers mean.

use super::*;

#[test]
fn a_callback_is_forwarded_as_it_came() {
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
        let request = theirs().forward(&url, Some(("cookie", "a=b".into())));
        assert_eq!(request.url, format!("{REDIRECT}{goes}"));
        assert!(request.once);
        assert_eq!(header(&request, "cookie"), Some("a=b"));
        assert_eq!(header(&request, "x-requested-with"), Some("XMLHttpRequest"));
    }
}

#[test]
fn what_a_backend_says_of_a_callback() {
    let broken = |rule| Forwarded::Failed(TokenFailure::Broken(rule));
    let json = [("content-type", "application/json")];
    let read = |mediation: &Mediation, status, body| {
        mediation.read_completion(&answer(status, &json, body), &[])
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
    assert_eq!(read(&theirs(), 403, denied), Forwarded::Declined);
    let refused = read(&theirs(), 403, r#"{"error":"bad_state"}"#);
    assert!(matches!(
        refused,
        Forwarded::Failed(TokenFailure::Refused(error)) if error.is("bad_state")
    ));
    assert_eq!(read(&theirs(), 403, "<html>"), broken(Rule::Status(403)));
    assert_eq!(read(&theirs(), 401, denied), Forwarded::Forgotten);
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
        read(&theirs(), 429, ""),
        Forwarded::Failed(TokenFailure::Busy { retry_after: None })
    );
    let busy = answer(503, &[("retry-after", "3")], "");
    let retry_after = Some(3);
    assert_eq!(
        theirs().read_completion(&busy, &[]),
        Forwarded::Failed(TokenFailure::Busy { retry_after })
    );
}

#[test]
fn a_backend_that_repeats_a_secret_is_silenced() {
    let body = r#"{"error":"bad","error_description":"no cookie s3ss10n"}"#;
    let outcome = theirs().read_completion(&answer(403, &[], body), &[&"s3ss10n".into()]);
    assert!(!format!("{outcome:?}").contains("s3ss10n"), "{outcome:?}");
}
