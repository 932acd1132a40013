//! A session's life: claims, a refresh that many wait for, one that is killed, rotation,
//! log-out.

use serde_json::{Value, json};
use switchback::identity::Presentation;
use switchback::ports::Clock as _;
use switchback::{Client, Error, Provider, Secret, Session, SessionId};
use tokio::task::JoinSet;

use super::{Stage, Story, killed};
use crate::claims;
use crate::exit::Failure;
use crate::words;

/// So many parts of the app want a token at once.
const CALLERS: usize = 20;

/// Lives it, and gives the claims as JSON and as a table.
pub(super) async fn live(
    story: &mut Story<'_>,
    stage: &Stage,
    id: &SessionId,
    verbose: bool,
) -> Result<(Value, Vec<Vec<String>>), Failure> {
    let client = stage.client()?;
    let session = client.session(id).await?;
    let first = session.access_token().await?;
    let left = words::span(session.expires_at().unwrap_or_default() - stage.clock.now().wall);
    story.step(
        "session",
        format!("opened from the store; its token is good for {left}"),
        json!({ "session": id.as_str(), "expires_at": session.expires_at() }),
    );

    let provider = stage.profile.provider();
    let presentation = session.presentation(provider.facts().claims.known).await?;
    let shared = words::count(presentation.claims.len(), "claim", "claims");
    story.step(
        "claims",
        format!("{shared} read from the service"),
        json!({ "claims": presentation.claims.len() }),
    );

    if stage.ends_with_its_token() {
        logged_out(story, &client, &session).await?;
        return Ok(claims_of(&provider, &presentation));
    }
    let second = refreshed(story, stage, &session, &first).await?;
    if stage.service.is_some() {
        kept_alive(story, stage, &session).await?;
    }
    let_it_expire(stage, &session);
    killed::in_mid_refresh(story, stage, &session, verbose).await?;
    rotated(story, stage, &session, &second).await?;
    logged_out(story, &client, &session).await?;
    Ok(claims_of(&provider, &presentation))
}

/// The claims as JSON and as a table.
fn claims_of(provider: &Provider, presentation: &Presentation) -> (Value, Vec<Vec<String>>) {
    (
        claims::json(provider, presentation),
        claims::table(provider, presentation),
    )
}

/// The service's clock and ours go on until the access token is over.
fn let_it_expire(stage: &Stage, session: &Session) -> i64 {
    let left = session.expires_at().unwrap_or_default() - stage.clock.now().wall;
    let seconds = left.max(0) + 1;
    stage.clock.advance(seconds);
    stage.sandbox.advance_with_clients(seconds);
    seconds
}

async fn refreshed(
    story: &mut Story<'_>,
    stage: &Stage,
    session: &Session,
    old: &Secret,
) -> Result<Secret, Failure> {
    let seconds = let_it_expire(stage, session);
    story.step(
        "wait",
        format!(
            "both clocks are moved by {}: the token is over",
            words::span(seconds)
        ),
        json!({ "seconds": seconds }),
    );
    let before = stage.refreshes();
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let session = session.clone();
        callers.spawn(async move { session.access_token().await });
    }
    let tokens: Result<Vec<Secret>, Error> = callers.join_all().await.into_iter().collect();
    let tokens = tokens?;
    let refreshes = stage.refreshes() - before;
    let new = tokens
        .first()
        .filter(|new| tokens.iter().all(|token| token == *new));
    let new = new.filter(|new| *new != old && refreshes == 1);
    let Some(new) = new else {
        return Err(Failure::failed(format!(
            "{CALLERS} callers should share 1 refresh and 1 new token, and it was {refreshes}"
        )));
    };
    story.step(
        "refresh",
        format!("{CALLERS} callers at once: {refreshes} refresh, and all get the new token"),
        json!({ "callers": CALLERS, "refreshes": refreshes }),
    );
    Ok(new.clone())
}

/// The app's tokens are the backend's own. Behind them it refreshes the provider's, once for
/// all who ask.
async fn kept_alive(
    story: &mut Story<'_>,
    stage: &Stage,
    session: &Session,
) -> Result<(), Failure> {
    let before = stage.sandbox.counters().refreshes;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let session = session.clone();
        callers.spawn(async move { session.user_info().await });
    }
    let answers: Result<Vec<_>, Error> = callers.join_all().await.into_iter().collect();
    answers?;
    let refreshes = stage.sandbox.counters().refreshes - before;
    if refreshes != 1 {
        return Err(Failure::failed(format!(
            "{CALLERS} callers should cost the backend 1 refresh, and it was {refreshes}"
        )));
    }
    let name = stage.profile.provider().name();
    story.step(
        "backend",
        format!("{CALLERS} requests at once: {refreshes} refresh of the {name} tokens"),
        json!({ "callers": CALLERS, "refreshes": refreshes }),
    );
    Ok(())
}

/// A refresh token is good once: that another refresh works shows that those before brought
/// new ones, and that they were stored.
async fn rotated(
    story: &mut Story<'_>,
    stage: &Stage,
    session: &Session,
    old: &Secret,
) -> Result<(), Failure> {
    let seconds = let_it_expire(stage, session);
    let new = session.access_token().await?;
    let (refreshes, counters) = (stage.refreshes(), stage.sandbox.counters());
    if new == *old || refreshes != 3 || counters.revoked_grants != 0 {
        return Err(Failure::failed(
            "another refresh brought no new pair of tokens",
        ));
    }
    story.step(
        "rotate",
        format!(
            "{} on: the new refresh token brings a newer pair",
            words::span(seconds)
        ),
        json!({ "seconds": seconds, "rotations": refreshes, "revoked": 0 }),
    );
    Ok(())
}

async fn logged_out(
    story: &mut Story<'_>,
    client: &Client,
    session: &Session,
) -> Result<(), Failure> {
    session.log_out().await?;
    story.step("logout", "the tokens are removed from the store", json!({}));
    let over = match session.access_token().await {
        Err(Error::LoginRequired { reason, .. }) => reason.to_string(),
        Err(error) => return Err(error.into()),
        Ok(_) => {
            return Err(Failure::failed(
                "a session that was ended still gives tokens",
            ));
        }
    };
    if !client.sessions().await?.is_empty() {
        return Err(Failure::failed(
            "a session that was ended is still in the store",
        ));
    }
    story.step(
        "gone",
        format!("no session is left: {over}"),
        json!({ "reason": over }),
    );
    Ok(())
}
