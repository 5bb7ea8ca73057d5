//! npm: `package.json`, and beside it the two files in which pnpm and Lerna keep a workspace.
//!
//! The companions make no project of their own: a workspace without a `package.json` is no package.

mod package_json;
mod workspace_files;

use muster_model::{Manifest, ManifestKind, file_name};

use crate::detector::Detector;

/// Recognises npm packages, whatever package manager installs them.
pub(crate) struct Npm;

impl Detector for Npm {
    fn name(&self) -> &'static str {
        "npm"
    }

    fn rank(&self, path: &str) -> Option<u8> {
        match file_name(path) {
            "package.json" => Some(0),
            "pnpm-workspace.yaml" => Some(1),
            "lerna.json" => Some(2),
            _ => None,
        }
    }

    fn read(&self, path: &str, content: &[u8]) -> Option<Manifest> {
        Some(match file_name(path) {
            "package.json" => package_json::read(content),
            "pnpm-workspace.yaml" => workspace_files::read_pnpm(content),
            _ => workspace_files::read_lerna(content),
        })
    }

    fn kind(&self, path: &str) -> ManifestKind {
        match file_name(path) {
            "package.json" => ManifestKind::Project,
            _ => ManifestKind::Companion,
        }
    }
}
