//! Loads a project: finds it, walks it, reads its configuration and manifests, parses its files.

use crate::adapters::clock::Clock;
use crate::adapters::locate::{CONFIG, Located, Locator};
use crate::adapters::progress::Progress;
use crate::adapters::read::{ReadError, Reader};
use crate::adapters::terminal::Terminal;
use crate::adapters::walk::{Scan, Walker};
use crate::error::Failure;
use baton_core::config::{self, BASELINE, Baseline, Config, ConfigError, Layers, Source, unmatched};
use baton_core::link::{Content, RoleTable, SourceFile, generated_notice};
use baton_core::manifest::{self, ManifestError, Workspace};
use baton_core::parse::{self, Failure as ParseFailure, Need, Parsed};
use baton_core::source::{FileId, LineIndex, Span};
use baton_lints::LINTS;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Files and folders whose findings are wanted; the whole project is read all the same.
    pub paths: Vec<PathBuf>,
    /// The configuration, if it is not the `baton.toml` of the project.
    pub config: Option<PathBuf>,
    /// How many threads parse; 0 for one per processor.
    pub threads: usize,
}

/// A project as it was read.
#[derive(Debug)]
pub(super) struct Loaded {
    /// Its files, sorted by path.
    pub files: Vec<SourceFile>,
    /// Their texts with their lines, in the same order.
    pub texts: Vec<(String, LineIndex)>,
    /// Its packages.
    pub workspace: Workspace,
    /// What it says about itself.
    pub config: Config,
    /// The text of the configuration.
    pub config_text: String,
    /// The text of the baseline, if there is one.
    pub baseline_text: Option<String>,
    /// What was left out, and why.
    pub notices: Vec<String>,
    /// Its root, for whoever writes there.
    pub root: PathBuf,
    /// Its `.md` files, excluded ones apart.
    pub pages: Vec<String>,
    /// The paths inside the project that were asked for; empty for all of it.
    pub within: Vec<String>,
}

/// A fault in a text that says how to read the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, relative to the project root.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Where in it.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Why a project could not be loaded.
#[derive(Debug)]
pub(super) enum LoadError {
    /// The tool could not do its work.
    Failure(Failure),
    /// The texts that say how to read the project are wrong.
    Faults(Vec<Fault>),
}

impl From<Failure> for LoadError {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Fault {
    /// The fault that a configuration error is, in that text.
    pub(super) fn of_config(error: ConfigError, text: &str) -> Self {
        let ConfigError { message, help, span, path } = error;
        Self { path, text: text.to_owned(), span, message, help }
    }
}

/// Loads the project that the request is about.
///
/// # Errors
///
/// There is no project, or its configuration or manifests are wrong.
pub(super) fn load(request: &Request, terminal: &Terminal) -> Result<Loaded, LoadError> {
    load_with(request, terminal, read_config)
}

/// Loads the project without its configuration, and says which file holds one all the same.
///
/// # Errors
///
/// There is no project, or its manifests are wrong.
pub(super) fn load_bare(request: &Request, terminal: &Terminal) -> Result<(Loaded, Option<&'static str>), LoadError> {
    let mut existing = None;
    let loaded = load_with(request, terminal, |_, place, manifests| {
        existing = configured(place, manifests);
        Ok((Config::default(), String::new()))
    })?;
    Ok((loaded, existing))
}

/// The configuration of the project that the request is about, by itself.
///
/// # Errors
///
/// There is no project, or its configuration is wrong.
pub(super) fn configuration(request: &Request) -> Result<Config, LoadError> {
    let place = locate(request)?;
    let reader = Reader::new(&place.root);
    let scan = Walker::new(&place.root)?.scan();
    let (manifests, _) = read_manifests(&reader, &scan);
    read_config(&reader, &place, &manifests).map(|(config, _)| config)
}

/// The file that holds the configuration of a project, if there is one.
fn configured(place: &Place, manifests: &Texts) -> Option<&'static str> {
    let in_manifest = || {
        let text = manifests.get(ROOT).map_or("", String::as_str);
        !matches!(config::open_metadata(ROOT, text), Ok(None))
    };
    if place.config.is_some() { Some(CONFIG) } else { in_manifest().then_some(ROOT) }
}

