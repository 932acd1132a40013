//! `switchback sandbox`: Truid, played on this machine until Ctrl-C.

use std::net::{IpAddr, SocketAddr};

use serde_json::json;
use switchback_sandbox::{Config, RegisteredClient, Sandbox, StartError};

use crate::args::SandboxArgs;
use crate::exit::{Exit, Failure};
use crate::listener;
use crate::output::{Output, bold, clean, dim, key};
use crate::signals::Stop;
use crate::words::quoted;

/// Where `switchback login` listens when nothing else is said.
const LOOPBACK_REDIRECT: &str = "http://127.0.0.1:8765/callback";

pub(crate) async fn run(out: &Output, args: SandboxArgs) -> Result<Sandbox, Failure> {
    let client = client(&args);
    let redirect_uri = redirect_uri(&client);
    let mut config = Config {
        listen: SocketAddr::new(args.listen, args.port),
        ..Config::default()
    };
    config
        .clients
        .retain(|other| other.client_id != client.client_id);
    config.clients.insert(0, client.clone());
    let sandbox = Sandbox::start(config).await.map_err(refused)?;
    if !args.listen.is_loopback() {
        out.warn(format_args!(
            "warning: everyone who reaches port {} of this machine can approve logins here. \
             Use it only in a network that you trust.",
            sandbox.address().port()
        ));
    }
    announce(out, &sandbox, &client, &redirect_uri);
    Ok(sandbox)
}

/// The client that a person develops with.
fn client(args: &SandboxArgs) -> RegisteredClient {
    let mut client = RegisteredClient::demo_app();
    if args.client_id != client.client_id {
        client.name.clone_from(&args.client_id);
        client.client_id.clone_from(&args.client_id);
    }
    match args.redirect_uri.as_slice() {
        [] => client.redirect_uris.push(LOOPBACK_REDIRECT.into()),
        own => client.redirect_uris = own.to_vec(),
    }
    client
}

/// The redirect URI that needs the fewest hands: one that `switchback login` listens on.
fn redirect_uri(client: &RegisteredClient) -> String {
    let uris = &client.redirect_uris;
    let listened = uris.iter().find(|uri| !listener::addresses(uri).is_empty());
    listened.or(uris.first()).cloned().unwrap_or_default()
}

/// The command that logs in at it, from this machine. The core takes http on loopback
/// only: at an address beyond that there is none.
fn login(ip: IpAddr, url: &str, client: &RegisteredClient, uri: &str) -> Option<String> {
    // Whoever listens everywhere listens on loopback too, and the URL says so.
    if !ip.is_loopback() && !ip.is_unspecified() {
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
    let ip = sandbox.address().ip();
    let login = login(ip, url, client, redirect_uri);
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
    out.object(&ready);
    out.line(bold("Truid, played on this machine. Ctrl-C stops it."));
    out.line("");
    let mut rows = vec![("base URL", url.to_owned())];
    rows.push(("start page", format!("{url}/")));
    rows.push((
        "Truid app",
        format!("{url}/app  (approve or decline what waits)"),
    ));
    rows.push(("client id", clean(&client.client_id)));
    for (n, uri) in client.redirect_uris.iter().enumerate() {
        rows.push((if n == 0 { "redirect to" } else { "" }, clean(uri)));
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
        }
        None => out.line(
            "`switchback login` does not log in here: it takes http base URLs on loopback only.",
        ),
    }
    if ip.is_unspecified() {
        out.line("Other machines use this machine's own address in the base URL.");
    }
}

fn pages(url: &str) -> serde_json::Value {
    json!({ "home": format!("{url}/"), "app": format!("{url}/app") })
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
        StartError::Client { .. } | StartError::Config(_) => {
            Failure::new(Exit::Configuration, "configuration", error.to_string())
                .next("switchback sandbox --help")
        }
        _ => Failure::failed(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_command_is_shown_that_would_be_refused() {
        let client = RegisteredClient::demo_app();
        let shown = |ip: &str| {
            let ip = ip.parse().expect("an address");
            login(ip, "http://127.0.0.1:1", &client, LOOPBACK_REDIRECT).is_some()
        };
        for ip in ["127.0.0.1", "::1", "0.0.0.0", "::"] {
            assert!(shown(ip), "{ip}");
        }
        for ip in ["10.0.0.1", "fd00::1"] {
            assert!(!shown(ip), "{ip}");
        }
    }
}
