//! The public API of each Swift product, one declaration on each line, sorted. The files are
//! committed, so that a review shows each change. They are made from the symbol graphs of the Swift
//! compiler: one of the module, and one of each module that it extends. The files contain every
//! declaration of the module. They do not contain members from Swift's own extensions (`map` of each
//! sequence), which differ between versions of Swift; the protocols of a type are listed instead.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::install::clear;
use crate::process::{Failure, command, command_line, root, run, run_and_keep, target_dir};
use crate::swift;

/// The modules that apps import: the API, and the library for their tests.
const MODULES: [&str; 2] = ["Switchback", "SwitchbackTesting"];

/// Protocols of nearly every type, which differ between versions of Swift.
const IMPLIED: [&str; 4] = [
    "BitwiseCopyable",
    "Copyable",
    "Escapable",
    "SendableMetatype",
];

/// Writes the present API; with `check`, fails if the committed files differ. The generated Swift
/// and the library must exist.
pub(crate) fn update(check: bool) -> Result<(), Failure> {
    let folder = graphs()?;
    let mut stale = Vec::new();
    for module in MODULES {
        let now = dump(&graphs_of(module, &folder)?)?;
        let kept = format!("ios/api/{module}.txt");
        let place = root().join(&kept);
        if fs::read_to_string(&place).is_ok_and(|there| there == now) {
            continue;
        }
        stale.push(kept);
        if !check {
            let cannot = |error| Failure(format!("cannot write {}: {error}", place.display()));
            fs::create_dir_all(place.parent().unwrap_or(root())).map_err(cannot)?;
            fs::write(&place, now).map_err(cannot)?;
        }
    }
    match (stale.is_empty(), check) {
        (true, _) => println!("ios/api is up to date"),
        (false, false) => println!("written: {}", stale.join(", ")),
        (false, true) => {
            return Err(Failure(format!(
                "not the API of the Swift modules: {}. Run `cargo xtask bindings --api`, review \
                 what changes for apps, and commit the files",
                stale.join(", ")
            )));
        }
    }
    Ok(())
}

/// Makes the documentation of each module. A broken link is an error.
pub(crate) fn documentation() -> Result<(), Failure> {
    let graphs = graphs()?;
    for module in MODULES {
        let folder = target_dir().join("swift-docs").join(module);
        let (copied, made) = (folder.join("graphs"), folder.join("made"));
        clear(&root().join(&copied))?;
        let cannot = |error| Failure(format!("cannot write to {}: {error}", copied.display()));
        fs::create_dir_all(root().join(&copied)).map_err(cannot)?;
        for (number, graph) in graphs_of(module, &graphs)?.iter().enumerate() {
            let name = match number {
                0 => format!("{module}.symbols.json"),
                number => format!("{module}@{number}.symbols.json"),
            };
            fs::write(root().join(&copied).join(name), graph).map_err(cannot)?;
        }
        let mut convert = command(swift::runner(), ["docc", "convert", "--warnings-as-errors"]);
        // The pages written by hand, if the module has some.
        let catalog = format!("ios/Sources/{module}/{module}.docc");
        convert.args(Some(catalog).filter(|folder| root().join(folder).is_dir()));
        convert.args(["--fallback-display-name", module]);
        convert.args(["--fallback-bundle-identifier", "app.switchback"]);
        convert.arg("--additional-symbol-graph-dir").arg(&copied);
        run(convert.arg("--output-path").arg(&made))?;
    }
    Ok(())
}

/// Makes the symbol graphs of all modules. Returns their folder.
fn graphs() -> Result<PathBuf, Failure> {
    let scratch = target_dir().join("swift");
    let mut write = command(swift::runner(), ["swift", "package"]);
    write
        .args(["--package-path", "ios/linux", "--scratch-path"])
        .arg(&scratch)
        .args(["dump-symbol-graph", "--minimum-access-level", "public"])
        .arg("--skip-synthesized-members");
    // Errors go to standard error, which is ours.
    let (said, done) = run_and_keep(&mut write);
    done?;
    let mut lines = said.lines();
    let folder = lines.find_map(|line| line.strip_prefix("Files written to "));
    let folder = folder.ok_or_else(|| {
        Failure(format!(
            "`{}` does not print the folder of the symbol graphs",
            command_line(&write)
        ))
    })?;
    Ok(PathBuf::from(folder))
}

/// The symbol graphs of a module, as JSON. The module's own graph comes first.
fn graphs_of(module: &str, folder: &Path) -> Result<Vec<String>, Failure> {
    let cannot =
        |error: std::io::Error| Failure(format!("cannot read {}: {error}", folder.display()));
    let mut files = Vec::new();
    for file in fs::read_dir(folder).map_err(cannot)? {
        let file = file.map_err(cannot)?;
        if is_of(module, &file.file_name().to_string_lossy()) {
            files.push(file.path());
        }
    }
    files.sort_by_key(|file| (file.to_string_lossy().contains('@'), file.clone()));
    files
        .iter()
        .map(|file| fs::read_to_string(file).map_err(cannot))
        .collect()
}

/// Whether a file has declarations of the module: its types, or extensions of other types.
fn is_of(module: &str, file: &str) -> bool {
    let Some(name) = file.strip_suffix(".symbols.json") else {
        return false;
    };
    name.split('@').next() == Some(module)
}

