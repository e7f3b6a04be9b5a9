//! Diagnostics with the source under them: the part of every file that the labels of one
//! diagnostic touch, handed to codespan-reporting as if it were the file.
//!
//! Lines keep their numbers and columns theirs; only the text between is cleaned and cut. Nothing
//! that is not shown is copied, so a large file costs no more than a small one.

use super::clean;
use super::excerpt::Excerpt;
use super::{Style, fault};
use crate::error::Failure;
use baton_core::source::{LineIndex, Span};
use codespan_reporting::diagnostic::{Diagnostic, Label, LabelStyle, Severity};
use codespan_reporting::files::{self, Files};
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use codespan_reporting::term::{self, Config, WriteStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The lines of a label over several lines that are shown at its beginning and at its end.
const HEAD: u32 = 4;
const TAIL: u32 = 1;

/// One file, as a diagnostic needs it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) path: &'a str,
    pub(super) text: &'a str,
    pub(super) lines: &'a LineIndex,
}

/// A place in a source, with a word about it.
pub(super) struct Mark<'a> {
    pub(super) source: Source<'a>,
    pub(super) span: Span,
    /// Empty for none.
    pub(super) message: &'a str,
    pub(super) is_primary: bool,
}

/// A diagnostic before it is laid out.
pub(super) struct Block<'a> {
    pub(super) is_error: bool,
    pub(super) code: &'a str,
    pub(super) message: &'a str,
    pub(super) marks: Vec<Mark<'a>>,
    pub(super) notes: Vec<String>,
}

impl Block<'_> {
    /// Appends the diagnostic to `out`.
    pub(super) fn render(&self, style: Style, out: &mut String) -> Result<(), Failure> {
        let mut views: Vec<View<'_>> = Vec::new();
        for mark in &self.marks {
            match views.iter_mut().find(|view| view.source.path == mark.source.path) {
                Some(view) => view.marks.push(mark),
                None => views.push(View { source: mark.source, marks: vec![mark] }),
            }
        }
        let mut pages = Vec::with_capacity(views.len());
        let mut labels = Vec::with_capacity(self.marks.len());
        for view in views {
            let (page, found) = view.page(pages.len());
            pages.push(page);
            labels.extend(found);
        }
        let severity = if self.is_error { Severity::Error } else { Severity::Warning };
        let mut diagnostic = Diagnostic::new(severity)
            .with_message(clean::line(self.message))
            .with_labels(labels)
            .with_notes(self.notes.iter().map(|note| clean::lines(note)).collect());
        if !self.code.is_empty() {
            diagnostic = diagnostic.with_code(self.code);
        }
        let bytes = match style {
            Style::Plain => emit(NoColor::new(Vec::new()), &pages, &diagnostic, NoColor::into_inner),
            Style::Colored => emit(Ansi::new(Vec::new()), &pages, &diagnostic, Ansi::into_inner),
        }?;
        // Labels leave spaces behind where a line of text ends before the border does.
        let text = String::from_utf8_lossy(&bytes);
        for line in text.lines() {
            out.push_str(line.trim_end_matches(' '));
            out.push('\n');
        }
        Ok(())
    }
}

fn emit<W: WriteColor + WriteStyle>(
    mut writer: W,
    pages: &[Page],
    diagnostic: &Diagnostic<usize>,
    finish: impl FnOnce(W) -> Vec<u8>,
) -> Result<Vec<u8>, Failure> {
    let config =
        Config { start_context_lines: HEAD as usize - 1, end_context_lines: TAIL as usize, ..Config::default() };
    let pages = Pages(pages);
    term::emit_to_write_style(&mut writer, &config, &pages, diagnostic).map_err(|error| fault(&error))?;
    Ok(finish(writer))
}

/// The marks of one source.
struct View<'a> {
    source: Source<'a>,
    marks: Vec<&'a Mark<'a>>,
}

/// A mark with its ends as lines, counted from 0, and bytes of these lines.
struct Reach<'a> {
    mark: &'a Mark<'a>,
    start: (u32, usize),
    end: (u32, usize),
}

impl<'a> View<'a> {
    /// The page that shows all marks, as number `id`, and the labels on it.
    fn page(&self, id: usize) -> (Page, Vec<Label<usize>>) {
        let reaches: Vec<_> = self.marks.iter().map(|mark| self.reach(mark)).collect();
        let mut page = Page { path: clean::line(self.source.path).into_owned(), ..Page::default() };
        let mut excerpts = BTreeMap::new();
        for line in self.wanted(&reaches) {
            let excerpt = Excerpt::new(self.line(line), focus(&reaches, line));
            let start = page.text.len();
            page.text.push_str(&excerpt.text);
            page.text.push('\n');
            page.lines.push((line as usize, start));
            excerpts.insert(line, (start, excerpt));
        }
        let place = |(line, offset): (u32, usize)| {
            excerpts.get(&line).map_or(0, |(start, excerpt)| start + excerpt.place(offset))
        };
        let mut labels = Vec::with_capacity(reaches.len());
        for Reach { mark, start, end } in &reaches {
            let range = place(*start)..place(*end);
            let column = self.source.lines.line_column(self.source.text, self.floor(mark.span.start) as u32).column;
            // The first mark of a place is the one that the header names.
            page.columns.entry(range.start).or_insert(column as usize);
            let style = if mark.is_primary { LabelStyle::Primary } else { LabelStyle::Secondary };
            labels.push(Label::new(style, id, range).with_message(clean::line(mark.message)));
        }
        (page, labels)
    }

