//! `muster tasks`.

use crate::args::TasksArgs;
use crate::context::Context;

/// Runs it.
pub(crate) fn run(_args: &TasksArgs, _context: &Context) -> anyhow::Result<()> {
    anyhow::bail!("list tasks: this command is not built yet")
}
