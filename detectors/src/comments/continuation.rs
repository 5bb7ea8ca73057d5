//! Rule T9: which lines below a tag go on with its text.
//!
//! A piece is what one comment says on one line. The next piece goes on where it is adjacent, of the same kind and
//! indented deeper than the piece with the tag; a blank one, one with a tag, or code between ends the text.

use super::lexer::Comment;
use super::lines::Lines;
use super::tags;

/// What one comment says on one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The comment's place in the list.
    pub comment: usize,
    /// The line, from 0.
    pub line: usize,
    /// First byte of the comment on that line, its marker left out.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Where T5 lets the line start, white space and markers behind it.
    pub ink: usize,
}

/// The comments of a text, with its lines.
pub(super) struct Commented<'a> {
    pub text: &'a [u8],
    pub lines: &'a Lines<'a>,
    pub comments: &'a [Comment],
}

impl Commented<'_> {
    /// What a comment says on a line that it covers.
    pub(super) fn piece(&self, comment: usize, line: usize) -> Piece {
        let whole = &self.comments[comment];
        let start = whole.text.max(self.lines.start(line));
        let end = whole.end.min(self.lines.end(line)).max(start);
        let first = start == whole.text;
        let marker = &self.text[whole.start..whole.text];
        let ink = start + tags::start_of(&self.text[start..end], marker, first);
        Piece { comment, line, start, end, ink }
    }

    /// The bytes of a piece.
    pub(super) fn text(&self, piece: &Piece) -> &[u8] {
        &self.text[piece.start..piece.end]
    }

    /// The piece that may go on with `piece`: the next line of its comment, or a comment like it alone on that line.
    fn next(&self, piece: &Piece) -> Option<Piece> {
        let this = &self.comments[piece.comment];
        let line = piece.line + 1;
        if piece.end < this.end {
            return Some(self.piece(piece.comment, line));
        }
        let next = self.comments.get(piece.comment + 1)?;
        if self.lines.of(next.start) != line || self.kind(this) != self.kind(next) {
            return None;
        }
        let alone = self.text[self.lines.start(line)..next.start].trim_ascii().is_empty();
        if !alone || self.lines.column(next.start) != self.lines.column(this.start) {
            return None;
        }
        Some(self.piece(piece.comment + 1, line))
    }

    /// A comment's marker with what repeats or marks it: `//`, `///` and `//!` are three kinds.
    fn kind(&self, comment: &Comment) -> &[u8] {
        let marker = &self.text[comment.start..comment.text];
        let last = marker.last().copied().unwrap_or(b' ');
        let text = &self.text[comment.text..comment.end];
        let more = text.iter().take(16).take_while(|&&byte| byte == last || byte == b'!').count();
        &self.text[comment.start..comment.text + more]
    }

    /// The pieces that go on with the text of a tag. `tagged` answers whether a piece holds a tag itself.
    pub(super) fn continuation(&self, of: &Piece, tagged: impl Fn(&Piece) -> bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut last = *of;
        let mut column = None;
        while let Some(next) = self.next(&last) {
            let blank = self.text[next.ink..next.end].trim_ascii().is_empty();
            let column = *column.get_or_insert_with(|| self.lines.column(of.ink));
            if blank || tagged(&next) || self.lines.column(next.ink) <= column {
                break;
            }
            pieces.push(next);
            last = next;
        }
        pieces
    }
}
