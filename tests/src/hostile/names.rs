//! Names that Git allows and people do not expect, and what a terminal would make of them.

use super::trial::{Trial, problems, tasks};

#[test]
fn every_name_that_git_allows_is_read_alike_from_folder_and_commit() {
    let trial = Trial::new();
    let long = format!("{}.rs", "x".repeat(247));
    let names: [&[u8]; 12] = [
        b"a b.rs",
        "ü.rs".as_bytes(),
        b"[x].rs",
        b"*.rs",
        b"?.rs",
        b"{a,b}.rs",
        b"!not.rs",
        b"#hash.rs",
        b"back\\slash.rs",
        b"new\nline.rs",
        b"-dash.rs",
        b"%41.rs",
    ];
    for name in names {
        trial.made.write(name, "// TODO: seen\n");
    }
    trial.made.write(&long, "// TODO: seen\n");
    trial.made.write(b"bad\xff%.rs", "// TODO: seen\n");
    trial.made.write(format!("{}a.rs", "level/".repeat(19)), "// TODO: seen\n");
    trial.made.write(format!("{}/a.rs", vec!["0123456789abcdef"; 15].join("/")), "// TODO: seen\n");
    trial.made.commit("All");
    let folder = trial.document();
    assert_eq!(tasks(&folder).len(), 16, "{:?}", tasks(&folder));
    insta::assert_snapshot!(problems(&folder).join("\n"), @"path_not_utf8 | bad%FF%25.rs | the path is not UTF-8; it is shown percent-encoded");
    let commit = trial.document_with(&["--rev", "HEAD"]);
    assert_eq!((tasks(&commit), problems(&commit)), (tasks(&folder), problems(&folder)));
}

#[test]
fn paths_longer_than_a_database_can_look_up_are_told() {
    let trial = Trial::new();
    let directory = |levels: usize| vec!["0123456789".repeat(20); levels].join("/");
    trial.made.write(format!("{}/a.rs", directory(9)), "// TODO: seen\n");
    trial.made.write(format!("{}/a.rs", directory(10)), "// TODO: too far\n");
    trial.made.commit("All");
    let folder = trial.document();
    assert!(tasks(&folder).len() == 1 && tasks(&folder)[0].ends_with(": seen"));
    let told = problems(&folder);
    assert!(
        told.len() == 1 && told[0].ends_with("... | the path is longer than 2000 bytes; left out"),
        "{told:?}"
    );
    let commit = trial.document_with(&["--rev", "HEAD"]);
    assert_eq!((tasks(&commit), problems(&commit)), (tasks(&folder), told));
    trial.made.git(&["rm", "--quiet", "--cached", "-r", "."]);
    assert_eq!(problems(&trial.document()).len(), 1, "untracked");
}

#[test]
fn six_hundred_levels_are_told() {
    let trial = Trial::new();
    let id = trial.made.git_bytes(&trial.made.root, &["hash-object", "-w", "--stdin"], b"// TODO: deep\n");
    let id = String::from_utf8(id).unwrap();
    let mut tree = format!("100644 blob {}\ta.rs\n", id.trim());
    for _ in 0..600 {
        let made = trial.made.git_bytes(&trial.made.root, &["mktree"], tree.as_bytes());
        tree = format!("040000 tree {}\td\n", String::from_utf8(made).unwrap().trim());
    }
    let made = trial.made.git_bytes(&trial.made.root, &["mktree"], tree.as_bytes());
    let commit = trial.made.git(&["commit-tree", "-m", "Deep", String::from_utf8(made).unwrap().trim()]);
    let document = trial.document_with(&["--rev", commit.trim()]);
    assert_eq!(tasks(&document), [""; 0]);
    let told = problems(&document);
    assert!(
        told[0].starts_with("limit_reached | d/d/")
            && told[0].ends_with("deeper than 512 directories; left out")
    );
    // The same on disk, without Git.
    trial.made.write(format!("{}a.rs", "d/".repeat(550)), "// TODO: deep\n");
    std::fs::remove_dir_all(trial.made.root.join(".git")).unwrap();
    assert_eq!(problems(&trial.document()), told[..1]);
}

#[test]
fn terminals_are_not_spoken_to() {
    let trial = Trial::new();
    // An escape sequence, an operating system command, a direction override, a zero-width space.
    let evil = "\u{1b}[31m \u{1b}]8;;http://x\u{7} \u{202e} \u{200b}";
    trial.made.write(
        format!("dir{evil}x/package.json").replace("http://x", "h"),
        serde_json::json!({"name": format!("name{evil}"), "version": format!("1{evil}")}).to_string(),
    );
    trial.made.write("TASKLIST.md", format!("## Part{evil}\n\n- [ ] title{evil}end\n"));
    trial.made.write("broken{evil}/package.json".replace("{evil}", evil).replace("http://x", "h"), "{\u{1b}");
    trial.made.commit(&format!("message{evil}end"));
    trial.made.git(&["branch", "-m", "b\u{202e}ranch"]);
    let shown = trial.run(&["scan", ".", "--commits", "all"]);
    assert_eq!(shown.code, Some(0), "{}", shown.words);
    let lists = ["projects", "tasks", "commits", "repos"].map(|list| trial.run(&[list]));
    let explained = trial.run(&["scan", ".", "--no-save", "--explain", "dir"]);
    let refused = trial.run(&["scan", &format!("nowhere{evil}")]);
    for ended in lists.iter().chain([&shown, &explained, &refused]) {
        let text = format!("{}{}", ended.out, ended.words);
        let speaks = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}'..='\u{200f}')
        };
        assert!(!text.contains(speaks), "{text:?}");
    }
    assert!(lists.iter().all(|ended| ended.code == Some(0)), "{lists:?}");
    let document = trial.document_with(&["--commits", "all"]);
    assert_eq!(document["commits"][0]["message"], format!("message{evil}end\n"));
    assert_eq!(document["repository"]["branch"], "b\u{202e}ranch");
    let names = document["projects"].to_string();
    assert!(names.contains("name\\u001b[31m"), "{names}");
}
