//! Builds the app in `android/consumer` from the staged repository, as Android's build does: Kotlin
//! against the classes of the AARs, one manifest of all, and R8 in full mode. Then it checks what the
//! app would miss on a phone.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::project::{About, properties};
use super::{aapt2, archive, dex, framework, manifest, repository};
use crate::install::clear;
use crate::jars::{Jars, joined};
use crate::process::{Failure, cannot, command, root, run};
use crate::{kotlin, size};

const SOURCES: &str = "android/consumer";

const PLACEHOLDERS: [(&str, &str); 3] = [
    ("applicationId", "com.example.app"),
    ("switchbackHost", "app.example"),
    ("switchbackPath", "/callback"),
];

/// The classes that Android finds by their names in the manifest.
const ACTIVITIES: [&str; 3] = [
    "com/example/app/MainActivity",
    "app/switchback/android/LoginActivity",
    "app/switchback/android/RedirectActivity",
];

/// Builds and checks the app. The repository must be there.
pub(super) fn build() -> Result<(), Failure> {
    let work = repository::made().join("consumer");
    clear(&work)?;
    let libraries = fetch(&work)?;
    let framework = framework::jars()?.classpath()?;

    let classes = work.join("classes");
    compile(&libraries, &framework, &classes)?;
    let app = work.join("app.jar");
    archive::pack(&classes, &app)?;

    let manifests: Vec<_> = libraries
        .iter()
        .filter_map(|library| library.file("AndroidManifest.xml"))
        .collect();
    let merged = work.join("AndroidManifest.xml");
    let own = root().join(SOURCES).join("src/main/AndroidManifest.xml");
    manifest::merge(&own, &manifests, &PLACEHOLDERS, &merged)?;
    let resources: Vec<_> = libraries
        .iter()
        .filter_map(|library| library.file("res"))
        .collect();
    let compiled = aapt2::compile(&resources, &work.join("compiled"))?;
    let rules = work.join("manifest.pro");
    let mut link = aapt2::link(&framework::resources()?, &merged, &compiled);
    link.arg("-o").arg(work.join("app.apk"));
    run(link.arg("--proguard").arg(&rules))?;

    let rules: Vec<_> = libraries
        .iter()
        .filter_map(|library| library.file("proguard.txt"))
        .chain([rules])
        .collect();
    let jars: Vec<_> = libraries
        .iter()
        .map(Library::classes)
        .chain([app])
        .collect();
    let shrunk = dex::shrink(&jars, &rules, &work.join("dex"))?;
    check(&shrunk)
}

/// A jar, or the folder of an unpacked AAR.
struct Library(PathBuf);

impl Library {
    fn classes(&self) -> PathBuf {
        self.file("classes.jar").unwrap_or_else(|| self.0.clone())
    }

    /// A file or folder in an AAR.
    fn file(&self, name: &str) -> Option<PathBuf> {
        let file = self.0.join(name);
        file.exists().then_some(file)
    }
}

/// Fetches what the app depends on: Switchback from the staged repository only.
fn fetch(work: &Path) -> Result<Vec<Library>, Failure> {
    let about = About::read()?;
    let list = work.join("classpath.txt");
    let local = local_repository(work)?;
    let mut ask = command("mvn", ["-q", "-B", "-ntp", Jars::CLASSPATH, "-f", SOURCES]);
    ask.arg(format!("-Dmdep.outputFile={}", list.display()));
    ask.arg(format!("-Dmaven.repo.local={}", local.display()));
    ask.arg(format!("-Dswitchback.version={}", about.version));
    let staged = repository::folder();
    ask.arg(format!("-Dswitchback.repository={}", staged.display()));
    run(&mut ask)?;
    let list = fs::read_to_string(&list).map_err(|error| cannot("read", &list, &error))?;
    let paths = std::env::split_paths(list.trim());
    let unpacked = |path: PathBuf| {
        if path.extension().is_none_or(|extension| extension != "aar") {
            return Ok(Library(path));
        }
        let folder = work.join("aars").join(path.file_stem().unwrap_or_default());
        archive::unpack(&path, &folder)?;
        Ok(Library(folder))
    };
    paths.map(unpacked).collect()
}

/// A local repository that has everything of Maven's own except our modules: Maven keeps a release
/// that it has fetched, and would not see that the staged one is newer.
fn local_repository(work: &Path) -> Result<PathBuf, Failure> {
    let local = work.join("local");
    fs::create_dir_all(&local).map_err(|error| cannot("make", &local, &error))?;
    // group/artifact/version/file
    let jar = framework::jars()?.classpath()?;
    let shared = Path::new(&jar).ancestors().nth(5).unwrap_or(Path::new("/"));
    let group = properties()?.remove("project.groupId").unwrap_or_default();
    let ours = group.split('.').next().unwrap_or_default();
    let entries = fs::read_dir(shared).map_err(|error| cannot("read", shared, &error))?;
    for entry in entries.flatten().filter(|entry| entry.file_name() != ours) {
        let link = local.join(entry.file_name());
        symlink(entry.path(), &link).map_err(|error| cannot("make", &link, &error))?;
    }
    Ok(local)
}

fn compile(libraries: &[Library], framework: &str, classes: &Path) -> Result<(), Failure> {
    let jars = libraries.iter().map(Library::classes);
    let jars = joined(jars.chain([PathBuf::from(framework)]))?;
    let mut compile = kotlin::compile()?;
    compile.args(["-no-stdlib", "-no-reflect", "-jvm-target", "17", "-Werror"]);
    compile.arg("-cp").arg(jars).arg("-d").arg(classes);
    run(compile.arg(root().join(SOURCES).join("src/main/kotlin")))
}

/// Checks that the app has everything that is found by name.
fn check(dex: &[u8]) -> Result<(), Failure> {
    let activities = ACTIVITIES.map(|name| format!("L{name};"));
    let functions = size::phone::called()?;
    let lost = activities
        .into_iter()
        .chain(functions)
        .find(|name| !dex::has(dex, name));
    lost.map_or(Ok(()), |name| {
        Err(Failure(format!(
            "the app of android/consumer has no `{name}`, which is found by its name: R8 removed or \
             renamed it ({} has the rules), or the library lost it",
            super::aar::RULES
        )))
    })
}
