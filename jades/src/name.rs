//! Distinguished names and numbers as text (RFC 4514).
//!
//! `x509-cert` can write names too, but it looks for each attribute in a list of all known object
//! identifiers: for the names of one chain that takes about as long as a signature verification.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier};
use x509_cert::der::{self, Decode, Encode, Reader, SliceReader, Tag, Tagged};

use crate::CertificateAttribute;

/// The short names that RFC 4514 §3 and RFC 4519 have for attributes in certificates of people and
/// authorities. `E` is the usual name for an email address (RFC 2985 §5.2.1).
const SHORT_NAMES: [(ObjectIdentifier, &str); 17] = [
    (ObjectIdentifier::new_unwrap("2.5.4.3"), "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.9"), "STREET"),
    (ObjectIdentifier::new_unwrap("2.5.4.4"), "SN"),
    (ObjectIdentifier::new_unwrap("2.5.4.5"), "SERIALNUMBER"),
    (ObjectIdentifier::new_unwrap("2.5.4.12"), "TITLE"),
    (ObjectIdentifier::new_unwrap("2.5.4.42"), "GIVENNAME"),
    (ObjectIdentifier::new_unwrap("2.5.4.43"), "INITIALS"),
    (ObjectIdentifier::new_unwrap("2.5.4.65"), "PSEUDONYM"),
    (
        ObjectIdentifier::new_unwrap("2.5.4.97"),
        "ORGANIZATIONIDENTIFIER",
    ),
    (
        ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25"),
        "DC",
    ),
    (
        ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1"),
        "UID",
    ),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1"), "E"),
];

/// The name as RFC 4514 writes it: the last part first. A name that cannot be read is written as
/// hexadecimal DER.
pub(crate) fn text(der: &[u8]) -> String {
    text_and_attributes(der).0
}

/// The same text, and the attributes of the name in the order of the certificate.
pub(crate) fn text_and_attributes(der: &[u8]) -> (String, Vec<CertificateAttribute>) {
    let mut attributes = Vec::new();
    // Where each relative distinguished name begins.
    let mut starts = Vec::new();
    let whole = read(der, |is_first, id, value| {
        if is_first {
            starts.push(attributes.len());
        }
        attributes.push(attribute(id, value)?);
        Ok(())
    });
    if whole.is_err() {
        return (format!("#{}", hex(der)), Vec::new());
    }
    let mut text = String::with_capacity(der.len());
    let mut rest = attributes.as_slice();
    for start in starts.into_iter().rev() {
        let (before, part) = rest.split_at(start);
        for (index, attribute) in part.iter().enumerate() {
            match index {
                0 if text.is_empty() => {}
                0 => text.push(','),
                _ => text.push('+'),
            }
            text.push_str(&attribute.name);
            text.push('=');
            escape(attribute, &mut text);
        }
        rest = before;
    }
    (text, attributes)
}

/// Whether a name has the form of RFC 5280 §4.1.2.4, in DER.
pub(crate) fn check(der: &[u8]) -> der::Result<()> {
    read(der, |_, _, _| Ok(()))
}

/// Reads a name (RFC 5280 §4.1.2.4). `each` gets each attribute, and whether it is the first one of a
/// relative distinguished name.
fn read<'a>(
    der: &'a [u8],
    mut each: impl FnMut(bool, ObjectIdentifier, AnyRef<'a>) -> der::Result<()>,
) -> der::Result<()> {
    let mut reader = SliceReader::new(der)?;
    reader.sequence(|name| {
        while !name.is_finished() {
            let part = AnyRef::decode(name)?;
            part.tag().assert_eq(Tag::Set)?;
            let mut part = SliceReader::new(part.value())?;
            let mut last: &[u8] = &[];
            // A set has at least one attribute.
            while last.is_empty() || !part.is_finished() {
                let bytes = part.tlv_bytes()?;
                // X.690 §11.6: in ascending order; and a set has nothing twice.
                if bytes <= last {
                    return Err(der::ErrorKind::SetOrdering.into());
                }
                AnyRef::from_der(bytes)?.sequence(|attribute| {
                    let id = ObjectIdentifier::decode(attribute)?;
                    each(last.is_empty(), id, AnyRef::decode(attribute)?)
                })?;
                last = bytes;
            }
        }
        Ok::<_, der::Error>(())
    })?;
    reader.finish()
}

