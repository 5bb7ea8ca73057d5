//! One-file cases: a tree and the expected answer on one screen. fixtures/detectors/README.md describes the format.
//!
//! The tree is read here exactly as the scanner reads a real one: names first, then contents, then the rounds of
//! files that manifests point at. That keeps the cases honest about what `interest` promises.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use muster_detectors::{Answers, AssembleInput, Assembly, Explanation, Extracts, MAX_FILE_BYTES, Ruleset};
use muster_model::{Entry, EntryKind, Problem, Project, Status, SubmoduleLine};

/// What stands at a path of a case.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    File(Vec<u8>),
    /// A file that is only as large as this: never read.
    Unread(u64),
    Symlink,
    Gitlink,
}

/// A tree, and what is asked of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) nodes: BTreeMap<String, Node>,
    pub(crate) user: Option<String>,
    pub(crate) all: bool,
    /// The directories to explain.
    pub(crate) explain: Vec<String>,
    /// What should come out.
    pub(crate) expected: String,
}

impl Case {
    /// Reads a case from its text; panics where the text is not of the format.
    pub(crate) fn parse(text: &str) -> Self {
        let mut case = Self::default();
        let mut sections: Vec<(&str, String)> = Vec::new();
        for line in text.lines() {
            match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
                Some(head) => sections.push((head, String::new())),
                None => {
                    if let Some((_, body)) = sections.last_mut() {
                        body.push_str(line);
                        body.push('\n');
                    }
                }
            }
        }
        for (head, body) in sections {
            let (path, mark) = head.split_once(" (").map_or((head, ""), |(path, mark)| (path, mark));
            let node = match (head, mark.trim_end_matches(')')) {
                ("expected", _) => {
                    case.expected = body;
                    continue;
                }
                ("user", _) => {
                    case.user = Some(body);
                    continue;
                }
                ("all", _) => {
                    case.all = true;
                    continue;
                }
                ("explain", _) => {
                    case.explain = body.lines().map(str::to_owned).collect();
                    continue;
                }
                (_, "") => Node::File(body.into_bytes()),
                (_, "gitlink") => Node::Gitlink,
                (_, "symlink") => Node::Symlink,
                (_, "escaped") => Node::File(unescape(body.trim_end_matches('\n'))),
                (_, size) => {
                    Node::Unread(size.parse().expect("a mark is gitlink, symlink, escaped or a size"))
                }
            };
            case.nodes.insert(path.to_owned(), node);
        }
        case
    }

    /// Adds a file.
    pub(crate) fn file(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.nodes.insert(path.into(), Node::File(content.into()));
        self
    }

    fn ruleset(&self) -> (Ruleset, Vec<Problem>) {
        let repository = match self.nodes.get(".muster.toml") {
            Some(Node::File(text)) => Some(text.as_slice()),
            _ => None,
        };
        Ruleset::new(self.user.as_deref(), repository)
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let entries = self.nodes.iter().map(|(path, node)| Entry {
            path: path.clone(),
            kind: match node {
                Node::File(_) | Node::Unread(_) => EntryKind::File,
                Node::Symlink => EntryKind::Symlink,
                Node::Gitlink => EntryKind::Gitlink,
            },
            id: None,
        });
        entries.collect()
    }

    fn submodules(&self) -> Vec<SubmoduleLine> {
        let gitlinks = self.nodes.iter().filter(|(_, node)| matches!(node, Node::Gitlink));
        let line = |path: &String| SubmoduleLine {
            path: path.clone(),
            url: None,
            commit: Some("0".repeat(40)),
            populated: false,
        };
        gitlinks.map(|(path, _)| line(path)).collect()
    }

    fn extract(&self, ruleset: &Ruleset, path: &str, extracts: &mut Extracts) {
        let extract = match &self.nodes[path] {
            Node::File(content) if content.len() as u64 <= MAX_FILE_BYTES => ruleset.extract(path, content),
            Node::File(content) => ruleset.extract_unread(path, content.len() as u64),
            Node::Unread(size) => ruleset.extract_unread(path, *size),
            Node::Symlink | Node::Gitlink => return,
        };
        if !extract.is_empty() {
            extracts.insert(path.to_owned(), extract);
        }
    }

    /// Reads the tree as a scanner does, the files in the given order.
    pub(crate) fn read<'p>(
        &self,
        ruleset: &Ruleset,
        order: impl Iterator<Item = &'p String>,
    ) -> (Extracts, Answers) {
        let (mut extracts, mut answers) = (Extracts::new(), Answers::new());
        for path in order {
            let interest = ruleset.interest(path);
            if (interest.manifest || interest.source) && (self.all || !Ruleset::is_vendored(path)) {
                self.extract(ruleset, path, &mut extracts);
            }
        }
        let entries = self.entries();
        let mut seen = std::collections::BTreeSet::new();
        loop {
            let wanted = ruleset.second_round(&entries, &extracts);
            let new: Vec<_> = wanted.into_iter().filter(|wanted| seen.insert(wanted.clone())).collect();
            if new.is_empty() {
                return (extracts, answers);
            }
            for wanted in new {
                match (wanted.ask, &self.nodes[&wanted.path]) {
                    (None, _) => self.extract(ruleset, &wanted.path, &mut extracts),
                    (Some(ask), Node::File(content)) => {
                        let answer = Ruleset::answer(&ask, content);
                        answers.insert((wanted.path, ask), answer);
                    }
                    (Some(_), _) => {}
                }
            }
        }
    }

    /// Scans the tree.
    pub(crate) fn assemble(&self) -> Assembly {
        let (ruleset, problems) = self.ruleset();
        let (extracts, answers) = self.read(&ruleset, self.nodes.keys());
        let (mut assembly, _) = self.join(&ruleset, &extracts, &answers, &[]);
        assembly.problems.splice(0..0, problems);
        assembly
    }

    /// Joins what was read, and explains what is asked for.
    pub(crate) fn join(
        &self,
        ruleset: &Ruleset,
        extracts: &Extracts,
        answers: &Answers,
        explain: &[String],
    ) -> (Assembly, Vec<Explanation>) {
        let (entries, submodules) = (self.entries(), self.submodules());
        let input = AssembleInput {
            repository_name: "repository",
            entries: &entries,
            extracts,
            answers,
            submodules: &submodules,
            all: self.all,
        };
        let explanations = explain.iter().map(|path| ruleset.explain(&input, path)).collect();
        (ruleset.assemble(&input), explanations)
    }

    /// The answer, as a case writes it.
    pub(crate) fn answer(&self) -> String {
        let (ruleset, problems) = self.ruleset();
        let (extracts, answers) = self.read(&ruleset, self.nodes.keys());
        let (assembly, explanations) = self.join(&ruleset, &extracts, &answers, &self.explain);
        let mut text = show(&assembly);
        for problem in &problems {
            put(&mut text, &format!("! {}: {}", problem.path.as_deref().unwrap_or("-"), problem.message));
        }
        for explanation in explanations {
            put(&mut text, &format!("? {}", explanation.lines.join("\n  ")));
        }
        text
    }
}

