//! What long work shows while it lasts: one line on stderr, on a terminal only.
//!
//! The line is redrawn at most ten times a second and goes away when the work ends, so that nothing of it is left
//! between the results.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::style::Look;
use super::visible::visible;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Files, objects, commits, ...
    Things,
    /// Bytes.
    Bytes,
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
        if !self.is_shown {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.finish_and_clear();
        let next = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10));
        next.set_style(style(unit, total.is_some(), self.glyphs));
        next.set_message(visible(words).into_owned());
        next.enable_steady_tick(Duration::from_millis(200));
        *bar = next;
    }

    /// So many more steps are done.
    pub(crate) fn advance(&self, steps: u64) {
        if self.is_shown {
            self.bar.lock().unwrap_or_else(PoisonError::into_inner).inc(steps);
        }
    }

    /// So many steps are done, of so many: for work that counts by itself.
    pub(crate) fn set(&self, done: u64, total: u64) {
        if self.is_shown {
            let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    /// Takes the line away, for something else is about to be written.
    pub(crate) fn end(&self) {
        self.bar.lock().unwrap_or_else(PoisonError::into_inner).finish_and_clear();
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
        for unit in [Unit::Things, Unit::Bytes] {
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
        indicator.set(1, 2);
        assert!(indicator.bar.lock().unwrap().is_hidden());
    }
}
