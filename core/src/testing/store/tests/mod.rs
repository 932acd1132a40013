//! Tests of the suite: correct stores pass, flawed stores fail in the right cases, and the
//! documentation page is complete.

mod flawed;
mod racing;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::{StoreUnderTest, cases, secure_store_conformance, tried};
use crate::ports::{SecureStore, StoreError};
use crate::store::Memory;
use crate::testing::{Outcome, Report, page};

/// A store that can be opened, but neither locked nor killed.
struct OpensWith<F>(F);

impl<S, F> StoreUnderTest for OpensWith<F>
where
    S: SecureStore + 'static,
    F: Fn() -> Arc<S> + Send + Sync,
{
    fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError> {
        Ok((self.0)())
    }
}

const NOT_LOCKED: [&str; 3] = ["locked-at-start", "locked-after-opening", "unlocked-later"];

fn failed(report: &Report) -> Vec<&'static str> {
    report.failures().iter().map(|case| case.name).collect()
}

fn left_out(report: &Report) -> Vec<&'static str> {
    report.left_out().iter().map(|case| case.name).collect()
}

/// The names of the failed cases.
fn failures_of(store: impl StoreUnderTest + 'static) -> Vec<&'static str> {
    failed(&secure_store_conformance(Arc::new(store)))
}

#[test]
fn memory_store_passes_every_applicable_case() {
    let memory = Arc::new(Memory::new());
    // Keys of other users, one of them almost with our prefix, must not change.
    let others = ["", "b", "conformance"];
    for key in others {
        memory.put(key, b"another's").unwrap();
    }
    // Keys of an earlier run that was killed must be removed.
    memory.put("conformance/round-trip/a", b"old").unwrap();
    memory.put(" conformance/old", b"old").unwrap();
    let opened = Arc::clone(&memory);
    let report = secure_store_conformance(Arc::new(OpensWith(move || opened.clone())));
    assert!(report.failures().is_empty(), "{report}");
    let [one, two, three] = NOT_LOCKED;
    assert_eq!(left_out(&report), ["killed-in-put", one, two, three]);
    assert_eq!(memory.list(""), Ok(others.map(String::from).into()));
}

#[cfg(feature = "sealed-file")]
#[test]
fn sealed_file_passes_every_single_process_case() {
    struct Folder(tempfile::TempDir);
    impl StoreUnderTest for Folder {
        fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError> {
            Ok(Arc::new(crate::store::SealedFile::open(&self.0)?))
        }
    }
    let folder = Arc::new(Folder(tempfile::tempdir().unwrap()));
    let report = secure_store_conformance(folder.clone());
    assert!(report.failures().is_empty(), "{report}");
    let [one, two, three] = NOT_LOCKED;
    assert_eq!(left_out(&report), ["killed-in-put", one, two, three]);
    assert_eq!(folder.open().unwrap().list(""), Ok(vec![]));
}

/// A store whose `get` never returns.
struct Silent;

impl SecureStore for Silent {
    fn get(&self, _: &str) -> Result<Option<Vec<u8>>, StoreError> {
        loop {
            thread::park();
        }
    }
    fn put(&self, _: &str, _: &[u8]) -> Result<(), StoreError> {
        Ok(())
    }
    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
    fn list(&self, _: &str) -> Result<Vec<String>, StoreError> {
        Ok(vec![])
    }
}

#[test]
fn suite_ends_when_a_store_never_answers() {
    let store: Arc<dyn StoreUnderTest> = Arc::new(OpensWith(|| Arc::new(Silent)));
    let report = tried(&store, &cases::all(), Duration::from_millis(10));
    assert_eq!(failed(&report), ["round-trip"]);
    assert_eq!(report.left_out().len(), report.cases.len() - 1);
    let shown = report.to_string();
    assert!(shown.contains("no end after 10ms"), "{shown}");
    assert!(shown.contains("`round-trip` has not ended"), "{shown}");
}

#[test]
fn store_that_cannot_be_opened_fails_with_its_error() {
    struct Unopenable;
    impl StoreUnderTest for Unopenable {
        fn open(&self) -> Result<Arc<dyn SecureStore>, StoreError> {
            Err(StoreError::Unavailable("no keychain here".into()))
        }
    }
    let report = secure_store_conformance(Arc::new(Unopenable));
    assert_eq!(left_out(&report), NOT_LOCKED);
    assert_eq!(report.failures().len() + 3, report.cases.len());
    for case in report.failures() {
        let Outcome::Failed(what) = &case.outcome else {
            panic!("{case}")
        };
        assert!(what.contains("no keychain here"), "{case}");
    }
}

#[test]
fn report_has_a_line_per_case_and_totals() {
    let memory = Arc::new(Memory::new());
    let store: Arc<dyn StoreUnderTest> = Arc::new(OpensWith(move || memory.clone()));
    let mut report = tried(&store, &cases::all()[..2], Duration::from_secs(60));
    report.cases[1].outcome = Outcome::Failed("get(\"a\") gave nothing".into());
    let demand = report.cases[1].demand;
    assert_eq!(
        report.to_string(),
        format!(
            "passed    round-trip\n\
             FAILED    empty-value\n          \
             demanded: {demand}\n          \
             seen:     get(\"a\") gave nothing\n\
             1 passed, 1 failed, 0 left out"
        )
    );
}

#[test]
fn page_lists_every_case_and_the_example() {
    let page = include_str!("../../../../../docs/how-to/secure-store.md");
    page::explains_every_case(page, &cases::all());
    page::shows_the_example(page, include_str!("../mod.rs"));
}
