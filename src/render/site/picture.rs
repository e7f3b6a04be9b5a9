//! The picture of a folder as a part of its page.

use super::here::Here;
use super::html::{Html, element, tag};
use super::words::none;
use crate::render::graph::{Frame, InPage, picture};
use baton_core::graph::Group;
use baton_core::inventory::FolderEntry;

/// A picture with more boxes or arrows than this is left out: it shows nothing, and laying it out takes longer
/// than all the rest of the page.
const MOST_BOXES: usize = 60;
const MOST_ARROWS: usize = 240;

/// The picture of a folder, or why there is none.
pub(super) fn of_folder(here: &Here<'_>, folder: &FolderEntry) -> Html {
    let view = &folder.picture;
    if view.arrows.is_empty() {
        return none("Nothing here imports anything of the project.");
    }
    let link = |group: &Group| address(here, folder, group);
    let heading = format!("What the files of {}/ import", folder.path);
    let page = InPage { heading: &heading, around: "the rest of the project, by role", link: &link };
    let fits = view.groups.len() <= MOST_BOXES && view.arrows.len() <= MOST_ARROWS;
    let drawn = fits.then(|| picture(view, here.site.report, Frame::InPage(page)).ok()).flatten();
    let Some(svg) = drawn else {
        let (boxes, arrows) = (view.groups.len(), view.arrows.len());
        let text = format!(
            "A picture of {boxes} boxes and {arrows} arrows would show nothing. Those of the folders below are smaller."
        );
        return element("p", "none", &text);
    };
    let attributes = [("class", "picture"), ("tabindex", "0"), ("role", "group"), ("aria-label", &*heading)];
    tag("div", &attributes, Html::of_picture(svg)).then(Html::raw("\n"))
}

/// Where a box leads: to the page of the file or folder that it stands for.
fn address(here: &Here<'_>, folder: &FolderEntry, group: &Group) -> Option<String> {
    if group.outside || group.neighbour {
        return None;
    }
    let path = if folder.path == "." { group.name.clone() } else { format!("{}/{}", folder.path, group.name) };
    match path.strip_suffix('/') {
        Some(below) => here.folder_address(below),
        None => here.file_address(&path),
    }
}
