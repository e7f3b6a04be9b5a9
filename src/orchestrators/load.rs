//! Loads a project: finds it, walks it, reads its configuration and manifests, parses its files.

use crate::adapters::clock::Clock;
use crate::adapters::locate::{CONFIG, Located};
use crate::adapters::progress::Progress;
use crate::adapters::read::ReadError;
use crate::adapters::sources::{self, Origin, Sources, State};
use crate::adapters::terminal::Terminal;
use crate::adapters::walk::Scan;
use crate::error::Failure;
use baton_core::config::{self, BASELINE, Baseline, Config, ConfigError, Layers, Source, unmatched};
use baton_core::link::{Content, Memory, RoleTable, SourceFile, generated_notice};
use baton_core::manifest::{self, ManifestError, Workspace};
use baton_core::parse::{self, Failure as ParseFailure, Need, Parsed};
use baton_core::source::{FileId, LineIndex, Span};
use baton_lints::LINTS;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Files and folders whose findings are wanted; the whole project is read all the same.
    pub paths: Vec<PathBuf>,
    /// The configuration, if it is not the `baton.toml` of the project.
    pub config: Option<PathBuf>,
    /// How many threads parse; 0 for one per processor.
    pub threads: usize,
    /// Which state of the project is read.
    pub state: State,
    /// The revision since which findings have to be new to be reported; `None` for all findings.
    pub since: Option<String>,
}

impl Request {
    /// A path in the project.
    pub(super) fn start(&self) -> &Path {
        self.paths.first().map_or(Path::new("."), PathBuf::as_path)
    }
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
    let origin = sources::origin(request.state, request.start())?;
    load_from(&*origin, request, terminal)
}

/// Loads the project that the request is about, from that origin.
///
/// # Errors
///
/// There is no project, or its configuration or manifests are wrong.
pub(super) fn load_from(origin: &dyn Origin, request: &Request, terminal: &Terminal) -> Result<Loaded, LoadError> {
    load_known(origin, request, terminal, None)
}

/// The same, where a memory of an earlier look may spare the parsing of files, and is told what is new.
///
/// # Errors
///
/// As of [`load_from`].
pub(super) fn load_known(
    origin: &dyn Origin,
    request: &Request,
    terminal: &Terminal,
    memory: Option<&mut Memory>,
) -> Result<Loaded, LoadError> {
    load_with(origin, request, terminal, memory, read_config)
}

