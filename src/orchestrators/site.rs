//! The site of an inventory: pages are rendered side by side, and written where they changed.

use super::survey::Survey;
use crate::adapters::site::SiteFolder;
use crate::adapters::terminal::Terminal;
use crate::error::Failure;
use crate::render::{self, MANIFEST, Manifest, SiteFile};
use baton_lints::LINTS;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Where a site lies below the root of its project, if nothing else is said.
const USUAL: &str = "target/baton-site";

/// Sequences rendering, the comparison with what is there, and writing.
pub(super) struct Site<'a> {
    terminal: &'a Terminal,
}

impl<'a> Site<'a> {
    /// An orchestrator that says on `terminal` what it does.
    pub(super) const fn new(terminal: &'a Terminal) -> Self {
        Self { terminal }
    }

    /// Writes the site of a project to `output`, or to the usual place.
    ///
    /// # Errors
    ///
    /// A part of the project was asked for, the folder belongs to somebody else, or it cannot be written to.
    pub(super) fn write(&self, survey: &Survey, output: Option<&Path>) -> Result<(), Failure> {
        render::whole_project(&survey.within)?;
        let files = render_all(survey)?;
        let folder = SiteFolder::new(&output.map_or_else(|| survey.root.join(USUAL), PathBuf::from))?;
        let old = Manifest::known(folder.read(MANIFEST)?.as_deref(), folder.is_empty()?, &folder.shown())?;
        let new = Manifest::of(&files);
        Manifest::without_strangers(&read_all(&folder, new.without(&old))?, &folder.shown())?;
        // A run that ends half-way leaves no file that nobody knows.
        folder.write(MANIFEST, &new.with(&old).text()?)?;
        let written = files.par_iter().map(|file| folder.write(&file.path, &file.text));
        let written = written.collect::<Result<Vec<bool>, Failure>>()?;
        let left_over = old.left_over(&read_all(&folder, old.without(&new))?);
        for path in &left_over.ours {
            folder.remove(path)?;
        }
        folder.write(MANIFEST, &new.text()?)?;
        self.terminal.err(&render::site_written(&folder.shown(), &written, &left_over));
        Ok(())
    }
}

/// All files of the site.
fn render_all(survey: &Survey) -> Result<Vec<SiteFile>, Failure> {
    let site = render::Site::new(&survey.inventory, &survey.report, LINTS);
    let mut files: Vec<SiteFile> = site.pages().into_par_iter().map(|page| site.page(page)).collect();
    files.extend(site.shared()?);
    Ok(files)
}

/// The texts of those files that exist.
fn read_all<'a>(folder: &SiteFolder, paths: impl Iterator<Item = &'a str>) -> Result<Vec<(&'a str, String)>, Failure> {
    let read = paths.map(|path| Ok(folder.read(path)?.map(|text| (path, text))));
    read.filter_map(Result::transpose).collect()
}
