//! What a verification trusts: root certificates, and the revocation lists that are known.

use std::path::Path;
use std::sync::Arc;

use switchback::ports::{Clock as _, SystemClock};
use switchback::provider::KNOWN;
use switchback::signature::{Anchors, Asked, Crl, Policy, Report, SIGNATURE_ALGORITHMS, verify};
use switchback_driver::crl;
use switchback_driver::http::Reqwest;
use switchback_driver::ports::HttpTransport;
use switchback_jades::distribution_points;
use switchback_protocol::Origin;
use switchback_protocol::http::{Method, Request};

use super::args::TrustArgs;
use crate::exit::{Exit, Failure};
use crate::output::{Output, clean};

/// Roots and revocation lists.
pub(crate) struct Trust {
    anchors: Anchors,
    timestamp_anchors: Anchors,
    crls: Vec<Crl>,
}

impl Trust {
    /// Reads what the options name. With `--fetch-crls`, fetches the lists that the signature names;
    /// a list that cannot be fetched is a warning, since the report says what is then missing.
    pub(crate) async fn read(
        out: &Output,
        args: &TrustArgs,
        signature: &[u8],
    ) -> Result<Self, Failure> {
        let mut trust = Self {
            anchors: Self::roots(&args.root).await?,
            timestamp_anchors: roots("--timestamp-root", &args.timestamp_root).await?,
            crls: Self::lists(&args.crl).await?,
        };
        if args.fetch_crls {
            trust.fetch_crls(out, signature).await;
        }
        Ok(trust)
    }

    /// The root certificates of `--root`.
    pub(crate) async fn roots(places: &[String]) -> Result<Anchors, Failure> {
        roots("--root", places).await
    }

    /// The revocation lists of `--crl`.
    pub(crate) async fn lists(places: &[String]) -> Result<Vec<Crl>, Failure> {
        let mut lists = Vec::new();
        for place in places {
            // A list is signed, so it may come by plain HTTP.
            let bytes = match is_url(place) {
                true => fetch(place).await?,
                false => content(place).await?,
            };
            let list = Crl::read(&bytes);
            lists.push(list.map_err(|error| Failure::usage(format!("--crl: {error}")).at(place))?);
        }
        Ok(lists)
    }

    /// Fetches the lists that the chain names, if it leads to a root of the options.
    async fn fetch_crls(&mut self, out: &Output, signature: &[u8]) {
        let policy = self.policy(SystemClock.now().wall, None);
        let points = distribution_points(signature, &policy);
        let http: Arc<dyn HttpTransport> = Arc::new(Reqwest::new());
        for fetched in crl::fetch(&http, points).await {
            match fetched {
                Ok(fetched) => self.crls.push(fetched.list),
                Err(failure) => out.warn(format_args!(
                    "warning: {}; run the command again, or give the list with --crl",
                    clean(&failure.to_string())
                )),
            }
        }
    }

    /// Verifies a signature for this time. `max_age` is in seconds.
    pub(crate) fn verify(
        &self,
        signature: &[u8],
        asked: &Asked<'_>,
        time: i64,
        max_age: Option<i64>,
    ) -> Report {
        let policy = self.policy(time, max_age);
        match &KNOWN[0].signing {
            Some(facts) => verify(signature, asked, facts, &policy),
            None => switchback_jades::verify(signature, &asked.document, &policy),
        }
    }

    /// The policy for this time. `max_age` is in seconds.
    pub(crate) fn policy(&self, time: i64, max_age: Option<i64>) -> Policy<'_> {
        Policy {
            timestamp_anchors: &self.timestamp_anchors,
            crls: &self.crls,
            max_age,
            ..Policy::new(&self.anchors, SIGNATURE_ALGORITHMS, time)
        }
    }
}

async fn roots(option: &str, places: &[String]) -> Result<Anchors, Failure> {
    let mut anchors = Anchors::default();
    for place in places {
        for (place, bytes) in contents(place).await? {
            anchors
                .add(&bytes)
                .map_err(|error| Failure::usage(format!("{option}: {error}")).at(place))?;
        }
    }
    Ok(anchors)
}

/// The files at a place: one file, every certificate of a folder, or the answer at a URL.
async fn contents(place: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let folder = Path::new(place);
    if is_url(place) || !folder.is_dir() {
        return Ok(vec![(place.to_owned(), content(place).await?)]);
    }
    let failed = |error: std::io::Error| {
        Failure::usage(format!("the folder cannot be read: {error}")).at(place)
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_certificate = path
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| ["pem", "crt", "cer", "der"].contains(&&*end.to_ascii_lowercase()));
        if is_certificate {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(
            "the folder has no certificate: no file ends with .pem, .crt, .cer or .der",
        )
        .at(place));
    }
    let read = |path: std::path::PathBuf| {
        let bytes = std::fs::read(&path).map_err(failed)?;
        Ok((path.display().to_string(), bytes))
    };
    files.into_iter().map(read).collect()
}

async fn content(place: &str) -> Result<Vec<u8>, Failure> {
    if is_url(place) {
        // A root from an unprotected connection is a stranger's root.
        let is_safe = |origin: Origin| place.starts_with("https:") || origin.is_loopback();
        if !Origin::of(place).is_some_and(is_safe) {
            return Err(
                Failure::usage("the URL is not https, so anyone on the way can change it")
                    .at(place)
                    .next("fetch the file in another way, and give its name"),
            );
        }
        return fetch(place).await;
    }
    std::fs::read(place)
        .map_err(|error| Failure::usage(format!("the file cannot be read: {error}")).at(place))
}

fn is_url(place: &str) -> bool {
    place.starts_with("http://") || place.starts_with("https://")
}

async fn fetch(url: &str) -> Result<Vec<u8>, Failure> {
    let request = Request {
        method: Method::Get,
        once: false,
        url: url.into(),
        headers: Vec::new(),
        body: None,
    };
    let answer = Reqwest::new().send(request).await;
    let not_reached = |message: String| Failure::new(Exit::TryAgain, "try-again", message).at(url);
    match answer {
        Ok(mut answer) if answer.status == 200 => Ok(std::mem::take(&mut answer.body)),
        Ok(answer) => Err(not_reached(format!(
            "the answer has status {}",
            answer.status
        ))),
        Err(error) => Err(not_reached(error.to_string())),
    }
}
