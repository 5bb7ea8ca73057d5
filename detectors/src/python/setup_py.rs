//! `setup.py`, read as text for the literal arguments of its `setup(...)` call; never run.
//!
//! An argument that is no literal is null: what a script computes is never guessed.

use muster_model::Manifest;

use super::literal::concatenated;
use super::tokens::{Token, Tokens};

pub(super) fn read(content: &[u8]) -> Manifest {
    let source = String::from_utf8_lossy(content);
    let mut manifest = Manifest::default();
    let mut tokens = Tokens::of(&source);
    let mut before = [Token::NewLine, Token::NewLine];
    while let Some(token) = tokens.next() {
        let opens = token == Token::Sign("(") && before[1] == Token::Name("setup");
        let [before_that, last] = before;
        // Before `setup` stands what tells `def setup(` and `self.setup(` from the call that is meant.
        if opens && read_arguments(&mut tokens, &mut manifest) {
            break;
        }
        before = match (&before_that, &last, &token) {
            (_, Token::Name("def" | "class"), Token::Name("setup")) => [last, Token::NewLine],
            (Token::Name("setuptools" | "core"), Token::Sign("."), Token::Name("setup")) => [last, token],
            (_, Token::Sign("."), Token::Name("setup")) => [last, Token::NewLine],
            _ => [last, token],
        };
    }
    manifest
}

/// Reads the arguments up to the closing bracket; true where one of ours was among them.
fn read_arguments(tokens: &mut Tokens<'_>, manifest: &mut Manifest) -> bool {
    let mut depth = 1_usize;
    let mut found = false;
    let mut argument = Vec::new();
    while depth > 0 {
        let token = tokens.next();
        match &token {
            Some(Token::Sign("(" | "[" | "{")) => depth += 1,
            Some(Token::Sign(")" | "]" | "}")) => depth -= 1,
            _ => {}
        }
        match token {
            None => depth = 0,
            Some(Token::Sign(",")) if depth == 1 => found |= keep(&std::mem::take(&mut argument), manifest),
            Some(token) if depth > 0 && argument.len() < 1_024 => argument.push(token),
            Some(_) => {}
        }
    }
    found | keep(&argument, manifest)
}

fn keep(argument: &[Token<'_>], manifest: &mut Manifest) -> bool {
    let [Token::Name(name), Token::Sign("="), value @ ..] = argument else { return false };
    let slot = match *name {
        "name" => &mut manifest.name,
        "version" => &mut manifest.version,
        "description" => &mut manifest.description,
        _ => return false,
    };
    *slot = concatenated(value).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str) -> (Option<String>, Option<String>, Option<String>) {
        let manifest = read(source.as_bytes());
        (manifest.name, manifest.version, manifest.description)
    }

    #[test]
    fn literal_arguments_are_read() {
        let source = "def setup(name='no'): pass\nself.setup(name='no')\nsetuptools.setup(\n    packages=find(name='no'),\n    \
                      name=\"a\" '-b',\n    version=VERSION,\n    description=('It\\'s '\n        'here'),  # name='no'\n)\n";
        assert_eq!(said(source), (Some("a-b".into()), None, Some("It's here".into())));
        assert_eq!(
            said("from setuptools import setup\nsetup(**kw)\nif x: setup(name='a')").0,
            Some("a".into())
        );
        assert_eq!(said("setup()"), (None, None, None));
        assert_eq!(said("setup(name='a'"), (Some("a".into()), None, None));
        assert_eq!(said("'''setup(name=\"no\")'''"), (None, None, None));
    }
}
