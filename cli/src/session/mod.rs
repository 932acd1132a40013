//! `switchback session …`: shows sessions, uses them, ends them.

mod show;

use serde_json::json;
use switchback::provider::KNOWN;
use switchback::{Client, Error, Provider, Revocation, Session, SessionEnd, SessionId};

use crate::args::{Common, SessionCommand};
use crate::claims;
use crate::exit::{Exit, Failure};
use crate::format;
use crate::home::Home;
use crate::output::{Output, dim, good};
use crate::profile::Profile;

/// A client whose sessions the store may hold.
struct StoredClient {
    profile: Profile,
    client: Client,
}

pub(crate) async fn run(
    out: &Output,
    common: &Common,
    command: SessionCommand,
) -> Result<(), Failure> {
    let home = Home::new(common)?;
    let clients = clients(out, &home).await?;
    match command {
        SessionCommand::List => show::list(out, &clients).await,
        SessionCommand::Show { id } => {
            let (stored, session) = find(&clients, id).await?;
            show::show(out, stored, &session).await
        }
        SessionCommand::Token { id } => {
            let (stored, session) = find(&clients, id).await?;
            token(out, stored, &session).await
        }
        SessionCommand::Claims { first, claims } => {
            let (id, words) = id_and_words(first.into_iter().chain(claims).collect());
            may_be_claims(&words)?;
            let (stored, session) = find(&clients, id).await?;
            let claims = claims_of(&stored.profile.provider(), &words)?;
            read(out, stored, &session, &claims).await
        }
        SessionCommand::Signature { id } => {
            let (stored, session) = find(&clients, id).await?;
            signature(out, stored, &session).await
        }
        SessionCommand::Logout { id } => {
            let (stored, session) = find(&clients, id).await?;
            log_out(out, stored, &session).await
        }
    }
}

/// The clients of all profiles. Creates no store if there is no profile.
async fn clients(out: &Output, home: &Home) -> Result<Vec<StoredClient>, Failure> {
    let profiles = home.profiles(out)?;
    if profiles.is_empty() {
        return Ok(Vec::new());
    }
    let platform = home.platform(out).await?;
    profiles
        .into_iter()
        .map(|profile| {
            let client = profile.client(platform.clone())?;
            Ok(StoredClient { profile, client })
        })
        .collect()
}

async fn all(clients: &[StoredClient]) -> Result<Vec<(&StoredClient, SessionId)>, Failure> {
    let mut all = Vec::new();
    for stored in clients {
        let ids = stored.client.sessions().await?;
        all.extend(ids.into_iter().map(|id| (stored, id)));
    }
    Ok(all)
}

/// The session with this id, also if it has ended. Without an id, the only session.
async fn find(
    clients: &[StoredClient],
    id: Option<SessionId>,
) -> Result<(&StoredClient, Session), Failure> {
    if let Some(id) = id {
        for stored in clients {
            match stored.client.session(&id).await {
                Err(Error::LoginRequired {
                    reason: SessionEnd::NoSession,
                    ..
                }) => {}
                Err(error) => return Err(error.into()),
                Ok(session) => return Ok((stored, session)),
            }
        }
        return Err(
            no_session("there is no session with this id in this folder")
                .next("switchback session list"),
        );
    }
    let mut all = all(clients).await?;
    match all.pop() {
        // Without a profile, `switchback login` alone is not enough.
        None if clients.is_empty() => {
            Err(no_session("there is no session in this folder").next("switchback login --help"))
        }
        None => Err(no_session("there is no session in this folder").next("switchback login")),
        Some((stored, id)) if all.is_empty() => Ok((stored, stored.client.session(&id).await?)),
        Some(_) => Err(Failure::usage(format!(
            "there are {} sessions, and the command needs the id of one",
            all.len() + 1
        ))
        .next("switchback session list shows the ids")),
    }
}

fn no_session(what: &str) -> Failure {
    Failure::new(Exit::LoginAgain, "no-session", what)
}

/// The only command that prints a token: that is its purpose.
async fn token(out: &Output, stored: &StoredClient, session: &Session) -> Result<(), Failure> {
    let token = session.access_token().await.map_err(at(stored))?;
    out.object(&json!({ "access_token": token.expose(), "expires_at": session.expires_at() }));
    out.line(token.expose());
    Ok(())
}

