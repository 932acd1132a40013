//! The EU's DSS as a second implementation of JAdES: `tests/dss/Oracle.java`, which runs once and judges
//! one case after another.

use std::env;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::json;

/// The variable with the class path of DSS. Without it, tests with DSS are skipped.
const CLASSPATH: &str = "SWITCHBACK_TEST_DSS";

/// A signature, and what DSS gets to judge it.
#[derive(Serialize)]
pub(crate) struct Case<'a> {
    /// Compact or JSON serialization.
    pub(crate) signature: &'a str,
    /// SHA-256 of the document, base64.
    pub(crate) digest: Option<String>,
    /// The id of the document.
    pub(crate) id: Option<&'a str>,
    /// The trusted certificates, of signers and of timestamp authorities: DER, base64.
    pub(crate) anchors: Vec<String>,
    /// Revocation lists: DER, base64.
    pub(crate) crls: Vec<String>,
    /// The time of the verification, in seconds since the epoch.
    pub(crate) time: i64,
}

/// What DSS says.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    /// The number of signatures that DSS found.
    #[serde(default)]
    pub(crate) signatures: u32,
    /// `TOTAL_PASSED`, `TOTAL_FAILED` or `INDETERMINATE`. `None` if DSS could not read the signature.
    pub(crate) indication: Option<String>,
    pub(crate) sub_indication: Option<String>,
    /// `JAdES_BASELINE_B`, `JAdES_BASELINE_T`, `JSON_NOT_ETSI`.
    pub(crate) level: Option<String>,
    /// Whether a timestamp proves a time. The level does not say so: it is that of the form.
    #[serde(default)]
    pub(crate) time_is_proven: bool,
    #[serde(default)]
    pub(crate) errors: Vec<String>,
}

impl Answer {
    /// Whether DSS accepts the signature.
    pub(crate) fn passed(&self) -> bool {
        self.signatures == 1 && self.indication.as_deref() == Some("TOTAL_PASSED")
    }

    /// The sub-indication; without one, the indication; if DSS could not read the signature,
    /// `unreadable`.
    pub(crate) fn reason(&self) -> &str {
        let said = self.sub_indication.as_deref();
        let said = said.or(self.indication.as_deref());
        said.unwrap_or("unreadable")
    }
}

/// A running DSS.
pub(crate) struct Dss {
    child: Child,
    cases: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Dss {
    /// Starts Java with these options. `None` if the variable is not set.
    pub(crate) fn start(options: &[&str]) -> Option<Self> {
        let classpath = env::var_os(CLASSPATH)?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dss");
        let mut child = Command::new("java")
            .args(options)
            .arg("-cp")
            .arg(classpath)
            .args([folder.join("Oracle.java"), folder.join("policy.xml")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("java starts");
        Some(Self {
            cases: child.stdin.take().expect("a pipe"),
            answers: BufReader::new(child.stdout.take().expect("a pipe")).lines(),
            child,
        })
    }

    /// DSS's answer for one case.
    pub(crate) fn judge(&mut self, case: &Case<'_>) -> Answer {
        writeln!(self.cases, "{}", json!(case)).expect("DSS reads the case");
        let answer = self.answers.next().expect("DSS runs");
        let answer = answer.expect("DSS writes text");
        serde_json::from_str(&answer).expect("DSS writes JSON")
    }
}

impl Drop for Dss {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
