//! `pangulm-emulator`: the Pangu platform on your own machine. See `--help`.

mod cli;

use std::io::Write;
use std::process::ExitCode;
use std::{io, thread};

use pangulm_emulator::{Emulator, Error, Running};
use tokio::runtime;
use tokio::sync::oneshot;

use cli::{Command, Start};

fn main() -> ExitCode {
    match cli::parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => say(cli::HELP),
        Ok(Command::Version) => say(concat!(
            "pangulm-emulator ",
            env!("CARGO_PKG_VERSION"),
            "\n"
        )),
        Ok(Command::Start(start)) => match serve(start) {
            Ok(code) => code,
            Err(error) => complain(&error.to_string()),
        },
        Err(error) => complain(&format!("{error}\nSee pangulm-emulator --help.")),
    }
}

fn serve(start: Start) -> Result<ExitCode, Error> {
    let running = Emulator::start(start.options)?;
    let info = serde_json::to_string(&running.info).unwrap_or_default();
    let code = say(&format!("{info}\n"));
    let waiting = runtime::Builder::new_current_thread().enable_all().build();
    match waiting {
        Ok(waiting) => waiting.block_on(until_told(running, start.until_stdin_closes)),
        Err(error) => return Ok(complain(&format!("cannot wait for signals: {error}"))),
    }
    Ok(code)
}

/// Serves until Ctrl-C, a request to terminate, or the end of stdin where that counts.
async fn until_told(running: Running, until_stdin_closes: bool) {
    let (closed, stdin) = oneshot::channel();
    // Where stdin does not count, the sender is only held, so that the receiver keeps waiting.
    let mut held = Some(closed);
    if until_stdin_closes && let Some(closed) = held.take() {
        // A thread, because a pending read of stdin would hold up the runtime's end.
        thread::spawn(move || {
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            let _ = closed.send(());
        });
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated() => {}
        _ = stdin => {}
    }
    drop(held);
    running.shutdown().await;
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            terminate.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}

/// Prints at once, so that a program that reads the first line need not wait.
fn say(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn complain(text: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "pangulm-emulator: {text}");
    ExitCode::from(2)
}
