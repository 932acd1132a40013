//! Checks what the service trusts when it verifies signatures.

use std::path::{Path, PathBuf};

use switchback_config_file::{KeyPath, Problems};
use switchback_jades::{Anchors, Crl};
use switchback_protocol::{Origin, Purpose};

use super::common::at;
use super::sources::{Sources, read_bytes};
use super::{Settings, TimestampSettings};
use crate::service::{Signing, Timestamps};

/// Reads the roots and the revocation lists.
pub(super) fn signing(
    settings: &Settings,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Option<Signing> {
    let is_offered = settings.purposes.contains_key(Purpose::Signing.as_str());
    let Some(given) = &settings.signing else {
        if is_offered {
            found.add(
                KeyPath::default().key("signing"),
                "missing: [purposes] has signing, so write [signing] and roots = [\"FILE\"], with \
                 the root certificates that the provider publishes",
            );
        }
        return None;
    };
    let mut signing = Signing {
        offline: given.offline,
        ..Signing::default()
    };
    if given.roots.is_empty() {
        found.add(
            at("signing", "roots"),
            "no root is trusted: name the files with the root certificates that the provider \
             publishes",
        );
    }
    signing.roots = anchors(&given.roots, sources, &at("signing", "roots"), found);
    for (index, file) in given.crls.iter().enumerate() {
        let list = read(sources, file)
            .and_then(|bytes| Crl::read(&bytes).map_err(|error| error.to_string()));
        match list {
            Ok(list) => signing.crls.push(list),
            Err(reason) => found.add(at("signing", "crls").index(index), reason),
        }
    }
    if let Some(given) = &given.timestamps {
        signing.timestamps = Some(timestamps(given, sources, found));
    }
    Some(signing)
}

fn timestamps(
    given: &TimestampSettings,
    sources: &Sources<'_>,
    found: &mut Problems,
) -> Timestamps {
    let at = |key| at("signing", "timestamps").key(key);
    // The answer is signed, so plain HTTP is common.
    let is_url = Origin::of(&given.authority).is_some();
    if !is_url {
        found.add(
            at("authority"),
            "must be the http or https URL of a timestamp authority (RFC 3161), such as \
             https://tsa.example/rfc3161",
        );
    }
    if given.roots.is_empty() {
        found.add(
            at("roots"),
            "no root is trusted: name the files with the root certificates of the authority",
        );
    }
    let roots = anchors(&given.roots, sources, &at("roots"), found);
    Timestamps::new(given.authority.clone(), roots)
}

/// Reads files with root certificates.
fn anchors(
    files: &[PathBuf],
    sources: &Sources<'_>,
    place: &KeyPath,
    found: &mut Problems,
) -> Anchors {
    let mut anchors = Anchors::new();
    for (index, file) in files.iter().enumerate() {
        let added = read(sources, file)
            .and_then(|bytes| anchors.add(&bytes).map_err(|error| error.to_string()));
        if let Err(reason) = added {
            found.add(place.clone().index(index), reason);
        }
    }
    anchors
}

/// These files are public.
fn read(sources: &Sources<'_>, file: &Path) -> Result<Vec<u8>, String> {
    read_bytes(&sources.path(file), |_| Ok(())).map(|bytes| bytes.to_vec())
}