async fn signature(out: &Output, stored: &StoredClient, session: &Session) -> Result<(), Failure> {
    let signature = session.signature().await.map_err(at(stored))?;
    out.object(&json!({ "session": session.id().as_str(), "signature": signature.as_str() }));
    out.line(signature.as_str());
    Ok(())
}

async fn read(
    out: &Output,
    stored: &StoredClient,
    session: &Session,
    claims: &[String],
) -> Result<(), Failure> {
    let provider = stored.profile.provider();
    let presentation = session.presentation(claims).await.map_err(at(stored))?;
    out.object(&json!({
        "session": session.id().as_str(),
        "sub": presentation.sub,
        "claims": claims::json(&provider, &presentation),
    }));
    match presentation.claims.is_empty() {
        true => out.line("The person did not share these claims."),
        false => out.table("", &claims::table(&provider, &presentation)),
    }
    Ok(())
}

fn at(stored: &StoredClient) -> impl Fn(Error) -> Failure {
    |error| Failure::from(error).at(&stored.profile.base_url)
}

fn id_and_words(mut words: Vec<String>) -> (Option<SessionId>, Vec<String>) {
    // A claim's name never has the form of an id.
    let id: Option<SessionId> = words.first().and_then(|word| word.parse().ok());
    if id.is_some() {
        words.remove(0);
    }
    (id, words)
}

/// Refuses a claim that no provider has, before the search for a session.
fn may_be_claims(words: &[String]) -> Result<(), Failure> {
    let is_claim = |word: &str| {
        let mut all = KNOWN.iter().map(|facts| Provider::new(facts));
        all.any(|provider| provider.claim_key(word).is_some())
    };
    match words.iter().find(|word| !is_claim(word)) {
        Some(word) => Err(no_claim(&Provider::new(KNOWN[0]), word)),
        None => Ok(()),
    }
}

/// The keys of these claims; without a name, the keys of all known claims.
fn claims_of(provider: &Provider, words: &[String]) -> Result<Vec<String>, Failure> {
    if words.is_empty() {
        let known = provider.facts().claims.known.iter();
        return Ok(known.map(|key| (*key).to_owned()).collect());
    }
    let claim = |word: &String| {
        let key = provider.claim_key(word);
        key.ok_or_else(|| no_claim(provider, word))
    };
    words.iter().map(claim).collect()
}

fn no_claim(provider: &Provider, word: &str) -> Failure {
    Failure::usage(format!(
        "{} is not a session id and not a known claim",
        format::echoed(word)
    ))
    .next(format!("use one of the claims {}", claims::names(provider)))
}

async fn log_out(out: &Output, stored: &StoredClient, session: &Session) -> Result<(), Failure> {
    let name = stored.profile.provider().name();
    let done = session.log_out().await?;
    let (revocation, note) = match done.revocation {
        Revocation::Done => (
            "told",
            "The provider or the backend ended its session too.".into(),
        ),
        Revocation::NotNeeded => (
            "nothing-to-tell",
            "The session had already ended at the provider.".into(),
        ),
        Revocation::NotOffered => (
            "cannot-be-told",
            format!(
                "{name} has no endpoint for log-out; there the session ends without refreshes."
            ),
        ),
        _ => (
            "not-reached",
            "The provider was not reached; there the session ends without refreshes.".into(),
        ),
    };
    out.object(&json!({
        "result": "logged-out",
        "session": session.id().as_str(),
        "service": revocation,
    }));
    out.line(format_args!(
        "{} Logged out: the tokens were deleted from this machine.",
        good("✓")
    ));
    out.line(dim(format_args!("  {note}")));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchback::provider::truid::ClaimType;

    #[test]
    fn the_first_word_can_be_an_id() {
        let provider = Provider::truid();
        let read = |words: &[&str]| {
            let (id, words) = id_and_words(words.iter().map(|w| (*w).into()).collect());
            claims_of(&provider, &words).map(|claims| (id, claims))
        };
        let id = "0123456789abcdef0123456789abcdef";
        let (found, claims) = read(&[id, "email"]).expect("both are known");
        assert_eq!(found.as_ref().map(SessionId::as_str), Some(id));
        assert_eq!(claims, ["truid.app/claim/email/v1"]);
        let (found, claims) = read(&["email", "truid.app/claim/new/v9"]).expect("a key is enough");
        assert_eq!((found, claims.len()), (None, 2));
        let (_, claims) = read(&[id]).expect("all claims");
        assert_eq!(claims.len(), ClaimType::ALL.len());
        assert!(read(&["e-mail"]).is_err());
    }
}
