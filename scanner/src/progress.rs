//! What a long scan tells whoever waits for it.

/// A part of the work that may take long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Listing the files of a tree.
    List,
    /// Reading files.
    Read,
    /// Walking commits, to learn how many there are.
    Walk,
    /// Reading the commits and the paths that they changed.
    History,
}

/// Receives progress from several threads.
pub trait Progress: Sync {
    /// A phase begins; `total` steps are expected, if that is known.
    fn begin(&self, phase: Phase, total: Option<u64>);
    /// So many more steps are done.
    fn advance(&self, steps: u64);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _phase: Phase, _total: Option<u64>) {}
    fn advance(&self, _steps: u64) {}
}
