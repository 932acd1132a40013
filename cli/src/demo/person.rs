//! The person decides: in the fake Truid app, or in a browser.

use serde_json::json;
use switchback::{LoginAttempt, Secret};

use super::{Stage, Story, asks};
use crate::browser::{self, Waiting};
use crate::exit::Failure;
use crate::listener::{Arrival, Listener};
use crate::output::{bold, key};
use crate::patience::Patience;

/// The link that came back, and who waits for an answer to it.
pub(super) struct Callback {
    /// It holds a code.
    pub(super) url: Secret,
    pub(super) browser: Option<(Listener, Arrival)>,
}

/// The authorization URL is a universal link: the phone opens the Truid app with it, and
/// the Truid app opens the service's redirect URI.
pub(super) fn decides_in_the_app(
    story: &mut Story<'_>,
    stage: &Stage,
    url: &str,
    decline: bool,
) -> Result<Callback, Failure> {
    let refused = |refusal: switchback_sandbox::Refusal| Failure::failed(refusal.to_string());
    let app = stage.sandbox.app();
    let waiting = app.open(url).map_err(refused)?;
    let purpose = stage.profile.purpose;
    story.step(
        "open",
        asks(&waiting.client_name, purpose, waiting.data_points.len()),
        json!({
            "client": waiting.client_name,
            "purpose": purpose.as_str(),
            "data_points": waiting.data_points,
        }),
    );
    let url = match decline {
        true => app.decline(&waiting.id),
        false => app.approve(&waiting.id),
    };
    let url = url.map_err(refused)?;
    let back = url.split('?').next().unwrap_or_default();
    let (name, words) = match decline {
        true => ("decline", "declined"),
        false => ("approve", "approved"),
    };
    let words = format!("{words}; opens {back}?…");
    story.step(name, words, json!({ "redirect_uri": back }));
    Ok(Callback {
        url: url.into(),
        browser: None,
    })
}

/// The person has a browser, and as long as the login may take.
pub(super) async fn decides_in_a_browser(
    story: &mut Story<'_>,
    stage: &Stage,
    login: &LoginAttempt,
    mut listener: Listener,
    no_open: bool,
) -> Result<Callback, Failure> {
    let out = story.out;
    let opened = !no_open && browser::open(&login.url).await;
    story.step(
        "open",
        match opened {
            true => "your browser shows the authorization page",
            false => "the authorization page waits for you",
        },
        json!({ "url": login.url, "opened": opened }),
    );
    out.line("");
    out.line(bold(match opened {
        true => "   Decide in your browser. Should it show nothing, open this address:",
        false => "   Open this address in a browser of this machine, and decide there:",
    }));
    out.line(format_args!("   {}", key(&login.url)));
    out.line("");
    browser::show_qr_code(out, &login.url);

    let waiting = Waiting::new(out, "waiting for you (Ctrl-C ends)");
    let patience = Patience::of(login);
    let arrival = loop {
        let Some(arrival) = patience.wait(listener.next()).await? else {
            return Err(Failure::failed("the listener for the callback ended"));
        };
        // Anything may come to an open port. What is not for the login is not its end.
        let client = stage.client()?;
        if is_answer(&client, &arrival.url) {
            break arrival;
        }
        arrival.answer(crate::listener::Page::NotOurs);
    };
    drop(waiting);
    story.resume();
    let url = Secret::from(arrival.url.as_str());
    let back = stage.profile.redirect_uri();
    story.step(
        "decide",
        format!("decided; opens {back}?…"),
        json!({ "redirect_uri": back }),
    );
    Ok(Callback {
        url,
        browser: Some((listener, arrival)),
    })
}

/// Whether it looks like an answer to a login; whose, the second process finds out.
fn is_answer(client: &switchback::Client, link: &str) -> bool {
    let has = |name: &str| {
        url::Url::parse(link).is_ok_and(|url| url.query_pairs().any(|(key, _)| key == name))
    };
    client.accepts(link) && has("state") && (has("code") || has("error"))
}
