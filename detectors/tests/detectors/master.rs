//! A CODITECT master shows as one tree: the root, its categories, their submodules.

use muster_model::Role;

use crate::case::{Case, Node};

#[test]
fn one_root_six_categories_thirty_eight_submodules() {
    let categories = ["cloud", "dev", "docs", "gtm", "labs", "ops"];
    let mut case = Case::default().file("docs/project-management/TASKLIST.md", "- [x] one\n- [ ] two\n");
    for number in 0..38 {
        let path = format!("submodules/{}/part-{number:02}", categories[number % categories.len()]);
        case.nodes.insert(path, Node::Gitlink);
    }
    // Declared once, but plain files now: an ordinary directory.
    case = case.file("submodules/dev/plain/readme.md", "text\n");
    let projects = case.assemble().projects;
    let count = |role, populated| {
        projects.iter().filter(|project| project.role == role && project.populated == populated).count()
    };
    assert_eq!(projects.len(), 45);
    assert_eq!(
        (count(Role::Primary, true), count(Role::Group, true), count(Role::Primary, false)),
        (1, 6, 38)
    );
    for project in projects.iter().filter(|project| !project.populated) {
        let group = projects.iter().find(|other| Some(&other.path) == project.parent_path.as_ref()).unwrap();
        assert_eq!((group.role, group.parent_path.as_deref()), (Role::Group, Some(".")));
        assert_eq!(project.submodule.as_deref(), Some(project.path.as_str()));
    }
    assert_eq!(projects[0].project_type, "coditect");
    assert_eq!((projects[0].completed_tasks, projects[0].total_tasks), (1, 2));
}
