//! `switchback serve`: runs the service's backend until Ctrl-C or SIGTERM.

pub(crate) mod demo;

use serde_json::{Map, Value, json};
use switchback_backend::server::{
    LogLevel, LoginTrial, Plan, Reachability, Server, Settings, StartError, install_logs,
};
use switchback_backend::{Error, Keys};

use crate::args::{Common, ServeArgs};
use crate::config_problems;
use crate::deadline::{self, Deadline};
use crate::exit::{Exit, Failure};
use crate::output::{Output, bold, clean, dim, good, key};
use crate::signals::Stop;

/// A server, and the signal on which it reads its certificate again.
pub(crate) struct RunningServer {
    server: Server,
    #[cfg(unix)]
    hang_up: tokio::signal::unix::Signal,
}

/// The next step for a user without a configuration.
const BEGIN: &str = "start with a copy of docs/reference/service.toml: switchback serve --config FILE; or \
                     try a demo service first: switchback serve --demo";

/// Returns the started server; `None` if an option asked only for a check or for output.
pub(crate) async fn run(
    out: &Output,
    common: &Common,
    args: ServeArgs,
) -> Result<Option<RunningServer>, Failure> {
    if args.schema {
        let schema = Settings::json_schema();
        match out.json() {
            true => out.object(&schema),
            false => out.raw(format_args!("{schema:#}")),
        }
        return Ok(None);
    }
    if args.new_key {
        let fresh = Keys::generate().map_err(|error| {
            Failure::failed(format!(
                "the operating system returned no random bytes: {error}"
            ))
        })?;
        match out.json() {
            true => out.object(&json!({ "key": fresh.as_str() })),
            false => out.raw(fresh.as_str()),
        }
        return Ok(None);
    }
    let Some(file) = &args.config else {
        return Err(Failure::usage("--config is missing").next(BEGIN));
    };
    let mut plan = Plan::read(file).map_err(|error| {
        let failure = config_problems::refused(out, "serve", Some(file), &error);
        match file.exists() {
            true => failure,
            false => failure.next(BEGIN),
        }
    })?;
    for doubt in plan.doubts() {
        out.warn(format_args!("warning: {}", clean(&doubt.to_string())));
    }
    if args.check {
        check(out, &config_problems::file_name(Some(file)), &plan).await?;
        if args.online {
            try_online(out, &plan).await?;
        }
        return Ok(None);
    }
    if common.verbose {
        plan.settings.log.level = LogLevel::Debug;
        plan.settings.log.requests = true;
    }
    install_logs(&plan.settings.log);
    #[cfg(unix)]
    let hang_up = {
        use tokio::signal::unix::{SignalKind, signal};
        let no_signal = |error| Failure::failed(format!("cannot listen for SIGHUP: {error}"));
        signal(SignalKind::hangup()).map_err(no_signal)?
    };
    let (starts, public) = (plan.start_paths(), plan.public_url());
    let server = Server::start(plan).await.map_err(refused)?;
    announce(out, &server, &public, &starts);
    Ok(Some(RunningServer {
        server,
        #[cfg(unix)]
        hang_up,
    }))
}

/// Prints the configuration, and whether this machine reaches the provider. A provider that does
/// not answer is only a warning; a machine that cannot connect (no CA certificates, an unusable
/// proxy) is a failure.
async fn check(out: &Output, file: &str, plan: &Plan) -> Result<(), Failure> {
    let summary = plan.summary();
    let reachability = Deadline::none().wait(plan.check_reachability()).await?;
    let answers = match reachability {
        Reachability::Reachable => true,
        Reachability::Blocked(why) => {
            let provider = summary.iter().find(|(name, _)| *name == "provider");
            let failure = Failure::configuration(format!("this machine cannot connect: {why}"));
            return Err(match provider {
                Some((_, url)) => failure.at(url),
                None => failure,
            });
        }
        Reachability::Unreachable(why) => {
            out.warn(format_args!(
                "warning: the provider does not answer now: {}",
                clean(&why)
            ));
            false
        }
        _ => false,
    };
    let pairs = summary
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)));
    let mut right = Map::from_iter([
        ("result".to_owned(), json!("right")),
        ("file".to_owned(), json!(file)),
        ("provider_answers".to_owned(), json!(answers)),
    ]);
    let doubts = plan.doubts();
    let doubts = doubts
        .iter()
        .map(|doubt| config_problems::problem(None, doubt));
    right.insert("doubts".to_owned(), doubts.collect());
    right.extend(pairs);
    out.object(&Value::Object(right));
    out.line(good(format_args!("{file} is correct.")));
    out.line("");
    let rows = summary.iter();
    let rows: Vec<_> = rows
        .map(|(name, value)| vec![key(name).to_string(), clean(value)])
        .collect();
    out.table("  ", &rows);
    Ok(())
}

