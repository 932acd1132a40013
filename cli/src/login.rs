//! `switchback login`: logs in at a provider, or completes a login that another process began.

use serde_json::json;
use switchback::{Client, LoginAttempt, LoginOutcome, PendingLogin, Purpose, SessionId};

use crate::args::{Common, LoginArgs};
use crate::browser::{self, Spinner};
use crate::deadline::{Deadline, expired};
use crate::exit::{Exit, Failure};
use crate::format;
use crate::home::Home;
use crate::listener::{Listener, Page};
use crate::output::{Output, bold, clean, dim, good, key};
use crate::paste::Paste;
use crate::profile::Profile;

/// A successful login.
pub(crate) struct LoggedIn {
    pub(crate) session: SessionId,
    pub(crate) denied_scopes: Vec<String>,
}

pub(crate) async fn run(out: &Output, common: &Common, args: LoginArgs) -> Result<(), Failure> {
    let home = Home::new(common)?;
    if args.continue_ {
        return continue_login(out, &home).await;
    }
    let profile = Profile::of_login(args.service, args.purpose, home.profiles(out)?)?;
    profile.check().await?;
    // Listen first: without a listener the callback could not arrive.
    let listener = match profile.test_service {
        true => Listener::at(profile.redirect_uri()).await?,
        false => None,
    };
    let client = profile.client(home.platform(out).await?)?;
    home.save(&profile)?;
    let login = client.begin(profile.request()).await?;
    let opened = !args.no_open && browser::open(&login.url).await;
    let listens = listener.is_some();
    say_what_to_do(out, &profile, &login, opened, listens);

    let done = answer(out, &client, listener, &Deadline::of_login(&login)).await?;
    finish(out, done, &profile);
    Ok(())
}

/// Prints the URL, and how its callback arrives.
pub(crate) fn say_what_to_do(
    out: &Output,
    profile: &Profile,
    login: &LoginAttempt,
    opened: bool,
    listens: bool,
) {
    out.object(&json!({
        "step": "begun",
        "attempt": login.id.as_str(),
        "url": login.url,
        "expires_at": login.expires_at,
        "opened": opened,
        "answer": if listens { "listener" } else { "stdin" },
    }));
    let what = match profile.purpose {
        Purpose::Signing => "Sign",
        _ => "Log in",
    };
    let heading = format!("{what} at {} as {}", profile.base_url, profile.client_id);
    out.line(bold(clean(&heading)));
    out.line("");
    match opened {
        true => out.line("1. Your browser opens this URL; if it does not, open it yourself:"),
        false => out.line("1. Open this URL, on a phone or in a browser:"),
    }
    out.line(format_args!("   {}", key(&login.url)));
    out.line(match profile.purpose {
        Purpose::Signing => "2. Read the message there, and sign.",
        _ => "2. Approve the login there.",
    });
    if !listens {
        out.line(format_args!(
            "3. The provider sends you back to a URL that begins with {}.",
            clean(profile.redirect_uri())
        ));
        out.line("   Copy the whole URL, paste it here, and press Enter:");
    }
    out.line("");
}

/// Waits for the callback, at the listener or on stdin.
pub(crate) async fn answer(
    out: &Output,
    client: &Client,
    listener: Option<Listener>,
    deadline: &Deadline,
) -> Result<LoggedIn, Failure> {
    match listener {
        Some(listener) => {
            let _waiting = Spinner::new(out, "waiting for your answer (Ctrl-C ends)");
            listen(client, listener, deadline).await
        }
        None => pasted(out, client, Paste::new(), deadline).await,
    }
}

/// Waits for the request that is the callback. Other requests change nothing.
async fn listen(
    client: &Client,
    mut listener: Listener,
    deadline: &Deadline,
) -> Result<LoggedIn, Failure> {
    while let Some(request) = deadline.wait(listener.next()).await? {
        let completion = complete(client, &request.url).await;
        if let Ok(LoginOutcome::NotOurs | LoginOutcome::Malformed(_) | LoginOutcome::Unknown) =
            completion
        {
            request.answer(Page::NotOurs);
            continue;
        }
        let done = completion.and_then(outcome);
        request.answer(if done.is_ok() {
            Page::LoggedIn
        } else {
            Page::Ended
        });
        listener.stop().await;
        return done;
    }
    Err(Failure::failed("the listener for the callback ended"))
}

/// Waits for a pasted URL. A person can try again; a program has one try.
async fn pasted(
    out: &Output,
    client: &Client,
    mut paste: Paste,
    deadline: &Deadline,
) -> Result<LoggedIn, Failure> {
    while let Some(url) = deadline.wait(paste.line()).await?? {
        match complete(client, &url).await? {
            LoginOutcome::NotOurs | LoginOutcome::Malformed(_) if Paste::is_typed() => {
                out.note("This is not the callback URL; copy the whole URL, and paste it here:");
            }
            completion => return outcome(completion),
        }
    }
    Err(Failure::new(
        Exit::Failed,
        "no-callback",
        "stdin ended before a callback URL",
    )
    .next("complete the login before its deadline: switchback login --continue"))
}

