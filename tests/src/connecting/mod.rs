//! Connecting repositories and claiming installations, from the command line.

mod repo;
