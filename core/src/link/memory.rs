//! What is known of files since an earlier look at them. The facts of a file depend on its text alone, so as long as
//! the text is the same nobody has to parse it again.
//!
//! What is absent: times and sizes of files. A text is compared with the text, so nothing stale is ever recalled.

use super::Content;
use crate::parse::Need;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// What came of parsing the files of a project.
#[derive(Debug, Default)]
pub struct Memory {
    files: FxHashMap<String, Remembered>,
}

#[derive(Debug)]
struct Remembered {
    text: String,
    /// What came of it for each need that there was.
    contents: Vec<(Need, Content)>,
}

impl Memory {
    /// What came of the file at `path` when it had this text and as much of it was needed.
    pub fn recall(&self, path: &str, text: &str, need: Need) -> Option<Content> {
        let file = self.files.get(path).filter(|file| file.text == text)?;
        file.contents.iter().find(|(known, _)| *known == need).map(|(_, content)| content.clone())
    }

    /// Remembers what came of a file. What was known of another text of it is forgotten.
    pub fn keep(&mut self, path: &str, text: &str, need: Need, content: Content) {
        let file = self.files.entry(path.to_owned()).or_insert_with(|| Remembered::of(text));
        if file.text != text {
            *file = Remembered::of(text);
        }
        file.contents.retain(|(known, _)| *known != need);
        file.contents.push((need, content));
    }

    /// Forgets all files but these.
    pub fn retain<'p>(&mut self, paths: impl Iterator<Item = &'p str>) {
        let paths: BTreeSet<&str> = paths.collect();
        self.files.retain(|path, _| paths.contains(path.as_str()));
    }
}

impl Remembered {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned(), contents: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_text_for_the_same_need_is_recalled() {
        let mut memory = Memory::default();
        memory.keep("a.rs", "fn a() {}", Need::Outline, Content::Generated);
        let knows = |memory: &Memory, path, text, need| memory.recall(path, text, need).is_some();
        assert!(knows(&memory, "a.rs", "fn a() {}", Need::Outline));
        assert!(!knows(&memory, "a.rs", "fn a() {}", Need::Bodies));
        assert!(!knows(&memory, "a.rs", "fn b() {}", Need::Outline));
        assert!(!knows(&memory, "b.rs", "fn a() {}", Need::Outline));
        memory.keep("a.rs", "fn a() {}", Need::Bodies, Content::Generated);
        assert!(knows(&memory, "a.rs", "fn a() {}", Need::Outline), "one need does not displace the other");
        memory.keep("a.rs", "fn b() {}", Need::Bodies, Content::Generated);
        assert!(!knows(&memory, "a.rs", "fn a() {}", Need::Outline), "another text does");
        memory.retain(["b.rs"].into_iter());
        assert!(!knows(&memory, "a.rs", "fn b() {}", Need::Bodies));
    }
}
