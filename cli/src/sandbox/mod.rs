//! `switchback sandbox`: Truid, played on this machine until Ctrl-C.

mod config;

use serde_json::json;
use switchback_sandbox::{RegisteredClient, Sandbox, StartError};
use url::{Host, Url};

use crate::args::{Common, SandboxArgs};
use crate::exit::Failure;
use crate::listener;
use crate::output::{Output, bold, clean, dim, key};
use crate::signals::Stop;
use crate::words::quoted;

/// Where `switchback login` listens when nothing else is said.
pub(crate) const LOOPBACK_REDIRECT: &str = "http://127.0.0.1:8765/callback";

/// Gives a sandbox that is to be kept, unless it was only to be looked at.
pub(crate) async fn run(
    out: &Output,
    common: &Common,
    args: SandboxArgs,
) -> Result<Option<Sandbox>, Failure> {
    if args.schema {
        config::schema(out);
        return Ok(None);
    }
    let config = config::load(out, common, &args)?;
    if args.check {
        config::announce(out, &args, &config);
        return Ok(None);
    }
    let sandbox = Sandbox::start(config).await.map_err(refused)?;
    if !sandbox.address().ip().is_loopback() {
        out.warn(format_args!(
            "warning: everyone who reaches port {} of this machine can approve logins here. \
             Use it only in a network that you trust.",
            sandbox.address().port()
        ));
    }
    if let [client, ..] = sandbox.clients() {
        let redirect_uri = redirect_uri(client, sandbox.url());
        announce(out, &sandbox, client, &redirect_uri);
    }
    Ok(Some(sandbox))
}

/// The redirect URI that needs the fewest hands: one that `switchback login` listens on,
/// which it cannot do where the sandbox does.
fn redirect_uri(client: &RegisteredClient, url: &str) -> String {
    let uris = &client.redirect_uris;
    let mut free = uris.iter().filter(|uri| !uri.starts_with(url));
    let listened = free.find(|uri| !listener::addresses(uri).is_empty());
    listened.or(uris.first()).cloned().unwrap_or_default()
}

/// The command that logs in at it. The core takes http on loopback only, and no
/// secret: beyond that, or for a confidential client, there is none.
fn login(url: &str, client: &RegisteredClient, uri: &str) -> Option<String> {
    let parsed = Url::parse(url).ok()?;
    let loopback = match parsed.host()? {
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
        Host::Domain(name) => name == "localhost",
    };
    if parsed.scheme() != "https" && !loopback || client.is_confidential() {
        return None;
    }
    let mut login = format!(
        "switchback login --base-url {} --client-id {} --redirect-uri {}",
        quoted(url),
        quoted(&client.client_id),
        quoted(uri)
    );
    if !uri.starts_with("https:") {
        login.push_str(" --test-service");
    }
    Some(login)
}

fn announce(out: &Output, sandbox: &Sandbox, client: &RegisteredClient, redirect_uri: &str) {
    let url = sandbox.url();
    let login = login(url, client, redirect_uri);
    let mut ready = json!({
        "step": "ready",
        "url": url,
        "pages": pages(url),
        "client": {
            "base_url": url,
            "client_id": client.client_id,
            "redirect_uris": client.redirect_uris,
            "test_service": true,
        },
    });
    if let Some(login) = &login {
        ready["login"] = json!(login);
    }
    let ca = sandbox.ca_file().map(|file| file.display().to_string());
    if let Some(file) = &ca {
        ready["ca"] = json!({ "url": format!("{url}/sandbox/ca.crt"), "file": file });
    }
    out.object(&ready);
    out.line(bold("Truid, played on this machine. Ctrl-C stops it."));
    out.line("");
    let mut rows = vec![("base URL", url.to_owned())];
    rows.push(("start page", format!("{url}/")));
    rows.push((
        "Truid app",
        format!("{url}/app  (approve or decline what waits)"),
    ));
    rows.push((
        "trace",
        format!("{url}/trace  (each login, and what is wrong with it)"),
    ));
    rows.push(("phones", format!("{url}/phones  (what to set on them)")));
    if let Some(file) = &ca {
        let install = format!("{url}/sandbox/ca.crt  (install it on them)");
        rows.push(("certificate", install));
        rows.push(("", clean(file)));
    }
    rows.push(("client id", clean(&client.client_id)));
    for (n, uri) in client.redirect_uris.iter().enumerate() {
        rows.push((if n == 0 { "redirect to" } else { "" }, clean(uri)));
    }
    // The one secret that is no secret: any other stays in the configuration.
    for other in sandbox.clients() {
        let secret = RegisteredClient::DEMO_BACKEND_SECRET;
        if other.secret.as_deref() == Some(secret) {
            let id = clean(&other.client_id);
            rows.push(("for a backend", format!("client id {id}, secret {secret}")));
            for uri in &other.redirect_uris {
                rows.push(("", format!("redirect to {}", clean(uri))));
            }
        }
    }
    let rows = rows.into_iter();
    let rows: Vec<_> = rows
        .map(|(name, value)| vec![key(name).to_string(), value])
        .collect();
    out.table("  ", &rows);
    out.line("");
    match login {
        Some(login) => {
            out.line("Log in with it, from another terminal:");
            out.line(format_args!("  {login}"));
            if ca.is_some() {
                out.line("It trusts the certificate when this system does.");
            }
        }
        None if client.is_confidential() => out.line(
            "`switchback login` does not log in here: it has no secret, and every client has one.",
        ),
        None => out.line(
            "`switchback login` does not log in here: it takes http base URLs on loopback only.",
        ),
    }
    if sandbox.address().ip().is_unspecified() {
        out.line(format_args!(
            "Other machines use this machine's own address in the base URL ({url}/phones \
             lists them), or the one that you name with --public-url."
        ));
    }
}

