//! The memory of a process over the run.

use std::fs;
use std::time::Duration;

/// Memory may grow by this much between the middle and the end of a run: allocators and garbage
/// collectors are no accountants.
const SLACK: u64 = 8 << 20;
/// Or by this part of what it was.
const TENTH: u64 = 10;
/// A shorter run is not judged by its memory: JavaScript's heap takes half a minute to find its size.
pub(super) const SHORTEST: Duration = Duration::from_secs(60);

/// The resident memory of a process, sampled.
#[derive(Debug)]
pub(super) struct Memory {
    process: u32,
    /// In bytes, in the order of time.
    samples: Vec<u64>,
}

impl Memory {
    pub(super) fn of(process: u32) -> Self {
        Self {
            process,
            samples: Vec::new(),
        }
    }

    /// Looks once; where the system does not tell, nothing happens.
    pub(super) fn sample(&mut self) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process));
        self.samples
            .extend(status.ok().as_deref().and_then(resident));
    }

    /// The medians of the first, the middle and the last tenth.
    fn at_start_middle_end(&self) -> Option<[u64; 3]> {
        let tenth = self.samples.len().div_ceil(10);
        let middle = (self.samples.len() / 2).saturating_sub(tenth / 2);
        let end = self.samples.len().saturating_sub(tenth);
        let median = |from: usize| {
            let mut part = self.samples.get(from..from + tenth)?.to_vec();
            part.sort_unstable();
            part.get(part.len() / 2).copied()
        };
        Some([median(0)?, median(middle)?, median(end)?])
    }

    /// The figures for people, and whether the memory stayed flat.
    pub(super) fn verdict(&self) -> (String, bool) {
        let Some([start, middle, end]) = self.at_start_middle_end() else {
            return ("not told by this system".to_owned(), true);
        };
        let most = self.samples.iter().max().copied().unwrap_or_default();
        let flat = end <= middle + SLACK.max(middle / TENTH);
        let [start, middle, end, most] = [start, middle, end, most].map(megabytes);
        let note = if flat { "" } else { "  GROWS" };
        (
            format!("{start:>6} {middle:>6} {end:>6} {most:>6} MB{note}"),
            flat,
        )
    }
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes * 10 / (1 << 20);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// `VmRSS` of a status file, in bytes.
fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

#[cfg(test)]
mod tests {
    use super::{Memory, resident};

    const MB: u64 = 1 << 20;

    fn verdict(samples: impl IntoIterator<Item = u64>) -> (String, bool) {
        let mut memory = Memory::of(0);
        memory
            .samples
            .extend(samples.into_iter().map(|megabytes| megabytes * MB));
        memory.verdict()
    }

    #[test]
    fn warming_up_is_no_growth_and_a_leak_is() {
        let warm = (0..100).map(|at| if at < 30 { 20 + at } else { 50 + at % 2 });
        let (text, flat) = verdict(warm);
        assert!(flat, "{text}");
        assert!(text.contains("25.0   51.0   51.0   51.0 MB"), "{text}");
        let (text, flat) = verdict((0..100).map(|at| 20 + at));
        assert!(!flat && text.ends_with("GROWS"), "{text}");
        assert_eq!(verdict([]), ("not told by this system".to_owned(), true));
    }

    #[test]
    fn the_resident_size_is_read_from_the_status_file() {
        let status = "Name:\tnode\nVmSize:\t 9 kB\nVmRSS:\t   1024 kB\n";
        assert_eq!(resident(status), Some(MB));
        assert_eq!(resident("Name:\tx\n"), None);
    }
}
