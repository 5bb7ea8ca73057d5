//! The four lists in their three formats, and their pages.

use serde_json::Value;

use super::session::Session;

/// The items as `ndjson` has them are those of `json`, each with its type before the rest.
#[track_caller]
fn assert_lines_are_items(session: &Session, list: &str, kind: &str) {
    let items: Value = serde_json::from_str(&session.results(&[list, "--format", "json"])).unwrap();
    let items = items.as_array().unwrap().clone();
    let lines = session.results(&[list, "--format", "ndjson"]);
    let start = format!("{{\"type\":\"{kind}\",");
    assert!(lines.ends_with('\n') && lines.lines().all(|line| line.starts_with(&start)), "{lines}");
    let lines = lines.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        line.as_object_mut().unwrap().remove("type");
        line
    });
    assert_eq!(lines.collect::<Vec<_>>(), items);
}

#[test]
fn projects() {
    let session = Session::new();
    session.scan();
    insta::assert_snapshot!(session.results(&["projects"]), @r"
    PATH         NAME      TYPE      VERSION  ROLE     STATUS  TASKS  TODO
    .            shop      coditect  1.2.0    primary  active    1/3     0
    packages/ui  @shop/ui  npm                primary  active            1
    ");
    insta::assert_snapshot!(session.results(&["projects", "--all", "--format", "json"]), @r#"
    [
    {"id":"1","path":".","name":"shop","description":null,"version":"1.2.0","project_type":"coditect","role":"primary","populated":true,"submodule":null,"parent_path":null,"workspace_path":null,"status":"active","total_tasks":3,"completed_tasks":1,"todo_count":0,"manifests":[{"detector":"coditect","path":"TASKLIST.md","name":null,"version":null},{"detector":"npm","path":"package.json","name":"shop","version":"1.2.0"}],"declared":null,"documents":[],"problems":[],"repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null},
    {"id":"2","path":"packages/ui","name":"@shop/ui","description":null,"version":null,"project_type":"npm","role":"primary","populated":true,"submodule":null,"parent_path":".","workspace_path":".","status":"active","total_tasks":0,"completed_tasks":0,"todo_count":1,"manifests":[{"detector":"npm","path":"packages/ui/package.json","name":"@shop/ui","version":null}],"declared":null,"documents":[],"problems":[],"repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null},
    {"id":"3","path":"packages/ui/fixtures/empty","name":"empty","description":null,"version":null,"project_type":"npm","role":"fixture","populated":true,"submodule":null,"parent_path":"packages/ui","workspace_path":null,"status":"active","total_tasks":0,"completed_tasks":0,"todo_count":0,"manifests":[{"detector":"npm","path":"packages/ui/fixtures/empty/package.json","name":"empty","version":null}],"declared":null,"documents":[],"problems":[],"repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null}
    ]
    "#);
    insta::assert_snapshot!(session.results(&["projects", "--type", "npm", "--limit", "all"]), @r"
    PATH         NAME      TYPE  ROLE     STATUS  TODO
    packages/ui  @shop/ui  npm   primary  active     1
    ");
    assert_lines_are_items(&session, "projects", "project");
}

#[test]
fn tasks() {
    let session = Session::new();
    session.scan();
    insta::assert_snapshot!(session.results(&["tasks"]), @r"
    ID  STATE  KEY   TITLE                   WHERE                        ASSIGNEE
    1   done   T1    Open                    TASKLIST.md:5
    2   open   T2    Sell                    TASKLIST.md:6
    3   open   T2.1  Weigh                   TASKLIST.md:7
    4   open         TODO: draw it, see #12  packages/ui/src/button.js:1  design
    ");
    insta::assert_snapshot!(session.results(&["tasks", "--format", "json"]), @r##"
    [
    {"id":"1","kind":"checkbox","key":"T1","title":"Open","state":"done","path":"TASKLIST.md","line":5,"parent_id":null,"section":"Soon","tag":null,"assignee":null,"references":[],"project_path":".","project_id":"1","repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null,"number":null,"url":null,"claimed_by":[]},
    {"id":"2","kind":"checkbox","key":"T2","title":"Sell","state":"open","path":"TASKLIST.md","line":6,"parent_id":null,"section":"Soon","tag":null,"assignee":null,"references":[],"project_path":".","project_id":"1","repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null,"number":null,"url":null,"claimed_by":[]},
    {"id":"3","kind":"checkbox","key":"T2.1","title":"Weigh","state":"open","path":"TASKLIST.md","line":7,"parent_id":"2","section":"Soon","tag":null,"assignee":null,"references":[],"project_path":".","project_id":"1","repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null,"number":null,"url":null,"claimed_by":[]},
    {"id":"4","kind":"comment","key":null,"title":"draw it, see #12","state":"open","path":"packages/ui/src/button.js","line":1,"parent_id":null,"section":null,"tag":"TODO","assignee":"design","references":["#12"],"project_path":"packages/ui","project_id":"2","repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"closed_at":null,"number":null,"url":null,"claimed_by":[]}
    ]
    "##);
    insta::assert_snapshot!(session.results(&["tasks", "--state", "open", "--kind", "checkbox"]), @r"
    ID  STATE  KEY   TITLE  WHERE
    2   open   T2    Sell   TASKLIST.md:6
    3   open   T2.1  Weigh  TASKLIST.md:7
    ");
    insta::assert_snapshot!(session.results(&["tasks", "--repo", "work", "--project", "./packages/ui/"]), @r"
    ID  STATE  TITLE                   WHERE                        ASSIGNEE
    4   open   TODO: draw it, see #12  packages/ui/src/button.js:1  design
    ");
    assert_lines_are_items(&session, "tasks", "task");
}

#[test]
fn commits() {
    let session = Session::new();
    session.scan();
    insta::assert_snapshot!(session.results(&["commits"]), @"
    8a0b9322ed  2023-11-14  Somebody                    1 path  Put in a window  closes T1
    30e8e2b113  2023-11-14  Somebody                   5 paths  Open the shop
    ");
    insta::assert_snapshot!(session.results(&["commits", "--format", "json"]), @r##"
    [
    {"id":"1","sha":"8a0b9322ed842f96eb88ca17f1925620dcada489","parents":["30e8e2b1130a31d79128b7c5153b367f7c633318"],"author":{"name":"Somebody","email":"somebody@example.org","time":"2023-11-14T23:15:20+01:00"},"committer":{"name":"Somebody","email":"somebody@example.org","time":"2023-11-14T23:15:20+01:00"},"message":"Put in a window\n\nCloses T1, see #7.\n","paths":["packages/ui/src/window.js"],"path_count":1,"projects":["packages/ui"],"references":[{"target":"#7","relation":"mentions"},{"target":"T1","relation":"closes"}],"repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"links":[{"task_id":"1","kind":"checkbox","key":"T1","relation":"closes","ambiguous":false}]},
    {"id":"2","sha":"30e8e2b1130a31d79128b7c5153b367f7c633318","parents":[],"author":{"name":"Somebody","email":"somebody@example.org","time":"2023-11-14T23:14:20+01:00"},"committer":{"name":"Somebody","email":"somebody@example.org","time":"2023-11-14T23:14:20+01:00"},"message":"Open the shop\n","paths":["TASKLIST.md","package.json","packages/ui/fixtures/empty/package.json","packages/ui/package.json","packages/ui/src/button.js"],"path_count":5,"projects":[".","packages/ui","packages/ui/fixtures/empty"],"references":[],"repository":{"id":"1","name":"work","source_key":"/tmp/work/.git"},"links":[]}
    ]
    "##);
    insta::assert_snapshot!(session.results(&["commits", "--repo", "work", "--project", "."]), @"30e8e2b113  2023-11-14  Somebody                   5 paths  Open the shop");
    assert_lines_are_items(&session, "commits", "commit");
}

#[test]
fn items_are_those_of_the_scan_document() {
    let session = Session::new();
    let document =
        session.results(&["scan", session.root(), "--all", "--commits", "all", "--format", "json"]);
    let document: Value = serde_json::from_str(&document).unwrap();
    // Ids of tasks are places in a scan document, and stored ids here.
    let lists: [(&[&str], &str, &[&str]); 3] = [
        (&["projects", "--all"], "projects", &["id", "repository", "closed_at"]),
        (&["commits"], "commits", &["id", "repository", "links"]),
        (
            &["tasks"],
            "tasks",
            &["id", "parent_id", "project_id", "repository", "closed_at", "number", "url", "claimed_by"],
        ),
    ];
    for (list, name, ours) in lists {
        let mut items = session.items(list);
        let mut expected = document[name].as_array().unwrap().clone();
        for item in items.iter_mut().map(|item| item.as_object_mut().unwrap()) {
            assert!(ours.iter().all(|field| item.remove(*field).is_some()), "{item:?}");
        }
        for item in expected.iter_mut().map(|item| item.as_object_mut().unwrap()) {
            item.retain(|field, _| !ours.contains(&field.as_str()));
        }
        assert_eq!(items, expected);
    }
}

#[test]
fn repositories() {
    let session = Session::new();
    session.scan();
    insta::assert_snapshot!(session.results(&["repos"]), @r"
    REPOSITORY  HEAD        BRANCH  PROJECTS  COMMITS  SCANNED               SOURCE
    work        8a0b9322ed  trunk          3        2  ....-..-..T..:..:..Z  /tmp/work/.git
    ");
    insta::assert_snapshot!(session.results(&["repos", "--format", "json"]), @r#"
    [
    {"id":"1","name":"work","source_key":"/tmp/work/.git","clone_url":null,"branch":"trunk","head":"8a0b9322ed842f96eb88ca17f1925620dcada489","dirty":false,"shallow":false,"history":"complete","projects":3,"tasks":4,"commits":2,"scanned_at":"....-..-..T..:..:..Z","freshness":{"pushed_at":null,"received_at":null,"visible_at":"....-..-..T..:..:..Z","synced_at":null,"waiting_since":null,"visible_after_ms":null}}
    ]
    "#);
    assert_lines_are_items(&session, "repos", "repository");
}

#[test]
fn history_that_was_left_out_is_said() {
    let session = Session::new();
    session.results(&["scan", session.root(), "--no-history"]);
    insta::assert_snapshot!(session.results(&["repos"]), @r"
    REPOSITORY  HEAD        BRANCH  PROJECTS  COMMITS  HISTORY  SCANNED               SOURCE
    work        8a0b9322ed  trunk          3        0  none     ....-..-..T..:..:..Z  /tmp/work/.git
    ");
}

#[test]
fn rows_of_several_repositories_say_which() {
    let (session, other) = (Session::new(), Session::empty());
    session.scan();
    other.made.write("go.mod", "module example.org/till\n");
    other.made.git(&["remote", "add", "origin", "https://me:secret@example.org/acme/till.git"]);
    other.made.commit("Count");
    let till = session.made.beside("till");
    std::fs::rename(&other.made.root, &till).unwrap();
    session.results(&["scan", till.to_str().unwrap()]);
    insta::assert_snapshot!(session.results(&["projects"]), @r"
    REPOSITORY  PATH         NAME              TYPE      VERSION  ROLE     STATUS  TASKS  TODO
    work        .            shop              coditect  1.2.0    primary  active    1/3     0
    work        packages/ui  @shop/ui          npm                primary  active            1
    till        .            example.org/till  go                 primary  active            0
    ");
    insta::assert_snapshot!(session.results(&["commits"]), @"
    work              8a0b9322ed  2023-11-14  Somebody                    1 path  Put in a window  closes T1
    till              a4e85de075  2023-11-14  Somebody                    1 path  Count
    work              30e8e2b113  2023-11-14  Somebody                   5 paths  Open the shop
    ");
    insta::assert_snapshot!(session.results(&["repos"]), @r"
    REPOSITORY  HEAD        BRANCH  PROJECTS  COMMITS  SCANNED               SOURCE
    till        a4e85de075  trunk          1        1  ....-..-..T..:..:..Z  /tmp/till/.git
    work        8a0b9322ed  trunk          3        2  ....-..-..T..:..:..Z  /tmp/work/.git
    ");
    let address = ["projects", "--repo", "https://example.org/acme/till"];
    assert_eq!(session.items(&address).len(), 1);
}

#[test]
fn pages_put_together_are_the_list() {
    let session = Session::new();
    session.scan();
    insta::assert_snapshot!(session.run(&["tasks", "--limit", "1"]).words, @"muster: there are more tasks: --after 1 goes on from here, --limit all shows every one");
    for list in ["projects", "tasks", "commits", "repos"] {
        let whole = session.items(&[list]);
        let mut pages = Vec::new();
        while pages.len() < whole.len() {
            let after = pages.last().map(|item: &Value| item["id"].as_str().unwrap().to_owned());
            let mut arguments = vec![list, "--limit", "1", "--format", "json"];
            arguments.extend(after.iter().flat_map(|after| ["--after", after]));
            let said = session.run(&arguments);
            assert_eq!(said.words.is_empty(), pages.len() + 1 == whole.len(), "{said:?}");
            let page: Vec<Value> = serde_json::from_str(&said.out).unwrap();
            assert_eq!(page.len(), 1);
            pages.extend(page);
        }
        assert_eq!(pages, whole);
    }
    let said = session.run(&["commits", "--after", "2", "--format", "json"]);
    assert_eq!((said.success, said.out.as_str()), (true, "[]\n"));
    insta::assert_snapshot!(said.words, @"muster: there are no commits behind 2");
    insta::assert_snapshot!(session.failure(&["commits", "--after", "main"]), @"muster: failed to list commits: go on behind main: expected the id that the page before ended with");
}

#[test]
fn many_rows_are_followed_over_pages() {
    let session = Session::empty();
    let tasks: String = (1..=2500).map(|number| format!("- [ ] Task {number}\n")).collect();
    session.made.write("TASKLIST.md", tasks);
    session.scan();
    let titles = |arguments: &[&str]| -> Vec<String> {
        let said = session.run(&[arguments, &["--format", "ndjson"]].concat());
        let title =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["title"].as_str().unwrap().to_owned();
        said.out.lines().map(title).collect()
    };
    let all = titles(&["tasks", "--limit", "all"]);
    assert_eq!((all.len(), all[0].as_str(), all[2499].as_str()), (2500, "Task 1", "Task 2500"));
    assert_eq!(titles(&["tasks", "--limit", "2001"]), all[..2001]);
    assert_eq!(titles(&["tasks"]), all[..100]);
}
