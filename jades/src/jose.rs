//! The members of the protected header that RFC 7515 and RFC 7797 define: algorithm, `crit`, types.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::SubIndication;
use crate::checks::{CheckName, Checks};
use crate::header::Header;

const ALGORITHM: CheckName = CheckName {
    name: "algorithm",
    section: "RFC 7515 §4.1.1, ETSI TS 119 182-1 §5.1.2",
};
const KEYS: CheckName = CheckName {
    name: "keys-in-header",
    section: "RFC 7515 §4.1.2, §4.1.3, §4.1.5",
};
const CRITICAL: CheckName = CheckName {
    name: "critical-headers",
    section: "RFC 7515 §4.1.11, RFC 7797 §6, ETSI TS 119 182-1 §5.1.9",
};
const CRITICAL_COMPLETE: CheckName = CheckName {
    name: "critical-headers-complete",
    section: "ETSI TS 119 182-1 §5.1.9",
};
const TYPE: CheckName = CheckName {
    name: "type",
    section: "RFC 7515 §4.1.9",
};
const CONTENT_TYPE: CheckName = CheckName {
    name: "content-type",
    section: "ETSI TS 119 182-1 §5.1.3",
};

/// The members that may be critical, because this crate obeys them.
const UNDERSTOOD: &[&str] = &["b64", "iat", "sigD", "sigT"];

/// The members that RFC 7515 defines: a producer must not list them in `crit`.
const OF_RFC_7515: &[&str] = &[
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit",
];

/// Checks the algorithm, and whether the header has a key. Returns whether the algorithm is ES256.
pub(crate) fn check_algorithm(header: &Header, checks: &mut Checks) -> bool {
    let algorithm = match header.text("alg") {
        Ok(Some(algorithm)) => algorithm,
        Ok(None) => {
            let text = "The header `alg` is missing.";
            checks.not_passed(&ALGORITHM, SubIndication::FormatFailure, text);
            return false;
        }
        Err(error) => {
            let text = format!("The algorithm: {error}.");
            checks.not_passed(&ALGORITHM, SubIndication::FormatFailure, text);
            return false;
        }
    };
    match algorithm {
        "ES256" => checks.passed(&ALGORITHM, "The algorithm is ES256."),
        // Neither is the signature of a person: `none` has no key, and with HMAC every verifier
        // could have made the value.
        "none" | "HS256" | "HS384" | "HS512" => checks.not_passed(
            &ALGORITHM,
            SubIndication::FormatFailure,
            format!("The algorithm is {algorithm:?}, which is not a digital signature."),
        ),
        _ => checks.not_passed(
            &ALGORITHM,
            SubIndication::CryptoConstraintsFailureNoPoe,
            format!("The algorithm is {algorithm:?}; only ES256 is allowed."),
        ),
    }
    let present = ["jwk", "jku", "x5u"]
        .into_iter()
        .filter(|name| header.has(name));
    let present: Vec<&str> = present.collect();
    match present.is_empty() {
        true => checks.passed(&KEYS, "The header has no key and no address of a key."),
        false => checks.remark(
            &KEYS,
            format!(
                "The header has `{}`; it is not used, because the key comes from the certificate.",
                present.join("`, `")
            ),
        ),
    }
    algorithm == "ES256"
}

/// Checks `crit` and `b64`.
pub(crate) fn check_critical(header: &Header, checks: &mut Checks) {
    match critical(header) {
        Ok(names) => {
            let text = match names.is_empty() {
                true => String::from("The header names no critical member."),
                false => format!("Every critical member is understood: {}.", names.join(", ")),
            };
            checks.passed(&CRITICAL, text);
            let unlisted = ["sigT", "sigD"].into_iter();
            let unlisted = unlisted.filter(|name| header.has(name) && !names.contains(name));
            let unlisted: Vec<&str> = unlisted.collect();
            match unlisted.is_empty() {
                true => checks.passed(&CRITICAL_COMPLETE, "`crit` lists all that it must list."),
                false => checks.remark(
                    &CRITICAL_COMPLETE,
                    format!(
                        "`crit` does not list `{}`, which the standard demands.",
                        unlisted.join("`, `")
                    ),
                ),
            }
        }
        Err(text) => {
            let text = format!("The critical members: {text}.");
            checks.not_passed(&CRITICAL, SubIndication::FormatFailure, text);
        }
    }
}

fn critical(header: &Header) -> Result<Vec<&str>, String> {
    let unencoded = header.flag("b64").map_err(|error| error.into_text())? == Some(false);
    let names = header.texts("crit").map_err(|error| error.into_text())?;
    if names.as_ref().is_some_and(Vec::is_empty) {
        return Err("`crit` is empty; it lists at least one member, or it is left out".into());
    }
    let names = names.unwrap_or_default();
    for (index, name) in names.iter().enumerate() {
        if names[..index].contains(name) {
            return Err(format!("`crit` lists {name:?} twice"));
        }
        if OF_RFC_7515.contains(name) {
            return Err(format!(
                "`crit` lists {name:?}, which RFC 7515 itself defines"
            ));
        }
        if !UNDERSTOOD.contains(name) {
            return Err(format!(
                "`crit` lists {name:?}, which this verifier does not understand"
            ));
        }
        if !header.has(name) {
            return Err(format!(
                "`crit` lists {name:?}, and the header does not have it"
            ));
        }
    }
    if unencoded && !names.contains(&"b64") {
        return Err("`b64` is false, and `crit` does not list it".into());
    }
    Ok(names)
}

/// Checks `typ` and `cty`.
pub(crate) fn check_types(header: &Header, checks: &mut Checks) {
    match header.text("typ") {
        Ok(None) => checks.passed(&TYPE, "The header has no `typ`, which is optional."),
        Ok(Some(text)) if is_jose(text) => {
            checks.passed(&TYPE, format!("The type is {text:?}."));
        }
        // Another type says that the signature is meant as something else, a token for example.
        Ok(Some(text)) => checks.not_passed(
            &TYPE,
            SubIndication::FormatFailure,
            format!("The type is {text:?}, and not `jose` or `jose+json`."),
        ),
        Err(error) => {
            let text = format!("The type: {error}.");
            checks.not_passed(&TYPE, SubIndication::FormatFailure, text);
        }
    }
    match header.text("cty") {
        Ok(None) => {
            checks.passed(
                &CONTENT_TYPE,
                "The header has no `cty`, as the payload is detached.",
            );
        }
        Ok(Some(text)) => checks.remark(
            &CONTENT_TYPE,
            format!(
                "The header has `cty` {text:?}, which is for a payload in the signature; the \
                 content type of the document is in `sigD`."
            ),
        ),
        Err(error) => {
            let text = format!("The content type: {error}.");
            checks.not_passed(&CONTENT_TYPE, SubIndication::FormatFailure, text);
        }
    }
}

/// The type of a signature in one of the two serializations. It is a media type, so case does not
/// matter and `application/` may be left out.
fn is_jose(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let short = text.strip_prefix("application/").unwrap_or(&text);
    matches!(short, "jose" | "jose+json")
}
