//! `cargo xtask book`: builds the site of docs/ with mdBook, and checks the links of the site and of
//! the pages in the repository with lychee.
//!
//! mdBook wants a list of all pages in SUMMARY.md. That list is made from docs/README.md here, so that
//! a new page has one place to be listed. A link to a file outside of docs/ becomes its text: the site
//! has only docs/.

use std::fs;
use std::path::{Path, PathBuf};

use crate::install::{cargo_install, clear, obtain};
use crate::process::{Failure, cannot, command, output_if_ok, root, run, target_dir};
use crate::pypi::LYCHEE;
use crate::report::Availability;

const MDBOOK: &str = "0.5.4";

/// The page that lists all pages.
const INDEX: &str = "README.md";

/// Its name on the site. mdBook renames a README itself, but not the links to it.
const FIRST_PAGE: &str = "index.md";

pub(crate) fn run_all() -> Result<(), Failure> {
    mdbook().and(LYCHEE.install()).map_err(Failure)?;
    let (docs, book) = (root().join("docs"), folder());
    clear(&book)?;
    let pages = copy(&docs, &book.join("src"))?;
    let index = read(&docs.join(INDEX))?;
    let summary = summary(&index, &pages).map_err(Failure)?;
    write(&book.join("src/SUMMARY.md"), summary.as_bytes())?;
    write(&book.join("book.toml"), &bytes(&docs.join("book.toml"))?)?;
    run(command(program(), ["build"]).arg(&book))?;
    check_links(&book.join("book"))?;
    println!("{}", book.join("book/index.html").display());
    Ok(())
}

fn folder() -> PathBuf {
    root().join(target_dir()).join("book")
}

/// The folder where cargo installs mdBook.
fn installed() -> PathBuf {
    root().join(target_dir()).join("mdbook")
}

fn program() -> PathBuf {
    installed().join("bin/mdbook")
}

/// mdBook, compiled without the parts that serve a site.
fn mdbook() -> Availability {
    let is_there = || {
        output_if_ok(&mut command(program(), ["--version"]))
            .is_some_and(|version| version.trim().ends_with(MDBOOK))
    };
    obtain("mdBook", is_there, || {
        let mut install = cargo_install("mdbook", MDBOOK);
        install.args(["--force", "--no-default-features", "--features", "search"]);
        install.arg("--root").arg(installed());
        Ok(vec![install])
    })
}

/// The links of the site, and of the pages as they are in the repository. Only files: no request is
/// sent.
fn check_links(site: &Path) -> Result<(), Failure> {
    let mut lychee = command(LYCHEE.path(), ["--offline", "--include-fragments"]);
    lychee.args(["--no-progress", "--format", "compact"]);
    lychee.arg(format!("{}/**/*.html", site.display()));
    lychee.args(["docs/**/*.md", "*.md"]);
    run(&mut lychee)
}

/// Copies a folder of docs/. The result is the pages, as paths relative to docs/.
fn copy(docs: &Path, to: &Path) -> Result<Vec<String>, Failure> {
    let (mut pages, mut folders) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(folder) = folders.pop() {
        fs::create_dir_all(to.join(&folder)).map_err(|e| cannot("make", &to.join(&folder), &e))?;
        let entries = fs::read_dir(docs.join(&folder));
        for entry in entries.map_err(|e| cannot("read", &docs.join(&folder), &e))? {
            let entry = entry.map_err(|e| cannot("read", &docs.join(&folder), &e))?;
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let depth = folder.components().count();
                let page = for_the_site(&read(&entry.path())?, depth);
                let name = path.display().to_string();
                let place = if name == INDEX { FIRST_PAGE } else { &name };
                write(&to.join(place), page.as_bytes())?;
                pages.push(name);
            } else {
                write(&to.join(&path), &bytes(&entry.path())?)?;
            }
        }
    }
    Ok(pages)
}

/// The page, with the text of each link that leads out of docs/ in the place of the link, and with
/// links to the first page by its name there. `depth` is the number of folders between docs/ and the
/// page.
fn for_the_site(page: &str, depth: usize) -> String {
    let out = "../".repeat(depth + 1);
    let (mut text, mut rest) = (String::new(), page);
    while let Some(middle) = rest.find(&format!("]({out}")) {
        let (before, link) = rest.split_at(middle);
        let label = before.rfind('[').unwrap_or(middle);
        text.push_str(&before[..label]);
        text.push_str(before.get(label + 1..).unwrap_or_default());
        rest = link.split_once(')').map_or("", |(_, rest)| rest);
    }
    let link = |name: &str| format!("]({}{name}", "../".repeat(depth));
    (text + rest).replace(&link(INDEX), &link(FIRST_PAGE))
}

/// mdBook's list of pages, from the index: each heading becomes a part, and each first link of an
/// entry a page of it.
fn summary(index: &str, pages: &[String]) -> Result<String, String> {
    let mut summary = format!("# Summary\n\n[Switchback]({FIRST_PAGE})\n");
    let mut listed = vec![INDEX];
    for line in index.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let part = heading.split(':').next().unwrap_or(heading);
            summary.push_str(&format!("\n# {part}\n\n"));
        } else if let Some((link, page)) = listed_page(line) {
            summary.push_str(&format!("- {link}\n"));
            listed.push(page);
        }
    }
    let is_listed = |page: &&String| listed.contains(&page.as_str());
    match pages.iter().find(|page| !is_listed(page)) {
        Some(page) => Err(format!(
            "docs/{page} is not listed in docs/{INDEX}: add it there"
        )),
        None => Ok(summary),
    }
}

/// The link of an entry (`- [title](page.md): text`), and the page.
fn listed_page(line: &str) -> Option<(&str, &str)> {
    let entry = line.strip_prefix("- ")?;
    let link = entry.get(..=entry.find(')')?)?;
    let (_, page) = link.strip_suffix(')')?.split_once("](")?;
    (page.ends_with(".md") && !page.starts_with("..")).then_some((link, page))
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| cannot("read", path, &error))
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| cannot("read", path, &error))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| cannot("write", path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_out_of_the_pages_become_their_text() {
        let page = "See [`lib.rs`](../../core/src/lib.rs) and [the API](../reference/api.md#a).\n";
        let expected = "See `lib.rs` and [the API](../reference/api.md#a).\n";
        assert_eq!(for_the_site(page, 1), expected);
        assert_eq!(for_the_site("[a](../b.md)", 0), "a");
        assert_eq!(for_the_site("[a](../b.md)", 1), "[a](../b.md)");
        assert_eq!(for_the_site("[a](../README.md#b)", 1), "[a](../index.md#b)");
    }

    #[test]
    fn the_index_becomes_the_list_of_pages() {
        let index = "# Documentation\n\n## How-to: do one thing\n\n- [One](how-to/one.md): text\n\
                     - [Out](../OUT.md)\n- [File](a.json)\n";
        let pages = ["README.md", "how-to/one.md"].map(String::from);
        let expected =
            "# Summary\n\n[Switchback](index.md)\n\n# How-to\n\n- [One](how-to/one.md)\n";
        assert_eq!(summary(index, &pages), Ok(expected.to_owned()));
        let unlisted = ["how-to/two.md".to_owned()];
        let error = summary(index, &unlisted).expect_err("a page is not listed");
        assert!(error.contains("docs/how-to/two.md"), "{error}");
    }
}
