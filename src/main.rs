//! 科报: with words on the command line it does a job, without any it opens the window.

// No black console window behind ours; commands still print into the console they were started from.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

use std::path::Path;
use std::process::ExitCode;

use kebao::app;
use kebao::cli::{self, Outcome, Output};
use kebao::domain::Result;

fn main() -> ExitCode {
    #[cfg(all(windows, not(debug_assertions)))]
    console::attach();
    #[cfg(unix)]
    live_through_limits();
    let done = match cli::run(std::env::args_os()) {
        Outcome::Exit(code) => return ExitCode::from(code),
        Outcome::Pictures { data, out } => pictures(&data, &out),
        Outcome::Window { data: Some(data), pictures: Some(out) } if app::display().is_err() => pictures(&data, &out),
        Outcome::Window { data, .. } => app::run(data),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => ExitCode::from(cli::fail(&Output::new(false), &problem)),
    }
}

fn pictures(data: &Path, out: &Path) -> Result<()> {
    let written = app::draw_pictures(data, out)?;
    let output = Output::new(false);
    output.note(&format!("主要界面的图片 {} 张，在 {}", written.len(), out.display()));
    Ok(())
}

/// At a limit on the size of files a write shall fail as on a full disk, which is said, and not end the program in silence.
#[cfg(unix)]
fn live_through_limits() {
    // SAFETY: the call takes two numbers; no handler of ours is installed, and no other thread runs yet.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// A program without a console of its own prints into the one it was started from.
#[cfg(all(windows, not(debug_assertions)))]
mod console {
    unsafe extern "system" {
        fn AttachConsole(process: u32) -> i32;
    }

    /// The process that started this one.
    const PARENT: u32 = u32::MAX;

    pub fn attach() {
        // SAFETY: the call takes a number and touches no memory of ours; it fails where there is no console to attach to.
        unsafe { AttachConsole(PARENT) };
    }
}
