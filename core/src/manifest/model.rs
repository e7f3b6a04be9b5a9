//! What the manifests say, as values: the public types of [`super`].

use crate::source::Span;

/// All packages of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workspace {
    /// The packages, sorted by the path of their manifests.
    pub packages: Vec<Package>,
    /// What could not be read but stops nothing, one sentence each, beginning with the manifest's path.
    pub notices: Vec<String>,
}

/// One package: a manifest with a `[package]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name as the manifest spells it.
    pub name: String,
    /// The path of its manifest, relative to the project root.
    pub manifest: String,
    /// Its version, as the manifest or its workspace says; what cargo assumes where neither does.
    pub version: String,
    /// The folder of its manifest, empty for the project root.
    pub dir: String,
    /// The edition its code is written in.
    pub edition: Edition,
    /// Whether it belongs to the workspace of the project root, rather than lying below it by itself.
    pub member: bool,
    /// Its targets, sorted by kind, name and root file.
    pub targets: Vec<Target>,
    /// Its dependencies as declared: one that is declared for several kinds or platforms comes several times.
    pub dependencies: Vec<Dependency>,
    /// The names of its features, with those that optional dependencies bring along, sorted.
    pub features: Vec<String>,
}

impl Package {
    /// The library or procedural macro, which is what other packages depend on.
    pub fn library(&self) -> Option<&Target> {
        self.targets.iter().find(|target| matches!(target.kind, TargetKind::Lib | TargetKind::ProcMacro))
    }
}

/// An edition of the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// Edition 2015, which holds where a manifest says nothing.
    #[default]
    E2015,
    /// Edition 2018.
    E2018,
    /// Edition 2021.
    E2021,
    /// Edition 2024.
    E2024,
}

impl Edition {
    /// The edition of that year, as manifests spell it.
    pub fn from_year(year: &str) -> Option<Self> {
        [Self::E2015, Self::E2018, Self::E2021, Self::E2024].into_iter().find(|known| known.year() == year)
    }

    /// The year as manifests spell it.
    pub const fn year(self) -> &'static str {
        match self {
            Self::E2015 => "2015",
            Self::E2018 => "2018",
            Self::E2021 => "2021",
            Self::E2024 => "2024",
        }
    }
}

/// One crate that cargo builds from a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// The name of the crate, with underscores.
    pub name: String,
    /// The path of its root file, relative to the project root.
    pub root: String,
    /// What cargo says of it besides.
    pub described: Described,
}

/// What cargo says of a target in its messages, for those who speak as cargo does.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Described {
    /// Its name as cargo knows it, with hyphens where the manifest has them.
    pub name: String,
    /// What the compiler makes of it.
    pub crate_types: Vec<String>,
    /// The features without which it is not built.
    pub required_features: Vec<String>,
    /// Whether it is documented.
    pub doc: bool,
    /// Whether the examples in its documentation are tested.
    pub doctest: bool,
    /// Whether its tests are run.
    pub test: bool,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// A library.
    Lib,
    /// A library of procedural macros.
    ProcMacro,
    /// A program.
    Bin,
    /// An example.
    Example,
    /// An integration test.
    Test,
    /// A benchmark.
    Bench,
    /// The build script.
    BuildScript,
}

impl TargetKind {
    /// The word for it in cargo's messages, for all but libraries, which go by their crate types.
    pub const fn cargo_name(self) -> &'static str {
        match self {
            Self::Lib => "lib",
            Self::ProcMacro => "proc-macro",
            Self::Bin => "bin",
            Self::Example => "example",
            Self::Test => "test",
            Self::Bench => "bench",
            Self::BuildScript => "custom-build",
        }
    }

    /// The word for it in prose.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lib => "library",
            Self::ProcMacro => "procedural macro",
            Self::Bin => "binary",
            Self::Example => "example",
            Self::Test => "test",
            Self::Bench => "benchmark",
            Self::BuildScript => "build script",
        }
    }
}

/// One declared dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The name that code uses for it, with underscores.
    pub crate_name: String,
    /// The name of the package it stands for.
    pub package: String,
    /// What it is for.
    pub kind: DependencyKind,
    /// Whether a feature switches it on.
    pub optional: bool,
    /// The folder it lies in, relative to the project root, if a path or a patch of the workspace
    /// says so. The folder may lie outside the tree; it then begins with `..` or `/`.
    pub path: Option<String>,
    /// The platform or `cfg(…)` it is declared for, as the manifest spells it, if not for all.
    pub target_cfg: Option<String>,
}

/// What a dependency is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependencyKind {
    /// For all targets.
    Normal,
    /// For tests, examples and benchmarks.
    Dev,
    /// For the build script.
    Build,
}

/// A fault that leaves open which code belongs to which crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// The path of the manifest, relative to the project root.
    pub path: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Where in the manifest.
    pub span: Span,
}