fn load_with(
    request: &Request,
    terminal: &Terminal,
    read_config: impl FnOnce(&Reader, &Place, &Texts) -> Result<(Config, String), LoadError>,
) -> Result<Loaded, LoadError> {
    let place = locate(request)?;
    let reader = Reader::new(&place.root);
    let scan = Walker::new(&place.root)?.scan();
    let (manifests, unread) = read_manifests(&reader, &scan);
    let (mut config, config_text) = read_config(&reader, &place, &manifests)?;
    let (baseline, baseline_text) = read_baseline(&reader)?;
    config.baseline = baseline;
    let excluded = |path: &String| config.exclude.iter().any(|pattern| pattern.matches(path));
    let errors = unmatched(&config.path, "file", &config.exclude, &scan.rust_files);
    if !errors.is_empty() {
        return Err(super::link::faults(errors, &config, &config_text));
    }
    let paths: Vec<String> = scan.rust_files.iter().filter(|path| !excluded(path)).cloned().collect();
    let manifests = without(manifests, &config);
    let workspace =
        manifest::read(&manifests, &scan.rust_files).map_err(|errors| manifest_faults(errors, &manifests))?;
    let (mut files, mut texts) = parse_all(&reader, &config, &paths, &terminal.progress(paths.len()));
    add_unreadable(&scan, &mut files, &mut texts);
    let mut notices = unread;
    notices.extend(workspace.notices.iter().cloned());
    notices.extend(scan.notices());
    notices.extend(generated_notice(&files));
    // Of two configurations none can tell which pages are the other's.
    let is_only = request.config.is_none();
    let pages = scan.pages.iter().filter(|path| is_only && !excluded(path)).cloned().collect();
    let root = place.root;
    let within = place.within;
    Ok(Loaded { files, texts, workspace, config, config_text, baseline_text, notices, root, pages, within })
}

/// Where the project is, and which parts of it are asked for.
struct Place {
    root: PathBuf,
    config: Option<PathBuf>,
    within: Vec<String>,
}

fn locate(request: &Request) -> Result<Place, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if request.paths.is_empty() { &here[..] } else { &request.paths };
    let located: Vec<Located> = paths.iter().map(|path| Locator.project_of(path)).collect::<Result<_, _>>()?;
    let Some(first) = located.first() else {
        return Err(Failure::new("no path is given", "give the path of a project"));
    };
    if let Some(other) = located.iter().find(|other| other.root != first.root) {
        let message = format!("two projects at once: `{}` and `{}`", first.root.display(), other.root.display());
        return Err(Failure::new(message, "check one project at a time"));
    }
    let config = match &request.config {
        Some(path) => Some(path.clone()),
        None => first.has_config.then(|| first.root.join(CONFIG)),
    };
    let whole = located.iter().any(|one| one.inside.is_empty());
    let within = if whole { Vec::new() } else { located.iter().map(|one| one.inside.clone()).collect() };
    Ok(Place { root: first.root.clone(), config, within })
}

type Texts = BTreeMap<String, String>;

/// The manifest that may hold the configuration.
const ROOT: &str = "Cargo.toml";

/// The texts of all manifests. Bytes that are no text become a character that no manifest may
/// hold, so that whoever reads the manifest says where; what cannot be opened is left out and said.
fn read_manifests(reader: &Reader, scan: &Scan) -> (Texts, Vec<String>) {
    let mut texts = Texts::new();
    let mut notices = Vec::new();
    for path in &scan.manifests {
        match reader.read(path) {
            Ok(text) => drop(texts.insert(path.clone(), text)),
            Err(ReadError::NotUtf8 { before }) => drop(texts.insert(path.clone(), before + "\u{fffd}")),
            Err(error) => notices.push(format!("{path} cannot be read, so its package is not known: {error}")),
        }
    }
    (texts, notices)
}

/// The configuration: the given file, `baton.toml`, the root manifest's metadata, or none.
fn read_config(reader: &Reader, place: &Place, manifests: &Texts) -> Result<(Config, String), LoadError> {
    let root_text = manifests.get(ROOT).map_or("", String::as_str);
    let metadata = config::open_metadata(ROOT, root_text).map_err(|errors| faults(errors, &[], root_text))?;
    let Some(path) = &place.config else {
        let config = metadata.map_or(Ok(Config::default()), |layers| gather(reader, layers, root_text))?;
        return Ok((config, root_text.to_owned()));
    };
    let shown = shown_path(&place.root, path);
    if metadata.is_some() && shown == CONFIG {
        let message = "the project has two configurations: `baton.toml` and the metadata in `Cargo.toml`";
        return Err(Failure::new(message, "keep one of them").into());
    }
    let text = reader.read_given(path).map_err(|error| {
        Failure::new(
            format!("cannot read the configuration `{shown}`: {error}"),
            "check the path given with `--config`",
        )
    })?;
    let config = gather(reader, Layers::new(&shown, &text), &text)?;
    Ok((config, text))
}

/// Reads the files that a configuration extends, and then all of it.
fn gather(reader: &Reader, mut layers: Layers, text: &str) -> Result<Config, LoadError> {
    while let Some(path) = layers.wanted() {
        let text = reader.read(path).map_err(|error| error.to_string());
        layers.supply(text);
    }
    let sources = layers.sources().to_vec();
    layers.read(LINTS).map_err(|errors| faults(errors, &sources, text))
}

/// What is wrong with the texts of a configuration: `text`, and those of `sources`, by their paths.
fn faults(errors: Vec<ConfigError>, sources: &[Source], text: &str) -> LoadError {
    let fault = |error: ConfigError| {
        let text = sources.iter().find(|source| source.path == error.path).map_or(text, |source| &source.text);
        Fault::of_config(error, text)
    };
    LoadError::Faults(errors.into_iter().map(fault).collect())
}

