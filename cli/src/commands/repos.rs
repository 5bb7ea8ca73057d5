//! `muster repos`.

use crate::args::ReposArgs;
use crate::context::Context;

/// Runs it.
pub(crate) fn run(_args: &ReposArgs, _context: &Context) -> anyhow::Result<()> {
    anyhow::bail!("list repositories: this command is not built yet")
}
