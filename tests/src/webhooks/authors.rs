//! Whoever wrote a commit is told as Git has it, however odd, and whatever the delivery says of him.

use std::fmt::Write as _;

use muster_store::CommitFilter;
use serde_json::json;

use super::site::{Site, on_both};

const ALPHA: i64 = 101;

/// The commits of the tenant, oldest first: their subjects and whose they are, long ones cut.
async fn authors(site: &Site) -> String {
    let mut text = String::new();
    for row in site.tenant.list_commits(&CommitFilter::default()).await.unwrap().items.iter().rev() {
        let (commit, author) = (&row.commit, &row.commit.author);
        let cut = |text: &str| match text.chars().count() {
            0..60 => text.to_owned(),
            count => format!("{}... ({count})", text.chars().take(8).collect::<String>()),
        };
        writeln!(text, "{}: {:?} <{}>", commit.message.trim_end(), cut(&author.name), cut(&author.email))
            .unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_authors_are_shown_as_git_has_them() {
    on_both(async |site| {
        site.forge.create(ALPHA, "acme/alpha");
        site.connect(ALPHA).await;
        let long = format!("Long <{}@example.org>", "a".repeat(400));
        let odd = [
            ("lower case", "Ada <ada@example.org>"),
            ("upper case", "ADA <Ada@Example.ORG>"),
            ("no reply", "ada <3900002+ada@users.noreply.github.com>"),
            ("another no reply", "ada <ada@users.noreply.github.com>"),
            ("a machine", "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"),
            ("longer than an address may be", &long),
            ("no @", "Ada <ada at example dot org>"),
            ("no address", "Ada <>"),
            ("two @", "Ada <ada@home@example.org>"),
            ("not in ASCII", "Ada L\u{f8}vel\u{e5}s \u{202e}\u{1f511} <\u{e5}da@b\u{fc}cher.example>"),
        ];
        let made = site.forge.made(ALPHA);
        for (subject, author) in odd {
            made.wait();
            made.git(&["commit", "--quiet", "--allow-empty", "-m", subject, "--author", author]);
        }
        site.forge.push(ALPHA);
        // What the delivery says of them is passed over, and need not be anything.
        let body = &mut site.forge.sent.last_mut().unwrap().body;
        let told = [json!(null), json!({}), json!({"name": null, "email": 7}), json!("nobody")];
        for (commit, author) in body["commits"].as_array_mut().unwrap().iter_mut().zip(told) {
            (commit["author"], commit["committer"]) = (author.clone(), author);
        }
        body["pusher"] = json!({"name": "a".repeat(1000), "email": "a".repeat(1000)});
        site.deliver().await;
        let shown = authors(site).await;
        insta::allow_duplicates! { insta::assert_snapshot!(shown, @r#"
        lower case: "Ada" <ada@example.org>
        upper case: "ADA" <Ada@Example.ORG>
        no reply: "ada" <3900002+ada@users.noreply.github.com>
        another no reply: "ada" <ada@users.noreply.github.com>
        a machine: "dependabot[bot]" <49699333+dependabot[bot]@users.noreply.github.com>
        longer than an address may be: "Long" <aaaaaaaa... (412)>
        no @: "Ada" <ada at example dot org>
        no address: "Ada" <>
        two @: "Ada" <ada@home@example.org>
        not in ASCII: "Ada Løvelås \u{202e}🔑" <åda@bücher.example>
        "#); }
        // The same names once more: nobody is there twice.
        site.forge.made(ALPHA).wait();
        site.forge.made(ALPHA).git(&["commit", "--quiet", "--allow-empty", "-m", "again", "--author", &long]);
        site.forge.push(ALPHA);
        site.deliver().await;
        let shown = site.command(&["commits", "--tenant", "acme", "--format", "ndjson"]).output().unwrap();
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert_eq!(shown.lines().count(), odd.len() + 1, "{shown}");
        assert_eq!(shown.matches(&format!("{}@example.org", "a".repeat(400))).count(), 2, "{shown}");
    })
    .await;
}
