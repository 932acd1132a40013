//! Prints the addresses of a started sandbox, its clients, and how to log in.

use serde_json::{Value, json};
use switchback_sandbox::{RegisteredClient, Sandbox};
use url::{Host, Url};

use super::config;
use crate::format::{count, shell_quoted};
use crate::listener;
use crate::output::{Output, bold, clean, key};

/// Prints the sandbox's addresses, every client, and the command that logs in.
pub(super) fn announce(out: &Output, sandbox: &Sandbox) {
    let (url, clients) = (sandbox.url(), sandbox.clients());
    let login = login(url, clients);
    let ca = sandbox.ca_file().map(|file| file.display().to_string());
    let mut ready = json!({
        "step": "ready",
        "url": url,
        "pages": pages(url),
        "clients": clients.iter().map(config::client).collect::<Vec<_>>(),
    });
    if let Ok((_, login)) = &login {
        ready["login"] = json!(login);
    }
    if let Some(file) = &ca {
        ready["ca"] = json!({ "url": format!("{url}/sandbox/ca.crt"), "file": file });
    }
    out.object(&ready);

    out.line(bold(
        "A sandbox plays Truid on this machine. Ctrl-C stops it.",
    ));
    out.line("");
    let mut rows = vec![
        ("base URL", url.to_owned()),
        (
            "start page",
            format!("{url}/  (settings to copy, and a login to try)"),
        ),
        (
            "Truid app",
            format!("{url}/app  (approve or decline logins)"),
        ),
        (
            "trace",
            format!("{url}/trace  (each login, with its findings)"),
        ),
        ("phones", format!("{url}/phones  (settings for phones)")),
    ];
    if let Some(file) = &ca {
        rows.push((
            "certificate",
            format!("{url}/sandbox/ca.crt  (install it on phones)"),
        ));
        rows.push(("", clean(file)));
    }
    table(out, rows);
    out.line("");
    out.line(bold(count(clients.len(), "client", "clients")));
    table(out, clients.iter().flat_map(rows_of).collect());
    out.line("");
    match login {
        Ok((client_id, login)) => {
            let client_id = clean(client_id);
            out.line(format_args!(
                "Log in as {client_id}, from another terminal:"
            ));
            out.line(format_args!("  {login}"));
            if ca.is_some() {
                out.line("The command accepts the certificate if this system trusts it.");
            }
        }
        Err(reason) => out.line(format_args!(
            "`switchback login` does not log in here: {reason}."
        )),
    }
    if sandbox.address().ip().is_unspecified() {
        out.line(format_args!(
            "Other machines use this machine's own address in the base URL ({url}/phones \
             lists the addresses), or the URL of --public-url."
        ));
    }
}

fn table(out: &Output, rows: Vec<(impl std::fmt::Display, String)>) {
    let rows = rows.into_iter();
    let rows = rows.map(|(name, value)| vec![key(name).to_string(), value]);
    out.table("  ", &rows.collect::<Vec<_>>());
}

/// The rows of a client: its type, and each of its redirect URIs.
fn rows_of(client: &RegisteredClient) -> Vec<(String, String)> {
    let demo = client.secret.as_deref() == Some(RegisteredClient::DEMO_BACKEND_SECRET);
    // The demo's secret is public. No output shows any other client secret.
    let secret = match demo {
        true => format!(", secret {}", RegisteredClient::DEMO_BACKEND_SECRET),
        false => String::new(),
    };
    let kind = format!("{}{secret}", config::kind(client));
    let uris = client.redirect_uris.iter();
    let uris = uris.map(|uri| (String::new(), format!("redirect to {}", clean(uri))));
    std::iter::once((clean(&client.client_id), kind))
        .chain(uris)
        .collect()
}

/// A client for `switchback login`, and the command line that logs in with it; otherwise the
/// reason why there is none. The core accepts http only on loopback, and has no client secret.
fn login<'a>(
    url: &str,
    clients: &'a [RegisteredClient],
) -> Result<(&'a str, String), &'static str> {
    let client = clients.iter().find(|client| !client.is_confidential());
    let client =
        client.ok_or("every client here has a secret; add a [[client]] without client_secret")?;
    if !takes(url) {
        return Err("it accepts base URLs with http only on loopback");
    }
    let uri = redirect_uri(client, url);
    let mut login = format!(
        "switchback login --base-url {} --client-id {} --redirect-uri {}",
        shell_quoted(url),
        shell_quoted(&client.client_id),
        shell_quoted(uri)
    );
    if !uri.starts_with("https:") {
        login.push_str(" --test-service");
    }
    Ok((&client.client_id, login))
}

/// Whether the core accepts this base URL.
fn takes(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let loopback = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || loopback
}

/// The most convenient redirect URI: one that `switchback login` listens on, but not at the
/// sandbox's own address.
fn redirect_uri<'a>(client: &'a RegisteredClient, url: &str) -> &'a str {
    let uris = &client.redirect_uris;
    let mut free = uris.iter().filter(|uri| !uri.starts_with(url));
    let listened = free.find(|uri| !listener::addresses(uri).is_empty());
    listened.or(uris.first()).map_or("", String::as_str)
}

pub(crate) fn pages(url: &str) -> Value {
    json!({
        "home": format!("{url}/"),
        "app": format!("{url}/app"),
        "trace": format!("{url}/trace"),
        "misbehave": format!("{url}/misbehave"),
        "findings": format!("{url}/findings"),
        "phones": format!("{url}/phones"),
    })
}

/// Prints the addresses of the sandbox's pages, after a demo.
pub(crate) fn announce_pages(out: &Output, url: &str) {
    out.object(&json!({ "step": "kept", "url": url, "pages": pages(url) }));
    out.line("");
    out.line(format_args!(
        "The sandbox runs at {} until Ctrl-C:",
        key(url)
    ));
    out.line(format_args!("  {url}/     its settings and its clients"));
    out.line(format_args!(
        "  {url}/app  its Truid app: approve or decline logins"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::LOOPBACK_REDIRECT;

    #[test]
    fn a_login_command_is_shown_only_if_it_works() {
        let app = [RegisteredClient::demo_app()];
        let shown = |url: &str| login(url, &app).is_ok();
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
    fn the_login_command_uses_the_public_client() {
        let (app, backend) = (
            RegisteredClient::demo_app(),
            RegisteredClient::demo_backend(),
        );
        let signer = RegisteredClient::with_key("signer", "PEM", "https://a.example/cb");
        let offered = |clients: &[RegisteredClient]| {
            login("http://127.0.0.1:1", clients).map(|(client_id, _)| client_id.to_owned())
        };
        for clients in [
            vec![app.clone(), backend.clone()],
            vec![backend.clone(), app.clone()],
            vec![backend.clone(), signer.clone(), app],
        ] {
            assert_eq!(offered(&clients).as_deref(), Ok("demo-app"));
        }
        assert!(offered(&[backend, signer]).is_err());
    }

    #[test]
    fn a_login_does_not_listen_at_the_sandboxs_address() {
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
