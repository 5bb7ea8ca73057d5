//! Literals of Python source: what a name is set to, where that can be read without running it.
//!
//! As setuptools does for `attr:`, the first assignment at the top level decides; where it is no literal the answer
//! is that nothing is known.

use super::tokens::{Token, Tokens};

/// A statement or argument of more tokens than this is no literal.
const MAX_TOKENS: usize = 512;

/// The literal that a module assigns to a name at its top level. Tuples and lists are joined by dots, as in a
/// version written `(1, 2)`. For `__doc__` the first line of the module's docstring.
pub(crate) fn attribute(source: &str, name: &str) -> Option<String> {
    let mut tokens = Tokens::of(source);
    let mut statement = Vec::new();
    let mut is_first = true;
    loop {
        let token = tokens.next();
        match token {
            None | Some(Token::NewLine) => {
                if name == "__doc__" && is_first {
                    return docstring(&statement);
                }
                if let Some(value) = assigned(&statement, name) {
                    return sequence(value);
                }
                is_first = false;
                statement.clear();
                token?;
            }
            // Statements that are indented, and the later ones of a line, are not looked at.
            Some(token) if !tokens.is_indented() && statement.len() <= MAX_TOKENS => statement.push(token),
            Some(_) => {}
        }
    }
}

fn docstring(statement: &[Token<'_>]) -> Option<String> {
    let text = concatenated(statement)?;
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

/// The value of `name = value`, `other = name = value` or `name: type = value`.
fn assigned<'s, 't>(statement: &'s [Token<'t>], name: &str) -> Option<&'s [Token<'t>]> {
    let mut rest = statement;
    let mut is_target = false;
    while let [Token::Name(target), Token::Sign(sign), after @ ..] = rest {
        match *sign {
            "=" => {
                is_target |= *target == name;
                rest = after;
            }
            ":" if *target == name => {
                let at = after.iter().position(|token| *token == Token::Sign("="))?;
                return Some(&after[at + 1..]);
            }
            _ => break,
        }
    }
    let end = rest.iter().position(|token| *token == Token::Sign(";")).unwrap_or(rest.len());
    // A statement that was cut off is no literal, whatever its beginning looks like.
    let end = if statement.len() > MAX_TOKENS { 0 } else { end };
    is_target.then_some(&rest[..end])
}

/// One text literal, or several beside each other or joined by `+`, in parentheses or not.
pub(super) fn concatenated(mut tokens: &[Token<'_>]) -> Option<String> {
    if tokens.is_empty() || tokens.len() > MAX_TOKENS {
        return None;
    }
    while let [Token::Sign("("), inner @ .., Token::Sign(")")] = tokens {
        tokens = inner;
    }
    let mut text = String::new();
    let mut may_join = false;
    for token in tokens {
        match token {
            Token::Text(part) => {
                text.push_str(part);
                may_join = true;
            }
            Token::Sign("+") if may_join => may_join = false,
            _ => return None,
        }
    }
    may_join.then_some(text)
}

/// A text, a number, or a tuple or list of them joined by dots.
fn sequence(tokens: &[Token<'_>]) -> Option<String> {
    if let Some(text) = concatenated(tokens) {
        return Some(text);
    }
    let items = match tokens {
        [Token::Number(number)] => return Some((*number).to_owned()),
        [Token::Sign("("), items @ .., Token::Sign(")")]
        | [Token::Sign("["), items @ .., Token::Sign("]")] => items,
        items => items,
    };
    let parts: Option<Vec<&str>> = items
        .chunks(2)
        .map(|pair| match pair {
            [Token::Number(part), Token::Sign(",")] | [Token::Number(part)] => Some(*part),
            [Token::Text(part), Token::Sign(",")] | [Token::Text(part)] => Some(part.as_str()),
            _ => None,
        })
        .collect();
    parts.filter(|parts| !parts.is_empty() && tokens.len() <= MAX_TOKENS).map(|parts| parts.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_assignment_at_the_top_decides() {
        let version = |source: &str| attribute(source, "__version__");
        for source in [
            "__version__ = '1.2'",
            "\u{feff}# x\n\"\"\"doc\n__version__ = '0'\n\"\"\"\n__version__: str = (\n    \"1\"\n    \".2\"\n)\n",
            "if x:\n    __version__ = '0'\nversion = __version__ = \"1.2\"; y = 2\n",
            "__version__ = (1, 2)\n",
            "__version__ = ['1', 2,]\n",
            "__version__ = 1.2\n__version__ = 'later'",
            "__version__ = '1.' + '2'",
        ] {
            assert_eq!(version(source).as_deref(), Some("1.2"), "{source}");
        }
        for source in [
            "",
            "__version__ = get()\n__version__ = '1'\n",
            "def f():\n    __version__ = '1'\n",
            "__version__ == '1'\n",
            "x.__version__ = '1'\n",
            "__version__ += '1'\n",
            "__version__ = f'{1}'\n",
            "__version__ = '1' % x\n",
            "__version__ = ()\n",
        ] {
            assert_eq!(version(source), None, "{source}");
        }
    }

    #[test]
    fn a_docstring_gives_its_first_line() {
        assert_eq!(attribute("#!x\n\n'''\n  One.\n\nTwo.'''\n", "__doc__").as_deref(), Some("One."));
        assert_eq!(attribute("import x\n'''no'''\n", "__doc__"), None);
    }

    #[test]
    fn long_input_is_no_literal() {
        assert_eq!(attribute(&format!("__version__ = {}", "'a' ".repeat(200_000)), "__version__"), None);
        assert_eq!(attribute(&"(".repeat(1 << 20), "__version__"), None);
    }
}
