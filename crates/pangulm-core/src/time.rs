//! Time as the engine sees it: told by the driver at every step, never asked for.

use crate::text::{concat, cut, digits, first, number, pieces};
use pangulm_signer::SigningDate;

/// One reading of the driver's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds since 1970 by the wall clock; may be wrong and may jump.
    pub wall_ms: u64,
    /// Milliseconds on a clock that only goes forward, from any beginning.
    pub steady_ms: u64,
}

/// Reads an HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`) into seconds since 1970.
#[must_use]
pub fn parse_http_date(text: &str) -> Option<u64> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let mut words = pieces(cut(text, b',')?.1.trim_ascii(), b' ');
    let (day, name, year, clock) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let mut names = MONTHS.chunks(3);
    let month = names.position(|month| month == name.as_bytes())?;
    // Two digits for all months: 101 to 112 without the first one.
    let month = digits(u64::try_from(month).ok()? + 101);
    (words.next()? == "GMT").then_some(())?;
    seconds(&concat(&[year, month.get(1..)?, day, "T", clock]))
}

/// Reads an ISO 8601 time in UTC into milliseconds since 1970: `2026-01-31T08:00:00.123456Z`, or
/// the compact form of signatures, `20260131T080000Z`.
#[must_use]
pub fn parse_iso(text: &str) -> Option<u64> {
    let text = text.strip_suffix("Z")?;
    let (time, fraction) = cut(text, b'.').unwrap_or((text, ""));
    let milliseconds = number(first(&concat(&[fraction, "000"]), 3))?;
    Some(seconds(time)? * 1_000 + milliseconds)
}

/// Seconds since 1970 of `YYYY-MM-DDTHH:MM:SS`, with or without its separators, which is the date of
/// a signature then.
fn seconds(time: &str) -> Option<u64> {
    let plain = time.bytes().filter(|byte| !b"-:".contains(byte));
    let compact: String = plain.map(char::from).chain(['Z']).collect();
    let date = SigningDate::parse(&compact).ok()?;
    Some(date.unix_seconds())
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
