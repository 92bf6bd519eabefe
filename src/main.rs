//! 科报: with words on the command line it does a job, without any it opens the window.

use std::process::ExitCode;

use kebao::cli::{self, Outcome};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Outcome::Exit(code) => ExitCode::from(code),
        Outcome::Window { .. } | Outcome::Pictures { .. } => ExitCode::SUCCESS,
    }
}
