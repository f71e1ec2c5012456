//! Points in time as the platform writes them. Seconds and microseconds count from the Unix epoch.

const DAY: u64 = 86_400;

struct Civil {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
    weekday: u64,
}

/// The Gregorian date of a second. Years are counted from March, so that the leap day comes last.
fn civil(seconds: u64) -> Civil {
    let days = seconds / DAY;
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    Civil {
        year: era * 400 + year_of_era + u64::from(month <= 2),
        month,
        day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
        hour: seconds % DAY / 3_600,
        minute: seconds % 3_600 / 60,
        second: seconds % 60,
        weekday: (days + 4) % 7,
    }
}

/// For the `Date` header: `Mon, 23 Nov 2026 04:15:10 GMT`.
pub(crate) fn http_date(seconds: u64) -> String {
    let names = |list: &'static str, index: u64| {
        list.split(' ')
            .nth(usize::try_from(index).unwrap_or_default())
            .unwrap_or_default()
    };
    let c = civil(seconds);
    let weekday = names("Sun Mon Tue Wed Thu Fri Sat", c.weekday);
    let month = names(
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
        c.month - 1,
    );
    format!(
        "{weekday}, {:02} {month} {:04} {:02}:{:02}:{:02} GMT",
        c.day, c.year, c.hour, c.minute, c.second
    )
}

/// For IAM's `expires_at`: `2023-06-29T02:16:41.581000Z`.
pub(crate) fn iso_micros(micros: u64) -> String {
    let c = civil(micros / 1_000_000);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        c.year,
        c.month,
        c.day,
        c.hour,
        c.minute,
        c.second,
        micros % 1_000_000
    )
}

/// For the times of jobs: `2024-07-31T10:30:49Z`.
pub(crate) fn iso(seconds: u64) -> String {
    iso_micros(seconds * 1_000_000).replace(".000000Z", "Z")
}

/// For times in XML of OBS: `2026-01-02T03:04:05.678Z`.
pub(crate) fn iso_millis(micros: u64) -> String {
    let text = iso_micros(micros);
    let head = text.get(..23).unwrap_or(&text);
    format!("{head}Z")
}

/// For `X-Sdk-Date`: `20191115T033655Z`.
pub(crate) fn basic(seconds: u64) -> String {
    let c = civil(seconds);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_the_three_forms_of_the_platform() {
        for (seconds, http, iso, sdk) in [
            (
                0,
                "Thu, 01 Jan 1970 00:00:00 GMT",
                "1970-01-01T00:00:00",
                "19700101T000000Z",
            ),
            (
                951_782_399,
                "Mon, 28 Feb 2000 23:59:59 GMT",
                "2000-02-28T23:59:59",
                "20000228T235959Z",
            ),
            (
                951_868_799,
                "Tue, 29 Feb 2000 23:59:59 GMT",
                "2000-02-29T23:59:59",
                "20000229T235959Z",
            ),
            (
                1_573_789_015,
                "Fri, 15 Nov 2019 03:36:55 GMT",
                "2019-11-15T03:36:55",
                "20191115T033655Z",
            ),
            (
                4_107_542_400,
                "Mon, 01 Mar 2100 00:00:00 GMT",
                "2100-03-01T00:00:00",
                "21000301T000000Z",
            ),
        ] {
            assert_eq!(http_date(seconds), http);
            assert_eq!(
                iso_micros(seconds * 1_000_000 + 42),
                format!("{iso}.000042Z")
            );
            assert_eq!(super::iso(seconds), format!("{iso}Z"));
            assert_eq!(basic(seconds), sdk);
        }
    }
}
