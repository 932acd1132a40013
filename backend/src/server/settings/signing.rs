//! Checks what the service trusts when it verifies signatures.

use std::path::Path;

use switchback_config_file::{KeyPath, Problems};
use switchback_jades::Crl;
use switchback_protocol::Purpose;

use super::Settings;
use super::common::at;
use super::sources::{Sources, read_bytes};
use crate::service::Signing;

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
    let mut signing = Signing::default();
    signing.offline = given.offline;
    if given.roots.is_empty() {
        found.add(
            at("signing", "roots"),
            "no root is trusted: name the files with the root certificates that the provider \
             publishes",
        );
    }
    for (index, file) in given.roots.iter().enumerate() {
        let added = read(sources, file).and_then(|bytes| {
            let added = signing.roots.add(&bytes);
            added.map_err(|error| error.to_string())
        });
        if let Err(reason) = added {
            found.add(at("signing", "roots").index(index), reason);
        }
    }
    for (index, file) in given.crls.iter().enumerate() {
        let list = read(sources, file)
            .and_then(|bytes| Crl::read(&bytes).map_err(|error| error.to_string()));
        match list {
            Ok(list) => signing.crls.push(list),
            Err(reason) => found.add(at("signing", "crls").index(index), reason),
        }
    }
    Some(signing)
}

/// These files are public.
fn read(sources: &Sources<'_>, file: &Path) -> Result<Vec<u8>, String> {
    read_bytes(&sources.path(file), |_| Ok(())).map(|bytes| bytes.to_vec())
}
