//! The time of a timestamp, and its accuracy (RFC 3161 §2.4.2).

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{
    DateTime, Decode as _, Reader as _, SliceReader, Tag, TagNumber, Tagged as _,
};

use super::TimestampError;

/// Milliseconds since the epoch, or of a duration.
pub(super) type Milliseconds = i64;

/// Reads `genTime`, `YYYYMMDDhhmmss[.s…]Z`. `der` reads no fraction of a second. Digits after the third
/// are cut off.
pub(super) fn general(reader: &mut SliceReader<'_>) -> Result<Milliseconds, TimestampError> {
    let time = AnyRef::decode(reader)?;
    time.tag().assert_eq(Tag::GeneralizedTime)?;
    parse(time.value()).ok_or(TimestampError::Malformed("its time is not a date in UTC"))
}

fn parse(text: &[u8]) -> Option<Milliseconds> {
    let (seconds, fraction) = text.strip_suffix(b"Z")?.split_at_checked(14)?;
    let number = |digits: &[u8]| {
        let digit = |b: &u8| b.is_ascii_digit().then(|| u32::from(b - b'0'));
        digits
            .iter()
            .try_fold(0_u32, |number, b| Some(number * 10 + digit(b)?))
    };
    let two = |at: usize| u8::try_from(number(&seconds[at..at + 2])?).ok();
    let date = DateTime::new(
        u16::try_from(number(&seconds[..4])?).ok()?,
        two(4)?,
        two(6)?,
        two(8)?,
        two(10)?,
        two(12)?,
    )
    .ok()?;
    let milliseconds = match fraction {
        [] => 0,
        // DER writes no zero at the end.
        [b'.', digits @ .., last] if *last != b'0' => {
            let all = fraction.get(1..).unwrap_or_default();
            if !digits.iter().chain([last]).all(u8::is_ascii_digit) {
                return None;
            }
            let thousandths = [100, 10, 1];
            let parts = all.iter().zip(thousandths);
            parts.map(|(b, unit)| i64::from(b - b'0') * unit).sum()
        }
        _ => return None,
    };
    let seconds = i64::try_from(date.unix_duration().as_secs()).ok()?;
    Some(seconds * 1000 + milliseconds)
}

/// Reads the content of `Accuracy`: seconds, milliseconds, microseconds. Rounded up.
pub(super) fn accuracy(reader: &mut SliceReader<'_>) -> Result<Milliseconds, TimestampError> {
    const PROBLEM: TimestampError = TimestampError::Malformed("its accuracy");
    let mut accuracy = 0_i64;
    if super::token::next_is(reader, Tag::Integer)? {
        accuracy = i64::from(u32::decode(reader)?) * 1000;
    }
    for (number, unit) in [(0, 1000), (1, 1)] {
        let tag = Tag::ContextSpecific {
            constructed: false,
            number: TagNumber(number),
        };
        if super::token::next_is(reader, tag)? {
            let microseconds = match AnyRef::decode(reader)?.value() {
                [low] if *low < 0x80 => i64::from(*low) * unit,
                [high, low] if *high < 0x80 => (i64::from(*high) * 256 + i64::from(*low)) * unit,
                _ => return Err(PROBLEM),
            };
            accuracy += (microseconds + 999) / 1000;
        }
    }
    match reader.is_finished() {
        true => Ok(accuracy),
        false => Err(PROBLEM),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_have_a_fraction() {
        for (text, milliseconds) in [
            ("19700101000000Z", 0),
            ("20260101000000Z", 1_767_225_600_000),
            ("20260101000000.5Z", 1_767_225_600_500),
            ("20260101000000.0129999Z", 1_767_225_600_012),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(milliseconds), "{text}");
        }
        for wrong in [
            "",
            "Z",
            "202601010000Z",
            "20260101000000",
            "20260101000000+0100",
            "20260101000000.Z",
            "20260101000000.50Z",
            "20260101000000.aZ",
            "20260101000000,5Z",
            "20261301000000Z",
            "2026010100000éZ",
        ] {
            assert_eq!(parse(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn an_accuracy_is_rounded_up() {
        let read = |der: &[u8]| accuracy(&mut SliceReader::new(der).unwrap());
        assert_eq!(read(&[]), Ok(0));
        assert_eq!(read(&[2, 1, 1, 0x80, 2, 1, 0xf4, 0x81, 1, 100]), Ok(1501));
        assert!(read(&[2, 1, 0xff]).is_err());
        assert!(read(&[0x80, 1, 0xff]).is_err());
        assert!(read(&[0x82, 1, 1]).is_err());
    }
}
