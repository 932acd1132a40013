//! Reads the date in `Expires` or `Date`, in any format (RFC 6265 §5.1.1).
//!
//! Before you change this: browsers read a date by this algorithm and not by a format, so backends
//! send many formats. A date that cannot be read must stay unreadable: as 1970 it would delete the
//! cookie.

use time::{Date, Month, Time, UtcOffset};

/// Seconds since the epoch.
pub(crate) fn read(text: &str) -> Option<i64> {
    let (mut clock, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if let Some(read) = clock_of(token).filter(|_| clock.is_none()) {
            clock = Some(read);
        } else if let Some(read) = number(token, 1, 2).filter(|_| day.is_none()) {
            day = Some(read);
        } else if let Some(read) = month_of(token).filter(|_| month.is_none()) {
            month = Some(read);
        } else if let Some(read) = number(token, 2, 4).filter(|_| year.is_none()) {
            year = Some(read);
        }
    }
    let year = match year? {
        old @ 70..=99 => old + 1900,
        new @ 0..=69 => new + 2000,
        year => year,
    };
    let date = Date::from_calendar_date(year.into(), month?, day?.try_into().ok()?).ok()?;
    let moment = date.with_time(clock?).assume_offset(UtcOffset::UTC);
    (year >= 1601).then(|| moment.unix_timestamp())
}

fn is_delimiter(c: char) -> bool {
    !matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | ':' | '\u{7f}'..)
}

/// The number at the start of the token, if it has between `least` and `most` digits.
fn number(token: &str, least: usize, most: usize) -> Option<u16> {
    let end = token.bytes().take_while(u8::is_ascii_digit).count();
    (least..=most)
        .contains(&end)
        .then(|| token[..end].parse().ok())?
}

fn clock_of(token: &str) -> Option<Time> {
    let mut fields = token.splitn(3, ':');
    let mut field = || fields.next();
    let (hour, minute, second) = (field()?, field()?, field()?);
    let whole = |text: &str| {
        number(text, 1, 2)
            .filter(|_| text.len() <= 2)?
            .try_into()
            .ok()
    };
    let second = number(second, 1, 2)?.try_into().ok()?;
    Time::from_hms(whole(hour)?, whole(minute)?, second).ok()
}

fn month_of(token: &str) -> Option<Month> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let start = token.get(..3)?;
    let at = NAMES
        .iter()
        .position(|name| start.eq_ignore_ascii_case(name))?;
    Month::try_from(u8::try_from(at + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_format_is_read() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06-Nov-1994 8:49:37 GMT",
            "6 november 94 08:49:37",
        ] {
            assert_eq!(read(text), Some(784_111_777), "{text}");
        }
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    }

    #[test]
    fn an_invalid_date_is_not_read() {
        for text in [
            "",
            "0",
            "soon",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT",
            "Sun, 06 Nov 1600 08:49:37 GMT",
            "Sun, 06 Nov 19945 08:49:37 GMT",
            "06 Nov 1994",
            "å 06 Nov",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