/// What the project accepts for now, with the text that says so.
fn read_baseline(reader: &Reader) -> Result<(Baseline, Option<String>), LoadError> {
    let read = reader.read_if_there(BASELINE).map_err(|error| {
        Failure::new(format!("cannot read the baseline `{BASELINE}`: {error}"), "make it readable, or remove it")
    })?;
    let Some(text) = read else { return Ok((Baseline::default(), None)) };
    let baseline = Baseline::parse(&text, LINTS, &Clock.today()).map_err(|errors| {
        LoadError::Faults(errors.into_iter().map(|error| Fault::of_config(error, &text)).collect())
    })?;
    Ok((baseline, Some(text)))
}

/// A path as people know it: relative to the project where it lies inside.
fn shown_path(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Manifests of excluded folders are not read: their packages are none of the project's.
fn without(manifests: Texts, config: &Config) -> Texts {
    let excluded = |path: &str| config.exclude.iter().any(|pattern| pattern.matches(path));
    manifests.into_iter().filter(|(path, _)| !excluded(path)).collect()
}

fn manifest_faults(errors: Vec<ManifestError>, manifests: &Texts) -> LoadError {
    let faults = errors.into_iter().map(|error| {
        let ManifestError { path, message, help, span } = error;
        let text = manifests.get(&path).cloned().unwrap_or_default();
        Fault { path, text, span, message, help }
    });
    LoadError::Faults(faults.collect())
}

type Parts = (Vec<SourceFile>, Vec<(String, LineIndex)>);

/// Reads and parses every file, in parallel. The result is in the order of the paths.
fn parse_all(reader: &Reader, config: &Config, paths: &[String], progress: &Progress) -> Parts {
    let roles = RoleTable::of_config(config);
    let parsed: Vec<_> = paths
        .par_iter()
        .map(|path| {
            let done = parse_one(reader, &roles, path);
            progress.step();
            done
        })
        .collect();
    parsed.into_iter().unzip()
}

fn parse_one(reader: &Reader, roles: &RoleTable, path: &str) -> (SourceFile, (String, LineIndex)) {
    let (text, content) = match reader.read(path) {
        Ok(text) => (text, None),
        Err(error) => unread(error),
    };
    let lines = LineIndex::new(&text);
    let content = content.unwrap_or_else(|| self::content(&text, &lines, roles.need_in(path, &text)));
    (SourceFile { path: path.to_owned(), content }, (text, lines))
}

/// Parses files again, their function bodies too: those with the numbers in `which`.
pub(super) fn read_closer(files: &mut [SourceFile], texts: &[(String, LineIndex)], which: &BTreeSet<FileId>) {
    let asked = files.par_iter_mut().zip(texts).enumerate();
    asked.filter(|(number, _)| which.contains(&FileId(*number as u32))).for_each(|(_, (file, (text, lines)))| {
        file.content = content(text, lines, Need::Bodies);
    });
}

/// Parses every file again, all its bodies too. What could not be parsed stays as it is.
pub(super) fn read_closely(files: &mut [SourceFile], texts: &[(String, LineIndex)]) {
    let parsed = files.iter().enumerate().filter(|(_, file)| matches!(file.content, Content::Facts(_)));
    let which = parsed.map(|(number, _)| FileId(number as u32)).collect();
    read_closer(files, texts, &which);
}

fn content(text: &str, lines: &LineIndex, need: Need) -> Content {
    match parse::parse_file(text, lines, need) {
        Parsed::Facts(facts) => Content::Facts(Box::new(facts)),
        Parsed::Generated => Content::Generated,
        Parsed::Failed(failure) => Content::Failed(failure),
    }
}

/// A file without a text fails at its beginning; one that stops being UTF-8 fails there.
fn unread(error: ReadError) -> (String, Option<Content>) {
    let help = match &error {
        ReadError::NotUtf8 { .. } => "save the file as UTF-8",
        ReadError::TooLarge { .. } => "exclude the file under `[source]`: it is data rather than code",
        ReadError::Io(_) => "make the file readable, or exclude it under `[source]`",
    };
    let message = format!("this file cannot be read: {error}");
    let text = match error {
        ReadError::NotUtf8 { before } => before,
        _ => String::new(),
    };
    let end = text.len() as u32;
    let failure = ParseFailure { message, help: help.to_owned(), span: Span::new(end, end) };
    (text, Some(Content::Failed(failure)))
}

/// Folders and files that the walk could not open are files that nobody could judge.
fn add_unreadable(scan: &Scan, files: &mut Vec<SourceFile>, texts: &mut Vec<(String, LineIndex)>) {
    for unreadable in &scan.unreadable {
        let (text, content) = unread(ReadError::Io(unreadable.why.clone()));
        let Some(content) = content else { continue };
        let at = files.partition_point(|file| file.path < unreadable.path);
        files.insert(at, SourceFile { path: unreadable.path.clone(), content });
        texts.insert(at, (text, LineIndex::new("")));
    }
}
