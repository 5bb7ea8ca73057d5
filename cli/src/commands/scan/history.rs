//! Streaming history: each commit goes to the output, to the database, or to both, newest first.

use std::collections::HashSet;
use std::ops::ControlFlow;

use anyhow::{Context as _, Result};
use muster_engine::{CommitReader, ReadCommit, Scan};
use muster_model::{ObjectId, Problem, is_within};
use muster_scanner::History;

use super::saving::Saving;
use super::{Printer, Run};

/// How it ended.
pub(super) struct Streamed {
    /// There are more commits than were to be printed.
    pub(super) truncated: bool,
    /// What could not be read.
    pub(super) problems: Vec<Problem>,
}

/// Reads what is to be printed (the newest `wanted`) and what is not yet saved, once.
pub(super) fn stream(
    run: &Run<'_>,
    scan: &Scan,
    history: &History,
    saving: Option<&Saving<'_>>,
    wanted: usize,
    printer: &mut Printer,
) -> Result<Streamed> {
    let begun = match saving {
        Some(saving) => saving.begin_history(scan, &history.ids)?.map(|begun| (saving, begun)),
        None => None,
    };
    let (mut writer, new): (_, HashSet<ObjectId>) = match begun {
        Some((saving, (writer, missing))) => (Some((saving, writer)), missing.into_iter().collect()),
        None => (None, HashSet::new()),
    };
    let narrowed = scan.source.narrowed.as_str();
    let selection = select(history, wanted, &new, narrowed);
    let reader = CommitReader::new(scan, run.args.all);
    let mut sink = Sink { run, wanted, printer, narrowed, printed: 0, truncated: false, unsaved: new.len() };
    let mut failure = None;
    let mut receive = |batch: Vec<ReadCommit>| {
        for read in batch {
            let step = sink.take(read, &new, &mut writer);
            match step {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return ControlFlow::Break(()),
                Err(error) => {
                    failure = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    };
    let options = &run.options;
    let (progress, cancelled) = (options.progress, options.cancelled);
    let end = reader.read_history(history, &selection, options.threads, progress, cancelled, &mut receive);
    let end = end.context("read history")?;
    if let Some(error) = failure {
        return Err(error);
    }
    let truncated = sink.truncated || (narrowed == "." && wanted < history.ids.len());
    let problems = [&history.problems[..], &end.problems].concat();
    if let Some((saving, writer)) = writer {
        saving.wait(writer.finish(&Saving::end(scan, &problems), saving.now()))?;
    }
    Ok(Streamed { truncated: truncated && wanted > 0, problems })
}

/// Saves the histories of submodules, each that of a repository of its own, and prints none of them.
pub(super) fn save_submodules(
    run: &Run<'_>,
    scan: &Scan,
    saving: &Saving<'_>,
    printer: &mut Printer,
) -> Result<()> {
    for (_, child) in &scan.children {
        save_submodules(run, child, saving, printer)?;
        if let Some(history) = child.source.history(run.indicator, run.cancelled) {
            let history = history.context("read the history of a submodule")?;
            stream(run, child, &history, Some(saving), 0, printer)?;
        }
    }
    Ok(())
}

/// Without narrowing it is known beforehand which commits are printed; with it, any may be.
fn select(history: &History, wanted: usize, new: &HashSet<ObjectId>, narrowed: &str) -> Vec<ObjectId> {
    let printed = |place: usize| place < wanted || (narrowed != "." && wanted > 0);
    let ids = history.ids.iter().enumerate();
    ids.filter(|(place, id)| printed(*place) || new.contains(*id)).map(|(_, id)| *id).collect()
}

struct Sink<'a> {
    run: &'a Run<'a>,
    wanted: usize,
    printer: &'a mut Printer,
    narrowed: &'a str,
    printed: usize,
    truncated: bool,
    unsaved: usize,
}

impl Sink<'_> {
    fn take(
        &mut self,
        read: ReadCommit,
        new: &HashSet<ObjectId>,
        writer: &mut Option<(&Saving<'_>, muster_engine::HistoryWriter)>,
    ) -> Result<ControlFlow<()>> {
        let wanted = self.wanted;
        if self.narrowed == "." || read.commit.paths.iter().any(|path| is_within(path, self.narrowed)) {
            if self.printed < wanted {
                self.printer.commit(&read.line(), &self.run.context.look)?;
                self.printed += 1;
            } else {
                self.truncated = true;
            }
        }
        if let Some((saving, writer)) = writer
            && new.contains(&read.commit.id)
        {
            saving.wait(writer.push(read.commit, read.references))?;
            self.unsaved -= 1;
        }
        let done = self.unsaved == 0 && self.printed >= wanted && (self.truncated || self.narrowed == ".");
        Ok(if done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}