/// Converts symbol graphs to the lines of the API file.
pub(crate) fn dump(graphs: &[String]) -> Result<String, Failure> {
    let strange = |why: &str| Failure(format!("Swift's symbol graph has an unknown form: {why}"));
    let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();
    let (mut symbols, mut relationships) = (Vec::new(), Vec::new());
    for graph in graphs {
        let graph: Value =
            serde_json::from_str(graph).map_err(|error| strange(&error.to_string()))?;
        symbols.extend(list(&graph, "symbols"));
        relationships.extend(list(&graph, "relationships"));
    }

    let mut names = BTreeMap::new();
    let mut declared = BTreeSet::new();
    for symbol in symbols {
        let path: Vec<String> = texts(&list(&symbol, "pathComponents"));
        let id = symbol["identifier"]["precise"].as_str();
        let (Some(id), false) = (id, path.is_empty()) else {
            return Err(strange("a symbol without a name"));
        };
        names.insert(id.to_owned(), path.join("."));
        let fragments = list(&symbol, "declarationFragments");
        let fragments = fragments.iter().filter_map(|one| one["spelling"].as_str());
        let declaration = match symbol["accessLevel"].as_str() {
            Some("open") => format!("open {}", fragments.collect::<String>()),
            _ => fragments.collect(),
        };
        declared.insert((path, declaration, id.to_owned()));
    }
    if declared.is_empty() {
        return Err(strange("nothing is public"));
    }

    let mut conforms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for relation in relationships {
        if relation["kind"] != "conformsTo" {
            continue;
        }
        let text = |name: &str| relation[name].as_str().unwrap_or_default();
        let known = names.get(text("target")).map(String::as_str);
        let whole = known.unwrap_or_else(|| text("targetFallback"));
        let name = whole.rsplit('.').next().unwrap_or(whole);
        if !IMPLIED.contains(&name) && !name.is_empty() {
            let all = conforms.entry(text("source").to_owned()).or_default();
            all.insert(name.to_owned());
        }
    }

    let owners: BTreeSet<Vec<String>> = declared.iter().map(|(path, ..)| path.clone()).collect();
    let mut lines = String::from(
        "# The public API of the Swift module: written by `cargo xtask bindings --api`, for reviews.\n",
    );
    for (path, declaration, id) in declared {
        lines.push_str(&"    ".repeat(path.len() - 1));
        // An extension of another module's type: the line has no type above it, so name the type.
        let declaration = match path.split_last() {
            Some((_, owner)) if !owner.is_empty() && !owners.contains(owner) => {
                format!("{declaration} of {}", owner.join("."))
            }
            _ => declaration,
        };
        // The declaration of a protocol already contains the inherited protocols.
        match conforms
            .get(&id)
            .filter(|_| !declaration.contains("protocol "))
        {
            Some(all) => {
                let all: Vec<_> = all.iter().map(String::as_str).collect();
                lines.push_str(&format!("{declaration}: {}\n", all.join(", ")));
            }
            None => lines.push_str(&format!("{declaration}\n")),
        }
    }
    Ok(lines)
}

fn texts(list: &[Value]) -> Vec<String> {
    let texts = list.iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_graph_becomes_sorted_lines() {
        let graph = r#"{"symbols": [
            {"identifier": {"precise": "c"}, "pathComponents": ["Secret", "expose()"],
             "accessLevel": "open",
             "declarationFragments": [{"spelling": "func "}, {"spelling": "expose() -> String"}]},
            {"identifier": {"precise": "p"}, "pathComponents": ["SecretProtocol"],
             "accessLevel": "public",
             "declarationFragments": [{"spelling": "protocol SecretProtocol : Sendable"}]},
            {"identifier": {"precise": "s"}, "pathComponents": ["Secret"], "accessLevel": "open",
             "declarationFragments": [{"spelling": "class Secret"}]}
        ], "relationships": [
            {"kind": "conformsTo", "source": "s", "target": "p"},
            {"kind": "conformsTo", "source": "s", "target": "x", "targetFallback": "Swift.Hashable"},
            {"kind": "conformsTo", "source": "s", "target": "y", "targetFallback": "Swift.Copyable"},
            {"kind": "conformsTo", "source": "p", "target": "z", "targetFallback": "Swift.Sendable"},
            {"kind": "memberOf", "source": "c", "target": "s"}
        ]}"#;
        let extension = r#"{"symbols": [
            {"identifier": {"precise": "e"}, "pathComponents": ["URLSession", "data()"],
             "accessLevel": "public", "declarationFragments": [{"spelling": "func data()"}]}
        ], "relationships": []}"#;
        let lines = dump(&[graph.into(), extension.into()]).expect("they are graphs");
        let lines: Vec<_> = lines.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "open class Secret: Hashable, SecretProtocol",
                "    open func expose() -> String",
                "protocol SecretProtocol : Sendable",
                "    func data() of URLSession",
            ]
        );
    }

    #[test]
    fn graphs_of_other_modules_are_ignored() {
        let is_read = |file| is_of("Switchback", file);
        assert!(is_read("Switchback.symbols.json"));
        assert!(is_read("Switchback@FoundationNetworking.symbols.json"));
        assert!(!is_read("SwitchbackBindings.symbols.json"));
        assert!(!is_read("SwitchbackTesting@Switchback.symbols.json"));
        assert!(!is_read("Switchback.json"));
    }

    #[test]
    fn a_graph_without_anything_public_is_a_mistake() {
        let fails = |graph: &str| dump(&[graph.into()]).is_err();
        assert!(fails(r#"{"symbols": [], "relationships": []}"#));
        assert!(fails("no JSON"));
        assert!(fails(r#"{"symbols": [{"pathComponents": []}]}"#));
    }
}
