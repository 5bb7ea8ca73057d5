//! What long work shows while it lasts: one line on stderr, on a terminal only.
//!
//! The line is redrawn at most ten times a second and goes away when the work ends, so that nothing of it is left
//! between the results.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use muster_scanner::wire::FetchProgress;
use muster_scanner::{Phase, Progress};

use super::style::Look;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Files, objects, commits, ...
    Things,
    /// Bytes.
    Bytes,
    /// Nothing: it lasts as long as it lasts.
    None,
}

/// The line. Steps may be told from several threads.
#[derive(Debug)]
pub(crate) struct Indicator {
    bar: Mutex<ProgressBar>,
    is_shown: bool,
    glyphs: bool,
}

impl Indicator {
    /// A line on stderr; none at all where stderr is no terminal.
    pub(crate) fn new(stderr_is_terminal: bool, look: &Look) -> Self {
        Self { bar: Mutex::new(ProgressBar::hidden()), is_shown: stderr_is_terminal, glyphs: look.glyphs }
    }

    /// Begins a phase, and so ends the one before: what is done, in a word or two, and how much of it there is.
    pub(crate) fn begin(&self, words: &str, unit: Unit, total: Option<u64>) {
        if self.is_shown {
            self.replace(&mut self.bar(), words, unit, total);
        }
    }

    /// So many more steps are done.
    pub(crate) fn advance(&self, steps: u64) {
        if self.is_shown {
            self.bar().inc(steps);
        }
    }

    /// So many steps are done: for work that counts by itself. Begins the phase where it is another one than before.
    pub(crate) fn show(&self, words: &str, unit: Unit, done: u64, total: Option<u64>) {
        if !self.is_shown {
            return;
        }
        let mut bar = self.bar();
        if bar.message() != words {
            self.replace(&mut bar, words, unit, total);
        }
        bar.set_position(done);
    }

    /// Shows how far a fetch is.
    pub(crate) fn fetch(&self, progress: &FetchProgress) {
        match progress {
            FetchProgress::Waiting => self.show("waiting for another fetch of it", Unit::None, 0, None),
            FetchProgress::Connecting => self.show("connecting", Unit::None, 0, None),
            FetchProgress::Rebuilding => self.show("making the damaged mirror anew", Unit::None, 0, None),
            FetchProgress::Receiving(at) if at.total_objects == 0 => {
                self.show("receiving", Unit::Bytes, at.received_bytes, None);
            }
            FetchProgress::Receiving(at) if at.received_objects < at.total_objects => {
                self.show("receiving objects", Unit::Things, at.received_objects, Some(at.total_objects));
            }
            FetchProgress::Receiving(at) => {
                self.show("resolving deltas", Unit::Things, at.indexed_deltas, Some(at.total_deltas));
            }
        }
    }

    fn bar(&self) -> MutexGuard<'_, ProgressBar> {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, bar: &mut ProgressBar, words: &str, unit: Unit, total: Option<u64>) {
        bar.finish_and_clear();
        let next = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10));
        next.set_style(style(unit, total.is_some(), self.glyphs));
        next.set_message(words.to_owned());
        next.enable_steady_tick(Duration::from_millis(200));
        *bar = next;
    }

    /// Takes the line away, for something else is about to be written.
    pub(crate) fn end(&self) {
        self.bar().finish_and_clear();
    }
}

impl Progress for Indicator {
    fn begin(&self, phase: Phase, total: Option<u64>) {
        let words = match phase {
            Phase::List => "listing files",
            Phase::Read => "reading files",
            Phase::Walk => "counting commits",
            Phase::History => "reading history",
        };
        self.begin(words, Unit::Things, total);
    }

    fn advance(&self, steps: u64) {
        self.advance(steps);
    }
}

impl Drop for Indicator {
    fn drop(&mut self) {
        self.end();
    }
}

fn style(unit: Unit, has_total: bool, glyphs: bool) -> ProgressStyle {
    let template = match (unit, has_total) {
        (Unit::Things, true) => "{spinner} {msg} {bar:24} {human_pos} of {human_len}",
        (Unit::Things, false) => "{spinner} {msg} {human_pos}",
        (Unit::None, _) => "{spinner} {msg}",
        (Unit::Bytes, true) => "{spinner} {msg} {bar:24} {decimal_bytes} of {decimal_total_bytes}",
        (Unit::Bytes, false) => "{spinner} {msg} {decimal_bytes}",
    };
    let (ticks, bar) = if glyphs { ("⠋⠙⠹⠸⠼⠴⠦⠧ ", "▰▱") } else { ("|/-\\ ", "#-") };
    ProgressStyle::with_template(template)
        .expect("the templates above are well-formed")
        .tick_chars(ticks)
        .progress_chars(bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_well_formed() {
        for unit in [Unit::Things, Unit::Bytes, Unit::None] {
            for (has_total, glyphs) in [(true, true), (true, false), (false, true), (false, false)] {
                style(unit, has_total, glyphs);
            }
        }
    }

    #[test]
    fn nothing_is_drawn_where_there_is_no_terminal() {
        let indicator = Indicator::new(false, &Look::PLAIN);
        indicator.begin("reading", Unit::Things, Some(3));
        std::thread::scope(|scope| (0..3).for_each(|_| _ = scope.spawn(|| indicator.advance(1))));
        indicator.fetch(&FetchProgress::Connecting);
        assert!(indicator.bar.lock().unwrap().is_hidden());
    }
}
