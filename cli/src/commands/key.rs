//! `muster key`: init, status, rotate.

mod init;
mod rotate;
mod status;

use anyhow::{Context as _, Result};

use crate::args::{KeyArgs, KeyCommand};
use crate::context::Context;

/// Runs it.
pub(crate) fn run(args: &KeyArgs, context: &Context) -> Result<()> {
    match &args.command {
        KeyCommand::Init(args) => init::run(args, context).context("make a key file"),
        KeyCommand::Status(args) => status::run(args, context).context("look at the keys"),
        KeyCommand::Rotate(args) => rotate::run(args, context).context("rotate the keys"),
    }
}
