//! Links: a commit or a pull request joined to a task, with the evidence. What refers to what is one thing, what that means
//! another, and either may come first.
//!
//! So nothing is linked where something is written. Whoever writes references, tasks or names notes which targets may mean
//! something else now ([`notes`]), in the same transaction; [`relink`] takes the notes, looks at every source that speaks of them
//! as a whole, and writes what differs. Which task a target means is not decided here but by a pure function that comes in.
//! So links follow from the rows alone, whatever order those came in.

mod evidence;
mod list;
mod notes;
mod question;
mod relink;

pub use list::{LinkFilter, LinkRecord, LinkedTask};
pub(crate) use list::{claims_of, links_of};
pub(crate) use notes::{note_keys, note_number, note_repository, note_targets, note_tasks};
pub use question::{
    LinkAnswer, LinkCandidate, LinkMention, LinkQuestion, LinkSource, ResolveLinks, SourceId, WantedLink,
};
pub use relink::Relinked;
pub(crate) use relink::{relink_pull_request, relink_some};
