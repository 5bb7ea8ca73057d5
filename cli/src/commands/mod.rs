//! One file a command: what it reads, which engine functions it calls, how the answer is printed.

mod commits;
mod definitions;
mod export;
mod fetch;
mod import;
mod listing;
mod projects;
mod repos;
mod scan;
mod selection;
mod tasks;
mod transfer;

use std::process::ExitCode;

use crate::args::{Cli, Command, TenantCommand};
use crate::context::Context;
use crate::environment::Environment;

/// Runs what was asked for. Errors are fragments that fit "failed to ...".
pub(crate) fn run(cli: &Cli, environment: &Environment) -> anyhow::Result<ExitCode> {
    if let Command::Fetch = cli.command {
        return Ok(fetch::run());
    }
    let context = Context::new(cli, environment)?;
    match &cli.command {
        Command::Scan(args) => scan::run(args, &context)?,
        Command::Projects(args) => projects::run(args, &context)?,
        Command::Tasks(args) => tasks::run(args, &context)?,
        Command::Commits(args) => commits::run(args, &context)?,
        Command::Repos(args) => repos::run(args, &context)?,
        Command::Tenant { command: TenantCommand::Export(args) } => export::run(args, &context)?,
        Command::Tenant { command: TenantCommand::Import(args) } => import::run(args, &context)?,
        Command::Transfer(args) => transfer::run(args, &context)?,
        Command::Completions { shell } => definitions::write_completions(*shell, &context)?,
        Command::Man => definitions::write_man(&context)?,
        Command::Fetch => unreachable!("run above, before anything is read"),
    }
    Ok(ExitCode::SUCCESS)
}
