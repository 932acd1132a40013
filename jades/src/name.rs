//! Distinguished names and numbers as text (RFC 4514).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use x509_cert::der::Decode;
use x509_cert::name::Name;

use crate::CertificateAttribute;

/// The name as RFC 4514 writes it: the last part first. A name that cannot be read is written as
/// hexadecimal DER.
pub(crate) fn text(der: &[u8]) -> String {
    match Name::from_der(der) {
        Ok(name) => escaped(&name.to_string()),
        Err(_) => format!("#{}", hex(der)),
    }
}

/// The parts of the name in the order of the certificate.
pub(crate) fn attributes(der: &[u8]) -> Vec<CertificateAttribute> {
    let Ok(name) = Name::from_der(der) else {
        return Vec::new();
    };
    let text = |part: &x509_cert::attr::AttributeTypeAndValue| {
        let (name, value) = part
            .to_string()
            .split_once('=')
            .map(|(name, value)| (name.to_string(), value.to_string()))?;
        let unescaped = match core::str::from_utf8(part.value.value()) {
            Ok(text) if !value.starts_with('#') => text.to_string(),
            _ => value,
        };
        Some(CertificateAttribute {
            name,
            value: unescaped,
        })
    };
    name.iter().filter_map(text).collect()
}

/// RFC 4514 §2.4 permits an escape for each character. Here each invisible one gets it: a name must
/// not change how a terminal or a page shows the text around it.
fn escaped(text: &str) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        if !invisible(c) {
            result.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            // Writing to a `String` cannot fail.
            let _ = write!(result, "\\{byte:02x}");
        }
    }
    result
}

/// Hexadecimal, in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use core::str::FromStr as _;

    use x509_cert::der::Encode as _;

    use super::*;

    fn name(text: &str) -> Vec<u8> {
        Name::from_str(text).unwrap().to_der().unwrap()
    }

    #[test]
    fn a_name_shows_each_invisible_character() {
        let der = name("CN=a\u{202e}b\\0ac\u{85}\\, d,O=\u{c5}sa");
        assert_eq!(text(&der), "CN=a\\e2\\80\\aeb\\0ac\\c2\\85\\, d,O=\u{c5}sa");
        let parts = attributes(&der);
        let values: Vec<_> = parts.iter().map(|part| part.value.as_str()).collect();
        assert_eq!(values, ["\u{c5}sa", "a\u{202e}b\nc\u{85}, d"]);
    }

    #[test]
    fn an_unknown_attribute_is_written_in_numbers() {
        let parts = attributes(&name("2.5.4.65=nick,1.2.3.4=x"));
        let parts: Vec<_> = parts
            .iter()
            .map(|part| (part.name.as_str(), part.value.as_str()))
            .collect();
        assert_eq!(parts, [("1.2.3.4", "#0c0178"), ("PSEUDONYM", "nick")]);
        assert_eq!(text(b"\x04\x01x"), "#040178");
    }
}
