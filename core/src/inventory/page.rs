//! A page that a program and people write together.
//!
//! What the program writes stands in parts, each between two markers that are lines of their own:
//!
//! ```text
//! <!-- baton:begin purpose 5f1d3c2b9a807e64 -->
//! …
//! <!-- baton:end purpose -->
//! ```
//!
//! The number is a hash of what stands between, so a part that somebody edited by hand is known.
//! Everything outside of the parts belongs to people and stays as it is, byte for byte. People may
//! move parts around: each is renewed where it stands.

use crate::hash::{FNV_OFFSET, fnv};
use std::fmt::Write;

/// One part of a page that a program writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called: lower-case letters, digits and `-`. No other part of the page has the name.
    pub name: String,
    /// Its text, which ends with a line break.
    pub body: String,
}

impl Part {
    /// The part of that name. A marker in its text would end it, so there is none, nor what a merge leaves.
    pub fn new(name: &str, body: &str) -> Self {
        let quiet = body.replace(MARK, "<!-- baton :").replace("\r\n", "\n");
        let quiet = format!("\n{quiet}").replace(&format!("\n{CONFLICT}"), &format!("\n {CONFLICT}"));
        let quiet = &quiet[1..];
        let end = if quiet.ends_with('\n') { "" } else { "\n" };
        Self { name: name.to_owned(), body: format!("{quiet}{end}") }
    }
}

/// A page with its parts renewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The whole page.
    pub text: String,
    /// The parts that somebody edited by hand, so that what they wrote is not in `text`.
    pub edited: Vec<Edited>,
}

/// A part that somebody edited by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The part.
    pub name: String,
    /// The line of its first marker, counted from 1.
    pub line: u32,
}

/// A marker that makes no sense, so that nobody can tell what belongs to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFault {
    /// Its line, counted from 1.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// Whether it is a conflict of a merge.
    pub is_conflict: bool,
}

