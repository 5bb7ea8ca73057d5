//! Comments of YAML: `#` at the start of a line or after white space, outside quotes and block scalars.
//!
//! Read by lines, because what ends a block scalar (`|`, `>`) is indentation. A quote opens a string only where a
//! value may start: `don't` is plain text.

use super::lexer::Comment;

/// The comments of `text[start..]`, in order, and the bytes looked at.
pub(super) fn comments(text: &[u8], start: usize) -> (Vec<Comment>, usize) {
    let mut found = Vec::new();
    let (mut at, mut steps) = (start, 0);
    let mut scalar: Option<usize> = None;
    let mut string: Option<u8> = None;
    while at < text.len() {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
        steps += end - at + 1;
        let line = &text[at..end];
        let indent = line.iter().take_while(|&&byte| byte == b' ').count();
        let blank = line.trim_ascii().is_empty();
        if let Some(parent) = scalar
            && (blank || indent >= parent)
        {
            at = end + 1;
            continue;
        }
        scalar = None;
        let comment = comment_of(line, &mut string);
        if let Some(comment) = comment {
            let start = at + comment;
            found.push(Comment { start, text: start + 1, end, after: end, block: false });
        }
        if string.is_none() {
            scalar = opens_scalar(&line[..comment.unwrap_or(line.len())]);
        }
        at = end + 1;
    }
    (found, steps)
}

/// Where a line's comment starts; `string` is the quote that is open before and after the line.
fn comment_of(line: &[u8], string: &mut Option<u8>) -> Option<usize> {
    let mut at = 0;
    while at < line.len() {
        let byte = line[at];
        let before = line[..at].last().copied().unwrap_or(b' ');
        match *string {
            Some(b'"') if byte == b'\\' => at += 1,
            Some(quote) if byte == quote => *string = None,
            Some(_) => {}
            None if byte == b'#' && before.is_ascii_whitespace() => return Some(at),
            None if (byte == b'"' || byte == b'\'') && value_may_start(&line[..at]) => *string = Some(byte),
            None => {}
        }
        at += 1;
    }
    None
}

/// True behind nothing, `[`, `{`, `,`, `(`, or white space that follows `:`, `-`, `?`, `,` or a tag or anchor.
fn value_may_start(before: &[u8]) -> bool {
    let last = before.last().copied().unwrap_or(b' ');
    if matches!(last, b'[' | b'{' | b',' | b'\'') {
        return true;
    }
    if !last.is_ascii_whitespace() {
        return false;
    }
    let word = before[before.len().saturating_sub(64)..].trim_ascii_end();
    let marked = word
        .rsplit(|&byte| byte == b' ')
        .next()
        .is_some_and(|word| matches!(word.first(), Some(b'!' | b'&')));
    marked || matches!(word.last(), None | Some(b':' | b'-' | b'?' | b',' | b'[' | b'{'))
}

/// The least indentation of a block scalar's text, where this line opens one.
fn opens_scalar(line: &[u8]) -> Option<usize> {
    let line = line.trim_ascii_end();
    let head = line[line.len().saturating_sub(3)..].iter().rposition(|&byte| byte == b'|' || byte == b'>')?;
    let head = line.len().saturating_sub(3) + head;
    let indicators = line[head + 1..].iter().all(|byte| matches!(byte, b'-' | b'+' | b'0'..=b'9'));
    let apart = line[..head].last().is_none_or(|byte| *byte == b' ');
    let before = line[..head].trim_ascii_end();
    let value = matches!(before.last(), None | Some(b':' | b'-'))
        || before
            .rsplit(|&byte| byte == b' ')
            .next()
            .is_some_and(|word| matches!(word.first(), Some(b'!' | b'&')));
    if !indicators || !apart || !value {
        return None;
    }
    // `- - key: |`: the text is deeper than the key; `- |`: deeper than the dash.
    let mut column = line.iter().take_while(|&&byte| byte == b' ').count();
    loop {
        let rest = &line[column..];
        let Some(after) = rest.strip_prefix(b"-") else { break };
        let spaces = after.iter().take_while(|&&byte| byte == b' ').count();
        if spaces == 0 || column + 1 + spaces >= head {
            break;
        }
        column += 1 + spaces;
    }
    Some(column + 1)
}
