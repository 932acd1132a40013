//! The privacy manifest of the Swift package. It is derived: a category of Apple's list is in it if the
//! library has one of its symbols, or the Swift code one of its names.

use std::fs;
use std::path::{Path, PathBuf};

use super::plist::{self, Value};
use super::required_reasons::{CATEGORIES, Category};
use crate::archive;
use crate::process::{Failure, cannot, root};

/// A resource of the target `Switchback`. A static library has no resources, so Apple takes the manifest
/// from the bundle that SwiftPM makes of a target's resources.
const MANIFEST: &str = "ios/Sources/Switchback/PrivacyInfo.xcprivacy";

/// The folders of the package's Swift code.
const SOURCES: [&str; 2] = ["ios/Sources/Switchback", "ios/Sources/SwitchbackBindings"];

/// Something on Apple's list: a symbol of the library, or a name in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Use {
    name: String,
    place: String,
}

pub(super) fn write(symbols: &[String]) -> Result<(), Failure> {
    let text = manifest(&uses(symbols)?).map_err(Failure)?;
    archive::write(&root().join(MANIFEST), text)?;
    println!("written: {MANIFEST}");
    Ok(())
}

/// Fails if the committed manifest is not the derived one.
pub(super) fn check(symbols: &[String]) -> Result<(), Failure> {
    let text = manifest(&uses(symbols)?).map_err(Failure)?;
    let place = root().join(MANIFEST);
    if fs::read_to_string(&place).is_ok_and(|committed| committed == text) {
        println!("{MANIFEST} is up to date");
        return Ok(());
    }
    Err(Failure(format!(
        "{MANIFEST} is not what the library and the Swift code need. Run `cargo xtask ios privacy`, review \
         what changes for apps, and commit the file"
    )))
}

fn uses(symbols: &[String]) -> Result<Vec<Use>, Failure> {
    let mut uses = Vec::new();
    for symbol in symbols {
        uses.push(Use {
            name: c_name(symbol).to_owned(),
            place: "the library".to_owned(),
        });
    }
    for file in swift_files()? {
        let text = fs::read_to_string(root().join(&file))
            .map_err(|error| cannot("read", &file, &error))?;
        uses.extend(names(&file, &text));
    }
    Ok(uses)
}

/// A symbol without its variant: on Intel's processors `stat` is `stat$INODE64`.
fn c_name(symbol: &str) -> &str {
    match symbol.split_once('$') {
        Some((name, _)) if !name.starts_with("OBJC_") => name,
        _ => symbol,
    }
}

fn swift_files() -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for folder in SOURCES {
        let all = archive::files(&root().join(folder))?.into_iter();
        let swift = all.filter(|file| file.extension().is_some_and(|name| name == "swift"));
        files.extend(swift.map(|file| Path::new(folder).join(file)));
    }
    Ok(files)
}

/// The words of the code, without comments.
fn names<'a>(file: &'a Path, text: &'a str) -> impl Iterator<Item = Use> + 'a {
    text.lines().zip(1..).flat_map(move |(line, number)| {
        let code = line.split("//").next().unwrap_or_default();
        let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.filter(|word| on_list(word)).map(move |word| Use {
            name: word.to_owned(),
            place: format!("{}:{number}", file.display()),
        })
    })
}

fn on_list(name: &str) -> bool {
    CATEGORIES.iter().any(|category| category.has(name))
}

impl Category {
    fn has(&self, name: &str) -> bool {
        self.symbols.contains(&name) || self.swift.contains(&name)
    }
}

/// The text of the manifest, or a use without a reason.
fn manifest(uses: &[Use]) -> Result<String, String> {
    let mut accessed = Vec::new();
    for category in &CATEGORIES {
        let Some(used) = uses.iter().find(|used| category.has(&used.name)) else {
            continue;
        };
        let Some(reason) = &category.reason else {
            return Err(format!(
                "{} uses `{}`, for which Apple asks for a reason (category {}). Avoid it; or choose a \
                 reason in xtask/src/ios/required_reasons.rs",
                used.place, used.name, category.name
            ));
        };
        println!(
            "{}: {}, for {}",
            category.name, reason.code, reason.explanation
        );
        let name = format!("NSPrivacyAccessedAPICategory{}", category.name);
        accessed.push(Value::Map(vec![
            ("NSPrivacyAccessedAPIType", name.as_str().into()),
            (
                "NSPrivacyAccessedAPITypeReasons",
                [reason.code].into_iter().collect(),
            ),
        ]));
    }
    Ok(plist::write(&Value::Map(vec![
        // The app knows what its service collects, and says so in its own manifest.
        ("NSPrivacyTracking", Value::Bool(false)),
        ("NSPrivacyTrackingDomains", Value::List(Vec::new())),
        ("NSPrivacyCollectedDataTypes", Value::List(Vec::new())),
        ("NSPrivacyAccessedAPITypes", Value::List(accessed)),
    ])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_library(symbols: &[&str]) -> Vec<Use> {
        let uses = symbols.iter().map(|symbol| Use {
            name: c_name(symbol).to_owned(),
            place: "the library".to_owned(),
        });
        uses.collect()
    }

    #[test]
    fn a_category_is_declared_if_and_only_if_it_is_used() {
        let with = manifest(&in_library(&["malloc", "stat$INODE64"])).expect("it has a reason");
        assert!(with.contains("<string>NSPrivacyAccessedAPICategoryFileTimestamp</string>"));
        assert!(with.contains("<string>C617.1</string>"));
        let without = manifest(&in_library(&["malloc"])).expect("nothing needs a reason");
        assert!(without.contains("<key>NSPrivacyAccessedAPITypes</key>\n\t<array/>"));
    }

    #[test]
    fn a_use_without_a_reason_is_refused() {
        for symbol in [
            "mach_absolute_time",
            "statfs",
            "statvfs",
            "OBJC_CLASS_$_NSUserDefaults",
        ] {
            let refused = manifest(&in_library(&["stat", symbol])).expect_err("it has no reason");
            assert!(
                refused.contains(&format!("the library uses `{symbol}`")),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_name_in_the_code_is_found_and_one_in_a_comment_is_not() {
        let text = "let a = 1 // not UserDefaults\nlet b = UserDefaults.standard\n/// stat\nlet stats = 1\n";
        let found: Vec<_> = names(Path::new("A.swift"), text).collect();
        let expected = Use {
            name: "UserDefaults".to_owned(),
            place: "A.swift:2".to_owned(),
        };
        assert_eq!(found, [expected]);
    }

    #[test]
    fn the_swift_code_alone_needs_no_other_reason() {
        let uses = uses(&[]).expect("the sources are in the repository");
        manifest(&uses).expect("each use has a reason");
        assert!(
            swift_files()
                .expect("the sources are in the repository")
                .len()
                > 20
        );
    }
}