/// The addresses of its pages.
pub(crate) fn pages(url: &str) -> serde_json::Value {
    json!({
        "home": format!("{url}/"),
        "app": format!("{url}/app"),
        "trace": format!("{url}/trace"),
        "misbehave": format!("{url}/misbehave"),
        "findings": format!("{url}/findings"),
        "phones": format!("{url}/phones"),
    })
}

/// Keeps a sandbox running, until somebody stops it.
pub(crate) async fn keep(out: &Output, sandbox: Sandbox, mut stop: Stop) {
    stop.wait().await;
    out.line("");
    out.line(dim("Stopped; what happened is forgotten."));
    out.object(&json!({ "result": "stopped" }));
    sandbox.stop().await;
}

/// Where the pages of a sandbox are, after a demo.
pub(crate) fn announce_pages(out: &Output, url: &str) {
    out.object(&json!({ "step": "kept", "url": url, "pages": pages(url) }));
    out.line("");
    out.line(format_args!(
        "The sandbox stays at {} until Ctrl-C:",
        key(url)
    ));
    out.line(format_args!("  {url}/     what it is, and its clients"));
    out.line(format_args!(
        "  {url}/app  its Truid app: what waits, approve, decline"
    ));
}

/// Why there is no sandbox.
pub(crate) fn refused(error: StartError) -> Failure {
    match &error {
        StartError::Listen { .. } => {
            Failure::failed(error.to_string()).next("choose another --port, or none at all")
        }
        StartError::Config(_) => {
            Failure::configuration(error.to_string()).next("switchback sandbox --help")
        }
        _ => Failure::failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_is_shown_that_would_be_refused() {
        let uri = "http://127.0.0.1:8765/callback";
        let of = |client: &RegisteredClient, url: &str| login(url, client, uri).is_some();
        let shown = |url: &str| of(&RegisteredClient::demo_app(), url);
        assert!(!of(&RegisteredClient::demo_backend(), "http://127.0.0.1:1"));
        for url in [
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://localhost",
            "https://10.0.0.1:1",
            "https://tunnel.example",
        ] {
            assert!(shown(url), "{url}");
        }
        for url in [
            "http://10.0.0.1:1",
            "http://[fd00::1]:1",
            "http://tunnel.example",
        ] {
            assert!(!shown(url), "{url}");
        }
    }

    #[test]
    fn a_login_does_not_listen_where_the_sandbox_does() {
        let mut client = RegisteredClient::demo_app();
        let own = "http://127.0.0.1:1/sample/callback";
        client.redirect_uris = vec![own.into(), LOOPBACK_REDIRECT.into()];
        assert_eq!(
            redirect_uri(&client, "http://127.0.0.1:1"),
            LOOPBACK_REDIRECT
        );
        client.redirect_uris.pop();
        assert_eq!(redirect_uri(&client, "http://127.0.0.1:1"), own);
    }
}
