//! The command line and the server run the same functions: a scan of a repository and the webhooks of its making leave the same
//! rows.

use super::site::on_both;
use super::state::present;
use crate::made::Made;
use crate::receive::scene::{keys, open};

const ALPHA: i64 = 101;

/// What the service knows of a repository beyond what Git says: where it is hosted, and what a hook says of it.
fn as_scanned(text: &str, address: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("installation_repositories "));
    let lines = lines.map(|line| {
        let line = line.replace(&format!("github:{ALPHA}"), address);
        match line.strip_prefix("repositories ") {
            Some(columns) => {
                let of_git = [
                    "branch=",
                    "clone_url=",
                    "dirty=",
                    "extractor_version=",
                    "head=",
                    "history=",
                    "shallow=",
                ];
                let kept =
                    columns.split(' ').filter(|column| of_git.iter().any(|name| column.starts_with(name)));
                format!("repositories {}", kept.collect::<Vec<_>>().join(" "))
            }
            None => line,
        }
    });
    let mut lines: Vec<String> = lines.collect();
    lines.sort();
    lines.join("\n")
}

/// Some commits, one at a time.
fn commit(made: &Made, n: usize) {
    match n {
        0 => {
            made.write("package.json", r#"{"name": "shop", "workspaces": ["packages/*"]}"#);
            made.write(
                "TASKLIST.md",
                "# Shop\n\n- [ ] T1: Sell\n- [ ] AB-2: Weigh\n  - [ ] AB-2.1: Ounces\n",
            );
        }
        1 => made.write("packages/ui/package.json", r#"{"name": "@shop/ui"}"#),
        2 => made.write("packages/ui/button.js", "// TODO(design): draw it, see #12\n"),
        3 => made.write("TASKLIST.md", "# Shop\n\n- [ ] New: first\n- [x] T1: Sell\n- [ ] AB-2: Weigh it\n"),
        4 => made.remove("packages/ui/button.js"),
        _ => made.write("tools/Cargo.toml", "[package]\nname = \"tools\"\nversion = \"1.0.0\"\n"),
    }
    made.commit(&format!("Step {n}\n\nCloses T1, see AB-2 and #{n}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_and_the_webhooks_leave_the_same_rows() {
    on_both(async |site| {
        site.forge.create(ALPHA, "acme/alpha");
        site.connect(ALPHA).await;
        for n in 0..6 {
            commit(site.forge.made(ALPHA), n);
            site.forge.push(ALPHA);
            site.deliver().await;
        }
        let address = format!("{}/acme/alpha", site.base());
        let heard = as_scanned(&present(&site.tenant).await, &address);
        // Somebody with an own database, who scans once.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.db");
        let mut scan = site.command(&["scan", &address, "--format", "json"]);
        let said = scan.env("DATABASE_URL", &path).output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let store = open(&muster_store::DatabaseUrl::Sqlite(path), keys()).await;
        let tenant = store.tenant_by_subdomain("default").await.unwrap().unwrap();
        let scanned = as_scanned(&present(&store.tenant(tenant.id)).await, &address);
        store.close().await;
        crate::incremental::assert_same_text(&scanned, &heard, "a scan and webhooks differ");
        assert!(heard.lines().filter(|line| line.starts_with("commits ")).count() == 6, "{heard}");
    })
    .await;
}
