//! The texts that an editor has open.

use super::position::{Encoding, Lines};
use super::uri::path_of;
use gen_lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One text that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// The address by which the editor knows it.
    pub(super) uri: Uri,
    /// The file that it is about.
    pub(super) path: PathBuf,
    /// Its version, as the editor counts.
    pub(super) version: i32,
    /// The text as the editor shows it.
    pub(super) text: String,
    /// The project it belongs to, and its path in there, once that is known.
    pub(super) place: Option<(PathBuf, String)>,
}

/// All texts that are open, by their addresses.
#[derive(Debug, Default)]
pub(super) struct Documents(BTreeMap<String, Document>);

impl Documents {
    /// Takes up a text. What is no file is no document: the answer is the file's path, or none.
    pub(super) fn open(&mut self, item: TextDocumentItem) -> Option<&Document> {
        let path = path_of(&item.uri)?;
        let TextDocumentItem { uri, version, text, .. } = item;
        let key = uri.0.clone();
        self.0.insert(key.clone(), Document { uri, path, version, text, place: None });
        self.0.get(&key)
    }

    /// Makes changes, one after the other. The answer is whether there is such a document.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> bool {
        let Some(document) = self.0.get_mut(&uri.0) else { return false };
        document.version = version;
        for change in changes {
            apply(&mut document.text, change, encoding);
        }
        true
    }

    /// Forgets a text: the file is what counts again.
    pub(super) fn close(&mut self, uri: &Uri) -> Option<Document> {
        self.0.remove(&uri.0)
    }

    /// The document with that address.
    pub(super) fn get(&self, uri: &Uri) -> Option<&Document> {
        self.0.get(&uri.0)
    }

    /// The address by which the editor knows a file of the project at `root`, if it is open.
    pub(super) fn uri(&self, root: &Path, path: &str) -> Option<Uri> {
        let mut open = self.of_project(root).filter(|(inside, _)| *inside == path);
        open.next().map(|(_, document)| document.uri.clone())
    }

    /// Says where a document belongs.
    pub(super) fn settle(&mut self, uri: &Uri, root: &Path, inside: &str) {
        if let Some(document) = self.0.get_mut(&uri.0) {
            document.place = Some((root.to_owned(), inside.to_owned()));
        }
    }

    /// All documents.
    pub(super) fn all(&self) -> impl Iterator<Item = &Document> {
        self.0.values()
    }

    /// The documents of the project at `root`.
    pub(super) fn of_project<'d>(&'d self, root: &'d Path) -> impl Iterator<Item = (&'d str, &'d Document)> {
        self.0.values().filter_map(move |document| {
            let (at, inside) = document.place.as_ref()?;
            (at == root).then_some((inside.as_str(), document))
        })
    }
}

fn apply(text: &mut String, change: TextDocumentContentChangeEvent, encoding: Encoding) {
    match change {
        TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => *text = whole.text,
        TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
            let lines = Lines::new(text, encoding);
            let (one, other) = (lines.byte(part.range.start), lines.byte(part.range.end));
            text.replace_range(one.min(other)..one.max(other), &part.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn documents(text: &str) -> (Documents, Uri) {
        let item = json!({"uri": "file:///a.rs", "languageId": "rust", "version": 1, "text": text});
        let mut documents = Documents::default();
        let uri = documents.open(serde_json::from_value(item).unwrap()).unwrap().uri.clone();
        (documents, uri)
    }

    #[track_caller]
    fn changed(text: &str, changes: Value, encoding: Encoding) -> String {
        let (mut documents, uri) = documents(text);
        assert!(documents.change(&uri, 2, serde_json::from_value(changes).unwrap(), encoding));
        documents.get(&uri).unwrap().text.clone()
    }

    fn part(start: (u32, u32), end: (u32, u32), text: &str) -> Value {
        let position = |(line, character)| json!({"line": line, "character": character});
        json!({"range": {"start": position(start), "end": position(end)}, "text": text})
    }

    #[test]
    fn changes_are_made_in_order_and_each_counts_on_the_one_before() {
        let changes = json!([part((0, 1), (0, 2), "XY"), part((0, 3), (1, 0), "\n\n"), part((2, 0), (2, 0), "z")]);
        assert_eq!(changed("abc\r\nd", changes, Encoding::Utf16), "aXY\n\nzd");
    }

    #[test]
    fn units_beyond_ascii_are_those_that_were_agreed_on() {
        let text = "// 𝒳ß\r\nlet x;\r\n";
        assert_eq!(changed(text, json!([part((0, 5), (0, 6), "s")]), Encoding::Utf16), "// 𝒳s\r\nlet x;\r\n");
        assert_eq!(changed(text, json!([part((0, 7), (0, 9), "s")]), Encoding::Utf8), "// 𝒳s\r\nlet x;\r\n");
        assert_eq!(changed(text, json!([part((0, 4), (0, 5), "s")]), Encoding::Utf32), "// 𝒳s\r\nlet x;\r\n");
    }

    #[test]
    fn a_change_without_a_range_is_the_whole_text() {
        assert_eq!(changed("abc", json!([{"text": "new"}]), Encoding::Utf16), "new");
    }

    #[test]
    fn a_range_that_is_nowhere_harms_nothing() {
        assert_eq!(changed("abc", json!([part((9, 9), (0, 1), "-")]), Encoding::Utf16), "a-");
    }

    #[test]
    fn buffers_without_a_file_are_none_of_ours() {
        let item = json!({"uri": "untitled:1", "languageId": "rust", "version": 1, "text": ""});
        assert_eq!(Documents::default().open(serde_json::from_value(item).unwrap()), None);
    }
}
