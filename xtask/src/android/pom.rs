//! The POM of a published module, with what Maven Central asks for, and the bill of materials.

use super::project::{AUTHORS, About, Dependency, Module};

/// Each licence, as Cargo names it, with its text.
const LICENCES: [(&str, &str); 2] = [
    (
        "Apache-2.0",
        "https://www.apache.org/licenses/LICENSE-2.0.txt",
    ),
    ("MIT", "https://opensource.org/license/mit"),
];

pub(super) const BOM: &str = "switchback-bom";

/// The POM of a module. `packaging` is `jar` or `aar`.
pub(super) fn module(group: &str, about: &About, module: &Module, packaging: &str) -> String {
    let Module {
        artifact,
        description,
        dependencies,
    } = module;
    let dependencies: String = dependencies.iter().map(dependency).collect();
    let dependencies = format!("  <dependencies>\n{dependencies}  </dependencies>\n");
    project(
        group,
        about,
        artifact,
        description,
        packaging,
        &dependencies,
    )
}

/// An app that imports it names no version of a module.
pub(super) fn bill_of_materials(group: &str, about: &About, artifacts: &[String]) -> String {
    let managed = artifacts.iter().map(|artifact| {
        let version = &about.version;
        let lines = [("groupId", group), ("artifactId", artifact)];
        entry(lines.into_iter().chain([("version", version.as_str())]))
    });
    let managed = format!(
        "  <dependencyManagement>\n    <dependencies>\n{}    </dependencies>\n  </dependencyManagement>\n",
        managed.map(|entry| indented(&entry)).collect::<String>()
    );
    let description = "The versions of Switchback's modules.";
    project(group, about, BOM, description, "pom", &managed)
}

fn project(
    group: &str,
    about: &About,
    artifact: &str,
    description: &str,
    packaging: &str,
    rest: &str,
) -> String {
    let version = &about.version;
    let licences: String = LICENCES
        .iter()
        .filter(|(name, _)| about.license.contains(name))
        .map(|(name, url)| {
            format!(
                "    <license>\n      <name>{name}</name>\n      <url>{url}</url>\n    </license>\n"
            )
        })
        .collect();
    let homepage = about.homepage.iter();
    let url: String = homepage
        .map(|url| format!("  <url>{url}</url>\n"))
        .collect();
    let repository = about.repository.iter();
    let scm: String = repository
        .map(|url| {
            format!(
                "  <scm>\n    <connection>scm:git:{url}</connection>\n    <url>{url}</url>\n  </scm>\n"
            )
        })
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>{group}</groupId>
  <artifactId>{artifact}</artifactId>
  <version>{version}</version>
  <packaging>{packaging}</packaging>
  <name>{artifact}</name>
  <description>{description}</description>
{url}  <licenses>
{licences}  </licenses>
  <developers>
    <developer>
      <name>{AUTHORS}</name>
    </developer>
  </developers>
{scm}{rest}</project>
"#
    )
}

fn dependency(dependency: &Dependency) -> String {
    let lines = [
        ("groupId", dependency.group.as_str()),
        ("artifactId", &dependency.artifact),
        ("version", &dependency.version),
        ("type", &dependency.kind),
        ("scope", &dependency.scope),
    ];
    entry(lines.into_iter().filter(|(_, value)| *value != "jar"))
}

fn entry<'a>(lines: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let lines = lines.map(|(name, value)| format!("      <{name}>{value}</{name}>\n"));
    let lines: String = lines.collect();
    format!("    <dependency>\n{lines}    </dependency>\n")
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::project::tag;
    use super::*;

    fn about() -> About {
        About {
            version: "1.2".to_owned(),
            license: "Apache-2.0 OR MIT".to_owned(),
            homepage: Some("https://example.com".to_owned()),
            repository: Some("https://example.com/code".to_owned()),
        }
    }

    fn a_module() -> Module {
        Module {
            artifact: "library".to_owned(),
            description: "What it is.".to_owned(),
            dependencies: vec![Dependency {
                group: "g".to_owned(),
                artifact: "a".to_owned(),
                version: "3".to_owned(),
                kind: "aar".to_owned(),
                scope: "runtime".to_owned(),
            }],
        }
    }

    #[test]
    fn a_pom_has_what_maven_central_asks_for() {
        let pom = module("app.example", &about(), &a_module(), "aar");
        let value = |name| tag(&pom, name).unwrap_or_else(|| panic!("no {name} in {pom}"));
        assert_eq!(value("groupId"), "app.example");
        assert_eq!(value("artifactId"), "library");
        assert_eq!(value("version"), "1.2");
        assert_eq!(value("packaging"), "aar");
        assert_eq!(value("description"), "What it is.");
        assert_eq!(value("url"), "https://example.com");
        assert_eq!(value("connection"), "scm:git:https://example.com/code");
        assert!(value("developers").contains(AUTHORS));
        for (name, url) in LICENCES {
            let licences = value("licenses");
            assert!(licences.contains(name) && licences.contains(url), "{name}");
        }
        let dependency = value("dependencies");
        assert_eq!(tag(dependency, "type"), Some("aar"));
        assert_eq!(tag(dependency, "scope"), Some("runtime"));
    }

    #[test]
    fn an_unknown_value_is_left_out() {
        let nameless = About {
            homepage: None,
            repository: None,
            ..about()
        };
        let pom = module("app.example", &nameless, &a_module(), "jar");
        assert!(!pom.contains("<scm>"), "{pom}");
        let (before, _) = pom.split_once("<licenses>").expect("licences");
        assert!(!before.contains("<url>"), "{pom}");
    }

    #[test]
    fn the_bill_of_materials_has_every_module() {
        let bom = bill_of_materials(
            "app.example",
            &about(),
            &["one".to_owned(), "two".to_owned()],
        );
        let managed = tag(&bom, "dependencyManagement").expect("managed versions");
        let artifacts: Vec<_> = managed
            .split("<dependency>")
            .filter_map(|entry| tag(entry, "artifactId"))
            .collect();
        assert_eq!(artifacts, ["one", "two"]);
    }
}
