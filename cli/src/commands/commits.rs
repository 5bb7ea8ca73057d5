//! `muster commits`.

use crate::args::CommitsArgs;
use crate::context::Context;

/// Runs it.
pub(crate) fn run(_args: &CommitsArgs, _context: &Context) -> anyhow::Result<()> {
    anyhow::bail!("list commits: this command is not built yet")
}
