//! Times, levels and masked values, as pages show them.

use std::ops::Range;
use std::time::{Duration, UNIX_EPOCH};

use crate::{FlowFinding, Level, Status};

/// The latest time that a page can show, in seconds since the epoch: the end of the year 9999.
const LATEST: i64 = 253_402_300_799;

/// The number of tints for masked values.
const TINTS: u8 = 8;

/// A time of the sandbox's clock, in UTC.
pub(super) struct Moment {
    pub(super) date: String,
    pub(super) time: String,
}

impl Moment {
    /// From milliseconds since the epoch.
    pub(super) fn new(millis: i64) -> Moment {
        let seconds = millis.div_euclid(1_000).clamp(0, LATEST).unsigned_abs();
        // `Mon, 23 Nov 2026 15:22:04 GMT` (RFC 9110 section 5.6.7).
        let text = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
        let part = |range: Range<usize>| text.get(range).unwrap_or_default().to_owned();
        Moment {
            date: part(5..16),
            time: part(17..25),
        }
    }
}

/// A duration as text.
pub(super) fn span(millis: i64) -> String {
    let sign = if millis < 0 { "−" } else { "" };
    let millis = millis.unsigned_abs();
    let seconds = millis / 1_000;
    let text = match seconds {
        0 => format!("{millis} ms"),
        1..60 => format!("{seconds}.{} s", millis % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    };
    format!("{sign}{text}")
}

/// `1 step`, `2 steps`.
pub(super) fn count(number: usize, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {one}{s}")
}

pub(super) const LEVELS: [Level; 3] = [Level::Objection, Level::Unwise, Level::Guide];

/// The number of findings of a level.
pub(super) struct LevelCount {
    pub(super) id: &'static str,
    pub(super) words: String,
}

impl LevelCount {
    /// One for each level that has findings.
    pub(super) fn of(findings: &[FlowFinding]) -> Vec<LevelCount> {
        let counts = LEVELS.into_iter().map(|level| {
            let number = findings.iter().filter(|found| found.level == level).count();
            (level, number)
        });
        counts
            .filter(|(_, number)| *number > 0)
            .map(|(level, number)| LevelCount {
                id: level.id(),
                words: match level {
                    Level::Objection => count(number, "objection"),
                    Level::Unwise => format!("{number} unwise"),
                    Level::Guide => format!("{number} against the guide"),
                },
            })
            .collect()
    }
}

/// A level in one word. The style sheet adds a shape, for people who cannot tell the colours
/// apart.
pub(super) fn level(level: Level) -> &'static str {
    match level {
        Level::Objection => "Objection",
        Level::Unwise => "Unwise",
        Level::Guide => "Guide",
    }
}

/// The CSS class of a status.
pub(super) fn mood(status: Status) -> &'static str {
    match status {
        Status::LoggedIn => "good",
        Status::Pushed | Status::Waiting | Status::Approved => "open",
        Status::Refused | Status::Expired | Status::Declined | Status::Revoked => "bad",
        Status::Stray => "none",
    }
}

/// A text with a capital at its start, unless it starts with a name such as `user_message`.
pub(super) fn sentence(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains(['_', '/', '=', '-']) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// A text as a sentence, with a capital and a period.
pub(super) fn ended(text: &str) -> String {
    let text = sentence(text);
    match text.ends_with('?') {
        true => text,
        false => text + ".",
    }
}

/// A part of a message: plain text, or a masked value with a tint. Equal values have the same
/// tint.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment<'a> {
    pub(super) text: &'a str,
    pub(super) tint: Option<u8>,
}

/// Splits a text at its masked values: each is a dot and six hexadecimal digits.
pub(super) fn segments(mut text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    let mut looked = 0;
    while let Some(found) = text.get(looked..).and_then(|rest| rest.find('•')) {
        let start = looked + found;
        let digits = start + '•'.len_utf8();
        let tint = text
            .get(digits..digits + 6)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .map(|number| number.to_le_bytes()[0] % TINTS);
        if tint.is_none() {
            looked = digits;
            continue;
        }
        let (before, masked) = text.split_at(start);
        let (masked, rest) = masked.split_at('•'.len_utf8() + 6);
        if !before.is_empty() {
            segments.push(Segment {
                text: before,
                tint: None,
            });
        }
        segments.push(Segment { text: masked, tint });
        text = rest;
        looked = 0;
    }
    if !text.is_empty() {
        segments.push(Segment { text, tint: None });
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_text() {
        for (millis, words) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (1_250, "1.2 s"),
            (-27_000, "−27.0 s"),
            (125_000, "2 min 5 s"),
            (3_780_000, "1 h 3 min"),
        ] {
            assert_eq!(span(millis), words);
        }
        let moment = Moment::new(784_111_777_123);
        assert_eq!(
            (moment.date.as_str(), moment.time.as_str()),
            ("06 Nov 1994", "08:49:37")
        );
        assert_eq!(Moment::new(i64::MAX).time, "23:59:59");
        assert_eq!(Moment::new(i64::MIN).time, "00:00:00");
    }

    #[test]
    fn a_sentence_gets_a_capital_unless_it_starts_with_a_name() {
        for (text, words) in [
            ("the redirect_uri differs", "The redirect_uri differs"),
            ("user_message is there", "user_message is there"),
            ("élan", "Élan"),
            ("", ""),
        ] {
            assert_eq!(sentence(text), words);
        }
    }

    #[test]
    fn a_text_is_split_at_its_masked_values() {
        let all = segments("code=•0a1b2c&state=•ffffff");
        let texts: Vec<&str> = all.iter().map(|segment| segment.text).collect();
        assert_eq!(texts, ["code=", "•0a1b2c", "&state=", "•ffffff"]);
        let tints: Vec<bool> = all.iter().map(|segment| segment.tint.is_some()).collect();
        assert_eq!(tints, [false, true, false, true]);
        for plain in ["", "a • b", "•12345", "•zzzzzz", "• •"] {
            let all = segments(plain);
            assert!(all.iter().all(|segment| segment.tint.is_none()), "{plain}");
            let whole: String = all.iter().map(|segment| segment.text).collect();
            assert_eq!(whole, plain);
        }
    }
}
