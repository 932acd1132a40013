//! Merges manifests with the program that Android's own build uses.

use std::path::Path;

use super::jars::Jars;
use crate::process::{Failure, run};

pub(super) fn merger() -> Jars {
    Jars {
        title: "Android's manifest merger",
        coordinates: "com.android.tools.build:manifest-merger:31.12.0".to_owned(),
    }
}

/// Merges the manifest of an app with the manifest of a library, and replaces the placeholders.
pub(super) fn merge(
    app: &Path,
    library: &Path,
    placeholders: &[(&str, &str)],
    merged: &Path,
) -> Result<(), Failure> {
    let mut merge = merger().java("com.android.manifmerger.Merger")?;
    merge.arg("--main").arg(app);
    merge.arg("--libs").arg(library);
    for (name, value) in placeholders {
        merge.args(["--placeholder", &format!("{name}={value}")]);
    }
    run(merge.arg("--out").arg(merged))
}
