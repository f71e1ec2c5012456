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

/// Enough digits to look at.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
