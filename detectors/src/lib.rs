//! Pure: a tree of files in, projects and tasks out.
//!
//! Two steps. `Ruleset::extract` reads one file and knows nothing of the others, so it runs in parallel and its
//! answer can be kept for as long as the file stays the same. `Ruleset::assemble` joins the extracts: which
//! directory is a project, its parent, its workspace, its counts. No path on disk, clock, database or Git handle is
//! ever passed in.

mod assemble;
mod coditect;
pub mod comments;
mod declared;
mod detector;
mod explain;
mod go;
mod npm;
mod pattern;
mod python;
mod registry;
mod relative;
mod role;
mod ruleset;
mod rust;
mod second_round;
mod surroundings;
mod syntax;
pub mod tasklist;
mod workspace;

pub use ruleset::{
    Answers, AssembleInput, Assembly, Explanation, Extracts, Interest, MAX_FILE_BYTES, Ruleset, Wanted,
};
