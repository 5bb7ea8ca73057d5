//! What each project is for: group, `[roles]`, workspace membership, then the first telling segment of its path.
//!
//! A member is lifted to `primary` only by a root that is primary itself, so the roots are walked from the primary
//! ones outwards: a workspace inside a fixture lifts nobody.

use std::collections::{BTreeMap, VecDeque};

use muster_model::Role;

use super::Layout;
use crate::role::{RoleLookup, telling_segment};
use crate::ruleset::Ruleset;

/// Why a project has its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RoleReason {
    /// It is the root of the repository.
    Root,
    /// It is a category of a CODITECT master.
    Group,
    /// A pattern of `[roles]`.
    Configured(String),
    /// A workspace, by the file that declares it.
    Member(String),
    /// A segment of its path.
    Segment(String),
    /// Nothing tells otherwise.
    Nothing,
}

/// The role of every project, and why.
#[derive(Debug)]
pub(crate) struct Roles<'l> {
    pub(crate) by_path: BTreeMap<&'l str, (Role, RoleReason)>,
    /// True where `[roles]` took too much work to match.
    pub(crate) is_cut_short: bool,
}

/// Decides the role of every project.
pub(crate) fn decide_roles<'l>(ruleset: &Ruleset, layout: &'l Layout<'_>) -> Roles<'l> {
    let mut lookup = RoleLookup::new(ruleset.roles());
    let mut roles: BTreeMap<&str, (Role, RoleReason)> = BTreeMap::new();
    for (path, place) in &layout.places {
        let role = if path == "." {
            (Role::Primary, RoleReason::Root)
        } else if place.is_group {
            (Role::Group, RoleReason::Group)
        } else if let Some((role, pattern)) = lookup.find(path) {
            (role, RoleReason::Configured(pattern.to_owned()))
        } else {
            let told = telling_segment(path);
            // A gitlink is somebody's project whatever the folder around it is called; only vendored ones are not.
            let told = if place.is_gitlink { vendored(path) } else { told };
            match told {
                Some((segment, role)) => (role, RoleReason::Segment(segment.to_owned())),
                None => (Role::Primary, RoleReason::Nothing),
            }
        };
        roles.insert(path, role);
    }
    lift_members(layout, &mut roles);
    Roles { by_path: roles, is_cut_short: lookup.is_spent() }
}

fn vendored(path: &str) -> Option<(&str, Role)> {
    crate::role::vendored_segment(path).map(|segment| (segment, Role::Vendored))
}

/// Makes members of primary workspaces primary, and goes on from those that are roots themselves.
fn lift_members<'l>(layout: &'l Layout<'_>, roles: &mut BTreeMap<&'l str, (Role, RoleReason)>) {
    let mut by_root: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (member, memberships) in layout.workspaces.members() {
        for membership in memberships {
            by_root.entry(&membership.root).or_default().push((member, &membership.declared_in));
        }
    }
    let is_primary = |root: &&str| roles.get(root).is_some_and(|(role, _)| *role == Role::Primary);
    let mut queue: VecDeque<&str> = by_root.keys().copied().filter(is_primary).collect();
    while let Some(root) = queue.pop_front() {
        for (member, declared_in) in by_root.get(root).into_iter().flatten() {
            let Some((role, reason)) = roles.get_mut(member) else { continue };
            if *role != Role::Primary && matches!(reason, RoleReason::Segment(_)) {
                *role = Role::Primary;
                *reason = RoleReason::Member((*declared_in).to_owned());
                queue.push_back(member);
            }
        }
    }
}
