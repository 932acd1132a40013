//! The protected header: typed access to its members (RFC 7515 §4, ETSI TS 119 182-1 §5.1 and §5.2).
//!
//! A member is read where a check needs it, so that the check of that name reports a wrong type.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use serde_json::{Map, Value};
use switchback_jose::json::read_object;

use crate::format::{FormatError, decode};

/// How many entries of `x5c` are decoded. `path` refuses more than it can check, with its own reason.
const MAX_DECODED: usize = 1_000;

/// The members that this crate reads. A profile gets the others.
const READ: &[&str] = &[
    "alg", "b64", "crit", "cty", "iat", "sigD", "sigT", "typ", "x5c", "x5t#S256",
];

/// The protected header.
#[derive(Debug)]
pub(crate) struct Header {
    members: Map<String, Value>,
}

impl Header {
    /// Reads the JSON text.
    pub(crate) fn read(json: &[u8]) -> Result<Self, FormatError> {
        let members = read_object(json)
            .map_err(|error| FormatError::new(format!("the protected header {error}")))?;
        Ok(Self { members })
    }

    /// Whether the header has this member.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    /// The members that this crate does not read.
    pub(crate) fn others(&self) -> Map<String, Value> {
        let others = self.members.iter();
        let others = others.filter(|(name, _)| !READ.contains(&name.as_str()));
        others
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, FormatError> {
        self.typed(name, "a text", Value::as_str)
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, FormatError> {
        self.typed(name, "true or false", Value::as_bool)
    }

    /// A whole number.
    pub(crate) fn integer(&self, name: &str) -> Result<Option<i64>, FormatError> {
        self.typed(name, "a whole number", Value::as_i64)
    }

    /// An object.
    pub(crate) fn object(&self, name: &str) -> Result<Option<&Map<String, Value>>, FormatError> {
        self.typed(name, "an object", Value::as_object)
    }

    /// An array of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Option<Vec<&str>>, FormatError> {
        self.typed(name, "an array of texts", texts)
    }

    /// The certificates of `x5c` in their order, in DER and not parsed (RFC 7515 §4.1.6). `None`: the
    /// header has no `x5c`.
    pub(crate) fn certificates(&self) -> Result<Option<Vec<CertificateDer<'static>>>, FormatError> {
        let Some(list) = self.texts("x5c")? else {
            return Ok(None);
        };
        if list.is_empty() || list.len() > MAX_DECODED {
            return Err(FormatError::new(format!(
                "`x5c` has {} certificates; it may have 1 to {MAX_DECODED}",
                list.len()
            )));
        }
        let decode = |(index, text): (usize, &&str)| match STANDARD.decode(text) {
            Ok(der) => Ok(CertificateDer::from(der)),
            Err(error) => Err(FormatError::new(format!(
                "certificate {index} of `x5c` is not strict base64: {error}"
            ))),
        };
        list.iter()
            .enumerate()
            .map(decode)
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// The SHA-256 digest of the signing certificate, `x5t#S256` (RFC 7515 §4.1.8). `None`: the
    /// header does not have it.
    pub(crate) fn thumbprint(&self) -> Result<Option<[u8; 32]>, FormatError> {
        let Some(text) = self.text("x5t#S256")? else {
            return Ok(None);
        };
        let bytes = decode("`x5t#S256`", text)?;
        let length = bytes.len();
        let bytes = bytes.try_into().map_err(|_| {
            FormatError::new(format!("`x5t#S256` has {length} bytes; SHA-256 has 32"))
        })?;
        Ok(Some(bytes))
    }

    fn typed<'a, T>(
        &'a self,
        name: &str,
        kind: &str,
        read: fn(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, FormatError> {
        let Some(value) = self.members.get(name) else {
            return Ok(None);
        };
        match read(value) {
            Some(value) => Ok(Some(value)),
            None => Err(FormatError::new(format!("`{name}` is not {kind}"))),
        }
    }
}

/// An array that has only texts.
pub(crate) fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(json: &str) -> Header {
        Header::read(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_member_of_a_wrong_type_is_refused() {
        let header = header(r#"{"alg":1,"b64":"false","crit":["a",1],"iat":1.5,"sigD":[]}"#);
        assert!(header.text("alg").is_err());
        assert!(header.flag("b64").is_err());
        assert!(header.texts("crit").is_err());
        assert!(header.integer("iat").is_err());
        assert!(header.object("sigD").is_err());
        assert!(header.text("typ").unwrap().is_none());
    }

    #[test]
    fn certificates_are_strict_base64() {
        let certificates = |x5c: &str| header(&format!("{{\"x5c\":{x5c}}}")).certificates();
        assert_eq!(
            certificates(r#"["AAA=","/w=="]"#).unwrap().unwrap().len(),
            2
        );
        for wrong in [
            "[]",
            r#"["AAA"]"#,
            r#"["_w=="]"#,
            r#"["A A="]"#,
            r#""AAA=""#,
        ] {
            assert!(certificates(wrong).is_err(), "{wrong}");
        }
        let many = |n: usize| format!("[{}]", alloc::vec!["\"\""; n].join(","));
        assert!(certificates(&many(1_000)).is_ok());
        assert!(certificates(&many(1_001)).is_err());
    }

    #[test]
    fn a_profile_gets_the_members_that_are_not_read_here() {
        let header = header(r#"{"alg":"ES256","example.com/x":{"y":1}}"#);
        let others = header.others();
        assert_eq!(others.len(), 1);
        assert_eq!(others["example.com/x"]["y"], 1);
    }
}
