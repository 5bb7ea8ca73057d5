//! The `muster` binary: wiring, environment, printing. What is done is done by the engine.

mod args;
mod commands;
mod configuration;
mod context;
mod database;
mod environment;
mod interrupt;
mod keys;
mod logging;
mod output;
mod print;
mod whole_file;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::environment::Environment;
use crate::print::style::{ColourChoice, ERROR, Look};
use crate::print::visible::visible;

fn main() -> ExitCode {
    let environment = Environment::of_this_process();
    let cli = args::Cli::parse();
    let error = match commands::run(&cli, &environment) {
        Ok(code) => return code,
        Err(error) if output::is_closed_output(&error) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let look = Look::decide(cli.color.unwrap_or(ColourChoice::Auto), &environment, is_terminal, None);
    let sentence = format!("failed to {error:#}");
    // Nothing is left to be done about a stderr that is closed.
    _ = writeln!(std::io::stderr(), "{} {}", look.paint(ERROR, "muster:"), visible(&sentence));
    ExitCode::FAILURE
}