/// Tries a login at the provider for each purpose, and prints the answers. Fails if the provider
/// did not accept one of them.
async fn try_online(out: &Output, plan: &Plan) -> Result<(), Failure> {
    let all = Deadline::none().wait(plan.try_online()).await?;
    let mut rows = Vec::new();
    let mut failure = None;
    for (purpose, tried) in all {
        let (result, exit, why, next) = match tried {
            LoginTrial::Accepted => ("accepted", None, None, None),
            LoginTrial::NotSent(why) => ("not tried", None, Some(why), None),
            LoginTrial::Refused { why, remedy } => (
                "refused",
                Some(Exit::Configuration),
                Some(why),
                Some(remedy),
            ),
            LoginTrial::NoAnswer { why, remedy } => {
                ("no answer", Some(Exit::TryAgain), Some(why), Some(remedy))
            }
            LoginTrial::Blocked(why) => ("not sent", Some(Exit::Configuration), Some(why), None),
            _ => ("unknown", None, None, None),
        };
        let mut trial = json!({ "purpose": purpose, "online": result });
        for (name, value) in [("why", &why), ("next", &next)] {
            if let Some(value) = value {
                trial[name] = clean(value).into();
            }
        }
        out.object(&trial);
        let why = why.unwrap_or_default();
        // The failure below contains the reason of a failed login.
        let shown = exit.map_or_else(|| clean(&why), |_| String::new());
        rows.push(vec![key(purpose).to_string(), result.to_owned(), shown]);
        let Some(exit) = exit else { continue };
        if failure.is_some() {
            out.note(clean(&format!(
                "{purpose}: {why}; {}",
                next.unwrap_or_default()
            )));
            continue;
        }
        let kind = match exit {
            Exit::TryAgain => "try-again",
            _ => "configuration",
        };
        let message = format!("the tried login ({purpose}) failed: {why}");
        failure = Some(Failure {
            next,
            ..Failure::new(exit, kind, message)
        });
    }
    out.line("");
    out.line("The provider's answers to a login, by purpose:");
    out.line("");
    out.table("  ", &rows);
    failure.map_or(Ok(()), Err)
}

fn announce(out: &Output, server: &Server, public: &str, starts: &[String]) {
    let url = server.url();
    let mut ready = json!({ "step": "ready", "url": url, "public_url": public, "starts": starts });
    let metrics = server.metrics_address();
    if let Some(address) = metrics {
        ready["metrics"] = format!("http://{address}/metrics").into();
    }
    out.object(&ready);
    out.line(bold("The service's backend. Ctrl-C stops it."));
    out.line("");
    let is_reached = url != public;
    let mut rows = vec![vec![key("listens at").to_string(), url]];
    if is_reached {
        rows.push(vec![key("public URL").to_string(), clean(public)]);
    }
    for (n, path) in starts.iter().enumerate() {
        let name = if n == 0 { "logins begin at" } else { "" };
        rows.push(vec![key(name).to_string(), path.clone()]);
    }
    if let Some(address) = metrics {
        let url = format!("http://{address}/metrics");
        rows.push(vec![key("metrics").to_string(), url]);
    }
    out.table("  ", &rows);
}

/// Runs a server until a signal stops it. A second signal ends it at once.
pub(crate) async fn keep(
    out: &Output,
    running: RunningServer,
    mut stop: Stop,
) -> Result<(), Failure> {
    #[cfg(unix)]
    let RunningServer {
        server,
        mut hang_up,
    } = running;
    #[cfg(not(unix))]
    let RunningServer { server } = running;
    #[cfg(unix)]
    loop {
        tokio::select! {
            () = stop.wait() => break,
            Some(()) = hang_up.recv() => reload(&server),
        }
    }
    #[cfg(not(unix))]
    stop.wait().await;
    out.note("Finishing open requests; Ctrl-C again ends the server at once.");
    let is_done = tokio::select! {
        is_done = server.stop() => is_done,
        () = stop.wait() => return Err(deadline::interrupted()),
    };
    if !is_done {
        return Err(Failure::failed(
            "the server stopped before all requests were finished: if it interrupted a refresh, \
             that person must possibly log in again",
        ));
    }
    out.line(dim("Stopped."));
    out.object(&json!({ "result": "stopped" }));
    Ok(())
}

#[cfg(unix)]
fn reload(server: &Server) {
    match server.reload_certificate() {
        Ok(true) => tracing::info!(target: "switchback", event = "service.certificate-read"),
        Ok(false) => {}
        Err(reason) => {
            tracing::error!(target: "switchback", event = "service.certificate-refused", reason);
        }
    }
}

/// The failure for a server that did not start.
fn refused(error: StartError) -> Failure {
    let message = error.to_string();
    match error {
        StartError::Listen { .. } => Failure::failed(message)
            .next("end the program that listens there, or choose another address"),
        StartError::Sqlite(_)
        | StartError::Postgres(_)
        | StartError::Keys(_)
        | StartError::Service(Error::Store(_)) => Failure::new(Exit::Store, "store", message),
        StartError::Network(_) | StartError::Service(_) => Failure::configuration(message),
        _ => Failure::failed(message),
    }
}
