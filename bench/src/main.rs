//! Signing speed of the native signers. Prints `contestant <tab> what <tab> operations a CPU
//! second` for each, or with `--check` the signature that every signer of the same algorithm must
//! make, so that nobody is measured doing less. `cargo xtask bench sign` runs this.

mod aws;
mod ours;

use std::hint::black_box;
use std::time::Duration;

use cpu_time::ProcessTime;
use sha2::{Digest, Sha256};

/// Long enough for a clock of microseconds, short enough for many rounds.
const BUDGET: Duration = Duration::from_millis(300);

const BODIES: [(&str, usize); 2] = [("1 KB", 1 << 10), ("100 KB", 100 << 10)];

fn main() {
    if std::env::args().any(|argument| argument == "--check") {
        for (what, size) in BODIES {
            println!("{what}\t{}", ours::signature(&body(size)));
        }
        return;
    }
    for (what, size) in BODIES {
        let body = body(size);
        let key = ours::key();
        report("ours", what, || ours::sign(&key, black_box(&body)));
        let identity = aws::identity();
        report("aws-sigv4", what, || aws::sign(&identity, black_box(&body)));
        report("SHA-256 alone", what, || Sha256::digest(black_box(&body)));
    }
}

/// `{"prompt":"aaa..."}` of this size.
fn body(size: usize) -> Vec<u8> {
    let (start, end) = (r#"{"prompt":""#, r#""}"#);
    let filling = "a".repeat(size - start.len() - end.len());
    [start, &filling, end].concat().into_bytes()
}

fn report<T>(contestant: &str, what: &str, mut work: impl FnMut() -> T) {
    let mut batch = 1_u32;
    let warm = ProcessTime::now();
    while warm.elapsed() < BUDGET / 10 {
        black_box(work());
    }
    let start = ProcessTime::now();
    let mut done = 0_u32;
    // The clock is asked once a batch, so that it costs nothing.
    while start.elapsed() < BUDGET {
        for _ in 0..batch {
            black_box(work());
        }
        done += batch;
        batch = (batch * 2).min(256);
    }
    let rate = f64::from(done) / start.elapsed().as_secs_f64();
    println!("{contestant}\t{what}\t{rate:.0}");
}
