//! The unit for systemd in docs/how-to/service.md.

use std::fs;
use std::process::Command;

use crate::support::run;

/// The text of the unit.
fn unit() -> String {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/how-to/service.md");
    let page = fs::read_to_string(page).expect("it is there");
    let (_, rest) = page.split_once("```ini\n").expect("a unit");
    let (unit, _) = rest.split_once("```").expect("its end");
    unit.to_owned()
}

/// The values of a key in a section.
fn values<'a>(unit: &'a str, section: &str, key: &str) -> Vec<&'a str> {
    let heading = format!("[{section}]");
    let lines = unit.lines().skip_while(|line| *line != heading).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('['));
    let pairs = lines.filter_map(|line| line.split_once('='));
    pairs
        .filter(|(name, _)| *name == key)
        .map(|(_, value)| value)
        .collect()
}

#[test]
fn the_unit_protects_memory_and_files() {
    let unit = unit();
    for (key, value) in [
        ("LimitCORE", "0"),
        ("UMask", "0077"),
        ("CapabilityBoundingSet", ""),
        ("SystemCallFilter", "@system-service"),
        ("NoNewPrivileges", "yes"),
        ("DynamicUser", "yes"),
        // A database can become ready later (exit code 6); a wrong configuration stays wrong.
        ("Restart", "on-failure"),
        ("RestartSec", "5"),
        ("RestartPreventExitStatus", "2 7"),
        // An open refresh has 40 seconds.
        ("TimeoutStopSec", "45"),
    ] {
        assert_eq!(values(&unit, "Service", key), [value], "{key}");
    }
    for line in unit.lines() {
        let is_right = line.is_empty()
            || line.starts_with(['[', '#'])
            || line
                .split_once('=')
                .is_some_and(|(key, _)| key.chars().all(char::is_alphabetic));
        assert!(is_right, "{line}");
    }
}

#[test]
fn the_unit_starts_an_existing_command() {
    let unit = unit();
    let start = values(&unit, "Service", "ExecStart")[0];
    let mut words = start.split(' ').skip(1).collect::<Vec<_>>();
    assert_eq!(words.pop(), Some("/etc/switchback/service.toml"));
    // The missing file is the only mistake.
    let home = tempfile::tempdir().expect("a folder");
    words.push("none.toml");
    run(home.path(), &words).expect_code(7);
}

/// Asks systemd, if it is installed.
#[test]
fn systemd_accepts_the_unit() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("switchback.service");
    let program = env!("CARGO_BIN_EXE_switchback");
    let unit = unit().replace("/usr/local/bin/switchback", program);
    fs::write(&file, unit).expect("writable");
    let verify = Command::new("systemd-analyze")
        .args(["verify", "--man=no"])
        .arg(&file)
        .output();
    let Ok(done) = verify else {
        // Without systemd, only the other tests check the unit.
        return;
    };
    let said = String::from_utf8_lossy(&done.stderr);
    let about_it: Vec<&str> = said
        .lines()
        .filter(|line| line.contains("switchback.service"))
        .collect();
    assert!(about_it.is_empty(), "{about_it:#?}");
}
