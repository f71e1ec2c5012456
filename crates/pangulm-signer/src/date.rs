//! The date of a signature, `YYYYMMDDTHHMMSSZ`.

use std::{fmt, str::FromStr};

use crate::error::{Part, SignError};

const SHAPE: [u8; 16] = *b"00000000T000000Z";
const SECONDS_A_DAY: u64 = 86_400;
/// The last second of the year 9999: the shape has four digits for a year.
const LAST_SECOND: u64 = 253_402_300_799;
/// Days from 1 March of the year 0, where the calendar arithmetic starts, to 1 January 1970.
const DAYS_BEFORE_1970: u64 = 719_468;
const DAYS_IN_400_YEARS: u64 = 146_097;

/// The time a request is signed at: UTC, to the second, from 1970 to 9999.
///
/// The gateway refuses a request whose date is more than 15 minutes from its own clock.
///
/// ```
/// use pangulm_signer::SigningDate;
///
/// let date = SigningDate::from_unix_seconds(1_573_789_015)?;
/// assert_eq!(date.as_str(), "20191115T033655Z");
/// assert_eq!("20191115T033655Z".parse::<SigningDate>()?.unix_seconds(), 1_573_789_015);
/// # Ok::<(), pangulm_signer::SignError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SigningDate {
    seconds: u64,
    text: [u8; 16],
}

impl SigningDate {
    /// The date that is `seconds` after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`Part::Date`] for a time after the year 9999.
    pub fn from_unix_seconds(seconds: u64) -> Result<Self, SignError> {
        if seconds > LAST_SECOND {
            return Err(SignError::new(
                Part::Date,
                "is after the year 9999; give Unix seconds",
            ));
        }
        Ok(Self {
            seconds,
            text: write(seconds),
        })
    }

    /// Reads `YYYYMMDDTHHMMSSZ`.
    ///
    /// # Errors
    /// [`Part::Date`] for any other shape, a day or time that does not exist, or a year before
    /// 1970.
    pub fn parse(text: &str) -> Result<Self, SignError> {
        let malformed = || {
            SignError::new(
                Part::Date,
                "is not a UTC time YYYYMMDDTHHMMSSZ of the years 1970-9999",
            )
        };
        let seconds = read(text.as_bytes()).ok_or_else(malformed)?;
        let date = Self::from_unix_seconds(seconds)?;
        // A day that does not exist, such as 30 February, comes back as another one.
        if date.text != text.as_bytes() {
            return Err(malformed());
        }
        Ok(date)
    }

    /// The date as it is sent in `X-Sdk-Date`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// Its first eight characters, `YYYYMMDD`.
    pub(crate) fn day(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        self.seconds
    }
}

impl FromStr for SigningDate {
    type Err = SignError;

    fn from_str(text: &str) -> Result<Self, SignError> {
        Self::parse(text)
    }
}

impl fmt::Display for SigningDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SigningDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn write(seconds: u64) -> [u8; 16] {
    let (year, month, day) = civil_from_days(seconds / SECONDS_A_DAY);
    let time = seconds % SECONDS_A_DAY;
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    let fields = [
        (0, year / 100),
        (2, year % 100),
        (4, month),
        (6, day),
        (9, hour),
        (11, minute),
        (13, second),
    ];
    let mut text = SHAPE;
    for (at, field) in fields {
        // It has two digits.
        let field = u8::try_from(field).unwrap_or_default();
        if let Some([tens, ones]) = text.get_mut(at..at + 2) {
            *tens = b'0' + field / 10;
            *ones = b'0' + field % 10;
        }
    }
    text
}

/// The seconds of a text of the right shape; fields may still be out of range.
fn read(text: &[u8]) -> Option<u64> {
    if text.len() != SHAPE.len() {
        return None;
    }
    let mut number = 0_u64;
    for (&byte, &shape) in text.iter().zip(&SHAPE) {
        if shape.is_ascii_digit() && byte.is_ascii_digit() {
            number = number * 10 + u64::from(byte - b'0');
        } else if byte != shape {
            return None;
        }
    }
    let mut next_two = || {
        let field = number % 100;
        number /= 100;
        field
    };
    let (second, minute, hour, day, month) =
        (next_two(), next_two(), next_two(), next_two(), next_two());
    let days = days_from_civil(number, month, day)?;
    Some(days * SECONDS_A_DAY + hour * 3600 + minute * 60 + second)
}

/// Year, month and day of a day counted from 1970. Years are counted from March, so that the
/// leap day is the last one and months follow the one formula 153/5.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_1970;
    let (era, of_era) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    (year, month, day)
}

/// The inverse of [`civil_from_days`]; nothing for a time before 1970.
fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month <= 2))?;
    let (era, year_of_era) = (year / 400, year % 400);
    let from_march = (month + 9) % 12;
    let of_year = ((153 * from_march + 2) / 5 + day).checked_sub(1)?;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    (era * DAYS_IN_400_YEARS + of_era).checked_sub(DAYS_BEFORE_1970)
}
