//! The inventory as pages of Markdown, each in parts that are renewed between what people write.

mod file;
mod folder;
mod layout;
mod outcome;
mod words;

pub(super) use words::transaction;

pub use outcome::{adopted, compared, differences, objections, some, written};

use super::json::{Tool, document};
use crate::error::Failure;
use baton_core::config::InventoryRule;
use baton_core::inventory::page::{self, Part};
use baton_core::inventory::{Extent, FileEntry, FolderEntry, Inventory};
use file::FilePage;
use folder::FolderPage;
use layout::{Layout, link};
use serde::Serialize;
use words::{code, prose, table};

/// How an inventory is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InventoryFormat {
    /// A page per folder and file, committed beside the code.
    #[default]
    Markdown,
    /// Everything, for programs.
    Json,
    /// A site for a browser.
    Html,
}

impl InventoryFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Markdown, Self::Json, Self::Html];

    /// The name that the command line uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    /// One line about it.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Markdown => "A page per folder and file, committed beside the code",
            Self::Json => "Everything, for programs",
            Self::Html => "A site for a browser, in a folder of its own",
        }
    }
}

/// What an inventory has to be about, so that it can be written down in those formats: pages are about what is
/// governed, and all else is about everything.
pub fn extent(formats: &[InventoryFormat]) -> Extent {
    if formats == [InventoryFormat::Markdown] { Extent::Governed } else { Extent::Everything }
}

/// A page as it should be, apart from what people write on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Relative to the project root.
    pub path: String,
    /// What is generated, in order.
    pub parts: Vec<Part>,
}

/// The pages of all governed folders that `within` accepts, of their files, and the index; sorted by path.
/// The index is over all of them, whatever is asked for.
pub fn pages(inventory: &Inventory, rule: &InventoryRule, within: &dyn Fn(&str) -> bool) -> Vec<Page> {
    let layout = Layout::new(rule);
    let subjects = subjects(inventory, layout).filter(|subject| within(&subject.folder.path));
    let mut pages: Vec<Page> = subjects.map(|subject| subject.page(inventory, layout)).collect();
    if !pages.is_empty() {
        pages.push(Page { path: layout.index().to_owned(), parts: index(inventory, layout) });
    }
    pages.sort_by(|one, other| one.path.cmp(&other.path));
    pages
}

/// The paths of all pages that there should be, sorted.
pub fn page_paths(inventory: &Inventory, rule: &InventoryRule) -> Vec<String> {
    let layout = Layout::new(rule);
    let mut paths: Vec<String> = subjects(inventory, layout).map(|subject| subject.path(layout)).collect();
    if !paths.is_empty() {
        paths.push(layout.index().to_owned());
    }
    paths.sort();
    paths
}

/// Whether a text is the page of a folder or file that would have its page at that path, or the index: a copy of
/// a page that lies elsewhere is somebody's own.
pub fn is_page_at(path: &str, text: &str, rule: &InventoryRule) -> bool {
    if !page::is_page(text) {
        return false;
    }
    let in_tree = rule.out.as_deref().and_then(|out| path.strip_prefix(out)?.strip_prefix('/'));
    let places = [Some(path), in_tree];
    let is_about = |place: &str| {
        let (folder, name) = place.rsplit_once('/').unwrap_or((".", place));
        let stem = name.strip_suffix(".md").unwrap_or(name);
        let file = if folder == "." { format!("{stem}.rs") } else { format!("{folder}/{stem}.rs") };
        text.contains(&folder::path_line(folder)) || text.contains(&file::file_cell(&file))
    };
    path == rule.index || places.into_iter().flatten().any(is_about)
}

/// What a page is about.
struct Subject<'a> {
    /// The governed folder.
    folder: &'a FolderEntry,
    /// A file of it; without one the page is the folder's own.
    file: Option<&'a FileEntry>,
}

fn subjects<'a>(inventory: &'a Inventory, layout: Layout<'a>) -> impl Iterator<Item = Subject<'a>> {
    let governed = inventory.folders.iter().filter(|folder| folder.governed);
    governed.flat_map(move |folder| {
        let below = folder.subfolders.iter().filter(|below| !below.governed).flat_map(|below| &below.files);
        let files = folder.files.iter().chain(below).filter(move |_| layout.has_files());
        let files = files.filter_map(|path| {
            let at = inventory.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
            Some(Subject { folder, file: Some(&inventory.files[at]) })
        });
        std::iter::once(Subject { folder, file: None }).chain(files)
    })
}

impl Subject<'_> {
    fn path(&self, layout: Layout<'_>) -> String {
        self.file.map_or_else(|| layout.folder(&self.folder.path), |file| layout.file(&file.path))
    }

    fn page(&self, inventory: &Inventory, layout: Layout<'_>) -> Page {
        let parts = match self.file {
            Some(file) => FilePage { inventory, file, layout, folder: &self.folder.path }.parts(),
            None => FolderPage { inventory, folder: self.folder, layout }.parts(),
        };
        Page { path: self.path(layout), parts }
    }
}

fn index(inventory: &Inventory, layout: Layout<'_>) -> Vec<Part> {
    let governed: Vec<&FolderEntry> = inventory.folders.iter().filter(|folder| folder.governed).collect();
    let rows = governed.iter().map(|folder| {
        let page = link(layout.index(), &layout.folder(&folder.path));
        let layer = folder.layer.as_deref().or(folder.role.as_deref());
        let (correct, files) = (folder.assessment.correct_below, folder.assessment.files_below);
        vec![
            format!("[{}]({page})", code(&format!("{}/", folder.path))),
            layer.map_or_else(|| "—".to_owned(), prose),
            folder.purpose.as_deref().map_or_else(|| "—".to_owned(), prose),
            format!("{correct}/{files}"),
            folder.assessment.findings.len().to_string(),
            folder.assessment.missing.len().to_string(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let head = ["Folder", "Layer", "Purpose", "Correct", "Findings", "Missing"];
    vec![Part::new("title", "# Folders\n\n"), Part::new("folders", &format!("{}\n", table(&head, &rows)))]
}

/// The inventory for programs.
///
/// # Errors
///
/// The writer failed, which is a fault of this program.
pub fn inventory_json(inventory: &Inventory) -> Result<String, Failure> {
    document(&Document { schema: SCHEMA, tool: Tool::THIS, inventory })
}

/// Changes when a promise is broken, and only then.
const SCHEMA: u32 = 1;

/// The inventory of a project, as `baton inventory --format json` writes it.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(title = "Inventory")]
struct Document<'a> {
    /// The version of this schema. It changes where a promise is broken, and only there.
    schema: u32,
    /// The program that wrote it.
    tool: Tool,
    #[serde(flatten)]
    inventory: &'a Inventory,
}

/// The JSON Schema of [`inventory_json`].
///
/// # Errors
///
/// The writer failed, which is a fault of this program.
pub fn inventory_schema() -> Result<String, Failure> {
    document(&schemars::schema_for!(Document<'static>))
}
