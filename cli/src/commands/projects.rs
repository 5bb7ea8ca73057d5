//! `muster projects`.

use crate::args::ProjectsArgs;
use crate::context::Context;

/// Runs it.
pub(crate) fn run(_args: &ProjectsArgs, _context: &Context) -> anyhow::Result<()> {
    anyhow::bail!("list projects: this command is not built yet")
}
