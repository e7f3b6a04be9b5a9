//! Reads pages as strictly as it can be done without a browser.

use std::collections::BTreeSet;

/// What a page consists of, as far as a test wants to know.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The addresses that it leads to or loads.
    pub(crate) addresses: Vec<String>,
    /// What an address may name in it.
    pub(crate) ids: BTreeSet<String>,
    /// The attributes of all elements.
    pub(crate) attributes: Vec<(String, String)>,
    /// The text outside of markup.
    pub(crate) text: String,
}

/// Elements that hold nothing.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "wbr", "hr"];

/// Elements that no paragraph may hold.
const BLOCKS: [&str; 9] = ["p", "div", "ul", "ol", "dl", "table", "pre", "details", "section"];

/// Reads a page.
///
/// # Panics
///
/// Something in it is not closed, or an id stands twice.
pub(crate) fn read(name: &str, html: &str) -> Page {
    let mut page = Page::default();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html.strip_prefix("<!doctype html>").unwrap_or_else(|| panic!("{name}: no document type"));
    while let Some(start) = rest.find('<') {
        page.text.push_str(&unescaped(&rest[..start]));
        let inside = &rest[start + 1..];
        let end = inside.find('>').unwrap_or_else(|| panic!("{name}: a tag ends nowhere"));
        let tag = &inside[..end];
        rest = &inside[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}: `</{closed}>` closes another element, before {rest:.60}");
            continue;
        }
        let (element, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let is_closed = attributes.ends_with('/');
        page.read_attributes(name, attributes.trim_end_matches('/'));
        // A browser would end the paragraph here, and the rest would stand elsewhere.
        assert!(!BLOCKS.contains(&element) || !open.contains(&"p"), "{name}: `<{element}>` in a paragraph");
        if !is_closed && !VOID.contains(&element) {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name}: not closed: {open:?}");
    page
}

impl Page {
    fn read_attributes(&mut self, name: &str, text: &str) {
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = rest.find(['=', ' ']).unwrap_or(rest.len());
            let key = &rest[..end];
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let end = quoted.find('"').unwrap_or_else(|| panic!("{name}: the value of `{key}` ends nowhere"));
                value = unescaped(&quoted[..end]);
                rest = &quoted[end + 1..];
            }
            rest = rest.trim_start();
            match key {
                "href" | "src" => self.addresses.push(value.clone()),
                "id" => assert!(self.ids.insert(value.clone()), "{name}: the id `{value}` stands twice"),
                _ => {}
            }
            self.attributes.push((key.to_owned(), value));
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}
