//! Python: `pyproject.toml`, `setup.cfg`, `setup.py` and `requirements*.txt`, in this order.
//!
//! All four may stand in one directory and each fills what the former left open: a `pyproject.toml` that only names
//! its build system must not hide the name in `setup.cfg`. Nothing is ever run; what only running would tell is null.

mod asks;
mod literal;
mod pyproject;
mod setup_cfg;
mod setup_py;
mod tokens;

pub(crate) use literal::attribute;

use muster_model::{Manifest, ManifestKind, file_name};

use crate::detector::Detector;

/// Recognises Python projects, whatever builds them.
pub(crate) struct Python;

impl Detector for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn rank(&self, path: &str) -> Option<u8> {
        match file_name(path) {
            "pyproject.toml" => Some(0),
            "setup.cfg" => Some(1),
            "setup.py" => Some(2),
            name if name.starts_with("requirements") && name.ends_with(".txt") => Some(3),
            _ => None,
        }
    }

    fn read(&self, path: &str, content: &[u8]) -> Option<Manifest> {
        Some(match file_name(path) {
            "pyproject.toml" => pyproject::read(content),
            "setup.cfg" => setup_cfg::read(content),
            "setup.py" => setup_py::read(content),
            _ => Manifest { kind: ManifestKind::Weak, ..Manifest::default() },
        })
    }

    fn kind(&self, path: &str) -> ManifestKind {
        if self.rank(path) == Some(3) { ManifestKind::Weak } else { ManifestKind::Project }
    }
}
