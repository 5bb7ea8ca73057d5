//! Ctrl-C: the first one asks to stop, so that what was begun is taken back; the second ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use tokio_util::sync::CancellationToken;

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

/// The same as a token, for what waits: the first signal cancels it, the second ends the process.
pub(crate) fn token() -> Result<CancellationToken> {
    flag()?;
    let token = CancellationToken::new();
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("listen for Ctrl-C")?;
    let cancelled = token.clone();
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            cancelled.cancel();
        }
    });
    Ok(token)
}
