//! The canary: a text that no error may show.

/// The secret of a suite: in a store's values, and in a transport's requests. Its length is a
/// multiple of three, so that its base64 form is recognisable in the base64 of a longer text.
pub(super) const CANARY: &str = "never-tell-this-value";

const IN_BASE64: &str = "bmV2ZXItdGVsbC10aGlzLXZhbHVl";

/// Whether a text shows the canary: as plain text, as numbers, in hexadecimal (Apple shows only its
/// beginning, in groups) or in base64.
pub(super) fn shows_canary(text: &str) -> bool {
    let squeezed = |text: &str| {
        let kept = text.chars().filter(|c| !c.is_whitespace() && *c != ',');
        kept.flat_map(char::to_lowercase).collect::<String>()
    };
    let begins = || CANARY.bytes().take(16);
    let numbers: String = begins().map(|byte| byte.to_string()).collect();
    let hexadecimal: String = begins().map(|byte| format!("{byte:02x}")).collect();
    let text = squeezed(text);
    [CANARY, &numbers, &hexadecimal, &squeezed(IN_BASE64)]
        .iter()
        .any(|form| text.contains(*form))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn value_is_recognised_in_every_encoding() {
        let value = format!("{CANARY} 7").into_bytes();
        let hexadecimal: String = value.iter().map(|byte| format!("{byte:02X}")).collect();
        let in_groups: Vec<_> = hexadecimal.as_bytes().chunks(8).collect();
        let in_groups = String::from_utf8(in_groups.join(&b' ')).unwrap();
        let in_base64 = base64::engine::general_purpose::STANDARD.encode(&value);
        assert!(in_base64.starts_with(IN_BASE64));
        for text in [
            String::from_utf8(value.clone()).unwrap(),
            format!("{value:?}"),
            format!("{value:#?}"),
            hexadecimal,
            format!("{{length = 23, bytes = 0x{} ... }}", &in_groups[..36]),
            in_base64,
        ] {
            assert!(shows_canary(&text), "{text}");
        }
        assert!(!shows_canary(
            "put(\"conformance/a\", 23 bytes) said: it is locked"
        ));
    }
}
