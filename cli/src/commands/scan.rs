//! `muster scan`: open, read, save, print.
//!
//! The tree is read first and whole, for everything printed depends on it; commits are streamed through, to the
//! database and to the output at once, so that a long history takes no memory.

mod history;
mod opened;
mod saving;

use std::io::Write;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::{Context as _, Result};
use muster_engine::{Presentation, Scan, ScanOptions};
use muster_model::Document;
use muster_scanner::Source;

use super::quota;
use crate::args::{Count, Format, ScanArgs};
use crate::context::Context;
use crate::print::json::{DocumentWriter, Shape};
use crate::print::progress::Indicator;
use crate::print::style::Look;
use crate::print::{lists, tree};
use opened::Opened;
use saving::Saving;

/// Runs it.
pub(crate) fn run(args: &ScanArgs, context: &Context) -> Result<()> {
    let began = Instant::now();
    let cancelled = crate::interrupt::flag()?;
    let indicator = context.indicator();
    let opened = opened::open(args, context, &indicator, &cancelled).context("scan")?;
    let options = ScanOptions {
        user_rules: context.settings.detectors.as_deref(),
        all: args.all,
        submodules: !args.no_submodules,
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        progress: &indicator,
        cancelled: &cancelled,
    };
    if let Some(path) = &args.explain {
        return explain(path, &opened.source, options, context, &indicator);
    }
    let Opened { source, shown } = opened;
    let mut saving = Saving::begin(args, context)?;
    let known = match &mut saving {
        Some(saving) => saving.known_tree(&source, options.user_rules)?,
        None => None,
    };
    let scan = muster_engine::scan(source, options, known.as_ref()).context("scan")?;
    drop(known);
    let mut beyond = None;
    if let Some(saving) = &mut saving {
        saving.save(&scan)?;
        beyond = saving.projects_beyond_quota()?;
    }
    let run = Run { args, context, indicator: &indicator, cancelled: &cancelled, began, options, shown };
    run.print(&scan, saving.as_ref())?;
    if let Some(saving) = &saving {
        saving.link()?;
    }
    quota::say_what_is_beyond(beyond, context);
    Ok(())
}

fn explain(
    path: &str,
    source: &Source,
    options: ScanOptions<'_>,
    context: &Context,
    indicator: &Indicator,
) -> Result<()> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let path = if path.is_empty() { "." } else { path };
    let explanation = muster_engine::explain(source, options, path).context("scan")?;
    indicator.end();
    if !explanation.is_in_tree {
        anyhow::bail!(
            "explain {path}: nothing stands there in this tree; paths are taken from the root of the repository"
        );
    }
    let mut out = context.output();
    for line in explanation.lines {
        writeln!(out, "{}", crate::print::visible::visible(&line))?;
    }
    Ok(out.flush()?)
}

/// What printing needs to know.
struct Run<'a> {
    args: &'a ScanArgs,
    context: &'a Context,
    indicator: &'a Indicator,
    cancelled: &'a AtomicBool,
    began: Instant,
    options: ScanOptions<'a>,
    shown: String,
}

impl Run<'_> {
    fn print(&self, scan: &Scan, saving: Option<&Saving<'_>>) -> Result<()> {
        let saving = saving.filter(|_| !self.args.no_history);
        let wants_history = self.args.commits.is_some() || saving.is_some();
        let walked = if wants_history { scan.source.history(self.indicator, self.cancelled) } else { None };
        let walked = walked.transpose().context("read history")?;
        let presentation = Presentation {
            source: self.shown.clone(),
            revision: self.args.rev.as_deref(),
            version: env!("CARGO_PKG_VERSION"),
            all: self.args.all,
            commit_count: walked.as_ref().map(|history| history.ids.len() as u64),
            elapsed: self.began.elapsed(),
        };
        let mut document = muster_engine::present(scan, &presentation);
        let with_commits = self.args.commits.is_some();
        // A tree is for people: it is printed once everything is known. A document is streamed.
        let mut printer = match self.args.format {
            Format::Table => Printer::Tree { commits: Vec::new() },
            Format::Json => Printer::begin(Shape::Document, &document, with_commits, self.context)?,
            Format::Ndjson => Printer::begin(Shape::Lines, &document, with_commits, self.context)?,
        };
        let mut truncated = false;
        if let Some(history) = walked {
            let end = history::stream(self, scan, &history, saving, self.wanted(), &mut printer)?;
            truncated = end.truncated;
            document.problems.extend(end.problems);
            document.problems.sort();
        }
        if let Some(saving) = saving {
            history::save_submodules(self, scan, saving, &mut printer)?;
        }
        document.stats.elapsed_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.indicator.end();
        printer.finish(&document, truncated, self.context)?;
        if document.projects.is_empty() {
            let below = &scan.source.narrowed;
            self.context.say(&format!(
                "no project lies at or below {below}; --explain {below} says to which it belongs"
            ));
        }
        if self.args.rev.is_some() && !self.args.no_save {
            self.context
                .say("a revision is printed, not saved: the database holds the present state of one line");
        }
        Ok(())
    }

    /// How many commits are to be printed.
    fn wanted(&self) -> usize {
        match self.args.commits {
            None => 0,
            Some(Count::All) => usize::MAX,
            Some(Count::Number(count)) => usize::try_from(count.get()).unwrap_or(usize::MAX),
        }
    }
}

/// Where results go while they come.
enum Printer {
    Tree { commits: Vec<u8> },
    Document(Box<DocumentWriter<crate::output::Output<std::io::StdoutLock<'static>>>>),
}

impl Printer {
    fn begin(shape: Shape, document: &Document, with_commits: bool, context: &Context) -> Result<Self> {
        let writer = DocumentWriter::begin(context.output(), shape, document, with_commits)?;
        Ok(Self::Document(Box::new(writer)))
    }

    fn commit(&mut self, commit: &muster_model::CommitLine, look: &Look) -> Result<()> {
        match self {
            Self::Tree { commits } => lists::write_commit(commits, commit, look)?,
            Self::Document(writer) => writer.commit(commit)?,
        }
        Ok(())
    }

    fn finish(self, document: &Document, truncated: bool, context: &Context) -> Result<()> {
        match self {
            Self::Document(writer) => Ok(writer.finish(document, truncated)?),
            Self::Tree { commits } => {
                let mut out = context.output();
                tree::write_tree(&mut out, document, &context.look)?;
                if !commits.is_empty() {
                    writeln!(out)?;
                    out.write_all(&commits)?;
                }
                Ok(out.flush()?)
            }
        }
    }
}
