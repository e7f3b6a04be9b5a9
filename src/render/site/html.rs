//! Pieces of HTML. Texts of others become one only by being escaped, so no text can end an element, begin a
//! script or reverse the reading order, whatever it holds.

use crate::render::clean;

/// A well-formed piece of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Html(String);

impl Html {
    /// Markup that stands in this program.
    pub(super) fn raw(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// A picture, whose renderer escapes what it writes.
    pub(super) fn of_picture(svg: String) -> Self {
        Self(svg)
    }

    /// A text of others, in one line.
    pub(super) fn text(text: &str) -> Self {
        let mut html = Self::default();
        html.push_escaped(&clean::line(text));
        html
    }

    /// A text that was cleaned before and keeps its tabs, such as an excerpt.
    pub(super) fn excerpt(text: &str) -> Self {
        let mut html = Self::default();
        html.push_escaped(text);
        html
    }

    /// A number.
    pub(super) fn number(number: usize) -> Self {
        Self(number.to_string())
    }

    /// A text of others as code. Long paths break where their parts end.
    pub(super) fn code(text: &str) -> Self {
        let mut inside = Self::default();
        let text = clean::line(text);
        let mut rest: &str = &text;
        while let Some(end) = rest.find("::").map(|at| at + 2).into_iter().chain(rest.find('/').map(|at| at + 1)).min()
        {
            let (part, behind) = rest.split_at(end);
            inside.push_escaped(part);
            if !behind.is_empty() {
                inside.0.push_str("<wbr>");
            }
            rest = behind;
        }
        inside.push_escaped(rest);
        tag("code", &[], inside)
    }

    /// Appends another piece.
    pub(super) fn push(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    /// This piece with another behind it.
    pub(super) fn then(mut self, other: Self) -> Self {
        if self.0.is_empty() {
            return other;
        }
        self.push(&other);
        self
    }

    /// Whether there is nothing.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The markup.
    pub(super) fn into_string(self) -> String {
        self.0
    }

    /// Pieces with a separator between them.
    pub(super) fn joined(pieces: impl IntoIterator<Item = Self>, separator: &'static str) -> Self {
        let mut out = Self::default();
        for (number, piece) in pieces.into_iter().enumerate() {
            if number > 0 {
                out.0.push_str(separator);
            }
            out.push(&piece);
        }
        out
    }

    fn push_escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                _ => self.0.push(c),
            }
        }
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<I: IntoIterator<Item = Html>>(pieces: I) -> Self {
        let mut out = Self::default();
        for piece in pieces {
            out.push(&piece);
        }
        out
    }
}

/// An element.
pub(super) fn tag(name: &'static str, attributes: &[(&'static str, &str)], inside: Html) -> Html {
    let mut out = open(name, attributes).then(inside);
    out.0.push_str("</");
    out.0.push_str(name);
    out.0.push('>');
    out
}

/// An element that holds nothing, such as `meta`.
pub(super) fn open(name: &'static str, attributes: &[(&'static str, &str)]) -> Html {
    let mut out = Html(format!("<{name}"));
    for (key, value) in attributes {
        out.0.push(' ');
        out.0.push_str(key);
        out.0.push_str("=\"");
        out.push_escaped(&clean::line(value));
        out.0.push('"');
    }
    out.0.push('>');
    out
}

/// An element with a text of others in it.
pub(super) fn element(name: &'static str, class: &str, text: &str) -> Html {
    classed(name, class, Html::text(text))
}

/// An element of that class.
pub(super) fn classed(name: &'static str, class: &str, inside: Html) -> Html {
    if class.is_empty() { tag(name, &[], inside) } else { tag(name, &[("class", class)], inside) }
}

/// A link.
pub(super) fn link(address: &str, inside: Html) -> Html {
    tag("a", &[("href", address)], inside)
}

/// A list of pieces; nothing where there are none.
pub(super) fn list(class: &str, pieces: impl IntoIterator<Item = Html>) -> Html {
    let items: Html = pieces.into_iter().map(|piece| tag("li", &[], piece).then(Html::raw("\n"))).collect();
    if items.is_empty() { items } else { classed("ul", class, items) }
}

/// A table whose first column names its rows. One without rows is nothing.
pub(super) fn table(caption: &str, head: &[&str], rows: impl IntoIterator<Item = Row>) -> Html {
    let mut body = Html::default();
    for row in rows {
        let mut cells = Html::default();
        for (number, cell) in row.cells.into_iter().enumerate() {
            let label = head.get(number).copied().unwrap_or_default();
            cells.push(&match number {
                0 => tag("th", &[("scope", "row")], cell),
                _ => tag("td", &[("data-label", label)], cell),
            });
        }
        body.push(&match &row.id {
            Some(id) => tag("tr", &[("id", id)], cells),
            None => tag("tr", &[], cells),
        });
        body.push(&Html::raw("\n"));
    }
    if body.is_empty() {
        return body;
    }
    let head: Html = head.iter().map(|name| tag("th", &[("scope", "col")], Html::text(name))).collect();
    let caption = element("caption", "hidden", caption);
    let head = tag("thead", &[], tag("tr", &[], head));
    tag("table", &[], caption.then(head).then(Html::raw("\n")).then(tag("tbody", &[], body))).then(Html::raw("\n"))
}

