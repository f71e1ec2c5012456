//! `pangulm-emulator`: the Pangu platform on your own machine. See `--help`.

mod cli;
mod signals;

use std::io::Write;
use std::process::ExitCode;
use std::{io, thread};

use pangulm_emulator::Emulator;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

use cli::{Command, Start};
use signals::Signals;

fn main() -> ExitCode {
    match cli::parse(lexopt::Parser::from_env()) {
        Ok(Command::Help) => say(cli::HELP),
        Ok(Command::Version) => say(concat!(
            "pangulm-emulator ",
            env!("CARGO_PKG_VERSION"),
            "\n"
        )),
        Ok(Command::Start(start)) => match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(serve(start)),
            Err(error) => complain(&format!("cannot wait for signals: {error}")),
        },
        Err(error) => complain(&format!("{error}\nSee pangulm-emulator --help.")),
    }
}

/// Serves until Ctrl-C, a request to terminate, or the end of stdin where that counts.
async fn serve(start: Start) -> ExitCode {
    // Before the first line is out: whoever reads it may send a signal at once.
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => return complain(&format!("cannot catch signals: {error}")),
    };
    let running = match Emulator::start(start.options) {
        Ok(running) => running,
        Err(error) => return complain(&error.to_string()),
    };
    let info = serde_json::to_string(&running.info).unwrap_or_default();
    let code = say(&format!("{info}\n"));
    if start.until_stdin_closes {
        tokio::select! {
            () = signals.received() => {}
            _ = stdin_closed() => {}
        }
    } else {
        signals.received().await;
    }
    running.shutdown().await;
    code
}

/// Reads stdin on a thread: a pending read would hold up the runtime's end.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, stdin) = oneshot::channel();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = closed.send(());
    });
    stdin
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