/// What all markers have in common.
const MARK: &str = "<!-- baton:";
const BEGIN: &str = "<!-- baton:begin ";
const END: &str = "<!-- baton:end ";
const CLOSE: &str = " -->";
/// Editors on some systems put it at the start of a file. It is nobody's text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What a page consists of, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'t> {
    /// What people wrote.
    Theirs(&'t str),
    /// What stands where a part stood.
    Ours { name: &'t str, hash: &'t str, body: &'t str, line: u32, crlf: bool },
}

/// Renews the parts of a page. Parts that it lacks are put behind the one that comes before them in
/// `parts`; parts that are no longer among `parts` are taken out.
///
/// # Errors
///
/// The first marker that makes no sense: one without its other half, one inside of a part, a second
/// of the same name, or one that is misspelt.
pub fn merge(existing: &str, parts: &[Part]) -> Result<Merged, PageFault> {
    let pieces = pieces(existing)?;
    let has =
        |name: &str| pieces.iter().any(|piece| matches!(piece, Piece::Ours { name: known, .. } if *known == name));
    let crlf = pieces.iter().any(|piece| matches!(piece, Piece::Ours { crlf: true, .. }));
    let mut edited = Vec::new();
    let mut text = String::with_capacity(existing.len());
    // Parts that come first in the order and that the page lacks go before the first that it has.
    let first = parts.iter().position(|part| has(&part.name));
    let leading = first.unwrap_or(0);
    for piece in &pieces {
        match piece {
            Piece::Theirs(theirs) => text.push_str(theirs),
            Piece::Ours { name, hash, body, line, .. } => {
                let Some(at) = parts.iter().position(|part| part.name == *name) else {
                    // A part that is gone: it is taken out, unless somebody wrote into it.
                    if self::hash(body) != *hash {
                        edited.push(Edited { name: (*name).to_owned(), line: *line });
                    }
                    continue;
                };
                let same = normal(body) == parts[at].body;
                if !same && self::hash(body) != *hash {
                    edited.push(Edited { name: (*name).to_owned(), line: *line });
                }
                let before = if Some(at) == first { 0..leading } else { 0..0 };
                let behind = at + 1..parts.len();
                let missing = parts[behind].iter().take_while(|part| !has(&part.name));
                for part in parts[before].iter().chain([&parts[at]]).chain(missing) {
                    push(&mut text, part, crlf);
                }
            }
        }
    }
    if first.is_none() {
        for part in parts {
            push(&mut text, part, crlf);
        }
    }
    Ok(Merged { text, edited })
}

/// Whether a program has a part in a text. One whose markers make no sense is such a page too.
pub fn is_page(text: &str) -> bool {
    let is_ours = |piece: &Piece<'_>| matches!(piece, Piece::Ours { .. });
    pieces(text).map_or(true, |pieces| pieces.iter().any(is_ours))
}

/// What of a page people wrote.
///
/// # Errors
///
/// As of [`merge`].
pub fn theirs(text: &str) -> Result<String, PageFault> {
    let pieces = pieces(text)?;
    let theirs = pieces.iter().filter_map(|piece| match piece {
        Piece::Theirs(theirs) => Some(*theirs),
        Piece::Ours { .. } => None,
    });
    Ok(theirs.collect::<String>().trim_start_matches(BYTE_ORDER_MARK).to_owned())
}

/// Writes a part with its markers, on lines of their own.
fn push(text: &mut String, part: &Part, crlf: bool) {
    let end = if crlf { "\r\n" } else { "\n" };
    if !text.is_empty() && !text.ends_with('\n') && !text.trim_start_matches(BYTE_ORDER_MARK).is_empty() {
        text.push_str(end);
    }
    let body = if crlf { part.body.replace('\n', "\r\n") } else { part.body.clone() };
    let Part { name, .. } = part;
    let _ = write!(text, "{BEGIN}{name} {}{CLOSE}{end}{body}{END}{name}{CLOSE}{end}", hash(&part.body));
}

fn hash(body: &str) -> String {
    format!("{:016x}", fnv(FNV_OFFSET, normal(body).as_bytes()))
}

/// The text as it is on systems that end lines with one character: git may have changed them.
fn normal(body: &str) -> String {
    body.replace("\r\n", "\n")
}

/// Where a merge left both sides of a conflict.
const CONFLICT: &str = "<<<<<<< ";

/// The byte behind the fenced code that begins with the first line of a text. A fence that nothing closes begins
/// nothing here: it may be one that somebody is about to write. Nor does one that ends inside of a part, whose own
/// fence that is.
fn fenced(text: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next()?;
    let fence = fence(first.trim_end())?;
    let mut end = first.len();
    let mut open = None;
    for text in lines {
        end += text.len();
        match line(text) {
            Line::Begin { name, .. } => open = Some(name),
            Line::End { name } if open == Some(name) => open = None,
            _ if closes(text, fence) => return open.is_none().then_some(end),
            _ => {}
        }
    }
    None
}

/// The backticks or tildes with which a line begins fenced code.
fn fence(line: &str) -> Option<&str> {
    let text = line.trim_start_matches(' ');
    let mark = text.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = text.len() - text.trim_start_matches(mark).len();
    let is_fence = length >= 3 && line.len() - text.len() < 4 && !(mark == '`' && text[length..].contains('`'));
    is_fence.then(|| &text[..length])
}

fn closes(line: &str, fence: &str) -> bool {
    let text = line.trim();
    text.len() >= fence.len() && text.starts_with(fence) && text.chars().all(|c| fence.starts_with(c))
}

/// What a line is to a page.
enum Line<'t> {
    Begin { name: &'t str, hash: &'t str },
    End { name: &'t str },
    Damaged,
    Plain,
}

fn line(text: &str) -> Line<'_> {
    let text = text.trim_end_matches(['\r', '\n']);
    let inside = |start: &str| text.strip_prefix(start)?.strip_suffix(CLOSE);
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
    };
    if let Some((name, hash)) = inside(BEGIN).and_then(|inside| inside.split_once(' '))
        && is_name(name)
        && hash.len() == 16
        && hash.bytes().all(|c| c.is_ascii_hexdigit())
    {
        return Line::Begin { name, hash };
    }
    if let Some(name) = inside(END).filter(|name| is_name(name)) {
        return Line::End { name };
    }
    let speaks = |mark: &str| text.contains(mark.trim_end());
    if speaks(BEGIN) || speaks(END) { Line::Damaged } else { Line::Plain }
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, PageFault> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    // The part that is open: its name, its hash, where its body begins, its line, how its marker ends.
    let mut open: Option<(&str, &str, usize, u32, bool)> = None;
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let (mut at, mut theirs, mut number) = (start, 0, 0);
    // A sample of markers belongs to whoever shows it: up to here stands fenced code of people. What is generated
    // may hold fences of its own.
    let mut code = 0;
    for whole in text[start..].split_inclusive('\n') {
        number += 1;
        let fault = |message: String| Err(PageFault { line: number, message, is_conflict: false });
        let next = at + whole.len();
        if open.is_none() && at >= code {
            code = fenced(&text[at..]).map_or(code, |length| at + length);
        }
        let read = if open.is_none() && at < code { Line::Plain } else { line(whole) };
        match (read, open) {
            (Line::Plain, _) if whole.starts_with(CONFLICT) && at >= code => {
                let message = "a merge left both sides of a conflict here".to_owned();
                return Err(PageFault { line: number, message, is_conflict: true });
            }
            (Line::Plain, _) => {}
            (Line::Damaged, _) => return fault("this marker is damaged".to_owned()),
            (Line::Begin { name, hash }, None) => {
                let twice = |piece: &Piece<'_>| matches!(piece, Piece::Ours { name: known, .. } if *known == name);
                if pieces.iter().any(twice) {
                    return fault(format!("the part `{name}` begins a second time"));
                }
                if theirs < at {
                    pieces.push(Piece::Theirs(&text[theirs..at]));
                }
                open = Some((name, hash, next, number, whole.ends_with("\r\n")));
            }
            (Line::Begin { name, .. }, Some((outer, ..))) => {
                return fault(format!("the part `{name}` begins inside of `{outer}`, which has no end"));
            }
            (Line::End { name }, Some((begun, hash, body, line, crlf))) if begun == name => {
                pieces.push(Piece::Ours { name, hash, body: &text[body..at], line, crlf });
                (open, theirs) = (None, next);
            }
            (Line::End { name }, _) => return fault(format!("the part `{name}` ends here and begins nowhere")),
        }
        at = next;
    }
    if let Some((name, _, _, line, _)) = open {
        let message = format!("the part `{name}` begins here and ends nowhere");
        return Err(PageFault { line, message, is_conflict: false });
    }
    if theirs < text.len() {
        pieces.push(Piece::Theirs(&text[theirs..]));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests;
