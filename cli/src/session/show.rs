//! What is known of a session here, without asking the service.

use serde_json::{Value, json};
use switchback::Session;
use switchback::ports::{Clock as _, SystemClock};

use super::Service;
use crate::exit::Failure;
use crate::output::{Output, bold, clean, dim, key};
use crate::words;

pub(super) async fn list(out: &Output, services: &[Service]) -> Result<(), Failure> {
    let mut rows = vec![
        ["SESSION", "PURPOSE", "AGE", "TOKEN", "SERVICE"]
            .map(|title| dim(title).to_string())
            .to_vec(),
    ];
    let mut objects = Vec::new();
    for (service, id) in super::all(services).await? {
        let session = service.client.session(&id).await?;
        let base_url = &service.profile.base_url;
        let host = base_url
            .split_once("://")
            .map_or(&**base_url, |(_, host)| host);
        rows.push(vec![
            key(clean(id.as_str())).to_string(),
            session.purpose().to_string(),
            words::span(SystemClock.now().wall - session.logged_in_at()),
            token_state(&session),
            clean(&format!("{}@{host}", service.profile.client_id)),
        ]);
        objects.push(object(service, &session));
    }
    out.object(&json!({ "sessions": objects }));
    match objects.is_empty() {
        true => out.line("Nobody is logged in here. To log in: switchback login --help"),
        false => out.table("", &rows),
    }
    Ok(())
}

pub(super) async fn show(
    out: &Output,
    service: &Service,
    session: &Session,
) -> Result<(), Failure> {
    let timeline = service.client.timeline(session.id().attempt()).await?;
    let mut shown = object(service, session);
    if let Some(timeline) = &timeline {
        let moments = timeline.entries().iter();
        shown["timeline"] = moments
            .map(|moment| json!({ "at": moment.at, "event": moment.event, "note": moment.note }))
            .collect();
    }
    out.object(&shown);
    let provider = service.profile.provider();
    let names = |scope: &[String]| {
        let names = scope.iter().map(|word| provider.short_scope_token(word));
        let names: Vec<&str> = names.collect();
        clean(&names.join(", "))
    };
    let mut rows = vec![
        ("session", session.id().to_string()),
        ("purpose", session.purpose().to_string()),
        ("service", clean(&service.profile.base_url)),
        ("client", clean(&service.profile.client_id)),
        (
            "logged_in_at",
            format!(
                "{} ago",
                words::span(SystemClock.now().wall - session.logged_in_at())
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
            format!("{} left", words::span(at - SystemClock.now().wall))
        }
        (None, _) => "refresh due".into(),
    }
}

fn object(service: &Service, session: &Session) -> Value {
    json!({
        "session": session.id().as_str(),
        "purpose": session.purpose().as_str(),
        "base_url": service.profile.base_url,
        "client_id": service.profile.client_id,
        "logged_in_at": session.logged_in_at(),
        "expires_at": session.expires_at(),
        "scope": session.scope(),
        "denied_scopes": session.denied_scopes(),
        "ended": session.ended().map(|ended| ended.to_string()),
    })
}
