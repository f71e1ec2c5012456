//! What is printed at the end.

use std::time::Duration;

use super::judge::{Account, Judge};
use super::memory::{self, Memory};

/// Prints the accounts and the memory of a run that long; whether all is as it has to be.
pub(super) fn print(
    length: Duration,
    (judges, languages): (&[Judge<'_>], [&str; 2]),
    memories: &[Memory],
) -> bool {
    let judged = length >= memory::SHORTEST;
    let mut clean = true;
    println!(
        "\nComplete is an answer that equals the one the emulator makes to its question, made once.\n\
         A failure has the name that the call's fault deserves."
    );
    for (judge, language) in judges.iter().zip(languages) {
        print_account(language, &judge.account);
        clean &= judge.account.is_clean();
    }
    println!("\nresident memory  start middle    end   most");
    for (memory, name) in memories.iter().zip(["Rust", "Node", "emulator"]) {
        let (text, flat) = memory.verdict();
        println!("  {name:<12} {text}");
        clean &= flat || !judged;
    }
    if !judged {
        let least = memory::SHORTEST.as_secs();
        println!("  a run of less than {least} s says nothing about growth");
    }
    println!();
    clean
}

fn print_account(language: &str, account: &Account) {
    println!("\n{language}: {} calls", account.calls);
    println!("  {:>8} complete", account.complete);
    for (name, count) in &account.failed {
        println!("  {count:>8} failed: {name}");
    }
    println!("  {:>8} retries", account.retries);
    println!("  {:>8} generations", account.generations);
    println!("  {:>8} answers lost", account.lost);
    println!("  {:>8} silent truncations", account.silently_cut);
    println!(
        "  {:>8} duplicate generations, or possible ones",
        account.duplicated
    );
    println!("  {:>8} otherwise wrong", account.otherwise_wrong);
    for fault in &account.told {
        println!("    {fault}");
    }
}
