//! Aligned columns.
//!
//! The widths are those of what is shown: a table is measured whole before its first line is written, so what is
//! printed here is bounded by what fits in memory anyway. A column that is empty in every row is left out, and on a
//! terminal that is too narrow the widest columns that may shrink are cut first. Where there is no terminal, nothing
//! is cut that somebody might search for: a long text runs over its column and moves the rest of its own row alone.

use std::io::{self, Write};

use anstyle::Style;

use super::style::{HEAD, Look, PLAIN};
use super::visible::{cut, visible, width};

/// Between two columns.
const GAP: usize = 2;
/// No text is shown wider, terminal or not.
const WIDEST: usize = 300;
/// A wider text has no say in the width of its column: one long name would otherwise widen every row.
const ORDINARY: usize = 60;

/// On which side of its column a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    head: &'static str,
    side: Side,
    /// Never narrower than this, and never cut unless this is given.
    narrowest: Option<usize>,
}

impl Column {
    /// Words that are never cut.
    pub(crate) const fn words(head: &'static str) -> Self {
        Self { head, side: Side::Left, narrowest: None }
    }

    /// Words that may be cut down to so many columns.
    pub(crate) const fn text(head: &'static str, narrowest: usize) -> Self {
        Self { head, side: Side::Left, narrowest: Some(narrowest) }
    }

    /// Numbers.
    pub(crate) const fn number(head: &'static str) -> Self {
        Self { head, side: Side::Right, narrowest: None }
    }
}

/// What stands in one column of one row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Text from anywhere, made visible, in a style.
    pub(crate) fn new(text: &str, style: Style) -> Self {
        Self { text: visible(text).into_owned(), style }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, PLAIN)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(&text, PLAIN)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self { text: number.to_string(), style: PLAIN }
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Self {
        text.map_or_else(Self::default, Self::from)
    }
}

/// Rows under heads.
#[derive(Clone, Debug)]
pub(crate) struct Table<const N: usize> {
    columns: [Column; N],
    rows: Vec<[Cell; N]>,
}

impl<const N: usize> Table<N> {
    /// A table without rows.
    pub(crate) fn new(columns: [Column; N]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: [Cell; N]) {
        self.rows.push(row);
    }

    /// The width of each column; 0 for one that is left out.
    fn widths(&self, look: &Look) -> [usize; N] {
        let mut widths = [0; N];
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = match width(&cell.text) {
                    extraordinary if extraordinary > ORDINARY && look.width.is_none() => 1.max(*widest),
                    width => width.min(WIDEST).max(*widest),
                };
            }
        }
        for (widest, column) in widths.iter_mut().zip(&self.columns).filter(|(widest, _)| **widest > 0) {
            *widest = width(column.head).max(*widest);
        }
        let Some(room) = look.width else { return widths };
        let gaps = GAP * widths.iter().filter(|widest| **widest > 0).count().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        while excess > 0 {
            let spare =
                |at: usize, now: usize| now.saturating_sub(self.columns[at].narrowest.unwrap_or(usize::MAX));
            let shrinking = (0..N).filter(|at| spare(*at, widths[*at]) > 0);
            let Some(widest) = shrinking.max_by_key(|at| widths[*at]) else { break };
            let runner_up =
                (0..N).filter(|at| *at != widest && spare(*at, widths[*at]) > 0).map(|at| widths[at]).max();
            let step = (widths[widest] - runner_up.unwrap_or(0))
                .max(1)
                .min(spare(widest, widths[widest]))
                .min(excess);
            widths[widest] -= step;
            excess -= step;
        }
        widths
    }

    /// Writes heads and rows.
    pub(crate) fn write(&self, out: &mut impl Write, look: &Look) -> io::Result<()> {
        let widths = self.widths(look);
        let heads = self.columns.map(|column| Cell { text: column.head.to_owned(), style: HEAD });
        for row in std::iter::once(&heads).chain(&self.rows) {
            self.write_row(out, look, &widths, row)?;
        }
        Ok(())
    }

    fn write_row(
        &self,
        out: &mut impl Write,
        look: &Look,
        widths: &[usize; N],
        row: &[Cell; N],
    ) -> io::Result<()> {
        let most = |room: usize| if look.width.is_some() { room } else { WIDEST };
        let (mut start, mut end) = (0, None); // where the column begins, and where the text before it ended
        for ((cell, column), &room) in
            row.iter().zip(&self.columns).zip(widths).filter(|(_, room)| **room > 0)
        {
            let text = cut(&cell.text, most(room), look.glyph("…", "~"));
            let taken = width(&text);
            if taken > 0 {
                let before = if column.side == Side::Right { room.saturating_sub(taken) } else { 0 };
                let at = (start + before).max(end.map_or(0, |end| end + GAP));
                // Blanks are written before a text only: none stand at the end of a line.
                write!(out, "{:1$}{2}", "", at - end.unwrap_or(0), look.paint(cell.style, &text))?;
                end = Some(at + taken);
            }
            start += room + GAP;
        }
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: Option<usize>, rows: &[[&str; 3]]) -> String {
        let mut table =
            Table::new([Column::text("NAME", 6), Column::number("TODO"), Column::text("NOTES", 5)]);
        for row in rows {
            table.push(row.map(Cell::from));
        }
        let mut out = Vec::new();
        table.write(&mut out, &Look { width, ..Look::PLAIN }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_aligned_and_no_line_ends_in_blanks() {
        insta::assert_snapshot!(shown(None, &[["日本", "7", ""], ["core", "1200", "a\u{1b}b"]]), @r"
        NAME  TODO  NOTES
        日本     7
        core  1200  a\u{1b}b
        ");
    }

    #[test]
    fn empty_columns_are_left_out() {
        insta::assert_snapshot!(shown(None, &[["a", "", "x"], ["b", "", ""]]), @r"
        NAME  NOTES
        a     x
        b
        ");
    }

    #[test]
    fn one_long_name_does_not_widen_every_row_without_end() {
        let long = "x".repeat(1 << 20);
        let out = shown(None, &[[&long, "1", "n"], ["a", "1", "n"]]);
        assert!(out.lines().all(|line| width(line) < WIDEST + 20));
    }

    #[test]
    fn without_a_terminal_a_long_text_moves_its_own_row_alone() {
        let long = "packages/".repeat(8);
        insta::assert_snapshot!(shown(None, &[["core", "7", "x"], [&long, "12", "y"], [&long, "", ""], ["ui", "1200", ""]]), @r"
        NAME  TODO  NOTES
        core     7  x
        packages/packages/packages/packages/packages/packages/packages/packages/  12  y
        packages/packages/packages/packages/packages/packages/packages/packages/
        ui    1200
        ");
        insta::assert_snapshot!(shown(None, &[["a", "7", "x"], [&long, "1", ""]]), @r"
        NAME  TODO  NOTES
        a        7  x
        packages/packages/packages/packages/packages/packages/packages/packages/  1
        ");
    }

    #[test]
    fn the_widest_column_is_cut_first() {
        let rows = [
            ["a-name-that-is-long", "12", "a short note"],
            ["b", "1", "and a note that is longer than the name"],
        ];
        insta::assert_snapshot!(shown(Some(40), &rows), @r"
        NAME              TODO  NOTES
        a-name-that-is-…    12  a short note
        b                    1  and a note that…
        ");
        assert!(shown(Some(40), &rows).lines().all(|line| width(line) <= 40));
        assert!(shown(Some(3), &rows).lines().count() == 3, "too narrow for anything: still every row");
    }
}
