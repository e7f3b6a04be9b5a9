//! What all pages have around their content.

use super::here::Here;
use super::html::{Html, element, link, open, tag};
use super::route;

pub(super) const STYLE: &str = "assets/site.css";
pub(super) const THEME: &str = "assets/theme.js";
pub(super) const TREE: &str = "assets/tree.js";
pub(super) const SEARCH: &str = "assets/search.js";
pub(super) const ICON: &str = "assets/icon.svg";
pub(super) const DATA: &str = "assets/pages.js";
pub(super) const ITEMS: &str = "assets/items.js";

/// What a page may load: its own style sheet, scripts and icon, and nothing else. Not every browser takes `'self'`
/// for the files beside a page from a disk, so these are named by their scheme too.
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; \
                      base-uri 'none'; form-action 'none'";

/// What is special about a page.
pub(super) struct Content {
    /// What it is about, for the window's title.
    pub(super) title: String,
    /// The folder or file that it is about, for the tree.
    pub(super) about: Option<String>,
    /// The way that leads to it: what is around, from the outside in.
    pub(super) crumbs: Vec<Html>,
    /// The rest.
    pub(super) body: Html,
}

/// A whole page.
pub(super) fn page(here: &Here<'_>, content: Content) -> String {
    let Content { title, about, crumbs, body } = content;
    let name = here.site.name().map_or_else(|| "Inventory".to_owned(), |name| format!("{name} inventory"));
    let title = if title.is_empty() { name.clone() } else { format!("{title} · {name}") };
    let crumbs: Html = crumbs.into_iter().map(|crumb| tag("li", &[], crumb)).collect();
    let crumbs = if crumbs.is_empty() {
        crumbs
    } else {
        tag("nav", &[("class", "crumbs"), ("aria-label", "Breadcrumbs")], tag("ol", &[], crumbs)).then(Html::raw("\n"))
    };
    let main = tag("main", &[("id", "content"), ("tabindex", "-1")], Html::raw("\n").then(crumbs).then(body));
    let frame = Html::raw("<div class=\"frame\">\n<nav id=\"tree\" aria-label=\"Folders and files\" hidden></nav>\n")
        .then(main)
        .then(Html::raw("\n</div>\n"));
    let skip = Html::raw("<a class=\"skip\" href=\"#content\">Skip to the content</a>\n");
    let document = tag("body", &[], Html::raw("\n").then(skip).then(header(here, &name)).then(frame));
    let head = tag("head", &[], head(here, &title));
    let root = route::root(&here.page);
    let about = about.unwrap_or_default();
    let page = tag(
        "html",
        &[("lang", "en"), ("data-root", &root), ("data-about", &about)],
        Html::raw("\n").then(head).then(Html::raw("\n")).then(document).then(Html::raw("\n")),
    );
    format!("<!doctype html>\n{}\n", page.into_string())
}

fn head(here: &Here<'_>, title: &str) -> Html {
    let script = |path: &str, later: bool| {
        let address = here.address(path);
        let attributes = [("src", address.as_str()), ("defer", "")];
        tag("script", if later { &attributes } else { &attributes[..1] }, Html::default())
    };
    let pieces = [
        open("meta", &[("charset", "utf-8")]),
        open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]),
        open("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]),
        open("meta", &[("name", "color-scheme"), ("content", "light dark")]),
        open("meta", &[("name", "generator"), ("content", "baton")]),
        element("title", "", title),
        open("link", &[("rel", "icon"), ("href", &here.address(ICON))]),
        open("link", &[("rel", "stylesheet"), ("href", &here.address(STYLE))]),
        // The choice of colours has to be known before anything is painted.
        script(THEME, false),
        script(DATA, true),
        script(TREE, true),
        script(SEARCH, true),
    ];
    Html::raw("\n").then(Html::joined(pieces, "\n")).then(Html::raw("\n"))
}

/// The bar above. What needs scripts is hidden until they run.
fn header(here: &Here<'_>, name: &str) -> Html {
    let brand = tag("a", &[("class", "brand"), ("href", &here.address(route::OVERVIEW))], Html::text(name));
    let controls = Html::raw(
        "<button id=\"menu\" type=\"button\" aria-controls=\"tree\" aria-expanded=\"false\" hidden>Folders</button>\n",
    );
    let search = Html::raw(
        "<form id=\"search\" role=\"search\" hidden>\n\
         <label class=\"hidden\" for=\"query\">Search folders, files, items and rules</label>\n\
         <input id=\"query\" type=\"search\" placeholder=\"Search\" autocomplete=\"off\" spellcheck=\"false\" \
         role=\"combobox\" aria-expanded=\"false\" aria-controls=\"results\" aria-autocomplete=\"list\" \
         aria-keyshortcuts=\"/\">\n\
         <kbd aria-hidden=\"true\">/</kbd>\n\
         <div id=\"results\" role=\"listbox\" aria-label=\"What was found\" hidden></div>\n\
         <p id=\"found\" class=\"hidden\" role=\"status\"></p>\n\
         </form>\n\
         <button id=\"theme\" type=\"button\" hidden>Dark</button>\n",
    );
    tag("header", &[("class", "bar")], Html::raw("\n").then(controls).then(brand).then(Html::raw("\n")).then(search))
        .then(Html::raw("\n"))
}

/// The way to a folder: the overview, and the folders around that have pages.
pub(super) fn crumbs(here: &Here<'_>, path: &str) -> Vec<Html> {
    let mut around = Vec::new();
    let mut inner = path;
    while let Some(folder) = here.site.folder_around(inner) {
        around.push(folder.path.as_str());
        inner = &folder.path;
    }
    around.reverse();
    let mut crumbs = vec![link(&here.address(route::OVERVIEW), Html::text("Overview"))];
    let mut outer = ".";
    for folder in around {
        let shown = if outer == "." { folder } else { folder.strip_prefix(outer).map_or(folder, |rest| &rest[1..]) };
        crumbs.push(link(&here.address(&route::folder(folder)), Html::code(shown)));
        outer = folder;
    }
    let last = if outer == "." { path } else { path.strip_prefix(outer).map_or(path, |rest| &rest[1..]) };
    crumbs.push(tag("span", &[("aria-current", "page")], Html::code(last)));
    crumbs
}
