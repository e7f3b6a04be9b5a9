//! Tells when files of a project change.
#![expect(clippy::disallowed_methods, reason = "this adapter looks at the disk, from the current folder")]

use super::locate::CONFIG;
use crate::error::Failure;
use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::path::Path;
use std::sync::mpsc::Sender;

/// The files besides sources whose changes may change what is found.
const NAMES: [&str; 5] = [CONFIG, "baton-baseline.toml", "Cargo.toml", ".gitignore", ".ignore"];

/// Watches a project as long as it exists.
#[derive(Debug)]
pub struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Puts an event into a queue for each change below `root` that may change what is found, and for each change of
    /// the configuration, wherever that is.
    ///
    /// # Errors
    ///
    /// The system refuses to watch so many folders.
    pub fn start<E: Send + 'static>(
        root: &Path,
        config: Option<&Path>,
        into: Sender<E>,
        event: fn() -> E,
    ) -> Result<Self, Failure> {
        let config = config.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let (top, named) = (root.to_owned(), config.clone());
        let tell = move |told: notify::Result<Event>| {
            // Where the system has lost track, everything may have changed.
            let matters = told.map_or(true, |told| matters(&told, &top, named.as_deref()));
            if matters {
                // Nobody listens any more only when the program ends.
                drop(into.send(event()));
            }
        };
        let started = notify::recommended_watcher(tell).and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::Recursive)?;
            // Editors replace files, so it is the folder that is watched.
            let folder = config.as_deref().and_then(Path::parent).filter(|folder| !folder.starts_with(root));
            folder.map_or(Ok(()), |folder| watcher.watch(folder, RecursiveMode::NonRecursive))?;
            Ok(watcher)
        });
        started.map(|watcher| Self { _watcher: watcher }).map_err(|error| {
            let hint = "on Linux, `sysctl fs.inotify.max_user_watches` says how many folders may be watched";
            Failure::new(format!("cannot watch `{}`: {error}", root.display()), hint)
        })
    }
}

/// Whether an event may change what is found.
fn matters(event: &Event, root: &Path, config: Option<&Path>) -> bool {
    let is_change = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        // Checks read files themselves.
        EventKind::Access(_) => false,
        _ => true,
    };
    event.need_rescan()
        || (is_change && event.paths.iter().any(|path| is_source(path, root) || Some(path.as_path()) == config))
}

/// Whether a path may be a source, a manifest, a configuration, or a folder of such.
fn is_source(path: &Path, root: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(root) else { return false };
    let mut parts = inside.iter();
    // What cargo builds comes and goes all the time, and so does what git keeps for itself.
    if parts.next().is_some_and(|first| first == "target" || first == ".git") {
        return false;
    }
    let is_named = inside.file_name().is_some_and(|name| NAMES.iter().any(|known| name == *known));
    is_named || inside.extension().is_none_or(|extension| extension == "rs")
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, Flag, ModifyKind, RenameMode};

    fn is_told(kind: EventKind, path: &str) -> bool {
        let event = Event::new(kind).add_path(path.into());
        matters(&event, Path::new("/p"), Some(Path::new("/elsewhere/b.toml")))
    }

    #[test]
    fn what_may_change_findings_is_told() {
        let changed = EventKind::Modify(ModifyKind::Any);
        for path in ["/p/src/a.rs", "/p/Cargo.toml", "/p/a/baton.toml", "/p/.gitignore", "/elsewhere/b.toml"] {
            assert!(is_told(changed, path), "{path}");
        }
        assert!(is_told(EventKind::Create(CreateKind::Folder), "/p/src/new"));
        assert!(is_told(EventKind::Modify(ModifyKind::Name(RenameMode::From)), "/p/src/old"));
        assert!(matters(&Event::new(EventKind::Other).set_flag(Flag::Rescan), Path::new("/p"), None));
    }

    #[test]
    fn what_may_not_is_not() {
        let changed = EventKind::Modify(ModifyKind::Any);
        for path in ["/p/target/debug/build/a.rs", "/p/.git/index", "/p/README.md", "/p/report.json", "/q/a.rs"] {
            assert!(!is_told(changed, path), "{path}");
        }
        assert!(!is_told(EventKind::Access(AccessKind::Open(AccessMode::Any)), "/p/src/a.rs"), "a check reads");
    }
}