/// A row of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// What an address may name it by.
    pub(super) id: Option<String>,
    /// Its cells.
    pub(super) cells: Vec<Html>,
}

impl From<Vec<Html>> for Row {
    fn from(cells: Vec<Html>) -> Self {
        Self { id: None, cells }
    }
}

/// Documentation of others: code in backticks is code, addresses are links, what stands in two asterisks is
/// strong, and links to items, which have no page, are their texts.
pub(super) fn prose(text: &str) -> Html {
    // Where its author broke a line says nothing.
    let text = text.trim().replace(['\n', '\r'], " ");
    let mut out = Html::default();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(['`', '[', '*']) {
        let (before, marked) = rest.split_at(start);
        out.push(&Html::text(before));
        let (piece, behind) = marked_piece(marked).unwrap_or_else(|| {
            let length = marked.chars().next().map_or(0, char::len_utf8);
            (Html::text(&marked[..length]), &marked[length..])
        });
        out.push(&piece);
        rest = behind;
    }
    out.then(Html::text(rest))
}

/// The piece that a text begins with, and what is behind it.
fn marked_piece(text: &str) -> Option<(Html, &str)> {
    if let Some(inside) = text.strip_prefix("**") {
        let (inside, behind) = inside.split_once("**").filter(|(inside, _)| !inside.trim().is_empty())?;
        return Some((tag("strong", &[], prose(inside)), behind));
    }
    if text.starts_with('`') {
        let ticks = text.len() - text.trim_start_matches('`').len();
        let (fence, inside) = text.split_at(ticks);
        let (inside, behind) = inside.split_once(fence)?;
        return Some((Html::code(inside.trim()), behind));
    }
    let (inside, behind) = text.strip_prefix('[')?.split_once(']')?;
    if let Some((address, behind)) = behind.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let is_address = address.starts_with("http://") || address.starts_with("https://");
        let shown = prose(inside);
        return Some((if is_address { link(address, shown) } else { shown }, behind));
    }
    if let Some((_, behind)) = behind.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return Some((prose(inside), behind));
    }
    // `[load]` and `` [`load`] `` name items where the words are such as items have.
    let is_item = |c: char| c.is_alphanumeric() || "_:`!()@".contains(c);
    let names_item = !inside.is_empty() && inside.chars().all(is_item) && inside.chars().any(char::is_alphabetic);
    names_item.then(|| (prose(inside), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        let evil = "</script><img src=x onerror=\"a('b')\">&\u{202e}";
        let safe = "&lt;/script&gt;&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;\\u{202e}";
        assert_eq!(Html::text(evil).into_string(), safe);
        assert_eq!(tag("a", &[("href", evil)], Html::default()).into_string(), format!("<a href=\"{safe}\"></a>"));
        for piece in [Html::code(evil), prose(evil), prose(&format!("`{evil}`")), element("p", evil, evil)] {
            let markup = piece.into_string();
            assert!(!markup.contains("<img") && !markup.contains("</script"), "{markup}");
        }
    }

    #[test]
    fn documentation_becomes_html() {
        let html = |text: &str| prose(text).into_string();
        assert_eq!(html("Takes `Vec<T>`."), "Takes <code>Vec&lt;T&gt;</code>.");
        assert_eq!(
            html("See [`load`], [the map](crate::map), [a][b] and [x y]."),
            "See <code>load</code>, the map, a and [x y]."
        );
        assert_eq!(html("At [home](https://a.b/c)"), "At <a href=\"https://a.b/c\">home</a>");
        assert_eq!(html("[no](javascript:alert(1))"), "no)");
        assert_eq!(html("**Much** of 2 * 3 ** 4"), "<strong>Much</strong> of 2 * 3 ** 4");
        assert_eq!(html("an odd ` one and an open [ one"), "an odd ` one and an open [ one");
        assert_eq!(html("`` a`b ``"), "<code>a`b</code>");
        assert_eq!(html("two\nlines\n"), "two lines");
    }

    #[test]
    fn long_paths_break_at_their_parts() {
        assert_eq!(Html::code("a::b/c").into_string(), "<code>a::<wbr>b/<wbr>c</code>");
        assert_eq!(Html::code("a/").into_string(), "<code>a/</code>");
    }

    #[test]
    fn tables_and_lists_without_entries_are_nothing() {
        assert!(table("Files", &["File"], Vec::new()).is_empty());
        assert!(list("", Vec::new()).is_empty());
        let row = Row { id: Some("a".to_owned()), cells: vec![Html::text("x"), Html::number(2)] };
        assert_eq!(
            table("Files", &["File", "Count"], [row]).into_string(),
            "<table><caption class=\"hidden\">Files</caption><thead><tr><th scope=\"col\">File</th>\
             <th scope=\"col\">Count</th></tr></thead>\n<tbody><tr id=\"a\"><th scope=\"row\">x</th>\
             <td data-label=\"Count\">2</td></tr>\n</tbody></table>\n"
        );
    }
}
