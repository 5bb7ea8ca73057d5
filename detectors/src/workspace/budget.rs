//! How much work matching may take in one tree: counted, not timed, so that the answer never depends on the machine.

/// Steps of matching for a whole tree; a step is a segment compared. About a second's worth.
const MAX_STEPS: u64 = 20_000_000;

/// What a compiled expression costs, in steps.
const COMPILE_STEPS: u64 = 20_000;

/// The work that is left.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: u64,
    spent: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Self { steps: MAX_STEPS, spent: false }
    }
}

impl Budget {
    /// Takes steps; false where there are not enough left, and then for ever.
    pub(crate) fn take(&mut self, steps: u64) -> bool {
        match self.steps.checked_sub(steps) {
            Some(left) if !self.spent => {
                self.steps = left;
                true
            }
            _ => {
                self.spent = true;
                false
            }
        }
    }

    /// Takes what compiling so many expressions costs.
    pub(crate) fn take_compiling(&mut self, expressions: usize) -> bool {
        self.take(COMPILE_STEPS.saturating_mul(expressions as u64) + 1)
    }

    /// True where something was left undone.
    pub(crate) fn is_spent(&self) -> bool {
        self.spent
    }
}