/// `switchback login --continue`: completes a login that another process began.
async fn continue_login(out: &Output, home: &Home) -> Result<(), Failure> {
    let profiles = home.profiles(out)?;
    if profiles.is_empty() {
        return Err(Failure::new(
            Exit::LoginAgain,
            "unknown",
            "no login was begun in this folder",
        )
        .at(home.place())
        .next("switchback login --help"));
    }
    let platform = home.platform(out).await?;
    let mut clients = Vec::new();
    let mut pending = Vec::new();
    for profile in &profiles {
        pending.extend(profile.client(platform.clone())?.pending_logins().await?);
        for uri in &profile.redirect_uris {
            clients.push((profile, profile.client_for(uri, platform.clone())?));
        }
    }
    show_pending(out, &pending);
    if Paste::is_typed() {
        out.line("Paste the URL to which the provider sent you back, and press Enter:");
    }
    let Some(url) = Deadline::none().wait(Paste::new().line()).await?? else {
        return Err(Failure::new(
            Exit::Failed,
            "no-callback",
            "stdin ended before a callback URL",
        )
        .next("write the callback URL to stdin: switchback login --continue"));
    };
    // Several clients can have the same redirect URI: one of them knows this `state`.
    let mut last = LoginOutcome::NotOurs;
    for (profile, client) in clients {
        match complete(&client, &url).await? {
            LoginOutcome::NotOurs => {}
            LoginOutcome::Unknown => last = LoginOutcome::Unknown,
            completion => {
                finish(out, outcome(completion)?, profile);
                return Ok(());
            }
        }
    }
    outcome(last).map(drop)
}

/// After a network failure the next step is the same callback, and not a new login.
async fn complete(client: &Client, url: &str) -> Result<LoginOutcome, Failure> {
    let completion = client.complete(url).await.map_err(Failure::from);
    completion.map_err(|failure| match failure.exit {
        Exit::TryAgain => failure.next(
            "repeat at once with the same URL, since its code expires after about 30 s: \
             switchback login --continue",
        ),
        _ => failure,
    })
}

fn show_pending(out: &Output, pending: &[PendingLogin]) {
    let object = |login: &PendingLogin| {
        json!({
            "attempt": login.id.as_str(),
            "purpose": login.purpose.as_str(),
            "started_at": login.started_at,
            "expires_at": login.expires_at,
        })
    };
    let objects: Vec<_> = pending.iter().map(object).collect();
    out.object(&json!({ "step": "pending", "pending": objects }));
    match pending.len() {
        0 => out.line(
            "No login waits for its callback. The callback of a complete login can be repeated.",
        ),
        n => out.line(format_args!(
            "{} for {} callback.",
            format::count(n, "login waits", "logins wait"),
            if n == 1 { "its" } else { "their" }
        )),
    }
}

fn finish(out: &Output, done: LoggedIn, profile: &Profile) {
    let provider = profile.provider();
    out.object(&json!({
        "result": "logged-in",
        "session": done.session.as_str(),
        "purpose": profile.purpose.as_str(),
        "denied_scopes": done.denied_scopes,
    }));
    out.line(format_args!("{} Logged in.", good("✓")));
    out.line(format_args!("  session   {}", done.session));
    if !done.denied_scopes.is_empty() {
        let denied_scopes: Vec<&str> = done
            .denied_scopes
            .iter()
            .map(|word| provider.short_scope_token(word))
            .collect();
        out.line(format_args!(
            "  denied_scopes  {}",
            clean(&denied_scopes.join(", "))
        ));
    }
    out.line(dim("  next      switchback session claims"));
}

/// The outcome of a login as a result: only `LoggedIn` is a success.
pub(crate) fn outcome(completion: LoginOutcome) -> Result<LoggedIn, Failure> {
    let failure = match completion {
        LoginOutcome::LoggedIn { session, denied_scopes } => {
            return Ok(LoggedIn { session, denied_scopes });
        }
        LoginOutcome::Declined => Failure::new(
            Exit::Declined,
            "declined",
            "the person declined in the identity app: no data was shared",
        )
        .next("begin another login when the person wants to log in: switchback login"),
        LoginOutcome::Refused { error, interrupted } => {
            let failure = Failure::new(
                Exit::Declined,
                "refused",
                format!("the provider refused the login: {error}"),
            );
            failure.next(match interrupted {
                true => "an earlier process sent this code and ended; log in again: switchback login",
                false => "the provider's answer says what to change",
            })
        }
        LoginOutcome::NotOurs => Failure::new(
            Exit::Failed,
            "not-ours",
            "this URL does not begin with the redirect URI of a login in this folder",
        )
        .next("copy the whole URL to which the provider sent you back"),
        LoginOutcome::Malformed(why) => Failure::new(Exit::Failed, "malformed", why.to_string())
            .next("copy the whole URL to which the provider sent you back"),
        LoginOutcome::Unknown => Failure::new(
            Exit::LoginAgain,
            "unknown",
            "no login in this folder has this `state`: another program began the login, or it expired",
        )
        .next("switchback login"),
        LoginOutcome::Expired => expired(),
        LoginOutcome::Replayed => Failure::new(
            Exit::LoginAgain,
            "replayed",
            "this login was completed before, and its session has ended",
        )
        .next("switchback login"),
        LoginOutcome::Forgotten => Failure::new(
            Exit::LoginAgain,
            "forgotten",
            "the backend no longer has this login: the backend was restarted, or the login expired",
        )
        .next("switchback login"),
        _ => Failure::failed("the login ended with an outcome that this version does not know"),
    };
    Err(failure)
}
