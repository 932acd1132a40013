//! Android's framework, as Robolectric packs it: the classes, and the resources that aapt2 links
//! against.

use std::fs;
use std::path::{Path, PathBuf};

use super::resource_table;
use crate::install::clear;
use crate::jars::Jars;
use crate::process::{Failure, cannot, command, root, run, target_dir};

/// The file with the version of the framework.
const DECLARED: &str = "android/pom.xml";
const TABLE: &str = "resources.arsc";
const MANIFEST: &str = "AndroidManifest.xml";

pub(super) fn jars() -> Result<Jars, Failure> {
    Ok(Jars {
        title: "Android's framework",
        coordinates: format!("org.robolectric:android-all:{}", version()?),
    })
}

/// The version, which is the value of the property in Maven's file.
fn version() -> Result<String, Failure> {
    let pom = root().join(DECLARED);
    let text = fs::read_to_string(&pom).map_err(|error| cannot("read", &pom, &error))?;
    let version = text
        .split_once("<android.version>")
        .and_then(|(_, rest)| rest.split_once('<'));
    let (version, _) =
        version.ok_or_else(|| Failure(format!("{DECLARED} has no property android.version")))?;
    Ok(version.to_owned())
}

/// The framework's resources in a form that every aapt2 reads. The first call for a version writes
/// the file.
pub(super) fn resources() -> Result<PathBuf, Failure> {
    let folder = root().join(target_dir()).join("android");
    let apk = folder.join(format!("framework-{}.apk", version()?));
    if apk.is_file() {
        return Ok(apk);
    }
    let work = folder.join("framework");
    clear(&work)?;
    fs::create_dir_all(&work).map_err(|error| cannot("make", &work, &error))?;
    let jar = PathBuf::from(jars()?.classpath()?);
    write(&jar, &work, &apk)?;
    clear(&work)?;
    Ok(apk)
}

/// The classes of Java that Android also has, for R8: Robolectric's jar has only Android's own. Without
/// the modules for desktops, so that a class which Android does not have is missing here too.
pub(super) fn java() -> Result<PathBuf, Failure> {
    let runtime = root().join(target_dir()).join("android/java");
    if runtime.join("release").is_file() {
        return Ok(runtime);
    }
    clear(&runtime)?;
    let modules = "java.base,java.logging,java.sql,java.xml";
    let mut link = command("jlink", ["--add-modules", modules, "--output"]);
    run(link.arg(&runtime))?;
    Ok(runtime)
}

fn write(jar: &Path, work: &Path, apk: &Path) -> Result<(), Failure> {
    let mut extract = command("jar", ["--extract", "--file"]);
    extract.arg(jar).args([TABLE, MANIFEST]);
    run(extract.current_dir(work))?;
    let table = work.join(TABLE);
    let content = fs::read(&table).map_err(|error| cannot("read", &table, &error))?;
    let plain = resource_table::plain(&content).ok_or_else(|| {
        Failure(format!(
            "the resource table in {} has an unknown form: xtask/src/android/resource_table.rs \
             has the forms that are known",
            jar.display()
        ))
    })?;
    fs::write(&table, plain).map_err(|error| cannot("write", &table, &error))?;
    // Renamed at the end, so that an interrupted run leaves no half file.
    let begun = work.join("framework.apk");
    let mut pack = command(
        "jar",
        ["--create", "--no-manifest", "--no-compress", "--file"],
    );
    pack.arg(&begun).args([TABLE, MANIFEST]);
    run(pack.current_dir(work))?;
    fs::rename(&begun, apk).map_err(|error| cannot("write", apk, &error))
}
