//! Comparing JSON numbers as they are written, exactly and without floating point.

use crate::text::{before, cut};
use std::cmp::Ordering;

/// A JSON number as it was written.
#[derive(Clone, Copy, Debug)]
pub struct Number<'a> {
    text: &'a str,
}

impl<'a> Number<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The number as it was written.
    #[must_use]
    pub fn written(&self) -> &'a str {
        self.text
    }

    /// How this number compares with `bound`, another number as JSON writes it.
    ///
    /// ```
    /// use std::cmp::Ordering;
    /// let number = pangulm_core::scan::parse("0.95e1").unwrap().number().unwrap();
    /// assert_eq!(number.compare("9.5"), Ordering::Equal);
    /// ```
    #[must_use]
    pub fn compare(&self, bound: &str) -> Ordering {
        let ours = Decimal::of(self.text);
        let theirs = Decimal::of(bound);
        ours.sign.cmp(&theirs.sign).then_with(|| match ours.sign {
            0 => Ordering::Equal,
            1 => ours.compare(&theirs),
            _ => theirs.compare(&ours),
        })
    }
}

/// The number after `e`, or 0; an exponent beyond the limit is beyond every bound as well.
fn read_exponent(text: &str) -> i64 {
    const LIMIT: i64 = 1 << 48;
    let digits = text.bytes().filter(u8::is_ascii_digit);
    let size = digits.fold(0, |sum, digit| {
        (sum * 10 + i64::from(digit - b'0')).min(LIMIT)
    });
    if cut(text, b'-').is_some() {
        -size
    } else {
        size
    }
}

/// `0.DIGITS x 10^exponent`, with no leading or trailing zeros in the digits; its sign apart.
struct Decimal {
    sign: i8,
    digits: Vec<u8>,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Self {
        let (negative, magnitude) = match text.strip_prefix("-") {
            Some(magnitude) => (true, magnitude),
            None => (false, text),
        };
        let mark = magnitude
            .bytes()
            .position(|byte| byte == b'e' || byte == b'E');
        let (mantissa, exponent) = magnitude
            .split_at_checked(mark.unwrap_or(magnitude.len()))
            .unwrap_or_default();
        let exponent = read_exponent(exponent);
        let whole = before(mantissa, b'.');
        let mut digits = Vec::new();
        let mut leading = 0_usize;
        for digit in mantissa.bytes().filter(|byte| *byte != b'.') {
            if digits.is_empty() && digit == b'0' {
                leading += 1;
            } else {
                digits.push(digit);
            }
        }
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        let point = i64::try_from(whole.len()).unwrap_or(i64::MAX / 2);
        let shifted = i64::try_from(leading).unwrap_or(i64::MAX / 2);
        let exponent = point.saturating_sub(shifted).saturating_add(exponent);
        let sign = match (digits.is_empty(), negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        Self {
            sign,
            digits,
            exponent,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.exponent
            .cmp(&other.exponent)
            .then_with(|| self.digits.cmp(&other.digits))
    }
}

#[cfg(test)]
mod tests {
    use crate::scan::parse;
    use std::cmp::Ordering::{Equal, Greater, Less};

    #[test]
    fn numbers_compare_exactly() {
        let cases = [
            ("0", "0", Equal),
            ("-0.0", "0", Equal),
            ("0.0001", "0", Greater),
            ("-0.0001", "0", Less),
            ("1", "1", Equal),
            ("1.0", "1", Equal),
            ("10e-1", "1", Equal),
            ("1.0000000000000000000001", "1", Greater),
            ("0.99999999999999999999", "1", Less),
            ("-2.5", "-2", Less),
            ("-1.5", "-2", Greater),
            ("64", "64", Equal),
            ("63", "64", Less),
            ("100", "64", Greater),
            ("7", "64", Less),
            ("1e400", "2", Greater),
            ("1e-400", "2", Less),
            ("-1e99999999999999999999", "2", Less),
            ("5", "-5", Greater),
            ("0", "-5", Greater),
            ("0e9", "5", Less),
            ("0.5", "0.5", Equal),
            ("5e-1", "0.5", Equal),
            ("0.49999999999999999999", "0.5", Less),
            ("-0.5", "0.5", Less),
            ("-0.6", "-0.5", Less),
        ];
        for (text, bound, expected) in cases {
            assert_eq!(
                parse(text).unwrap().number().unwrap().compare(bound),
                expected,
                "{text} against {bound}"
            );
        }
    }
}
