//! What a manifest says once its borrowed fields are settled: those of the workspace's root and those of other files.

use muster_model::{AskFor, Manifest, Workspace, ancestors};

use super::{Filed, Layout};
use crate::relative::resolve;
use crate::ruleset::AssembleInput;
use crate::workspace::rust_manifest;

/// How far above a package its workspace's root is looked for.
const MAX_LEVELS: usize = 64;

/// Settles borrowed fields.
#[derive(Debug)]
pub(crate) struct Fields<'f> {
    input: &'f AssembleInput<'f>,
    layout: &'f Layout<'f>,
}

/// Name, version and description of one manifest.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) description: Option<String>,
}

impl<'f> Fields<'f> {
    pub(crate) fn new(input: &'f AssembleInput<'f>, layout: &'f Layout<'f>) -> Self {
        Self { input, layout }
    }

    /// What a manifest of this directory says.
    pub(crate) fn of(&self, directory: &str, filed: &Filed<'_>) -> Said {
        let manifest = filed.manifest;
        let mut said = Said {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            description: manifest.description.clone(),
        };
        let inherits = |field: &str| manifest.inherits.iter().any(|inherited| inherited == field);
        if inherits("version") || inherits("description") {
            let workspace = self.cargo_workspace(directory, manifest);
            if inherits("version") {
                said.version = workspace.and_then(|workspace| workspace.version.clone());
            }
            if inherits("description") {
                said.description = workspace.and_then(|workspace| workspace.description.clone());
            }
        }
        for (field, slot) in [("version", &mut said.version), ("description", &mut said.description)] {
            if slot.is_none() {
                *slot = self.answer(directory, manifest, field);
            }
        }
        said
    }

    /// The fields that a Cargo package inherits from a workspace that does not state them: Cargo refuses it.
    pub(crate) fn missing(&self, directory: &str, manifest: &Manifest) -> Vec<String> {
        let inherited = ["version", "description"].into_iter();
        let inherited = inherited.filter(|field| manifest.inherits.iter().any(|name| name == field));
        let refused = inherited.filter(|field| {
            let stated = self.cargo_workspace(directory, manifest).and_then(|workspace| match *field {
                "version" => workspace.version.as_ref(),
                _ => workspace.description.as_ref(),
            });
            stated.is_none()
        });
        refused
            .map(|field| format!("Cargo refuses it: no workspace states the inherited `{field}`"))
            .collect()
    }

    /// The workspace that a Cargo package inherits from: its own, the one that declares it, the one that it names,
    /// else the nearest above.
    fn cargo_workspace<'m>(&'m self, directory: &str, manifest: &'m Manifest) -> Option<&'m Workspace> {
        let workspace_at = |root: &str| rust_manifest(self.input.extracts, root)?.workspace.as_ref();
        let declared =
            self.layout.workspaces.find(directory, "rust").map(|membership| membership.root.as_str());
        let named = manifest.workspace_root.as_deref().and_then(|path| resolve(directory, path));
        manifest
            .workspace
            .as_ref()
            .or_else(|| workspace_at(declared?))
            .or_else(|| workspace_at(&named?))
            .or_else(|| ancestors(directory).take(MAX_LEVELS).find_map(workspace_at))
    }

    /// The first answer to what a manifest asks of other files.
    fn answer(&self, directory: &str, manifest: &Manifest, field: &str) -> Option<String> {
        let asks = manifest.asks.iter().filter(|ask| ask.field == field);
        let mut answers = asks.flat_map(|ask| {
            ask.paths.iter().filter_map(|path| {
                let key: (String, AskFor) = (resolve(directory, path)?, ask.ask.clone());
                self.input.answers.get(&key)?.clone()
            })
        });
        // A version of several lines is some other text.
        answers.find(|answer| field != "version" || !answer.contains('\n'))
    }
}