/// Loads the project without its configuration, and says which file holds one all the same.
///
/// # Errors
///
/// There is no project, or its manifests are wrong.
pub(super) fn load_bare(request: &Request, terminal: &Terminal) -> Result<(Loaded, Option<&'static str>), LoadError> {
    let origin = sources::origin(request.state, request.start())?;
    let mut existing = None;
    let loaded = load_with(&*origin, request, terminal, None, |_, place, manifests| {
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
    let origin = sources::origin(request.state, request.start())?;
    let place = locate(&*origin, request)?;
    let sources = &*origin.sources(&place.root)?;
    let (manifests, _) = read_manifests(sources, &sources.scan());
    read_config(sources, &place, &manifests).map(|(config, _)| config)
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
    origin: &dyn Origin,
    request: &Request,
    terminal: &Terminal,
    memory: Option<&mut Memory>,
    read_config: impl FnOnce(&dyn Sources, &Place, &Texts) -> Result<(Config, String), LoadError>,
) -> Result<Loaded, LoadError> {
    let place = locate(origin, request)?;
    let sources = &*origin.sources(&place.root)?;
    let scan = sources.scan();
    let (manifests, unread) = read_manifests(sources, &scan);
    let (mut config, config_text) = read_config(sources, &place, &manifests)?;
    let (baseline, baseline_text) = read_baseline(sources)?;
    config.baseline = baseline;
    let errors = unmatched(&config.path, "file", &config.exclude, &scan.rust_files);
    if !errors.is_empty() {
        return Err(super::link::faults(errors, &config, &config_text));
    }
    // Of two configurations none can tell which pages are the other's.
    let is_only = request.config.is_none();
    let pages = scan.pages.iter().filter(|path| is_only && !is_excluded(&config, path)).cloned().collect();
    let Place { root, within, .. } = place;
    let source = read_source(sources, &scan, manifests, &config, terminal, memory)?;
    let Read { files, texts, workspace, mut notices } = source;
    notices.splice(0..0, unread);
    Ok(Loaded { files, texts, workspace, config, config_text, baseline_text, notices, root, pages, within })
}

/// Loads an earlier state of a project, to be judged by the configuration of today.
///
/// # Errors
///
/// Its manifests or its baseline were wrong.
pub(super) fn load_earlier(origin: &dyn Origin, today: &Loaded, terminal: &Terminal) -> Result<Loaded, LoadError> {
    let sources = &*origin.sources(&today.root)?;
    let scan = sources.scan();
    let (manifests, _) = read_manifests(sources, &scan);
    let (baseline, baseline_text) = read_baseline(sources)?;
    let config = today.config.for_earlier_state(baseline);
    let Read { files, texts, workspace, notices } = read_source(sources, &scan, manifests, &config, terminal, None)?;
    let (config_text, root) = (today.config_text.clone(), today.root.clone());
    let (pages, within) = (Vec::new(), Vec::new());
    Ok(Loaded { files, texts, workspace, config, config_text, baseline_text, notices, root, pages, within })
}

/// Loads an earlier state of a project, to be judged by the configuration that it had; `None` where that is the one of
/// today.
///
/// # Errors
///
/// It could not be judged by that, or not at all.
pub(super) fn load_as_it_was(
    origin: &dyn Origin,
    request: &Request,
    today: &Loaded,
    terminal: &Terminal,
) -> Result<Option<Loaded>, LoadError> {
    let sources = &*origin.sources(&today.root)?;
    let given = request.config.clone();
    let config = given.or(sources.read_if_there(CONFIG).ok().flatten().map(|_| today.root.join(CONFIG)));
    let place = Place { root: today.root.clone(), config, within: Vec::new() };
    let scan = sources.scan();
    let (manifests, _) = read_manifests(sources, &scan);
    let (mut config, config_text) = read_config(sources, &place, &manifests)?;
    if config_text == today.config_text && config.sources == today.config.sources {
        return Ok(None);
    }
    let (baseline, baseline_text) = read_baseline(sources)?;
    config.baseline = baseline;
    let Read { files, texts, workspace, notices } = read_source(sources, &scan, manifests, &config, terminal, None)?;
    let (root, pages, within) = (place.root, Vec::new(), place.within);
    Ok(Some(Loaded { files, texts, workspace, config, config_text, baseline_text, notices, root, pages, within }))
}

/// The sources of a project.
struct Read {
    files: Vec<SourceFile>,
    texts: Vec<(String, LineIndex)>,
    workspace: Workspace,
    notices: Vec<String>,
}

fn read_source(
    sources: &dyn Sources,
    scan: &Scan,
    manifests: Texts,
    config: &Config,
    terminal: &Terminal,
    memory: Option<&mut Memory>,
) -> Result<Read, LoadError> {
    let paths: Vec<String> = scan.rust_files.iter().filter(|path| !is_excluded(config, path)).cloned().collect();
    let manifests = without(manifests, config);
    let workspace =
        manifest::read(&manifests, &scan.rust_files).map_err(|errors| manifest_faults(errors, &manifests))?;
    let (mut files, mut texts) = parse_all(sources, config, &paths, &terminal.progress(paths.len()), memory);
    add_unreadable(scan, &mut files, &mut texts);
    let mut notices = workspace.notices.clone();
    notices.extend(scan.notices());
    notices.extend(generated_notice(&files));
    Ok(Read { files, texts, workspace, notices })
}

/// Where the project is, and which parts of it are asked for.
struct Place {
    root: PathBuf,
    config: Option<PathBuf>,
    within: Vec<String>,
}

fn locate(origin: &dyn Origin, request: &Request) -> Result<Place, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if request.paths.is_empty() { &here[..] } else { &request.paths };
    let located: Vec<Located> = paths.iter().map(|path| origin.project_of(path)).collect::<Result<_, _>>()?;
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
fn read_manifests(sources: &dyn Sources, scan: &Scan) -> (Texts, Vec<String>) {
    let mut texts = Texts::new();
    let mut notices = Vec::new();
    for path in &scan.manifests {
        match sources.read(path) {
            Ok(text) => drop(texts.insert(path.clone(), text)),
            Err(ReadError::NotUtf8 { before }) => drop(texts.insert(path.clone(), before + "\u{fffd}")),
            Err(error) => notices.push(format!("{path} cannot be read, so its package is not known: {error}")),
        }
    }
    (texts, notices)
}

/// The configuration: the given file, `baton.toml`, the root manifest's metadata, or none.
fn read_config(sources: &dyn Sources, place: &Place, manifests: &Texts) -> Result<(Config, String), LoadError> {
    let root_text = manifests.get(ROOT).map_or("", String::as_str);
    let metadata = config::open_metadata(ROOT, root_text).map_err(|errors| faults(errors, &[], root_text))?;
    let Some(path) = &place.config else {
        let config = metadata.map_or(Ok(Config::default()), |layers| gather(sources, layers, root_text))?;
        return Ok((config, root_text.to_owned()));
    };
    let shown = shown_path(&place.root, path);
    if metadata.is_some() && shown == CONFIG {
        let message = "the project has two configurations: `baton.toml` and the metadata in `Cargo.toml`";
        return Err(Failure::new(message, "keep one of them").into());
    }
    let text = sources.read_given(path).map_err(|error| {
        Failure::new(
            format!("cannot read the configuration `{shown}`: {error}"),
            "check the path given with `--config`",
        )
    })?;
    let config = gather(sources, Layers::new(&shown, &text), &text)?;
    Ok((config, text))
}

/// Reads the files that a configuration extends, and then all of it.
fn gather(sources: &dyn Sources, mut layers: Layers, text: &str) -> Result<Config, LoadError> {
    while let Some(path) = layers.wanted() {
        let text = sources.read(path).map_err(|error| error.to_string());
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
fn read_baseline(sources: &dyn Sources) -> Result<(Baseline, Option<String>), LoadError> {
    let read = sources.read_if_there(BASELINE).map_err(|error| {
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
    manifests.into_iter().filter(|(path, _)| !is_excluded(config, path)).collect()
}

fn is_excluded(config: &Config, path: &str) -> bool {
    config.exclude.iter().any(|pattern| pattern.matches(path))
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

/// A file that was read, and for which need it was parsed, if it was parsed now.
type Parsing = ((SourceFile, (String, LineIndex)), Option<Need>);

/// Reads every file, and parses those that the memory does not know, in parallel. The result is in the order of the
/// paths.
fn parse_all(
    sources: &dyn Sources,
    config: &Config,
    paths: &[String],
    progress: &Progress,
    memory: Option<&mut Memory>,
) -> Parts {
    let roles = RoleTable::of_config(config);
    let known = memory.as_deref();
    let parsed: Vec<Parsing> = paths
        .par_iter()
        .map(|path| {
            let done = parse_one(sources, &roles, path, known);
            progress.step();
            done
        })
        .collect();
    if let Some(memory) = memory {
        memory.retain(paths.iter().map(String::as_str));
        for ((file, (text, _)), need) in &parsed {
            if let Some(need) = need {
                memory.keep(&file.path, text, *need, file.content.clone());
            }
        }
    }
    parsed.into_iter().map(|(file, _)| file).unzip()
}

fn parse_one(sources: &dyn Sources, roles: &RoleTable, path: &str, memory: Option<&Memory>) -> Parsing {
    let (text, content) = match sources.read(path) {
        Ok(text) => (text, None),
        Err(error) => unread(error),
    };
    let lines = LineIndex::new(&text);
    let need = roles.need_in(path, &text);
    let known = content.or_else(|| memory?.recall(path, &text, need));
    let (content, parsed) = match known {
        Some(content) => (content, None),
        None => (self::content(&text, &lines, need), Some(need)),
    };
    ((SourceFile { path: path.to_owned(), content }, (text, lines)), parsed)
}

/// Parses every file again, all its bodies too. What could not be parsed stays as it is.
pub(super) fn read_closely(files: &mut [SourceFile], texts: &[(String, LineIndex)]) {
    let parsed = files.iter().enumerate().filter(|(_, file)| matches!(file.content, Content::Facts(_)));
    let which = parsed.map(|(number, _)| FileId(number as u32)).collect();
    read_closer(files, texts, &which, None);
}

/// Parses files again, their function bodies too, where the memory does not know them: those with the numbers in
/// `which`.
pub(super) fn read_closer(
    files: &mut [SourceFile],
    texts: &[(String, LineIndex)],
    which: &BTreeSet<FileId>,
    memory: Option<&mut Memory>,
) {
    let known = memory.as_deref();
    let asked = files.par_iter_mut().zip(texts).enumerate();
    asked.filter(|(number, _)| which.contains(&FileId(*number as u32))).for_each(|(_, (file, (text, lines)))| {
        let recalled = known.and_then(|memory| memory.recall(&file.path, text, Need::Bodies));
        file.content = recalled.unwrap_or_else(|| content(text, lines, Need::Bodies));
    });
    if let Some(memory) = memory {
        for (file, (text, _)) in
            which.iter().filter_map(|id| Some((files.get(id.0 as usize)?, texts.get(id.0 as usize)?)))
        {
            memory.keep(&file.path, text, Need::Bodies, file.content.clone());
        }
    }
}

fn content(text: &str, lines: &LineIndex, need: Need) -> Content {
    match parse::parse_file(text, lines, need) {
        Parsed::Facts(facts) => Content::Facts(Arc::new(facts)),
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
