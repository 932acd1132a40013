//! The EU's DSS, from Maven Central: the second implementation that judges signatures in the tests.
//! Java runs `tests/dss/Oracle.java` with it.

use crate::jars::Jars;
use crate::kotlin;
use crate::report::Availability;

/// All parts of DSS have the same version.
const VERSION: &str = "6.4";

/// The format, the validation, the reader of a policy, and two parts that DSS finds at run time.
const PARTS: [&str; 5] = [
    "dss-jades",
    "dss-validation",
    "dss-policy-jaxb",
    "dss-utils-apache-commons",
    "dss-crl-parser-x509crl",
];

/// Drops the log of DSS.
const NO_LOG: &str = "org.slf4j:slf4j-nop:2.0.17";

pub(crate) fn jars() -> Jars {
    let parts = PARTS.map(|part| format!("eu.europa.ec.joinup.sd-dss:{part}:{VERSION}"));
    Jars {
        title: "the EU's DSS",
        coordinates: format!("{} {NO_LOG}", parts.join(" ")),
    }
}

/// A JDK, and the jars.
pub(crate) fn dss() -> Availability {
    kotlin::java()?;
    jars().install()
}
