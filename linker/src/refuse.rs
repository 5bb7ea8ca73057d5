//! Numbers after `#` that name nothing: ordinals, colours, `#1 priority`, names of
//! branches.

use crate::boundary::{floor, word_before};
use crate::found::Found;
use crate::keywords::{is_list_gap, skip_spaces};

/// `step #3` counts; up to this number.
const MAX_ORDINAL: u32 = 20;

/// Words that make a small number after them an ordinal.
const COUNTED: [&str; 14] = [
    "case", "chapter", "figure", "item", "line", "option", "part", "phase", "point", "rule", "section",
    "step", "table", "version",
];

/// Words that make a number of three, six or eight digits after them a colour.
const COLOURED: [&str; 9] =
    ["background", "border", "color", "colour", "fill", "foreground", "hex", "rgb", "stroke"];

/// Takes out the numbers that name nothing; `founds` is in order of place.
pub(crate) fn refuse(text: &str, founds: &mut Vec<Found>) {
    let mut counted: Option<usize> = None;
    founds.retain(|found| {
        if is_branch(text, found) {
            return false;
        }
        if found.rule != "number" || !text[found.start..].starts_with('#') {
            return true;
        }
        let ordinal = is_small(&found.target)
            && (is_after(text, found.start, &COUNTED, false)
                || counted.is_some_and(|end| is_list_gap(&text[end..found.start])));
        counted = ordinal.then_some(found.end);
        !(ordinal || is_priority(text, found) || is_colour(text, found))
    });
}

/// True in `Merge pull request #1 from somebody/issue#2`: what stands there is the name of a branch.
fn is_branch(text: &str, found: &Found) -> bool {
    let from = floor(text, found.start.saturating_sub(48));
    found.rule == "qualified"
        && text[from..found.start].ends_with(" from ")
        && text[from..found.start]
            .rfind("Merge pull request #")
            .is_some_and(|at| !text[from + at..found.start].contains('\n'))
}

fn is_small(target: &str) -> bool {
    target[1..].parse::<u32>().is_ok_and(|number| number <= MAX_ORDINAL)
}

fn is_priority(text: &str, found: &Found) -> bool {
    found.target == "#1"
        && text[found.end..]
            .strip_prefix([' ', '-'])
            .and_then(|rest| rest.get(.."priority".len()))
            .is_some_and(|word| word.eq_ignore_ascii_case("priority"))
}

fn is_colour(text: &str, found: &Found) -> bool {
    matches!(found.target.len() - 1, 3 | 6 | 8) && is_after(text, found.start, &COLOURED, true)
}

/// True where one of the words stands directly before `at`; with `declared`, a colon, an equals sign or a quote may
/// stand between, and the word may be the end of a longer name (`borderColor`, `background-color`).
fn is_after(text: &str, at: usize, words: &[&str], declared: bool) -> bool {
    let from = floor(text, at.saturating_sub(64));
    let mut end = skip_spaces(text, from, at);
    if declared {
        end = text[from..end].trim_end_matches([' ', '\t', ':', '=', '"', '\'']).len() + from;
    }
    let word = word_before(text, end);
    let word = word.strip_suffix(['s', 'S']).unwrap_or(word);
    end < at
        && words.iter().any(|known| {
            word.eq_ignore_ascii_case(known)
                || (declared
                    && word.len() > known.len()
                    && word[word.len() - known.len()..].eq_ignore_ascii_case(known)
                    && word.as_bytes()[word.len() - known.len()].is_ascii_uppercase())
        })
}