    /// Where a mark begins and ends. A span that ends with a line break ends before it, so that
    /// the next line is not drawn into it.
    fn reach(&self, mark: &'a Mark<'a>) -> Reach<'a> {
        let text = self.source.text;
        let start = self.floor(mark.span.start);
        let end = self.floor(mark.span.end.max(mark.span.start));
        let marked = text.get(start..end).unwrap_or_default();
        let end = start + marked.trim_end_matches(['\n', '\r']).len();
        Reach { mark, start: self.position(start), end: self.position(end) }
    }

    fn position(&self, offset: usize) -> (u32, usize) {
        let line = self.source.lines.line_column(self.source.text, offset as u32).line;
        let start = self.source.lines.start(line as usize) as usize;
        (line - 1, offset.saturating_sub(start))
    }

    /// `offset`, or the nearest place before it that exists.
    fn floor(&self, offset: u32) -> usize {
        let mut offset = (offset as usize).min(self.source.text.len());
        while !self.source.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The text of a line, counted from 0, without its break.
    fn line(&self, line: u32) -> &'a str {
        let text = self.source.text;
        let start = self.source.lines.start(line as usize + 1) as usize;
        let rest = text.get(start..).unwrap_or_default();
        let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
        line.strip_suffix('\r').unwrap_or(line)
    }

    /// The lines that may be shown: the ends of every mark with what is around them, and the line
    /// after each, which is shown where it alone would be left out.
    fn wanted(&self, reaches: &[Reach<'_>]) -> BTreeSet<u32> {
        let last = self.position(self.source.text.len()).0;
        let mut wanted = BTreeSet::new();
        for Reach { start: (first, _), end: (end, _), .. } in reaches {
            wanted.extend((*first..=first + HEAD).filter(|line| line <= end));
            wanted.extend(end.saturating_sub(TAIL).max(*first)..=*end);
        }
        let next: Vec<_> = wanted.iter().map(|line| line + 1).filter(|&line| line <= last).collect();
        wanted.extend(next);
        wanted
    }
}

/// The byte of `line` that has to be visible: where the first mark on it begins, and primary
/// marks go first; or where one from further up ends.
fn focus(reaches: &[Reach<'_>], line: u32) -> usize {
    let starts = reaches.iter().filter(|reach| reach.start.0 == line);
    let first = starts.min_by_key(|reach| (!reach.mark.is_primary, reach.start.1)).map(|reach| reach.start.1);
    let ends = reaches.iter().filter(|reach| reach.end.0 == line).map(|reach| reach.end.1);
    first.or_else(|| ends.min()).unwrap_or(0)
}

/// What is shown of one file.
#[derive(Default)]
struct Page {
    path: String,
    text: String,
    /// Each line that is shown, counted from 0 in the file, with its first byte in `text`.
    lines: Vec<(usize, usize)>,
    /// The columns in the file of the places in `text` where labels begin.
    columns: BTreeMap<usize, usize>,
}

impl Page {
    /// The index in `lines` of the line that holds byte `at`.
    fn index(&self, at: usize) -> usize {
        self.lines.partition_point(|&(_, start)| start <= at).saturating_sub(1)
    }
}

/// All pages of one diagnostic.
struct Pages<'p>(&'p [Page]);

impl Pages<'_> {
    fn get(&self, id: usize) -> Result<&Page, files::Error> {
        self.0.get(id).ok_or(files::Error::FileMissing)
    }
}

impl<'a> Files<'a> for Pages<'_> {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.get(id)?.path)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, files::Error> {
        Ok(&self.get(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte_index: usize) -> Result<usize, files::Error> {
        let page = self.get(id)?;
        Ok(page.lines.get(page.index(byte_index)).map_or(0, |&(line, _)| line))
    }

    fn column_number(&'a self, id: usize, _line: usize, byte_index: usize) -> Result<usize, files::Error> {
        Ok(self.get(id)?.columns.get(&byte_index).copied().unwrap_or(1))
    }

    /// Lines that are not shown are empty: they are asked for, but never printed.
    fn line_range(&'a self, id: usize, line_index: usize) -> Result<Range<usize>, files::Error> {
        let page = self.get(id)?;
        let Ok(index) = page.lines.binary_search_by_key(&line_index, |&(line, _)| line) else { return Ok(0..0) };
        let start = page.lines[index].1;
        Ok(start..page.lines.get(index + 1).map_or(page.text.len(), |&(_, next)| next))
    }
}
