//! Saving against a real store: what is kept, what is closed, and that nothing else is touched.

mod history;
mod sequences;
mod state;
mod world;
