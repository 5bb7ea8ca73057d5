//! The bounds that keep a hostile repository from taking more than its share of memory or time.

/// Bounds of one scan. What lies beyond one is left out and reported, never an error.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Entries of a tree.
    pub entries: usize,
    /// Directories above an entry.
    pub depth: usize,
    /// Bytes of a path that is walked.
    pub path_bytes: usize,
    /// Bytes of the path of an entry, as text: what a database can look up by. Linux itself ends at 4,096.
    pub entry_path_bytes: usize,
    /// Changed paths that are kept of one commit; more are counted, up to ten times this number.
    pub paths_per_commit: usize,
    /// Bytes of a commit object; a larger one is listed without its message.
    pub commit_bytes: u64,
    /// Bytes of a tracked file that is hashed to learn whether it has changed; a larger one of the recorded size
    /// counts as unchanged.
    pub hashed_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 1_000_000,
            depth: 512,
            path_bytes: 16 * 1024,
            entry_path_bytes: 2000,
            paths_per_commit: 200_000,
            commit_bytes: 32 << 20,
            hashed_bytes: 64 << 20,
        }
    }
}
