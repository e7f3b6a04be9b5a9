//! What cargo builds of which file: what messages in cargo's form say besides a finding.

use crate::link::Project;
use crate::manifest::{Edition, Package, Target, Workspace};
use crate::source::FileId;
use std::collections::BTreeMap;

/// The targets of a project, and which of them has which file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Builds {
    /// The root of the project, as an absolute path.
    pub root: String,
    targets: Vec<Build>,
    of_files: BTreeMap<FileId, usize>,
}

/// A target with its package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The name of the package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// The path of its manifest, relative to the project root.
    pub manifest: String,
    /// Its folder, relative to the project root; empty for the root.
    pub dir: String,
    /// The edition of the package.
    pub edition: Edition,
    /// The target.
    pub target: Target,
}

impl Builds {
    /// The builds of a project that lies at `root`. Of several targets with a file, the first counts. A file that no
    /// target has is counted to the first target of the package around it.
    pub fn of(project: &Project, workspace: &Workspace, root: &str) -> Self {
        let mut builds = Self { root: root.to_owned(), ..Self::default() };
        let mut numbers = BTreeMap::new();
        for package in &workspace.packages {
            for target in &package.targets {
                numbers.insert((package.dir.as_str(), target.kind, target.root.as_str()), builds.targets.len());
                builds.targets.push(Build::of(package, target));
            }
        }
        for module in &project.modules {
            let krate = project.krate(module.krate);
            let root = project.file(project.module(krate.root).file);
            if let Some(&number) = numbers.get(&(krate.dir.as_str(), krate.kind, root.path.as_str())) {
                builds.of_files.entry(module.file).or_insert(number);
            }
        }
        for (file, id) in project.files.iter().zip(0..) {
            if builds.of_files.contains_key(&FileId(id)) {
                continue;
            }
            let around = builds.targets.iter().enumerate().filter(|(_, build)| is_in(&file.path, &build.dir));
            // The innermost package, and of its targets the first.
            let nearest = around.max_by_key(|(number, build)| (build.dir.len(), std::cmp::Reverse(*number)));
            if let Some((number, _)) = nearest {
                builds.of_files.insert(FileId(id), number);
            }
        }
        builds
    }

    /// What cargo builds of a file. `None` where no package is around it.
    pub fn of_file(&self, file: FileId) -> Option<&Build> {
        self.targets.get(*self.of_files.get(&file)?)
    }
}

impl Build {
    fn of(package: &Package, target: &Target) -> Self {
        Self {
            package: package.name.clone(),
            version: package.version.clone(),
            manifest: package.manifest.clone(),
            dir: package.dir.clone(),
            edition: package.edition,
            target: target.clone(),
        }
    }
}

fn is_in(path: &str, dir: &str) -> bool {
    dir.is_empty() || path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}
