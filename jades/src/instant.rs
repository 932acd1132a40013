//! Times as text (RFC 3339 §5.6), in UTC and whole seconds. Everywhere else a time is a number of
//! seconds since the epoch.

use alloc::format;
use alloc::string::String;
use core::fmt::Write as _;

use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

/// The last second of the year 9999: RFC 3339 and RFC 5280 have four digits for the year.
pub(crate) const MAX: i64 = 253_402_300_799;

/// Reads `2023-11-23T13:44:59Z`: exactly this form, without a fraction and another offset.
pub(crate) fn read(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let marks = [
        (4, b'-'),
        (7, b'-'),
        (10, b'T'),
        (13, b':'),
        (16, b':'),
        (19, b'Z'),
    ];
    if bytes.len() != 20 || marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_i32, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + i32::from(digit - b'0'))
        })
    };
    let small = |from: usize| number(from, from + 2).and_then(|number| u8::try_from(number).ok());
    let month = small(5)?.try_into().ok()?;
    let date = Date::from_calendar_date(number(0, 4)?, month, small(8)?).ok()?;
    let time = Time::from_hms(small(11)?, small(14)?, small(17)?).ok()?;
    Some(
        PrimitiveDateTime::new(date, time)
            .assume_utc()
            .unix_timestamp(),
    )
}

/// The form that [`read`] reads. A time that has no such form is shown as a number.
pub(crate) fn show(seconds: i64) -> String {
    let Ok(time) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return format!("{seconds} s after 1970");
    };
    let (hour, minute, second) = time.to_hms();
    let (year, month, day) = (time.year(), u8::from(time.month()), time.day());
    let mut text = String::with_capacity(20);
    // Writing to a `String` cannot fail.
    let _ = write!(
        text,
        "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_one_text() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2023-11-23T13:44:59Z", 1_700_747_099),
            ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("9999-12-31T23:59:59Z", MAX),
        ] {
            assert_eq!(read(text), Some(seconds), "{text}");
            assert_eq!(show(seconds), text);
        }
        for text in [
            "",
            "2023-11-23T13:44:59",
            "2023-11-23t13:44:59z",
            "2023-11-23 13:44:59Z",
            "2023-11-23T13:44:59.0Z",
            "2023-11-23T13:44:59+00:00",
            "2023-11-23T13:44:60Z",
            "2023-11-23T24:00:00Z",
            "2023-02-29T00:00:00Z",
            "2023-13-01T00:00:00Z",
            "+023-11-23T13:44:59Z",
            "2023-11-2\u{663}13:44:59Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
