//! `muster scan`.

use crate::args::ScanArgs;
use crate::context::Context;

/// Runs it.
pub(crate) fn run(_args: &ScanArgs, _context: &Context) -> anyhow::Result<()> {
    anyhow::bail!("scan a repository: this command is not built yet")
}
