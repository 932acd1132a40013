//! `switchback timestamp`: adds a timestamp to a signature, so that the signature stays provable after
//! its certificate has expired.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use switchback_driver::SIGNATURE_ALGORITHMS;
use switchback_driver::http::Reqwest;
use switchback_driver::ports::{Clock as _, SystemClock, SystemEntropy, TransportError};
use switchback_driver::timestamp::{TimestampAuthority, TimestampFailure};
use switchback_jades::{
    Anchors, Policy, ProvenTime, Serialization, SubIndication, TimestampError, digest_input,
};

use crate::args::TimestampArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean, good};
use crate::signature_file;
use crate::verify::Trust;

pub(crate) async fn run(out: &Output, args: TimestampArgs) -> Result<(), Failure> {
    let anchors = Trust::roots(&args.root).await?;
    let lists = Trust::lists(&args.crl).await?;
    let bytes = signature_file::read(&args.file)?;
    let unreadable = |why: String| Failure::usage(why).at(args.file.display().to_string());
    let mut signature =
        Serialization::read(&bytes).map_err(|error| unreadable(error.to_string()))?;
    if digest_input(&bytes).is_none() {
        return Err(unreadable("this is not a detached JAdES signature".into()));
    }
    let target = target(&args, signature.is_json())?;

    lists.iter().for_each(|list| signature.add_crl(list.der()));
    let proven = timestamp(args.authority, &mut signature, &anchors).await?;
    signature_file::write(&target, &signature.to_json())?;

    out.line(good(format_args!(
        "{} proves that the signature existed at {}",
        clean(&proven.authority),
        proven.date()
    )));
    out.line(format_args!("Written to {}", target.display()));
    out.object(&json!({
        "file": target,
        "time": proven.time,
        "authority": proven.authority,
    }));
    Ok(())
}

async fn timestamp(
    url: String,
    signature: &mut Serialization,
    anchors: &Anchors,
) -> Result<ProvenTime, Failure> {
    let place = url.clone();
    let authority = TimestampAuthority {
        url,
        http: Arc::new(Reqwest::new()),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    let no_signers = Anchors::new();
    let policy = Policy {
        timestamp_anchors: anchors,
        ..Policy::new(&no_signers, SIGNATURE_ALGORITHMS, SystemClock.now().wall)
    };
    let done = authority.timestamp(signature, &policy).await;
    done.map_err(|error| failure(&error).at(place))
}

fn failure(error: &TimestampFailure) -> Failure {
    let (exit, kind, next) = match error {
        TimestampFailure::NoCrl { .. } if !error.is_temporary() => (
            Exit::Configuration,
            "configuration",
            "name the revocation list with --crl",
        ),
        TimestampFailure::NoCrl { .. }
        | TimestampFailure::Timestamp(TimestampError::Chain {
            why: SubIndication::TryLater,
            ..
        }) => (
            Exit::TryAgain,
            "try-again",
            "run the same command again, or name the revocation list with --crl",
        ),
        _ if error.is_temporary() => (
            Exit::TryAgain,
            "try-again",
            "check the network and the URL, then run the same command again",
        ),
        TimestampFailure::Transport(TransportError::Local(_)) => {
            (Exit::Configuration, "configuration", "")
        }
        TimestampFailure::Status(_)
        | TimestampFailure::ContentType
        | TimestampFailure::Transport(TransportError::TooLong) => (
            Exit::Configuration,
            "configuration",
            "check --authority against the documentation of the authority",
        ),
        TimestampFailure::Timestamp(TimestampError::Refused { .. }) => {
            (Exit::Declined, "refused", "")
        }
        TimestampFailure::Timestamp(TimestampError::Chain { .. }) => (
            Exit::Configuration,
            "configuration",
            "check --root: it must be the root certificate that the authority publishes",
        ),
        TimestampFailure::Timestamp(_) => (
            Exit::Protocol,
            "protocol",
            "nothing was written; use another authority, or report this message to its operator",
        ),
        _ => (Exit::Failed, "failed", ""),
    };
    let failure = Failure::new(exit, kind, error.to_string());
    match next {
        "" => failure,
        next => failure.next(next),
    }
}

/// Where the JSON serialization goes. The command replaces a file only if the person named it.
fn target(args: &TimestampArgs, is_json: bool) -> Result<PathBuf, Failure> {
    if let Some(output) = &args.output {
        return Ok(output.clone());
    }
    if is_json {
        return Ok(args.file.clone());
    }
    let mut beside = args.file.clone().into_os_string();
    beside.push(".json");
    let beside = PathBuf::from(beside);
    match beside.try_exists() {
        Ok(false) => Ok(beside),
        Err(error) => Err(
            Failure::usage(format!("the file cannot be written: {error}"))
                .at(beside.display().to_string()),
        ),
        Ok(true) => Err(Failure::usage("the file is there already")
            .at(beside.display().to_string())
            .next(
                "to add a second timestamp, give this file; to replace it, name it with --output",
            )),
    }
}
