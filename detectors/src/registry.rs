//! The built-in detectors.
//!
//! A plain ordered slice and nothing cleverer: whoever adds a detector adds one line here, and the order can be read
//! off the page. docs/ADDING_A_DETECTOR.md shows the three steps.

use crate::coditect::Coditect;
use crate::detector::Detector;
use crate::go::Go;
use crate::npm::Npm;
use crate::python::Python;
use crate::rust::Rust;

/// Order matters: the first detector that claims a directory owns it and gives its type. Declared detectors follow,
/// and `generic` comes last.
pub(crate) const DETECTORS: &[&dyn Detector] = &[&Coditect, &Npm, &Python, &Rust, &Go];

/// The type of a directory that is a project although no detector claims it.
pub(crate) const GENERIC: &str = "generic";

/// True for the types that a declared detector may not take.
pub(crate) fn is_built_in(name: &str) -> bool {
    name.eq_ignore_ascii_case(GENERIC) || DETECTORS.iter().any(|d| d.name().eq_ignore_ascii_case(name))
}

/// The built-in detector of this name, with its place in the order.
pub(crate) fn built_in(name: &str) -> Option<(usize, &'static dyn Detector)> {
    DETECTORS.iter().position(|detector| detector.name() == name).map(|at| (at, DETECTORS[at]))
}
