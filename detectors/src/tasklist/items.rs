//! Walks the parser's events and turns list items with a box into tasks.

use std::borrow::Cow;
use std::ops::Range;

use muster_model::{FoundTask, TaskKind, TaskState};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::lines::Lines;
use super::{depth, frontmatter, key};
use crate::comments;

/// A heading is kept with every task below it, so an endless one is cut. 300 bytes; real ones stay below 150.
const MAX_SECTION_BYTES: usize = 300;

/// The tasks of a file, in order of line.
pub(super) fn find(content: &str) -> Vec<FoundTask> {
    // A box at the very end needs white space after it to be one.
    let content: Cow<'_, str> =
        if content.ends_with('\n') { content.into() } else { format!("{content}\n").into() };
    let body_start = frontmatter::part(&content).body_start;
    let body = depth::bound(&content[body_start..]);
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut walk = Walk::new(&body, body_start, Lines::new(&content));
    for (event, range) in Parser::new_ext(&body, options).into_offset_iter() {
        walk.take(&event, &range);
    }
    walk.tasks
}

/// An open list item: the nearest task at or above it, and whether its own box may still come.
struct OpenItem {
    task: Option<usize>,
    awaits_box: bool,
}

struct Walk<'a> {
    body: &'a str,
    body_start: usize,
    lines: Lines<'a>,
    tasks: Vec<FoundTask>,
    items: Vec<OpenItem>,
    section: Option<String>,
    heading: Option<Plain>,
    title: Option<Plain>,
    /// Where the box of the task whose title is being read ends.
    box_end: usize,
}

impl<'a> Walk<'a> {
    fn new(body: &'a str, body_start: usize, lines: Lines<'a>) -> Self {
        let (tasks, items) = (Vec::new(), Vec::new());
        Self { body, body_start, lines, tasks, items, section: None, heading: None, title: None, box_end: 0 }
    }

    fn take(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Item) => {
                self.finish_title();
                let task = self.items.last().and_then(|item| item.task);
                self.items.push(OpenItem { task, awaits_box: true });
            }
            Event::End(TagEnd::Item) => {
                self.finish_title();
                self.items.pop();
            }
            Event::Start(Tag::Heading { .. }) => {
                self.end_of_first_paragraph();
                self.heading = Some(Plain::default());
            }
            Event::End(TagEnd::Heading(_)) => {
                let mut text = self.heading.take().map(Plain::finish).unwrap_or_default();
                let cut = (0..=MAX_SECTION_BYTES.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
                text.truncate(cut.unwrap_or_default());
                if !text.is_empty() {
                    self.section = Some(text);
                }
            }
            Event::Start(Tag::Paragraph) => self.finish_title(),
            Event::TaskListMarker(ticked) => {
                let state = if *ticked { TaskState::Done } else { TaskState::Open };
                self.begin_task(state, range.start, range.end);
            }
            Event::Start(tag) if !is_inline(tag) => self.end_of_first_paragraph(),
            Event::End(TagEnd::Paragraph) => self.end_of_first_paragraph(),
            Event::Rule | Event::Html(_) => self.end_of_first_paragraph(),
            _ => self.take_inline(event, range),
        }
    }

    fn take_inline(&mut self, event: &Event<'_>, range: &Range<usize>) {
        if self.items.last().is_some_and(|item| item.awaits_box) && self.heading.is_none() {
            if let (Event::Text(_), Some(state)) = (event, self.extended_box(range.start)) {
                self.begin_task(state, range.start, range.start + 3);
            } else {
                self.end_of_first_paragraph();
            }
        }
        let skip = self.box_end.saturating_sub(range.start);
        if let Some(heading) = &mut self.heading {
            heading.take(event, 0);
        } else if let Some(title) = &mut self.title {
            title.take(event, skip);
        }
    }

    /// The state of a box that the parser does not know, where one stands at the start of an item.
    fn extended_box(&self, at: usize) -> Option<TaskState> {
        let bytes = self.body.as_bytes();
        let state = match bytes.get(at..at + 3)? {
            b"[~]" | b"[>]" => TaskState::InProgress,
            b"[!]" => TaskState::Blocked,
            b"[-]" => TaskState::Cancelled,
            _ => return None,
        };
        if bytes.get(at + 3).is_some_and(|b| !b.is_ascii_whitespace()) {
            return None;
        }
        // An item may be empty on its marker's line and begin on the next one; a box belongs beside the marker.
        let line_start =
            bytes[..at].iter().rposition(|&b| matches!(b, b'\n' | b'\r')).map_or(0, |end| end + 1);
        bytes[line_start..at].iter().any(|b| b"-*+.)".contains(b)).then_some(state)
    }

    fn begin_task(&mut self, state: TaskState, start: usize, end: usize) {
        self.finish_title();
        let line = self.lines.at(self.body_start + start);
        let index = self.tasks.len();
        let parent = self.items.last().and_then(|item| item.task);
        if let Some(item) = self.items.last_mut() {
            *item = OpenItem { task: Some(index), awaits_box: false };
        }
        self.tasks.push(FoundTask {
            kind: TaskKind::Checkbox,
            key: None,
            title: String::new(),
            state,
            line: line as u64 + 1,
            parent,
            section: self.section.clone(),
            tag: None,
            assignee: None,
            references: Vec::new(),
            surroundings: self.lines.surroundings(line),
        });
        self.title = Some(Plain::default());
        self.box_end = end;
    }

    fn end_of_first_paragraph(&mut self) {
        self.finish_title();
        if let Some(item) = self.items.last_mut() {
            item.awaits_box = false;
        }
    }

    fn finish_title(&mut self) {
        let (Some(mut plain), Some(task)) = (self.title.take(), self.tasks.last_mut()) else { return };
        let (apart, addresses) = (plain.apart, std::mem::take(&mut plain.addresses));
        let text = plain.finish();
        let (found, rest) = key::split(&text, apart);
        task.references = comments::references_in(&format!("{rest}{addresses}"));
        task.title = rest.to_owned();
        task.key = found;
    }
}

/// Inline content rendered as plain text: no markers, no tags, white space as single spaces.
#[derive(Debug, Default)]
struct Plain {
    text: String,
    /// How many emphasised, linked or struck parts are open.
    open: usize,
    /// Where the part that the text opens with ends, if it opens with one.
    apart: Option<usize>,
    opens_with_part: bool,
    /// Where its links lead, each after a space: a link's text alone may not name the issue.
    addresses: String,
}

impl Plain {
    /// Adds one inline event, less its first `skip` bytes.
    fn take(&mut self, event: &Event<'_>, skip: usize) {
        match event {
            Event::Text(text) => self.push(text.get(skip..).unwrap_or_default()),
            Event::Code(text) => {
                let first = self.text.is_empty() && self.open == 0;
                self.push(text);
                if first {
                    self.apart = Some(self.text.trim_end().len());
                }
            }
            Event::SoftBreak | Event::HardBreak => self.push(" "),
            Event::Start(tag) => {
                if let Tag::Link { dest_url, .. } = tag {
                    self.addresses.push(' ');
                    self.addresses.push_str(dest_url);
                }
                if self.open == 0 {
                    self.opens_with_part = self.text.is_empty();
                }
                self.open += 1;
            }
            Event::End(_) => {
                self.open = self.open.saturating_sub(1);
                if self.open == 0 && std::mem::take(&mut self.opens_with_part) {
                    self.apart = Some(self.text.trim_end().len());
                }
            }
            _ => {}
        }
    }

    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() {
                self.text.push(c);
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}
