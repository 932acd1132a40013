//! The demo's steps with a session: claims, a refresh for several callers, a killed refresh,
//! rotation, log-out.

use serde_json::{Value, json};
use switchback::identity::Presentation;
use switchback::ports::Clock as _;
use switchback::{Client, Error, Provider, Secret, Session, SessionId};
use tokio::task::JoinSet;

use super::{DemoSetup, Progress, killed_refresh};
use crate::claims;
use crate::exit::Failure;
use crate::format;

/// How many parts of the app request a token at the same time.
const CALLERS: usize = 20;

/// Plays all steps, and returns the claims as JSON and as a table.
pub(super) async fn run(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    id: &SessionId,
    verbose: bool,
) -> Result<(Value, Vec<Vec<String>>), Failure> {
    let client = setup.client()?;
    let session = client.session(id).await?;
    let first = session.access_token().await?;
    let left = format::duration(session.expires_at().unwrap_or_default() - setup.clock.now().wall);
    progress.step(
        "session",
        format!("opened from the store; its token is valid for {left}"),
        json!({ "session": id.as_str(), "expires_at": session.expires_at() }),
    );

    let provider = setup.profile.provider();
    let presentation = session.presentation(provider.facts().claims.known).await?;
    let shared = format::count(presentation.claims.len(), "claim", "claims");
    progress.step(
        "claims",
        format!("read {shared} of the person"),
        json!({ "claims": presentation.claims.len() }),
    );

    if setup.ends_with_its_token() {
        logged_out(progress, &client, &session).await?;
        return Ok(claims_of(&provider, &presentation));
    }
    let second = refreshed(progress, setup, &session, &first).await?;
    if setup.service.is_some() {
        backend_refreshed(progress, setup, &session).await?;
    }
    expire_access_token(setup, &session);
    killed_refresh::kill_and_recover(progress, setup, &session, verbose).await?;
    rotated(progress, setup, &session, &second).await?;
    logged_out(progress, &client, &session).await?;
    Ok(claims_of(&provider, &presentation))
}

/// The claims as JSON and as a table.
fn claims_of(provider: &Provider, presentation: &Presentation) -> (Value, Vec<Vec<String>>) {
    (
        claims::json(provider, presentation),
        claims::table(provider, presentation),
    )
}

/// Advances the sandbox's clock and ours until the access token has expired; returns the seconds.
fn expire_access_token(setup: &DemoSetup, session: &Session) -> i64 {
    let left = session.expires_at().unwrap_or_default() - setup.clock.now().wall;
    let seconds = left.max(0) + 1;
    setup.clock.advance(seconds);
    setup.sandbox.advance_with_clients(seconds);
    seconds
}

async fn refreshed(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    session: &Session,
    old: &Secret,
) -> Result<Secret, Failure> {
    let seconds = expire_access_token(setup, session);
    progress.step(
        "wait",
        format!(
            "both clocks advance by {}; the token expires",
            format::duration(seconds)
        ),
        json!({ "seconds": seconds }),
    );
    let before = setup.refreshes();
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let session = session.clone();
        callers.spawn(async move { session.access_token().await });
    }
    let tokens: Result<Vec<Secret>, Error> = callers.join_all().await.into_iter().collect();
    let tokens = tokens?;
    let refreshes = setup.refreshes() - before;
    let new = tokens
        .first()
        .filter(|new| tokens.iter().all(|token| token == *new));
    let new = new.filter(|new| *new != old && refreshes == 1);
    let Some(new) = new else {
        return Err(Failure::failed(format!(
            "{CALLERS} callers should share 1 refresh and 1 new token, but there were {refreshes} \
             refreshes"
        )));
    };
    progress.step(
        "refresh",
        format!("{CALLERS} callers at once: {refreshes} refresh, and all get the new token"),
        json!({ "callers": CALLERS, "refreshes": refreshes }),
    );
    Ok(new.clone())
}

/// Shows that the backend refreshes the provider's tokens once for several requests. The app's
/// own tokens come from the backend.
async fn backend_refreshed(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    session: &Session,
) -> Result<(), Failure> {
    let before = setup.sandbox.counters().refreshes;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let session = session.clone();
        callers.spawn(async move { session.user_info().await });
    }
    let answers: Result<Vec<_>, Error> = callers.join_all().await.into_iter().collect();
    answers?;
    let refreshes = setup.sandbox.counters().refreshes - before;
    if refreshes != 1 {
        return Err(Failure::failed(format!(
            "{CALLERS} requests should need 1 refresh, but the backend sent {refreshes}"
        )));
    }
    let name = setup.profile.provider().name();
    progress.step(
        "backend",
        format!("{CALLERS} requests at once: {refreshes} refresh of the {name} tokens"),
        json!({ "callers": CALLERS, "refreshes": refreshes }),
    );
    Ok(())
}

/// Shows that the refreshes before returned new refresh tokens, and that the client stored them:
/// a refresh token works once.
async fn rotated(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    session: &Session,
    old: &Secret,
) -> Result<(), Failure> {
    let seconds = expire_access_token(setup, session);
    let new = session.access_token().await?;
    let (refreshes, counters) = (setup.refreshes(), setup.sandbox.counters());
    if new == *old || refreshes != 3 || counters.revoked_grants != 0 {
        return Err(Failure::failed(
            "the next refresh returned no new pair of tokens",
        ));
    }
    progress.step(
        "rotate",
        format!(
            "{} later: the new refresh token gets a newer pair",
            format::duration(seconds)
        ),
        json!({ "seconds": seconds, "rotations": refreshes, "revoked": 0 }),
    );
    Ok(())
}

async fn logged_out(
    progress: &mut Progress<'_>,
    client: &Client,
    session: &Session,
) -> Result<(), Failure> {
    session.log_out().await?;
    progress.step(
        "logout",
        "the client deletes the tokens from the store",
        json!({}),
    );
    let over = match session.access_token().await {
        Err(Error::LoginRequired { reason, .. }) => reason.to_string(),
        Err(error) => return Err(error.into()),
        Ok(_) => {
            return Err(Failure::failed(
                "the session still returns tokens after log-out",
            ));
        }
    };
    if !client.sessions().await?.is_empty() {
        return Err(Failure::failed(
            "the session is still in the store after log-out",
        ));
    }
    progress.step(
        "gone",
        format!("there is no session: {over}"),
        json!({ "reason": over }),
    );
    Ok(())
}
