//! CPU time and memory of this process.

use std::fs;

use cpu_time::ProcessTime;

/// How much CPU time (user and system) `work` takes, in seconds.
pub async fn cpu_seconds<F: Future>(work: F) -> (f64, F::Output) {
    let start = ProcessTime::now();
    let done = work.await;
    (start.elapsed().as_secs_f64(), done)
}

/// The resident memory in megabytes, where the system tells it.
pub fn resident_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
