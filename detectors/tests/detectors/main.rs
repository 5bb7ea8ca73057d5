//! The detectors as the scanner meets them: cases, laws, a large master, and the tools that know better.

mod case;
mod cases;
mod hostile;
mod master;
mod oracles;
mod properties;
