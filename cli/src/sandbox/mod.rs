//! `switchback sandbox`: plays Truid on this machine until Ctrl-C.

pub(crate) mod announce;
mod config;

use serde_json::json;
use switchback_sandbox::{Sandbox, StartError};

use crate::args::{Common, SandboxArgs};
use crate::exit::Failure;
use crate::output::{Output, dim};
use crate::signals::Stop;

pub(crate) use announce::announce_pages;

/// The redirect URI on which `switchback login` listens, in the commands that we print.
pub(crate) const LOOPBACK_REDIRECT: &str = "http://127.0.0.1:8765/callback";

/// Returns the started sandbox; `None` if an option asked only for a check or for the schema.
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
            "warning: every machine that reaches port {} of this machine can approve logins here. \
             Use the sandbox only in a network that you trust.",
            sandbox.address().port()
        ));
    }
    announce::announce(out, &sandbox);
    Ok(Some(sandbox))
}

/// Runs a sandbox until a signal stops it.
pub(crate) async fn keep(out: &Output, sandbox: Sandbox, mut stop: Stop) {
    stop.wait().await;
    out.line("");
    out.line(dim("Stopped. The sandbox's data is deleted."));
    out.object(&json!({ "result": "stopped" }));
    sandbox.stop().await;
}

/// The failure for a sandbox that did not start.
pub(crate) fn refused(error: StartError) -> Failure {
    match &error {
        StartError::Listen { .. } => {
            Failure::failed(error.to_string()).next("choose another --port, or remove --port")
        }
        StartError::Config(_) => {
            Failure::configuration(error.to_string()).next("switchback sandbox --help")
        }
        _ => Failure::failed(error.to_string()),
    }
}
