//! Rule T9: which lines below a tag go on with its text.
//!
//! A piece is what one comment says on one line. The next piece goes on where it is adjacent, of the same kind and
//! indented deeper than the piece with the tag; a blank one, one with a tag, or code between ends the text.

use super::lexer::Comment;
use super::lines::{Line, column};
use super::tags;

/// What one comment says on one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The comment's place in the list.
    pub comment: usize,
    pub line: Line,
    /// First byte of the comment on that line, its marker left out.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Where T5 lets the line start, white space and markers behind it.
    pub ink: usize,
}

/// A text and its comments.
pub(super) struct Commented<'a> {
    pub text: &'a [u8],
    pub comments: &'a [Comment],
}

impl Commented<'_> {
    /// What a comment says on a line that it covers.
    pub(super) fn piece(&self, comment: usize, line: Line) -> Piece {
        let whole = &self.comments[comment];
        let start = whole.text.max(line.start);
        let end = whole.end.min(line.end).max(start);
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
        if piece.end < this.end {
            return Some(self.piece(piece.comment, piece.line.below(self.text)?));
        }
        let next = self.comments.get(piece.comment + 1).filter(|next| next.start > piece.line.end)?;
        let line = piece.line.below(self.text).filter(|line| next.start <= line.end)?;
        let alone = self.text[line.start..next.start].trim_ascii().is_empty();
        let like = self.kind(this) == self.kind(next);
        if !alone || !like || column(self.text, next.start) != column(self.text, this.start) {
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
        let mut indent = None;
        while let Some(next) = self.next(&last) {
            let blank = self.text[next.ink..next.end].trim_ascii().is_empty();
            let indent = *indent.get_or_insert_with(|| column(self.text, of.ink));
            if blank || tagged(&next) || column(self.text, next.ink) <= indent {
                break;
            }
            pieces.push(next);
            last = next;
        }
        pieces
    }
}
