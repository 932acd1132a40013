//! An answer of the token endpoint, and the resulting grant.
//!
//! Input: an HTTP answer. The token that was sent is `S3CR3T-7f31`.
//!
//! Nothing is lost: the result equals the JSON, and a valid answer is read whatever other members
//! it has. No secret is shown, neither a token nor a value of the request.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use switchback_fuzz::{SECRET, are_distinct, members, response};
use switchback_protocol::grant::Grant;
use switchback_protocol::http::Response;
use switchback_protocol::time::{MAX_CLOCK_OFFSET, Time, clock_offset};
use switchback_protocol::token::{self, Field, TokenResponse};
use switchback_protocol::{Purpose, Secret};

fuzz_target!(|input: &[u8]| {
    let Some(response) = response(input) else {
        return;
    };
    dates_are_read_alike(&response);
    let sent = Secret::from(SECRET);
    let read = token::read(&response, &[&sent]);
    // The reader accepts more than strict JSON. Strict JSON is read as JSON.
    let members = members(&response.body).filter(|members| is_distinct(members));
    match read {
        Ok(tokens) => {
            assert!((200..300).contains(&response.status));
            assert!(tokens.expires_in.is_none_or(|seconds| seconds >= 0));
            if let Some(members) = &members {
                let access_token = Field::Present(tokens.access_token.clone());
                is_as_it_came(&access_token, members, "access_token");
                is_as_it_came(&tokens.refresh_token, members, "refresh_token");
                is_as_it_came(&tokens.id_token, members, "id_token");
            }
            is_not_shown(&tokens);
            becomes_a_grant(tokens, &members.unwrap_or_default());
        }
        Err(failure) => {
            let shown = format!("{failure:?} {failure:#?}");
            assert!(!shown.contains(SECRET), "{shown}");
            let members = members.unwrap_or_default();
            assert!(!is_good(&response, &members), "{shown}");
        }
    }
});

fn is_distinct(members: &[(String, Value)]) -> bool {
    are_distinct(members.iter().map(|(name, _)| name))
}

fn is_as_it_came(field: &Field<Secret>, members: &[(String, Value)], name: &str) {
    let came = member(members, name).unwrap_or(&Value::Null);
    match field {
        Field::Present(token) => assert_eq!(came.as_str(), Some(token.expose())),
        Field::Absent => assert!(came.is_null() || came == ""),
        Field::Unreadable => assert!(!came.is_null()),
    }
}

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
        && member(members, "error").is_none()
        && text("token_type") == Some("Bearer")
        && text("access_token").is_some_and(|token| {
            !token.is_empty() && token.bytes().all(|byte| matches!(byte, 0x20..=0x7e))
        })
}

fn is_not_shown(tokens: &TokenResponse) {
    let another = || Secret::from("another");
    let replaced = |field: &Field<Secret>| match field {
        Field::Present(_) => Field::Present(another()),
        other => other.clone(),
    };
    let other = TokenResponse {
        access_token: another(),
        refresh_token: replaced(&tokens.refresh_token),
        id_token: replaced(&tokens.id_token),
        ..tokens.clone()
    };
    assert_eq!(format!("{tokens:?}"), format!("{other:?}"));
}

fn becomes_a_grant(tokens: TokenResponse, members: &[(String, Value)]) {
    let now = Time::wall(1_700_000_000);
    let life = tokens.expires_in.unwrap_or(300);
    let (access_token, asked) = (tokens.access_token.clone(), vec!["a".into(), "b".into()]);
    let grant = Grant::new(Purpose::Login, asked.clone(), now, tokens, 300);
    assert_eq!(Grant::from_json(&grant.to_json()).as_ref(), Ok(&grant));
    assert_eq!(grant.fresh(&now, 0).is_some(), life > 0);
    assert_eq!(grant.access_token(), Some(&access_token));
    // An unreadable scope grants nothing.
    match member(members, "scope") {
        Some(Value::String(scope)) if scope.len() < 4 => {
            let words: Vec<_> = scope.split_ascii_whitespace().collect();
            let denied_scopes = asked
                .iter()
                .filter(|asked| !words.contains(&asked.as_str()));
            assert_eq!(
                grant.denied_scopes(),
                Vec::from_iter(denied_scopes.cloned())
            );
        }
        Some(Value::Number(_) | Value::Bool(_) | Value::Object(_)) => {
            assert_eq!(grant.denied_scopes(), asked);
        }
        _ => {}
    }
}

/// RFC 9110 §5.6.7: both readers return the same time for all dates that both can read.
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
        assert!(ours.abs() <= MAX_CLOCK_OFFSET);
        assert_eq!(ours, there - now.wall);
    }
    let span = theirs(after)
        .zip(theirs(date))
        .map(|(after, date)| after - date);
    if let (Some(span), Some(seconds)) = (span, response.retry_after()) {
        assert_eq!(i64::from(seconds), span.clamp(0, u32::MAX.into()));
    }
}
