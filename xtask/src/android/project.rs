//! The modules as Maven's files describe them, and what Cargo says about the project.

use std::collections::BTreeMap;
use std::fs;

use regex_lite::Regex;
use serde_json::Value;

use crate::process::{Failure, cannot, cargo, output_bytes, root};

/// The published modules, by folder.
pub(super) const PUBLISHED: [&str; 6] = ["core-jvm", "testing", "jvm", "android", "okhttp", "ktor"];

/// The authors, as the licences name them.
pub(super) const AUTHORS: &str = "The Switchback contributors";

/// The values of Cargo that Maven Central also asks for.
pub(super) struct About {
    pub(super) version: String,
    /// As in Cargo: `Apache-2.0 OR MIT`.
    pub(super) license: String,
    pub(super) homepage: Option<String>,
    pub(super) repository: Option<String>,
}

impl About {
    pub(super) fn read() -> Result<Self, Failure> {
        let mut ask = cargo("metadata --no-deps --format-version 1 --locked");
        let metadata: Value = serde_json::from_slice(&output_bytes(&mut ask)?)
            .map_err(|error| Failure(format!("`cargo metadata`: {error}")))?;
        let mut packages = metadata["packages"].as_array().into_iter().flatten();
        let bindings = packages.find(|package| package["name"] == "switchback-bindings");
        let value = |name: &str| Some(bindings?[name].as_str()?.to_owned());
        let needed = |name: &str| {
            let missing = || Failure(format!("switchback-bindings has no {name} in Cargo.toml"));
            value(name).ok_or_else(missing)
        };
        Ok(Self {
            version: needed("version")?,
            license: needed("license")?,
            homepage: value("homepage"),
            repository: value("repository"),
        })
    }
}

/// The properties of `android/pom.xml`, and the group and the version as properties of Maven.
pub(crate) fn properties() -> Result<BTreeMap<String, String>, Failure> {
    let parent = read("android/pom.xml")?;
    let mut properties = properties_in(&parent);
    for name in ["groupId", "version"] {
        let value = tag(&parent, name).unwrap_or_default().to_owned();
        properties.insert(format!("project.{name}"), value);
    }
    Ok(properties)
}

pub(super) fn properties_in(pom: &str) -> BTreeMap<String, String> {
    let property = Regex::new(r"<([\w.-]+)>([^<]*)</").expect("a valid expression");
    let listed = tag(pom, "properties").unwrap_or_default();
    let found = property.captures_iter(listed);
    found
        .map(|found| (found[1].to_owned(), found[2].to_owned()))
        .collect()
}

pub(super) fn read(path: &str) -> Result<String, Failure> {
    let file = root().join(path);
    fs::read_to_string(&file).map_err(|error| cannot("read", &file, &error))
}

/// The content of the first element with this name.
pub(super) fn tag<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once(&format!("</{name}>"))?.0)
}

/// A published module.
pub(super) struct Module {
    pub(super) artifact: String,
    pub(super) description: String,
    /// What an app gets with the module.
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    pub(super) group: String,
    pub(super) artifact: String,
    pub(super) version: String,
    /// `jar` or `aar`.
    pub(super) kind: String,
    /// `compile` or `runtime`.
    pub(super) scope: String,
}

impl Module {
    pub(super) fn read(folder: &str) -> Result<Self, Failure> {
        let path = format!("android/{folder}/pom.xml");
        let module = Self::of(&read(&path)?, &properties()?);
        module.map_err(|why| Failure(format!("{path} {why}")))
    }

    fn of(pom: &str, properties: &BTreeMap<String, String>) -> Result<Self, String> {
        let (_, own) = pom.split_once("</parent>").unwrap_or(("", pom));
        let value = |xml: &str, name: &str| {
            let value = tag(xml, name).ok_or_else(|| format!("has an element without {name}"))?;
            interpolated(value, properties)
        };
        let mut dependencies = Vec::new();
        for one in tag(own, "dependencies")
            .unwrap_or_default()
            .split("</dependency>")
        {
            let scope = tag(one, "scope").unwrap_or("compile");
            if !one.contains("<dependency>") || ["test", "provided"].contains(&scope) {
                continue;
            }
            dependencies.push(Dependency {
                group: value(one, "groupId")?,
                artifact: value(one, "artifactId")?,
                version: value(one, "version")?,
                kind: tag(one, "type").unwrap_or("jar").to_owned(),
                scope: scope.to_owned(),
            });
        }
        Ok(Self {
            artifact: value(own, "artifactId")?,
            description: value(own, "description")?,
            dependencies,
        })
    }
}

/// The text with the values of the properties in it.
fn interpolated(text: &str, properties: &BTreeMap<String, String>) -> Result<String, String> {
    let mut done = text.to_owned();
    while let Some((before, rest)) = done.split_once("${") {
        let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
        let value = properties.get(name);
        let value = value.ok_or_else(|| format!("uses the unknown property {name}"))?;
        done = format!("{before}{value}{after}");
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_the_dependencies_of_an_app() {
        let pom = "<parent><artifactId>parent</artifactId></parent>
            <artifactId>module</artifactId><description>What it is.</description>
            <dependencies>
              <dependency><groupId>${project.groupId}</groupId><artifactId>a</artifactId>
                <version>${a.version}</version></dependency>
              <dependency><groupId>g</groupId><artifactId>b</artifactId><version>2</version>
                <type>aar</type><scope>runtime</scope></dependency>
              <dependency><groupId>g</groupId><artifactId>c</artifactId><version>3</version>
                <scope>test</scope></dependency>
              <dependency><groupId>g</groupId><artifactId>d</artifactId><version>4</version>
                <scope>provided</scope></dependency>
            </dependencies>
            <build><dependencies><dependency>a plugin's</dependency></dependencies></build>";
        let properties = [("project.groupId", "app"), ("a.version", "1")];
        let properties = properties.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let module = Module::of(pom, &properties.into()).expect("a module");
        let dependency = |[group, artifact, version, kind, scope]: [&str; 5]| Dependency {
            group: group.to_owned(),
            artifact: artifact.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            scope: scope.to_owned(),
        };
        assert_eq!(module.artifact, "module");
        assert_eq!(module.description, "What it is.");
        let expected = [
            ["app", "a", "1", "jar", "compile"],
            ["g", "b", "2", "aar", "runtime"],
        ];
        assert_eq!(module.dependencies, expected.map(dependency));
        let why = Module::of(pom, &BTreeMap::new()).err();
        assert_eq!(
            why.as_deref(),
            Some("uses the unknown property project.groupId")
        );
    }

    /// Android needs the AAR of JNA, with libraries for phones, and a desktop needs the jar. An app
    /// with both files cannot be built: they have the same classes.
    #[test]
    fn each_system_gets_one_file_of_jna() {
        let jna = |folder: &str| {
            let module = Module::read(folder).expect("a module");
            let mut all = module.dependencies.into_iter();
            all.find(|dependency| dependency.artifact == "jna")
                .map(|jna| jna.kind)
        };
        assert_eq!(jna("android").as_deref(), Some("aar"));
        assert_eq!(jna("jvm").as_deref(), Some("jar"));
        for shared in ["core-jvm", "okhttp", "ktor"] {
            assert_eq!(jna(shared), None, "{shared}");
        }
    }

    #[test]
    fn the_version_is_that_of_cargo() {
        let about = About::read().expect("cargo describes the workspace");
        let properties = properties().expect("Maven's file");
        assert_eq!(properties["project.version"], about.version);
    }
}
