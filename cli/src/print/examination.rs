//! What the doctor found: a check a line, with what to do below it.

use std::io::{self, Write};

use anstyle::Style;
use muster_store::{Check, Examination, Verdict};
use serde::Serialize;

use super::amounts::counted;
use super::style::{ERROR, FAINT, GOOD, Look, STRONG, WARNING};
use super::visible::visible;

/// A check as scripts read it.
#[derive(Serialize)]
struct CheckItem<'a> {
    subject: &'a str,
    verdict: &'a str,
    says: &'a str,
    mend: Option<&'a str>,
    /// The rule of the audit and the object that breaks it.
    rule: Option<&'a str>,
    object: Option<&'a str>,
}

impl<'a> From<&'a Check> for CheckItem<'a> {
    fn from(check: &'a Check) -> Self {
        Self {
            subject: check.subject,
            verdict: check.verdict.as_str(),
            says: &check.says,
            mend: check.mend.as_deref(),
            rule: check.finding.as_ref().map(|(rule, _)| rule.as_str()),
            object: check.finding.as_ref().map(|(_, object)| object.as_str()),
        }
    }
}

/// What stands before the checks.
#[derive(Serialize)]
struct Head<'a> {
    database: &'a str,
    engine: String,
    fine: bool,
}

impl<'a> From<&'a Examination> for Head<'a> {
    fn from(examination: &'a Examination) -> Self {
        let Examination { database, engine, .. } = examination;
        Self { database, engine: engine.as_str().to_lowercase(), fine: examination.is_fine() }
    }
}

/// A line that says what it is.
#[derive(Serialize)]
struct Typed<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(flatten)]
    item: &'a T,
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Fine => GOOD,
        Verdict::Note => WARNING,
        Verdict::Wrong => ERROR,
    }
}

/// For people.
pub(crate) fn write_table(out: &mut impl Write, examination: &Examination, look: &Look) -> io::Result<()> {
    writeln!(out, "{}\n", look.paint(STRONG, &visible(&examination.database)))?;
    let width = examination.checks.iter().map(|check| check.subject.len()).max().unwrap_or(0);
    for check in &examination.checks {
        let verdict = format!("{:5}", check.verdict.as_str());
        let (verdict, subject) = (look.paint(style(check.verdict), &verdict), check.subject);
        writeln!(out, "{verdict}  {subject:width$}  {}", visible(&check.says))?;
        if let Some(mend) = &check.mend {
            let arrow = look.paint(FAINT, look.glyph("→", "->"));
            writeln!(out, "       {:width$}  {arrow} {}", "", visible(mend))?;
        }
    }
    let wrong = examination.checks.iter().filter(|check| check.verdict == Verdict::Wrong).count() as u64;
    let end = match wrong {
        0 => look.paint(GOOD, "nothing is wrong").to_string(),
        1 => look.paint(ERROR, "1 thing is wrong").to_string(),
        _ => look.paint(ERROR, &format!("{} are wrong", counted(wrong, "thing"))).to_string(),
    };
    writeln!(out, "\n{end}")
}

/// One JSON object, a check a line.
pub(crate) fn write_json(out: &mut impl Write, examination: &Examination) -> io::Result<()> {
    let head = serde_json::to_string(&Head::from(examination))?;
    write!(out, "{},\"checks\":[", head.trim_end_matches('}'))?;
    for (at, check) in examination.checks.iter().enumerate() {
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &CheckItem::from(check))?;
    }
    out.write_all(b"\n]}\n")
}

/// A JSON object a line: what was examined, then each check.
pub(crate) fn write_lines(out: &mut impl Write, examination: &Examination) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Typed { kind: "examination", item: &Head::from(examination) })?;
    for check in &examination.checks {
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut *out, &Typed { kind: "check", item: &CheckItem::from(check) })?;
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use muster_store::isolation::{Engine, Rule};

    use super::*;

    fn examination() -> Examination {
        let check = |subject, verdict, says: &str, mend: Option<&str>, finding| Check {
            subject,
            verdict,
            says: says.to_owned(),
            mend: mend.map(str::to_owned),
            finding,
        };
        let finding = Some((Rule::RowSecurityOff, "tasks".to_owned()));
        Examination {
            database: "postgres://h/d\u{1b}".to_owned(),
            engine: Engine::Postgres,
            checks: vec![
                check("server", Verdict::Fine, "PostgreSQL 15.18", None, None),
                check("login", Verdict::Note, "it is above", Some("log in as another"), None),
                check("isolation", Verdict::Wrong, "tasks: it is off", Some("alter table tasks"), finding),
            ],
        }
    }

    fn text(write: impl Fn(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn people_read_a_check_a_line_and_what_to_do_below() {
        let shown = text(|out| write_table(out, &examination(), &Look::PLAIN));
        insta::assert_snapshot!(shown, @r"
        postgres://h/d\u{1b}

        fine   server     PostgreSQL 15.18
        note   login      it is above
                          → log in as another
        wrong  isolation  tasks: it is off
                          → alter table tasks

        1 thing is wrong
        ");
    }

    #[test]
    fn scripts_read_one_object_or_one_a_line() {
        insta::assert_snapshot!(text(|out| write_json(out, &examination())), @r#"
        {"database":"postgres://h/d\u001b","engine":"postgresql","fine":false,"checks":[
        {"subject":"server","verdict":"fine","says":"PostgreSQL 15.18","mend":null,"rule":null,"object":null},
        {"subject":"login","verdict":"note","says":"it is above","mend":"log in as another","rule":null,"object":null},
        {"subject":"isolation","verdict":"wrong","says":"tasks: it is off","mend":"alter table tasks","rule":"row-security-off","object":"tasks"}
        ]}
        "#);
        let json: serde_json::Value =
            serde_json::from_str(&text(|out| write_json(out, &examination()))).unwrap();
        assert_eq!((json["fine"].as_bool(), json["checks"].as_array().map(Vec::len)), (Some(false), Some(3)));
        insta::assert_snapshot!(text(|out| write_lines(out, &examination())), @r#"
        {"type":"examination","database":"postgres://h/d\u001b","engine":"postgresql","fine":false}
        {"type":"check","subject":"server","verdict":"fine","says":"PostgreSQL 15.18","mend":null,"rule":null,"object":null}
        {"type":"check","subject":"login","verdict":"note","says":"it is above","mend":"log in as another","rule":null,"object":null}
        {"type":"check","subject":"isolation","verdict":"wrong","says":"tasks: it is off","mend":"alter table tasks","rule":"row-security-off","object":"tasks"}
        "#);
    }
}
