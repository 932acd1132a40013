//! The person approves or declines: in the sandbox's Truid app, or in a browser.

use serde_json::json;
use switchback::{LoginAttempt, Secret};

use super::{DemoSetup, Progress, request_summary};
use crate::browser::{self, Spinner};
use crate::deadline::Deadline;
use crate::exit::Failure;
use crate::listener::{CallbackRequest, Listener};
use crate::output::{bold, key};

/// The callback, and the browser request that waits for a page.
pub(super) struct Callback {
    /// Contains a code.
    pub(super) url: Secret,
    pub(super) browser: Option<(Listener, CallbackRequest)>,
}

/// The authorization URL is a universal link: the phone opens the Truid app with it, and
/// the Truid app opens the service's redirect URI.
pub(super) fn in_the_app(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    url: &str,
    decline: bool,
) -> Result<Callback, Failure> {
    let refused = |refusal: switchback_sandbox::Refusal| Failure::failed(refusal.to_string());
    let app = setup.sandbox.app();
    let waiting = app.open(url).map_err(refused)?;
    let purpose = setup.profile.purpose;
    progress.step(
        "open",
        request_summary(&waiting.client_name, purpose, waiting.data_points.len()),
        json!({
            "client": waiting.client_name,
            "purpose": waiting.purpose,
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
    progress.step(name, words, json!({ "redirect_uri": back }));
    Ok(Callback {
        url: url.into(),
        browser: None,
    })
}

/// The person decides in a browser, before the login's deadline.
pub(super) async fn in_a_browser(
    progress: &mut Progress<'_>,
    setup: &DemoSetup,
    login: &LoginAttempt,
    mut listener: Listener,
    no_open: bool,
) -> Result<Callback, Failure> {
    let out = progress.out;
    let opened = !no_open && browser::open(&login.url).await;
    progress.step(
        "open",
        match opened {
            true => "your browser shows the authorization page",
            false => "the authorization page waits for you",
        },
        json!({ "url": login.url, "opened": opened }),
    );
    out.line("");
    out.line(bold(match opened {
        true => "   Decide in your browser. If it shows nothing, open this URL:",
        false => "   Open this URL in a browser of this machine, and decide there:",
    }));
    out.line(format_args!("   {}", key(&login.url)));
    out.line("");
    browser::show_qr_code(out, &login.url);

    let waiting = Spinner::new(out, "waiting for you (Ctrl-C ends)");
    let deadline = Deadline::of_login(login);
    let request = loop {
        let Some(request) = deadline.wait(listener.next()).await? else {
            return Err(Failure::failed("the listener for the callback ended"));
        };
        // Any program can send a request to an open port: ignore all but the callback.
        let client = setup.client()?;
        if is_answer(&client, &request.url) {
            break request;
        }
        request.answer(crate::listener::Page::NotOurs);
    };
    drop(waiting);
    progress.resume();
    let url = Secret::from(request.url.as_str());
    let back = setup.profile.redirect_uri();
    progress.step(
        "decide",
        format!("decided; opens {back}?…"),
        json!({ "redirect_uri": back }),
    );
    Ok(Callback {
        url,
        browser: Some((listener, request)),
    })
}

/// Whether the URL has the form of a callback. The second process checks its `state`.
fn is_answer(client: &switchback::Client, link: &str) -> bool {
    let has = |name: &str| {
        url::Url::parse(link).is_ok_and(|url| url.query_pairs().any(|(key, _)| key == name))
    };
    client.accepts(link) && has("state") && (has("code") || has("error"))
}
