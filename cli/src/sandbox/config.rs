//! The sandbox's configuration: a file, overridden by the command line.

use serde_json::{Value, json};
use switchback_sandbox::{Config, ConfigError, RegisteredClient, Tls};

use super::LOOPBACK_REDIRECT;
use crate::args::{Common, SandboxArgs};
use crate::config_problems;
use crate::exit::Failure;
use crate::format::count;
use crate::home::Home;
use crate::output::{Output, bold, clean, good, key};

/// Reads the file, or takes the default, and applies the command line.
pub(super) fn load(out: &Output, common: &Common, args: &SandboxArgs) -> Result<Config, Failure> {
    let wrong = |error: ConfigError| {
        config_problems::refused(out, "sandbox", args.config.as_deref(), &error)
    };
    let mut config = match &args.config {
        Some(file) => Config::read(file).map_err(wrong)?,
        None => Config::default(),
    };
    if let Some(ip) = args.listen {
        config.listen.set_ip(ip);
    }
    if let Some(port) = args.port {
        config.listen.set_port(port);
    }
    if let Some(url) = &args.public_url {
        config.public_url = Some(url.clone());
    }
    match &args.tls {
        Some(Some(folder)) => {
            config.tls = Some(Tls {
                folder: folder.clone(),
            });
        }
        // If the file names a folder, `--tls` without a folder keeps it.
        Some(None) if config.tls.is_none() => {
            config.tls = Some(Tls {
                folder: Home::new(common)?.sandbox(),
            });
        }
        _ => {}
    }
    put_first(&mut config.clients, args);
    config.check().map_err(wrong)?;
    Ok(config)
}

/// The client that the person develops: the first one without a secret, if there is one.
fn developed(clients: &[RegisteredClient]) -> RegisteredClient {
    let public = clients.iter().find(|client| !client.is_confidential());
    public
        .or(clients.first())
        .cloned()
        .unwrap_or_else(RegisteredClient::demo_app)
}

/// Puts that client first, and applies the command line to it. A client with the redirect URIs of
/// the demo also gets one that `switchback login` listens on.
fn put_first(clients: &mut Vec<RegisteredClient>, args: &SandboxArgs) {
    let mut client = developed(clients);
    if let Some(id) = &args.client_id {
        let known = clients.iter().find(|client| client.client_id == *id);
        client = known.cloned().unwrap_or_else(|| RegisteredClient {
            client_id: id.clone(),
            name: id.clone(),
            ..RegisteredClient::demo_app()
        });
    }
    if !args.redirect_uri.is_empty() {
        client.redirect_uris.clone_from(&args.redirect_uri);
    }
    clients.retain(|other| other.client_id != client.client_id);
    clients.insert(0, client);
    let demo = RegisteredClient::demo_app().redirect_uris;
    for client in clients.iter_mut().filter(|own| own.redirect_uris == demo) {
        client.redirect_uris.push(LOOPBACK_REDIRECT.into());
    }
}

/// Prints the schema; on one line with `--json`.
pub(super) fn schema(out: &Output) {
    let schema = Config::json_schema();
    match out.json() {
        true => out.object(&schema),
        false => out.raw(format_args!("{schema:#}")),
    }
}

/// Prints the checked configuration.
pub(super) fn announce(out: &Output, args: &SandboxArgs, config: &Config) {
    let doubts = config.warnings();
    let mut right = json!({
        "result": "right",
        "listen": config.listen,
        "clients": config.clients.iter().map(client).collect::<Vec<_>>(),
        "people": config.people.iter().map(|person| json!({
            "id": person.id,
            "name": person.name,
            "assurance": person.assurance.as_str(),
        })).collect::<Vec<_>>(),
        "doubts": doubts.iter().map(|doubt| config_problems::problem(None, doubt)).collect::<Vec<_>>(),
    });
    if let Some(url) = &config.public_url {
        right["public_url"] = json!(url);
    }
    if let Some(tls) = &config.tls {
        right["tls"] = json!({ "folder": tls.folder.display().to_string() });
    }
    if let Some(file) = &args.config {
        right["file"] = json!(file.display().to_string());
    }
    out.object(&right);
    match args.config.as_deref() {
        Some(file) => out.line(good(format_args!(
            "{} is correct.",
            config_problems::file_name(Some(file))
        ))),
        None => out.line(good("The configuration is correct.")),
    }
    out.line("");
    let seed = config.seed.as_ref().map(|_| ("seed", "given".to_owned()));
    let now = config.now.map(|now| ("clock", format!("stopped at {now}")));
    let listen = ("listen", config.listen.to_string());
    let public = config.public_url.as_ref();
    let public = public.map(|url| ("public URL", clean(url)));
    let tls = config.tls.as_ref();
    let tls = tls.map(|tls| ("TLS", clean(&tls.folder.display().to_string())));
    let rows = [Some(listen), public, tls, seed, now].into_iter().flatten();
    let rows: Vec<_> = rows
        .map(|(name, value)| vec![key(name).to_string(), value])
        .collect();
    out.table("  ", &rows);
    out.line("");
    out.line(bold(count(config.clients.len(), "client", "clients")));
    out.table(
        "  ",
        &config.clients.iter().map(client_row).collect::<Vec<_>>(),
    );
    out.line("");
    out.line(bold(count(config.people.len(), "person", "people")));
    let people = config.people.iter().map(|person| {
        vec![
            key(clean(&person.id)).to_string(),
            format!("{} assurance", person.assurance.as_str()),
            clean(person.name.as_deref().unwrap_or_default()),
        ]
    });
    out.table("  ", &people.collect::<Vec<_>>());
    if !doubts.is_empty() {
        out.line("");
    }
    for doubt in doubts {
        out.note(format_args!("note: {}", clean(&doubt.to_string())));
    }
}

/// A client as JSON, without its secret.
pub(super) fn client(client: &RegisteredClient) -> Value {
    let mut object = json!({
        "client_id": client.client_id,
        "client_name": client.name,
        "type": kind(client),
        "redirect_uris": client.redirect_uris,
        "data_points": client.data_points,
    });
    if let Some(assurance) = client.assurance {
        object["assurance"] = assurance.as_str().into();
    }
    object
}

fn client_row(client: &RegisteredClient) -> Vec<String> {
    let all = client.data_points == RegisteredClient::demo_app().data_points;
    let points = match all {
        true => "all data points".to_owned(),
        false => count(client.data_points.len(), "data point", "data points"),
    };
    let least = client
        .assurance
        .map(|least| format!("assurance {}", least.as_str()));
    vec![
        key(clean(&client.client_id)).to_string(),
        kind(client).to_owned(),
        count(client.redirect_uris.len(), "redirect URI", "redirect URIs"),
        points,
        least.unwrap_or_default(),
    ]
}

/// The client's type (RFC 6749 section 2.1).
pub(super) fn kind(client: &RegisteredClient) -> &'static str {
    match client.is_confidential() {
        true => "confidential",
        false => "public",
    }
}
