//! Durations, counts and quoted words as text for people.

use switchback::Purpose;
use time::OffsetDateTime;

/// A number of seconds as text, with at most two units; a negative number is `0 s`.
pub(crate) fn duration(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..60 => format!("{s} s"),
        60..3_600 => two(s / 60, "min", s % 60, "s"),
        3_600..86_400 => two(s / 3_600, "h", s % 3_600 / 60, "min"),
        _ => two(s / 86_400, "d", s % 86_400 / 3_600, "h"),
    }
}

/// A time as text: `2026-11-23 13:45:00 UTC`. A time that no calendar has is a number.
pub(crate) fn time(seconds: i64) -> String {
    let Ok(time) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return format!("{seconds} s after 1970");
    };
    let (date, time) = (time.date(), time.time());
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    )
}

fn two(big: i64, unit: &str, small: i64, smaller: &str) -> String {
    match small {
        0 => format!("{big} {unit}"),
        _ => format!("{big} {unit} {small} {smaller}"),
    }
}

/// A number with its noun: `1 client`, `2 clients`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {many}"),
    }
}

/// The purpose of a login, as the object of "wants".
pub(crate) fn purpose_phrase(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Onboarding => "you as a user",
        Purpose::Login => "you to log in",
        Purpose::IdentityVerification => "to verify your identity",
        Purpose::Signing => "you to sign a document",
    }
}

/// An unknown word for an error message. A long word is possibly a token, so the message does
/// not repeat it.
pub(crate) fn echoed(word: &str) -> String {
    match word.len() {
        0..=32 => format!("{word:?}"),
        _ => "this".into(),
    }
}

/// A word, quoted for a shell if necessary.
pub(crate) fn shell_quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/@%+=,".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.into();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_at_most_two_units() {
        for (seconds, words) in [
            (-5, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (298, "4 min 58 s"),
            (7_260, "2 h 1 min"),
            (90_000, "1 d 1 h"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn a_time_is_in_utc() {
        assert_eq!(time(1_700_747_099), "2023-11-23 13:44:59 UTC");
        assert_eq!(time(i64::MAX), format!("{} s after 1970", i64::MAX));
    }

    #[test]
    fn a_word_is_quoted_for_a_shell() {
        assert_eq!(
            shell_quoted("http://127.0.0.1:1/cb"),
            "http://127.0.0.1:1/cb"
        );
        assert_eq!(shell_quoted("a b's"), r"'a b'\''s'");
        assert_eq!(shell_quoted(""), "''");
    }
}
