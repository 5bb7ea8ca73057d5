//! Bad input: what a person sees of it, from the built program.
//!
//! Each test makes one thing that is wrong and says how the program ended (code 0 with a problem entry, code 1 with a
//! sentence), and that nothing outside of the repository was read or run: [`trial::CANARY`] stands in every file and
//! address that must not show.

mod commits;
mod configuration;
mod damage;
mod folders;
mod git_directory;
mod manifests;
mod names;
mod output;
mod trees;
mod trial;
