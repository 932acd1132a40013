//! Shows the stored data of a session, without a request to the provider.

use serde_json::{Value, json};
use switchback::Session;
use switchback::ports::{Clock as _, SystemClock};

use super::StoredClient;
use crate::exit::Failure;
use crate::format;
use crate::output::{Output, bold, clean, dim, key};

pub(super) async fn list(out: &Output, clients: &[StoredClient]) -> Result<(), Failure> {
    let mut rows = vec![
        ["SESSION", "PURPOSE", "AGE", "TOKEN", "CLIENT"]
            .map(|title| dim(title).to_string())
            .to_vec(),
    ];
    let mut objects = Vec::new();
    for (stored, id) in super::all(clients).await? {
        let session = stored.client.session(&id).await?;
        let base_url = &stored.profile.base_url;
        let host = base_url
            .split_once("://")
            .map_or(&**base_url, |(_, host)| host);
        rows.push(vec![
            key(clean(id.as_str())).to_string(),
            session.purpose().to_string(),
            format::duration(SystemClock.now().wall - session.logged_in_at()),
            token_state(&session),
            clean(&format!("{}@{host}", stored.profile.client_id)),
        ]);
        objects.push(object(stored, &session));
    }
    out.object(&json!({ "sessions": objects }));
    match objects.is_empty() {
        true => out.line("There is no session in this folder. To log in: switchback login --help"),
        false => out.table("", &rows),
    }
    Ok(())
}

pub(super) async fn show(
    out: &Output,
    stored: &StoredClient,
    session: &Session,
) -> Result<(), Failure> {
    let timeline = stored.client.timeline(session.id().attempt()).await?;
    let mut shown = object(stored, session);
    if let Some(timeline) = &timeline {
        let moments = timeline.entries().iter();
        shown["timeline"] = moments
            .map(|moment| json!({ "at": moment.at, "event": moment.event, "note": moment.note }))
            .collect();
    }
    out.object(&shown);
    let provider = stored.profile.provider();
    let names = |scope: &[String]| {
        let names = scope.iter().map(|word| provider.short_scope_token(word));
        let names: Vec<&str> = names.collect();
        clean(&names.join(", "))
    };
    let mut rows = vec![
        ("session", session.id().to_string()),
        ("purpose", session.purpose().to_string()),
        ("provider", clean(&stored.profile.base_url)),
        ("client", clean(&stored.profile.client_id)),
        (
            "logged_in_at",
            format!(
                "{} ago",
                format::duration(SystemClock.now().wall - session.logged_in_at())
            ),
        ),
        ("token", token_state(session)),
        ("shared", names(&session.scope())),
    ];
    if !session.denied_scopes().is_empty() {
        rows.push(("denied_scopes", names(&session.denied_scopes())));
    }
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, value)| vec![key(name).to_string(), value])
        .collect();
    out.table("", &rows);
    if let Some(timeline) = timeline {
        out.line("");
        out.line(bold("How the login went"));
        for line in timeline.to_string().lines() {
            out.line(clean(line));
        }
    }
    Ok(())
}

fn token_state(session: &Session) -> String {
    match (session.ended(), session.expires_at()) {
        (Some(ended), _) => format!("over: {ended}"),
        (None, Some(at)) if at > SystemClock.now().wall => {
            format!("{} left", format::duration(at - SystemClock.now().wall))
        }
        (None, _) => "refresh due".into(),
    }
}

fn object(stored: &StoredClient, session: &Session) -> Value {
    json!({
        "session": session.id().as_str(),
        "purpose": session.purpose().as_str(),
        "base_url": stored.profile.base_url,
        "client_id": stored.profile.client_id,
        "logged_in_at": session.logged_in_at(),
        "expires_at": session.expires_at(),
        "scope": session.scope(),
        "denied_scopes": session.denied_scopes(),
        "ended": session.ended().map(|ended| ended.to_string()),
    })
}