fn put(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// An assembly as a case writes it: a project a line, what is particular about it indented below.
pub(crate) fn show(assembly: &Assembly) -> String {
    let mut text = String::new();
    for project in &assembly.projects {
        put(&mut text, &line_of(project));
        if let Some(description) = &project.description {
            put(&mut text, &format!("    \"{}\"", description.escape_debug()));
        }
        let only_itself = project.manifests.len() == 1
            && project.manifests[0].name.as_deref().is_none_or(|name| name == project.name);
        for manifest in project.manifests.iter().filter(|_| !only_itself) {
            let (name, version) = (manifest.name.as_deref(), manifest.version.as_deref());
            put(
                &mut text,
                &format!("    {} {}", manifest.detector, joined(&[Some(&manifest.path), name, version])),
            );
        }
        if let Some(declared) = &project.declared {
            put(&mut text, &format!("    declared {declared}"));
        }
        if !project.documents.is_empty() {
            put(&mut text, &format!("    documents {}", project.documents.join(" ")));
        }
        for problem in &project.problems {
            put(&mut text, &format!("    ! {problem}"));
        }
    }
    let own = assembly.problems.iter().filter(|problem| !is_said_above(problem, assembly));
    for problem in own {
        put(&mut text, &format!("! {}: {}", problem.path.as_deref().unwrap_or("-"), problem.message));
    }
    text
}

fn is_said_above(problem: &Problem, assembly: &Assembly) -> bool {
    let said = |project: &Project| project.problems.iter().any(|said| said.ends_with(&problem.message));
    problem.path.is_some() && assembly.projects.iter().any(said)
}

fn line_of(project: &Project) -> String {
    let version = project.version.as_deref().map(|version| format!("@ {version}"));
    let parent = project.parent_path.as_deref().map(|parent| format!("< {parent}"));
    let workspace = project.workspace_path.as_deref().map(|workspace| format!("in {workspace}"));
    let tasks =
        (project.total_tasks > 0).then(|| format!("{}/{}", project.completed_tasks, project.total_tasks));
    let todo = (project.todo_count > 0).then(|| format!("todo {}", project.todo_count));
    let status = (project.status != Status::Active).then(|| project.status.as_str());
    let unpopulated = (!project.populated).then_some("unpopulated");
    let kind = format!("{}/{}", project.project_type, project.role.as_str());
    let name = format!("`{}`", project.name.escape_debug());
    let parts = [
        Some(project.path.as_str()),
        Some(&kind),
        Some(&name),
        version.as_deref(),
        parent.as_deref(),
        workspace.as_deref(),
        tasks.as_deref(),
        status,
        todo.as_deref(),
        unpopulated,
    ];
    joined(&parts)
}

fn joined(parts: &[Option<&str>]) -> String {
    parts.iter().flatten().copied().collect::<Vec<_>>().join(" ")
}

/// `\xNN`, `\n`, `\r`, `\t`, `\\` as the bytes that they stand for.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).expect("two hexadecimal digits follow \\x")
            }
            Some(other) => other,
            None => b'\\',
        });
    }
    bytes
}

/// All case files, sorted, below `fixtures/detectors`.
pub(crate) fn case_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder_entry in folder(&fixtures()) {
        if folder_entry.path().is_dir() {
            files.extend(folder(&folder_entry.path()).map(|file| file.path()));
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "case"));
    files.sort();
    files
}

fn folder(path: &Path) -> impl Iterator<Item = std::fs::DirEntry> {
    std::fs::read_dir(path).expect("the fixtures stand beside the crate").flatten()
}

/// The folder that holds one folder for each detector.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/detectors")
}
