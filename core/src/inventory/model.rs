//! What the pages say, before anybody decides how they say it.
//!
//! Written as JSON these are a promise to other programs: fields are added, never renamed or moved.

use crate::finding::Level;
use crate::graph::View;
use serde::Serialize;

/// The folders and files of a project.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Inventory {
    /// The packages of the project, sorted.
    #[serde(skip)]
    pub packages: Vec<String>,
    /// Every folder with code that is no test, sorted by path.
    pub folders: Vec<FolderEntry>,
    /// Every file that is no test, sorted by path.
    pub files: Vec<FileEntry>,
    /// What was found, sorted by file, line, column and rule.
    pub findings: Vec<FindingEntry>,
}

/// A folder.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FolderEntry {
    /// Relative to the project root, without a `/` at its end; `.` for the root.
    pub path: String,
    /// Whether a `[[folder]]` of the configuration stands for it, so that it has a page.
    pub governed: bool,
    /// What it is called.
    pub title: String,
    /// The layer that its contract says it is.
    pub layer: Option<String>,
    /// The role of its files, if all have the same.
    pub role: Option<String>,
    /// What it is for: by its contract, else the first paragraph of its module's documentation.
    pub purpose: Option<String>,
    /// What belongs there.
    pub belongs: Vec<String>,
    /// What must not be there.
    pub forbidden: Vec<ForbiddenEntry>,
    /// The file of the folder's own module, relative to the project root, if there is one.
    pub module_file: Option<String>,
    /// The paths of the files that lie directly in it, sorted. A module file that only declares modules is not
    /// among them.
    pub files: Vec<String>,
    /// The folders below, sorted; those below governed ones are left out.
    pub subfolders: Vec<SubfolderEntry>,
    /// What is right, what is wrong, what is missing.
    pub assessment: Assessment,
    /// The layer of the code that its files are paired with, if its contract names one.
    pub paired_layer: Option<String>,
    /// The folders whose code imports something of it, and how many of their files do.
    pub inbound: Vec<Neighbour>,
    /// The folders whose code it imports, and how many of its files do.
    pub outbound: Vec<Neighbour>,
    /// Its files and what they import.
    #[serde(skip)]
    pub picture: View,
}

/// What must not be in a folder.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ForbiddenEntry {
    /// In words.
    pub text: String,
    /// What holds it; nothing where only people do.
    pub held_by: Option<Holder>,
    /// How many findings of that rule or contract stand in the folder.
    pub findings: usize,
}

/// What holds or decides something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// A rule of the linter.
    Rule(String),
    /// A contract of the project.
    Contract(String),
}

/// A folder below another.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SubfolderEntry {
    /// Relative to the project root.
    pub path: String,
    /// Relative to the folder around.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub purpose: Option<String>,
    /// Whether it has a page of its own.
    pub governed: bool,
    /// The paths of the files directly in it, sorted; its module file is among them.
    pub files: Vec<String>,
}

/// How a folder stands.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Assessment {
    /// How many of the files directly in it have no finding.
    pub correct: usize,
    /// How many files lie directly in it.
    pub files: usize,
    /// The first number with those of the folders below, governed ones apart.
    pub correct_below: usize,
    /// The second number with those of the folders below, governed ones apart.
    pub files_below: usize,
    /// The findings in it and below, as positions in [`Inventory::findings`].
    pub findings: Vec<usize>,
    /// What its contract requires and the code lacks.
    pub missing: Vec<MissingEntry>,
}

/// What a contract requires and the code lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct MissingEntry {
    /// What is required.
    pub text: String,
    /// Why it counts as missing.
    pub why: String,
}

/// A folder on the other side of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Neighbour {
    /// Relative to the project root.
    pub folder: String,
    /// How many files.
    pub files: usize,
}

/// A file.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FileEntry {
    /// Relative to the project root.
    pub path: String,
    /// The folder that it lies in; `.` for the root.
    pub folder: String,
    /// Its name without the folder.
    pub name: String,
    /// The path of its module; empty where no target reaches it.
    pub module: String,
    /// What it is for, in one line.
    pub title: String,
    /// The first paragraph of its module's documentation.
    pub purpose: Option<String>,
    /// The name of its role.
    pub role: Option<String>,
    /// The layer of the folder that governs it.
    pub layer: Option<String>,
    /// What it is by what it holds: `orchestrator`, `coordinator`, `handler`, `registry`, `port`, `adapter`,
    /// `entry`, `types`, `functions`, `macros`, `modules`, `generated`, `unreadable`.
    pub kind: &'static str,
    /// Whether it is nothing but the declaration of its folder's modules.
    pub only_modules: bool,
    /// What it does with transactions.
    pub transaction: TransactionEntry,
    /// Which domains it knows.
    pub domains: DomainsEntry,
    /// The issues and decisions that its documentation names, such as `PIN-504`.
    pub references: Vec<String>,
    /// Its findings, as positions in [`Inventory::findings`].
    pub findings: Vec<usize>,
    /// What breaks a rule in it and is waived, by a suppression in the source or by the baseline.
    pub waived: Vec<WaivedEntry>,
    /// What it imports, by what that is.
    pub imports: Vec<ImportGroup>,
    /// The modules that import it.
    pub inbound: Vec<String>,
    /// The modules that it imports.
    pub outbound: Vec<String>,
    /// Its orchestrators.
    pub orchestrators: Vec<OrchestratorEntry>,
    /// What others may use of it.
    pub public: Vec<PublicItem>,
    /// The errors that its public functions return.
    pub errors: Vec<String>,
    /// Who it works for.
    pub pairing: Pairing,
}

