//! Merges manifests with the program that Android's own build uses.

use std::path::{Path, PathBuf};

use crate::jars::{Jars, joined};
use crate::process::{Failure, run};

pub(super) fn merger() -> Jars {
    Jars {
        title: "Android's manifest merger",
        coordinates: "com.android.tools.build:manifest-merger:31.12.0".to_owned(),
    }
}

/// Merges the manifest of an app with the manifests of libraries, and replaces the placeholders.
pub(super) fn merge(
    app: &Path,
    libraries: &[PathBuf],
    placeholders: &[(&str, &str)],
    merged: &Path,
) -> Result<(), Failure> {
    let mut merge = merger().java("com.android.manifmerger.Merger")?;
    merge.arg("--main").arg(app);
    merge.arg("--libs").arg(joined(libraries.iter().cloned())?);
    for (name, value) in placeholders {
        merge.args(["--placeholder", &format!("{name}={value}")]);
    }
    run(merge.arg("--out").arg(merged))
}
