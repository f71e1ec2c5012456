//! The date formats of the object storage.

use crate::{date::SigningDate, digest::decimal};

const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Fri, 24 May 2013 00:00:00 GMT`, as `Date` and `x-obs-date` have it.
pub(crate) fn http_date(date: &SigningDate) -> String {
    let [year, month, day, hour, minute, second] = fields(date);
    // 1 January 1970 was a Thursday.
    let weekday = nth(&WEEKDAYS, date.unix_seconds() / 86_400 % 7);
    let month = nth(
        &MONTHS,
        month
            .bytes()
            .fold(0, |number, digit| number * 10 + u64::from(digit & 15))
            .saturating_sub(1),
    );
    [
        weekday, ", ", day, " ", month, " ", year, " ", hour, ":", minute, ":", second, " GMT",
    ]
    .concat()
}

/// Reads what [`http_date`] writes, and nothing else.
pub(crate) fn parse_http_date(text: &str) -> Option<SigningDate> {
    let mut words = text.split([' ', ':']).skip(1);
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let (hour, minute, second) = (words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let month = decimal(u64::try_from(month).ok()? + 100);
    let basic = [year, month.get(1..)?, day, "T", hour, minute, second, "Z"].concat();
    let date = SigningDate::parse(&basic).ok()?;
    // The day of the week, the spaces and the zone are right if they come back.
    (http_date(&date) == text).then_some(date)
}

/// `2013-05-24T00:00:00Z`, as a form's policy has it.
pub(crate) fn extended(date: &SigningDate) -> String {
    let [year, month, day, hour, minute, second] = fields(date);
    [
        year, "-", month, "-", day, "T", hour, ":", minute, ":", second, "Z",
    ]
    .concat()
}

/// Year, month, day, hour, minute and second of `YYYYMMDDTHHMMSSZ`.
fn fields(date: &SigningDate) -> [&str; 6] {
    let text = date.as_str();
    [0..4, 4..6, 6..8, 9..11, 11..13, 13..15].map(|range| text.get(range).unwrap_or_default())
}

fn nth(names: &[&'static str], index: u64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|index| names.get(index))
        .copied()
        .unwrap_or_default()
}
