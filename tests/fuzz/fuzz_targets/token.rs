//! An answer of the token endpoint, and the grant that comes of it.
//!
//! Input: an answer over HTTP. The token that was sent is `S3CR3T-7f31`.
//!
//! Nothing is lost: what the JSON says is what is read, and a good answer is read whatever
//! stands beside the tokens. No secret is shown, neither a token nor what was sent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use switchback_fuzz::{SECRET, are_distinct, members, response};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::Response;
use switchback_protocol::time::{MOST_OFFSET, Time, clock_offset};
use switchback_protocol::token::{self, TokenResponse};
use switchback_protocol::{Purpose, Secret};

fuzz_target!(|input: &[u8]| {
    let Some(response) = response(input) else {
        return;
    };
    dates_are_read_alike(&response);
    let sent = Secret::from(SECRET);
    let read = token::read(&response, &[&sent]);
    let members = members(&response.body).unwrap_or_default();
    let text = |name: &str| match member(&members, name) {
        Some(Value::String(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    match read {
        Ok(tokens) => {
            assert!((200..300).contains(&response.status));
            assert_eq!(text("access_token"), Some(tokens.access_token.expose()));
            let refresh_token = tokens.refresh_token.as_ref().map(Secret::expose);
            assert_eq!(text("refresh_token"), refresh_token);
            let id_token = tokens.id_token.as_ref().map(Secret::expose);
            assert_eq!(text("id_token"), id_token.filter(|text| !text.is_empty()));
            assert!(tokens.expires_in.is_none_or(|seconds| seconds >= 0));
            is_not_shown(&tokens);
            becomes_a_grant(tokens, member(&members, "scope"));
        }
        Err(failure) => {
            let shown = format!("{failure:?} {failure:#?}");
            assert!(!shown.contains(SECRET), "{shown}");
            assert!(!is_good(&response, &members), "{shown}");
        }
    }
});

fn member<'a>(members: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    let (_, value) = members.iter().find(|(found, _)| found == name)?;
    Some(value)
}

/// RFC 6749 §5.1.
fn is_good(response: &Response, members: &[(String, Value)]) -> bool {
    let text = |name: &str| member(members, name).and_then(Value::as_str);
    response.status == 200
        && response.header("content-type") == Some("application/json")
        && response.header("content-encoding").is_none()
        && are_distinct(members.iter().map(|(name, _)| name))
        && member(members, "error").is_none()
        && text("token_type") == Some("Bearer")
        && member(members, "refresh_token").is_none_or(Value::is_string)
        && text("access_token").is_some_and(|token| {
            !token.is_empty() && token.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
        })
}

fn is_not_shown(tokens: &TokenResponse) {
    let another = || Secret::from("another");
    let other = TokenResponse {
        access_token: another(),
        refresh_token: tokens.refresh_token.is_some().then(another),
        id_token: tokens.id_token.is_some().then(another),
        ..tokens.clone()
    };
    assert_eq!(format!("{tokens:?}"), format!("{other:?}"));
}

fn becomes_a_grant(tokens: TokenResponse, scope: Option<&Value>) {
    let now = Time::wall(1_700_000_000);
    let life = tokens.expires_in.unwrap_or(300);
    let (access_token, asked) = (tokens.access_token.clone(), vec!["a".into(), "b".into()]);
    let grant = Grant::new(Purpose::Login, asked.clone(), now, tokens, 300);
    assert_eq!(Grant::from_json(&grant.to_json()).as_ref(), Ok(&grant));
    assert_eq!(grant.fresh(&now, 0).is_some(), life > 0);
    assert_eq!(grant.access_token(), Some(&access_token));
    if let Some(Value::String(scope)) = scope {
        let words: Vec<_> = scope.split_ascii_whitespace().collect();
        let withheld = asked
            .iter()
            .filter(|asked| !words.contains(&asked.as_str()));
        assert_eq!(grant.withheld(), Vec::from_iter(withheld.cloned()));
    }
}

/// RFC 9110 §5.6.7: what both readers can read, both read alike.
fn dates_are_read_alike(response: &Response) {
    let (date, after) = (response.header("date"), response.header("retry-after"));
    let theirs = |date: Option<&str>| {
        let date = httpdate::parse_http_date(date?).ok()?;
        let since = date.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs()).ok()
    };
    let now = Time::wall(1_700_000_000);
    let ours = clock_offset(date.unwrap_or_default(), &now, &now);
    if let (Some(ours), Some(there)) = (ours, theirs(date)) {
        assert!(ours.abs() <= MOST_OFFSET);
        assert_eq!(ours, there - now.wall);
    }
    let span = theirs(after)
        .zip(theirs(date))
        .map(|(after, date)| after - date);
    if let (Some(span), Some(seconds)) = (span, response.retry_after()) {
        assert_eq!(i64::from(seconds), span.clamp(0, u32::MAX.into()));
    }
}