impl FileEntry {
    /// Whether it counts among the files of a folder: what only declares modules does not, unless it breaks a rule.
    pub const fn counts(&self) -> bool {
        !self.only_modules || !self.findings.is_empty()
    }
}

/// What a file does with transactions.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct TransactionEntry {
    /// What it may do, and whether it keeps to that.
    pub standing: Standing,
    /// What it begins and ends, in the order of the text.
    pub operations: Vec<TransactionOperation>,
}

/// What a file may do with transactions, and whether it keeps to that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nothing is said of it, and it does nothing.
    #[default]
    Open,
    /// It may not, and does not.
    Forbidden,
    /// It may, and does not.
    Allowed,
    /// It may, and does.
    Owns,
    /// It is what owners call: its functions are the beginning and the end of transactions themselves.
    Provides,
    /// It does, and nobody said who may.
    Undeclared,
    /// It may not, and does.
    Breaks,
}

/// A place that begins or ends a transaction.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct TransactionOperation {
    /// `begins`, `runs`, `commits`, `rolls back`.
    pub verb: &'static str,
    /// What is called there.
    pub what: String,
    /// The function that it stands in.
    pub function: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// Which domains a file knows.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct DomainsEntry {
    /// Whether the project declares domains.
    pub declared: bool,
    /// Its own.
    pub own: Option<String>,
    /// The others that its code names.
    pub names: Vec<String>,
    /// Those that it declares with `cross_domain`.
    pub cross_domain: Vec<String>,
    /// Whether it brings several domains together.
    pub crosses: bool,
}

/// What was found.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FindingEntry {
    /// The rule.
    pub rule: &'static str,
    /// How much it counts.
    #[schemars(with = "String")]
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// The file.
    pub file: String,
    /// Where it begins, counted from 1.
    pub line: u32,
    /// In characters, counted from 1.
    pub column: u32,
    /// Where it ends.
    pub end_line: u32,
    /// One past the last character.
    pub end_column: u32,
    /// The item that it stands in; empty where there is none.
    pub item: String,
    /// Identifies it across edits that only move it.
    pub fingerprint: String,
}

/// What breaks a rule and is waived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WaivedEntry {
    /// The rule.
    pub rule: &'static str,
    /// What the rule says.
    pub message: String,
    /// Why nobody is to hear it.
    pub reason: String,
}

/// Some of what a file imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ImportGroup {
    /// `same folder`, `domain` with its name, the name of a role, `no role`, or `outside crates`.
    pub kind: String,
    /// The modules or crates, sorted.
    pub names: Vec<String>,
}

/// An orchestrator.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct OrchestratorEntry {
    /// Its name.
    pub name: String,
    /// What it receives.
    pub dependencies: Vec<DependencyEntry>,
    /// What it does for others.
    pub operations: Vec<String>,
}

/// What an orchestrator receives.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct DependencyEntry {
    /// The parameter or field.
    pub name: String,
    /// Its trait or type.
    pub shown: String,
    /// Whether it is a trait.
    pub port: bool,
}

/// What others may use of a file.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct PublicItem {
    /// The type that it belongs to; empty where it stands by itself.
    pub owner: String,
    /// Its name.
    pub name: String,
    /// How it is declared.
    pub signature: String,
    /// The first sentence of its documentation; empty without any.
    pub docs: String,
    /// Its line, counted from 1.
    pub line: u32,
}

/// Who a file works for.
#[derive(Clone, Debug, Default, Serialize, schemars::JsonSchema)]
pub struct Pairing {
    /// The domains whose code uses it.
    pub serves: Vec<String>,
    /// The modules that use it: of the paired layer, or of other folders where no layer is named.
    pub consumers: Vec<String>,
    /// What is declared and not wired, or wired and not declared.
    pub gaps: Vec<String>,
}
