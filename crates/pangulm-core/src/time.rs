//! Time as the engine sees it: told by the driver at every step, never asked for.

use crate::text::first;

/// One reading of the driver's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970 by the wall clock; may be wrong and may jump.
    pub wall_ms: u64,
    /// Milliseconds on a clock that only goes forward, from any beginning.
    pub steady_ms: u64,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads an HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`) into seconds since 1970.
#[must_use]
pub fn parse_http_date(text: &str) -> Option<u64> {
    let mut words = text.split_once(',')?.1.split_whitespace();
    let day: u64 = words.next()?.parse().ok()?;
    let month_name = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month_name)?;
    let year: u64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(str::parse::<u64>);
    let (hour, minute, second) = (
        clock.next()?.ok()?,
        clock.next()?.ok()?,
        clock.next()?.ok()?,
    );
    (words.next()? == "GMT").then_some(())?;
    unix_seconds(
        year,
        u64::try_from(month).ok()? + 1,
        day,
        hour,
        minute,
        second,
    )
}

/// Reads an ISO 8601 time in UTC into milliseconds since 1970: `2026-01-31T08:00:00.123456Z`, or
/// the compact form of signatures, `20260131T080000Z`.
#[must_use]
pub fn parse_iso(text: &str) -> Option<u64> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let date = joined_number(date, b'-', 8)?;
    let clock = joined_number(clock, b':', 6)?;
    let seconds = unix_seconds(
        date / 10_000,
        date / 100 % 100,
        date % 100,
        clock / 10_000,
        clock / 100 % 100,
        clock % 100,
    )?;
    let padded = fraction.to_owned() + "000";
    Some(seconds * 1_000 + joined_number(first(&padded, 3), b'.', 3)?)
}

/// The number that so many digits make when their separators are left out.
fn joined_number(text: &str, separator: u8, digits: u32) -> Option<u64> {
    let mut number = 0;
    let mut count = 0;
    for byte in text.bytes().filter(|byte| *byte != separator) {
        if !byte.is_ascii_digit() || count == digits {
            return None;
        }
        number = number * 10 + u64::from(byte - b'0');
        count += 1;
    }
    (count == digits).then_some(number)
}

/// Seconds since 1970 of a time in the Gregorian calendar, from 1970 to 9999.
fn unix_seconds(
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
) -> Option<u64> {
    let in_range = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    in_range.then_some(())?;
    // Years are counted from March, so that the leap day is the last day of its year.
    let (march_year, march_month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let days =
        march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400 + day_of_year;
    const DAYS_TO_1970: u64 = 719_468;
    Some((days - DAYS_TO_1970) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_dates_are_read() {
        assert_eq!(
            parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some(784_111_777)
        );
        assert_eq!(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        for nonsense in [
            "",
            "yesterday",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
        ] {
            assert_eq!(parse_http_date(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn both_iso_forms_are_read() {
        assert_eq!(
            parse_iso("2022-10-17T18:51:25.231000Z"),
            Some(1_666_032_685_231)
        );
        assert_eq!(parse_iso("20221017T185125Z"), Some(1_666_032_685_000));
        assert_eq!(parse_iso("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        for nonsense in [
            "",
            "2022-10-17",
            "2022-10-17T18:51:25+08:00",
            "2022-13-17T18:51:25Z",
            "20x21017T185125Z",
        ] {
            assert_eq!(parse_iso(nonsense), None, "{nonsense}");
        }
    }
}
