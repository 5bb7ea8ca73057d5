//! One file a command: what it reads, which engine functions it calls, how the answer is printed.

mod app;
mod audit;
mod commits;
mod definitions;
mod deliveries;
mod doctor;
mod export;
mod fetch;
mod import;
mod installation;
mod jobs;
mod key;
mod listing;
mod migrate;
mod projects;
mod queue;
mod quota;
mod repo;
mod repos;
mod scan;
mod selection;
mod serve;
mod tasks;
mod tenant;
mod token;
mod transfer;
mod user;
mod worker;

use std::process::ExitCode;

use crate::args::{Cli, Command};
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
        Command::Migrate(args) => migrate::run(args, &context)?,
        Command::Token(args) => token::run(args, &context)?,
        Command::User(args) => user::run(args, &context)?,
        Command::Audit(args) => audit::run(args, &context)?,
        Command::Tenant(args) => tenant::run(args, &context)?,
        Command::Key(args) => key::run(args, &context)?,
        Command::Doctor(args) => return doctor::run(args, &context),
        Command::Worker(args) => worker::run(args, &context)?,
        Command::Deliveries(args) => deliveries::run(args, &context)?,
        Command::Jobs(args) => jobs::run(args, &context)?,
        Command::Repo(args) => repo::run(args, &context)?,
        Command::Installation(args) => installation::run(args, &context)?,
        Command::Serve(args) => serve::run(args, &context)?,
        Command::Transfer(args) => transfer::run(args, &context)?,
        Command::Completions { shell } => definitions::write_completions(*shell, &context)?,
        Command::Man => definitions::write_man(&context)?,
        Command::Fetch => unreachable!("run above, before anything is read"),
    }
    Ok(ExitCode::SUCCESS)
}