/// A value that is no text, and the value of an attribute without a short name, is `#` with the
/// hexadecimal DER (RFC 4514 §2.4).
fn attribute(id: ObjectIdentifier, value: AnyRef<'_>) -> der::Result<CertificateAttribute> {
    let short = SHORT_NAMES.iter().find(|(known, _)| *known == id);
    let text = match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            core::str::from_utf8(value.value()).ok()
        }
        _ => None,
    };
    let value = match (short, text) {
        (Some(_), Some(text)) => text.to_string(),
        _ => format!("#{}", hex(&value.to_der()?)),
    };
    let name = short.map_or_else(|| id.to_string(), |(_, name)| (*name).to_string());
    Ok(CertificateAttribute { name, value })
}

/// RFC 4514 §2.4 demands some escapes and permits one for each character. Here each invisible
/// character gets one: a name must not change how a terminal or a page shows the text around it.
fn escape(attribute: &CertificateAttribute, text: &mut String) {
    let value = &attribute.value;
    let is_text = attribute.name.starts_with(char::is_alphabetic);
    let last = value.chars().next_back().map_or(0, char::len_utf8);
    for (index, c) in value.char_indices() {
        let is_first = index == 0;
        let is_last = index + last == value.len();
        let invisible = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}');
        match c {
            _ if invisible => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a `String` cannot fail.
                    let _ = write!(text, "\\{byte:02x}");
                }
            }
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.extend(['\\', c]),
            '#' if is_first && is_text => text.extend(['\\', c]),
            ' ' if is_first || is_last => text.extend(['\\', c]),
            _ => text.push(c),
        }
    }
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

    use x509_cert::name::Name;

    use super::*;

    fn name(text: &str) -> Vec<u8> {
        Name::from_str(text).unwrap().to_der().unwrap()
    }

    #[test]
    fn a_name_shows_each_invisible_character() {
        let der = name("CN=a\u{202e}b\\0ac\u{85}\\, d,O=\u{c5}sa");
        assert_eq!(text(&der), "CN=a\\e2\\80\\aeb\\0ac\\c2\\85\\, d,O=\u{c5}sa");
        let (_, parts) = text_and_attributes(&der);
        let values: Vec<_> = parts.iter().map(|part| part.value.as_str()).collect();
        assert_eq!(values, ["\u{c5}sa", "a\u{202e}b\nc\u{85}, d"]);
    }

    #[test]
    fn a_name_is_written_as_in_rfc_4514() {
        for text in [
            "CN=ppid=df357843,C=SE",
            "UID=jsmith,DC=example,DC=net",
            "OU=Sales+CN=J.  Smith,DC=example",
            "CN=James \\\"Jim\\\" Smith\\, III,O=a\\+b\\;\\<c\\>\\\\",
            "CN=\\#a#,O=\\ a \\ ,OU=\u{c5}",
        ] {
            assert_eq!(super::text(&name(text)), text);
            // `x509-cert` agrees.
            assert_eq!(Name::from_str(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_name_is_strict_der() {
        let one = [0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, b'a'].to_vec();
        let other = [0x30, 8, 6, 3, 0x55, 4, 3, 0x0c, 1, b'b'];
        let name = |tag: u8, attributes: &[&[u8]]| {
            let attributes = attributes.concat();
            let head = [
                0x30,
                attributes.len() as u8 + 2,
                tag,
                attributes.len() as u8,
            ];
            [&head[..], &attributes].concat()
        };
        for right in [
            &name(0x31, &[&one]),
            &name(0x31, &[&one, &other]),
            &[0x30, 0].to_vec(),
        ] {
            assert!(check(right).is_ok(), "{right:x?}");
        }
        let changed = |at: usize, byte: u8| {
            let mut attribute = one.clone();
            attribute[at] = byte;
            attribute
        };
        for wrong in [
            name(0x30, &[&one]),
            name(0x31, &[]),
            name(0x31, &[&one, &one]),
            name(0x31, &[&other, &one]),
            name(0x31, &[&changed(0, 0x28)]),
            name(0x31, &[&changed(0, 0x31)]),
            name(0x31, &[&changed(2, 4)]),
            name(0x31, &[&changed(8, 0)]),
            name(0x31, &[&[0x30, 5, 6, 3, 0x55, 4, 3]]),
            [name(0x31, &[&one]), [0].into()].concat(),
        ] {
            assert!(check(&wrong).is_err(), "{wrong:x?}");
        }
    }

    #[test]
    fn an_unknown_attribute_is_written_in_numbers() {
        let (_, parts) = text_and_attributes(&name("2.5.4.65=nick,1.2.3.4=x"));
        let parts: Vec<_> = parts
            .iter()
            .map(|part| (part.name.as_str(), part.value.as_str()))
            .collect();
        assert_eq!(parts, [("1.2.3.4", "#0c0178"), ("PSEUDONYM", "nick")]);
        assert_eq!(text(b"\x04\x01x"), "#040178");
    }
}
