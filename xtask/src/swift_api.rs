//! What the Swift module offers, one public declaration a line, sorted: committed, so that
//! whoever changes it sees that. It is boiled down from the symbol graph that the Swift
//! compiler writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::process::{Failure, command, root, run_and_keep, shown, target_dir};
use crate::swift;

/// Where it is kept.
const KEPT: &str = "ios/api/Switchback.txt";

const MODULE: &str = "Switchback";

/// What Swift says of nearly every type, each version a little differently.
const IMPLIED: [&str; 4] = [
    "BitwiseCopyable",
    "Copyable",
    "Escapable",
    "SendableMetatype",
];

/// Writes what is offered now, or with `check` fails where something else is kept. What the
/// package is built from must be there: the generated Swift, and the library.
pub(crate) fn keep(check: bool) -> Result<(), Failure> {
    let now = dump(&graph()?)?;
    let place = root().join(KEPT);
    if fs::read_to_string(&place).is_ok_and(|kept| kept == now) {
        println!("{KEPT} is what the Swift module offers");
        return Ok(());
    }
    if check {
        return Err(Failure(format!(
            "{KEPT} is not what the Swift module offers. Do `cargo xtask bindings --api`, look at \
             what changed for those who use it, and commit it"
        )));
    }
    let cannot = |error| Failure(format!("cannot write {}: {error}", place.display()));
    fs::create_dir_all(place.parent().unwrap_or(root())).map_err(cannot)?;
    fs::write(&place, now).map_err(cannot)?;
    println!("written: {KEPT}");
    Ok(())
}

/// The symbol graph of the module, as JSON.
fn graph() -> Result<String, Failure> {
    let scratch = target_dir().join("swift");
    let mut write = command(swift::inside(), ["swift", "package"]);
    write
        .args(["--package-path", "ios/linux", "--scratch-path"])
        .arg(&scratch)
        .args(["dump-symbol-graph", "--minimum-access-level", "public"])
        .arg("--skip-synthesized-members");
    // What goes wrong is said on its standard error, which is ours.
    let (said, done) = run_and_keep(&mut write);
    done?;
    let mut lines = said.lines();
    let folder = lines.find_map(|line| line.strip_prefix("Files written to "));
    let folder =
        folder.ok_or_else(|| Failure(format!("`{}` does not say where", shown(&write))))?;
    let file = format!("{folder}/{MODULE}.symbols.json");
    fs::read_to_string(&file).map_err(|error| Failure(format!("cannot read {file}: {error}")))
}

/// Boils a symbol graph down.
pub(crate) fn dump(graph: &str) -> Result<String, Failure> {
    let strange = |why: &str| Failure(format!("the symbol graph of Swift is strange: {why}"));
    let graph: Value = serde_json::from_str(graph).map_err(|error| strange(&error.to_string()))?;
    let list = |of: &Value, name: &str| of[name].as_array().cloned().unwrap_or_default();

    let mut names = BTreeMap::new();
    let mut declared = BTreeSet::new();
    for symbol in list(&graph, "symbols") {
        let path: Vec<String> = texts(&list(&symbol, "pathComponents"));
        let id = symbol["identifier"]["precise"].as_str();
        let (Some(id), false) = (id, path.is_empty()) else {
            return Err(strange("a symbol without a name"));
        };
        names.insert(id.to_owned(), path.join("."));
        if path.iter().any(|part| is_internal(part)) {
            continue;
        }
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
    for relation in list(&graph, "relationships") {
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

    let mut lines = String::from(
        "# What the Swift module offers: written by `cargo xtask bindings --api`, and read in reviews.\n",
    );
    for (path, declaration, id) in declared {
        lines.push_str(&"    ".repeat(path.len() - 1));
        // A protocol says itself what it inherits.
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

/// What is public only since generated code has to reach it.
fn is_internal(name: &str) -> bool {
    [
        "uniffi",
        "FfiConverter",
        "RustBuffer",
        "ForeignBytes",
        "NoHandle",
    ]
    .iter()
    .any(|begins| name.starts_with(begins))
        || name.ends_with("Impl")
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
             "declarationFragments": [{"spelling": "class Secret"}]},
            {"identifier": {"precise": "u"}, "pathComponents": ["uniffiEnsure()"],
             "accessLevel": "public", "declarationFragments": [{"spelling": "func uniffiEnsure()"}]}
        ], "relationships": [
            {"kind": "conformsTo", "source": "s", "target": "p"},
            {"kind": "conformsTo", "source": "s", "target": "x", "targetFallback": "Swift.Hashable"},
            {"kind": "conformsTo", "source": "s", "target": "y", "targetFallback": "Swift.Copyable"},
            {"kind": "conformsTo", "source": "p", "target": "z", "targetFallback": "Swift.Sendable"},
            {"kind": "memberOf", "source": "c", "target": "s"}
        ]}"#;
        let lines = dump(graph).expect("it is a graph");
        let lines: Vec<_> = lines.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "open class Secret: Hashable, SecretProtocol",
                "    open func expose() -> String",
                "protocol SecretProtocol : Sendable",
            ]
        );
    }

    #[test]
    fn a_graph_without_anything_public_is_a_mistake() {
        assert!(dump(r#"{"symbols": [], "relationships": []}"#).is_err());
        assert!(dump("no JSON").is_err());
        assert!(dump(r#"{"symbols": [{"pathComponents": []}]}"#).is_err());
    }
}
