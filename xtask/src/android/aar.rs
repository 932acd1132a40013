//! The archive of the Android library, as Android's own build makes it: the manifest with its
//! placeholders, the classes, the resources, the rules for R8, and the native libraries.

use std::fs;
use std::path::Path;

use super::{LIBRARY, aapt2, archive, framework, native};
use crate::install::clear;
use crate::process::{Failure, cannot, root, run};

/// The rules that R8 needs. Android's build gives the file in an AAR to R8.
pub(super) const RULES: &str =
    "android/core-jvm/src/main/resources/META-INF/proguard/switchback.pro";

/// Packs the archive from the folder with the classes. `work` is a folder for its files. Returns what
/// is missing.
pub(super) fn pack(classes: &Path, work: &Path, aar: &Path) -> Result<Vec<String>, Failure> {
    clear(work)?;
    let (library, content) = (root().join(LIBRARY), work.join("content"));
    let manifest = library.join("AndroidManifest.xml");
    archive::copy(&manifest, &content.join("AndroidManifest.xml"))?;
    archive::pack(classes, &content.join("classes.jar"))?;
    archive::copy(&root().join(RULES), &content.join("proguard.txt"))?;
    let resources = library.join("res");
    if resources.is_dir() {
        for file in archive::files(&resources)? {
            archive::copy(&resources.join(&file), &content.join("res").join(&file))?;
        }
    }
    symbols(&manifest, &resources, work, &content.join("R.txt"))?;
    let missing = match native::ndk() {
        Ok(ndk) => {
            native::build(&ndk, &content.join("jni"))?;
            Vec::new()
        }
        Err(why) => vec![why],
    };
    archive::pack(&content, aar)?;
    Ok(missing)
}

/// Writes the names of the resources.
fn symbols(manifest: &Path, resources: &Path, work: &Path, list: &Path) -> Result<(), Failure> {
    let compiled = aapt2::compile(&[resources.to_owned()], &work.join("compiled"))?;
    let mut link = aapt2::link(&framework::resources()?, manifest, &compiled);
    link.arg("-o").arg(work.join("linked.apk"));
    run(link.arg("--output-text-symbols").arg(list))?;
    // aapt2 writes no list if there are no names.
    let names = fs::OpenOptions::new().create(true).append(true).open(list);
    names
        .map(drop)
        .map_err(|error| cannot("write", list, &error))
}
