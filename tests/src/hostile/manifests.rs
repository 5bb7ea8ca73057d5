//! Manifests and a `.muster.toml` that are broken, bottomless, endless or greedy.

use serde_json::Value;

use super::trial::{Trial, problems, tasks};

/// The problems of each project, by its path.
fn troubles(document: &Value) -> String {
    let told = |project: &Value| {
        let lines: Vec<_> =
            project["problems"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        format!("{}: {}", project["path"].as_str().unwrap(), lines.join("; "))
    };
    document["projects"].as_array().unwrap().iter().map(told).collect::<Vec<_>>().join("\n")
}

#[test]
fn bottomless_manifests_are_broken_ones() {
    let trial = Trial::new();
    let deep = 100_000;
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(deep), close.repeat(deep));
    trial.made.write("json/package.json", nested("[", "]"));
    trial.made.write("object/package.json", nested("{\"a\":", "}"));
    trial.made.write("toml/pyproject.toml", format!("a = {}", nested("[", "]")));
    trial.made.write("dotted/Cargo.toml", format!("[package]\nname = {}", "{a=".repeat(deep)));
    trial.made.write("yaml/package.json", "{\"name\": \"yaml\"}");
    trial.made.write("yaml/pnpm-workspace.yaml", format!("packages: {}", nested("[", "]")));
    trial.made.write(
        "lists/TASKLIST.md",
        (0..5_000).map(|depth| format!("{}- [ ] x\n", " ".repeat(depth.min(90)))).collect::<String>(),
    );
    trial.made.write("quotes/TASKLIST.md", format!("{} - [ ] x\n", ">".repeat(deep)));
    insta::assert_snapshot!(troubles(&trial.document()), @r"
.: 
dotted: Cargo.toml: not valid TOML: cannot recurse further; max recursion depth met (line 2, column 248)
json: package.json: not valid JSON: recursion limit exceeded (line 1, column 128)
lists: 
object: package.json: not valid JSON: recursion limit exceeded (line 1, column 636)
quotes: 
toml: pyproject.toml: not valid TOML: cannot recurse further; max recursion depth met (line 1, column 85)
yaml: pnpm-workspace.yaml: not valid YAML: recursion limit exceeded (line 1, column 75)
");
}

#[test]
fn a_yaml_that_multiplies_itself_is_refused() {
    let trial = Trial::new();
    let mut yaml = "a: &a [\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\",\"x\"]\n".to_owned();
    for (before, name) in ('a'..='m').zip('b'..='n') {
        yaml += &format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(","));
    }
    trial.made.write("package.json", "{\"name\": \"bomb\"}");
    trial.made.write("pnpm-workspace.yaml", yaml + "packages: *n\n");
    insta::assert_snapshot!(troubles(&trial.document()), @".: pnpm-workspace.yaml: not valid YAML: alias replay limit exceeded: total_replayed_events=100001 > 100000 at line 1, column 32 (defined at line 5, column 7) (used at line 6, column 8) (line 6, column 8)");
}

#[test]
fn odd_manifests_still_make_projects() {
    let trial = Trial::new();
    for (path, content) in [
        ("bom/package.json", &b"\xef\xbb\xbf{\"name\": \"bom\"}"[..]),
        ("crlf/Cargo.toml", b"[package]\r\nname = \"crlf\"\r\nversion = \"1.0.0\"\r\n"),
        ("comments/package.json", b"// a comment\n{\"name\": \"comments\"}"),
        ("twice/package.json", b"{\"name\": \"one\", \"name\": \"two\"}"),
        ("empty/package.json", b""),
        ("nul/package.json", b"{\"name\": \"a\0b\"}"),
        ("utf16/Cargo.toml", b"\xff\xfe[\0p\0"),
        ("wrong/package.json", b"{\"name\": [1], \"version\": {}, \"workspaces\": 7}"),
    ] {
        trial.made.write(path, content);
    }
    trial.made.write("huge/package.json", format!("{{\"name\": \"{}\"}}", "x".repeat(100_000_000)));
    let document = trial.document();
    insta::assert_snapshot!(troubles(&document), @r"
.: 
bom: 
comments: package.json: not valid JSON: expected value (line 1, column 1)
crlf: 
empty: package.json: the file is empty
huge: package.json: not read: 100000012 bytes, more than the limit of 1048576
nul: package.json: not valid JSON: control character (\u0000-\u001F) found while parsing a string (line 1, column 12)
twice: 
utf16: Cargo.toml: not UTF-8 at line 1, column 1
wrong: package.json: `name` is not text; package.json: `version` is not text; package.json: `workspaces` is not a list
");
    let names: Vec<_> =
        document["projects"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    insta::assert_snapshot!(names.join(", "), @"work, bom, comments, crlf, empty, huge, nul, two, utf16, wrong");
}

#[test]
fn a_greedy_muster_toml_is_told_off() {
    let greedy = |content: &str| {
        let trial = Trial::with_a_commit();
        trial.made.write(".muster.toml", content);
        let document = trial.document();
        assert_eq!(tasks(&document), ["a.rs: seen"]);
        problems(&document).join("\n")
    };
    insta::assert_snapshot!(greedy(&"#".repeat(65 * 1024)), @"configuration | .muster.toml | 66560 bytes are too many (at most 65536); it is not read");
    insta::assert_snapshot!(greedy("database = \"/tmp/x\"\n[roles]\nsrc = \"vendored\"\n\"../up\" = \"docs\"\n"), @r"
configuration | .muster.toml | [roles] `../up` points outside the repository
configuration | .muster.toml | [roles] `src`: not one of primary, example, docs, bench, fixture, template
configuration | .muster.toml | `database` may not be set by a repository: ignored
");
    insta::assert_snapshot!(greedy("tasklists = [\"../outside/TASKLIST.md\", \"/etc/passwd\"]\n"), @r#"configuration | .muster.toml | `tasklists`: "../outside/TASKLIST.md" is not a path or glob"#);
    insta::assert_snapshot!(greedy("[[detector]]\ntype = \"npm\"\nglob = \"*.rs\"\n"), @"configuration | .muster.toml | [[detector]] number 1 takes the built-in type `npm`: left out");
    insta::assert_snapshot!(greedy("["), @"configuration | .muster.toml | not valid TOML: unquoted keys cannot be empty, expected letters, numbers, `-`, `_` (line 1, column 2)");
    let many =
        (0..51).map(|n| format!("[[detector]]\ntype = \"t{n}\"\nglob = \"x{n}\"\n")).collect::<String>();
    insta::assert_snapshot!(greedy(&many), @"configuration | .muster.toml | 51 detectors: only the first 50 are used");
    let bottomless = format!("a = {}", "[".repeat(60_000));
    assert!(greedy(&bottomless).starts_with("configuration | .muster.toml | not valid TOML"));
}
