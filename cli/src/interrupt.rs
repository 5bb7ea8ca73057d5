//! Ctrl-C: the first one asks to stop, so that what was begun is taken back; the second ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A flag that the first Ctrl-C (or SIGTERM) sets.
pub(crate) fn flag() -> Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: a signal that finds the flag already set ends the process, with the shell's usual code.
        flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&asked))
            .and_then(|_| flag::register(signal, Arc::clone(&asked)))
            .context("listen for Ctrl-C")?;
    }
    Ok(asked)
}
