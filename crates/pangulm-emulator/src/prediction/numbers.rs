//! A little statistics.

pub(super) fn count(items: usize) -> f64 {
    f64::from(u32::try_from(items).unwrap_or(u32::MAX))
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / count(values.len().max(1))
}

/// The standard deviation; 1 where all values are alike, so that it can divide.
pub(super) fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / count(values.len().max(1))).sqrt();
    if deviation > 0.0 { deviation } else { 1.0 }
}

pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// How two rows of numbers go together, from -1 to 1.
pub(super) fn correlation(left: &[f64], right: &[f64]) -> f64 {
    let (mean_left, mean_right) = (mean(left), mean(right));
    let products = left.iter().zip(right);
    let products: f64 = products
        .map(|(left, right)| (left - mean_left) * (right - mean_right))
        .sum();
    products / count(left.len().max(1)) / deviation(left) / deviation(right)
}

/// Enough digits to look at, and always a number that JSON can hold: the largest ones overflow on
/// the way here.
pub(super) fn rounded(value: f64) -> f64 {
    let digits = (value * 1e6).round() / 1e6;
    match (digits.is_finite(), value.is_finite()) {
        (true, _) => digits,
        (false, true) => value,
        (false, false) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overflows_still_gives_a_number() {
        let huge = [1.7e308, -1.7e308, 1.7e308, 1.0];
        for value in [
            mean(&huge),
            deviation(&huge),
            correlation(&huge, &huge),
            f64::NAN,
            f64::INFINITY,
            1.7e308,
        ] {
            assert!(rounded(value).is_finite(), "{value}");
        }
        assert!((rounded(0.123_456_78) - 0.123_457).abs() < 1e-12);
    }
}
