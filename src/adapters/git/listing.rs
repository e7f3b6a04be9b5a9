//! Reads the lists that git prints: the entries of its index and of a tree.

use super::program::Program;
use crate::error::Failure;

/// An entry of an index or a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// What it is.
    pub(super) mode: Mode,
    /// The name of the object that holds its content.
    pub(super) object: String,
    /// Its path below the top of the repository, in the bytes that git keeps.
    pub(super) path: Vec<u8>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A regular file.
    File,
    /// A symbolic link, whose content is where it leads.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// The flag of an entry that `git add --intent-to-add` made: its path is known and no content of it.
const INTENT_TO_ADD: u32 = 1 << 29;

/// The names of the object without content, as both of git's hash functions make them.
const EMPTY: [&str; 2] =
    ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"];

/// What the index holds.
///
/// # Errors
///
/// It holds several versions of a file, because a merge is under way, or git failed.
pub(super) fn index(git: &Program) -> Result<Vec<Listed>, Failure> {
    let printed = git.print(&["ls-files", "--stage", "-z", "--full-name"])?;
    let mut listed = Vec::new();
    for line in lines(&printed) {
        let Some((fields, path)) = split(line) else { continue };
        let [mode, object, stage] = fields[..] else { continue };
        if stage != "0" {
            return Err(conflict(path));
        }
        listed.extend(entry(mode, object, path));
    }
    if listed.iter().any(Listed::is_empty) {
        let intended = intended(&git.print(&["ls-files", "-z", "--full-name", "--debug"])?);
        listed.retain(|entry| !entry.is_empty() || !intended.contains(&entry.path));
    }
    Ok(listed)
}

/// What the tree of a commit holds.
///
/// # Errors
///
/// Git failed.
pub(super) fn commit(git: &Program, commit: &str) -> Result<Vec<Listed>, Failure> {
    let printed = git.print(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
    let entries = lines(&printed).filter_map(|line| {
        let (fields, path) = split(line)?;
        let [mode, _, object] = fields[..] else { return None };
        entry(mode, object, path)
    });
    Ok(entries.collect())
}

impl Listed {
    fn is_empty(&self) -> bool {
        EMPTY.contains(&self.object.as_str())
    }
}

fn lines(printed: &[u8]) -> impl Iterator<Item = &[u8]> {
    printed.split(|&byte| byte == 0).filter(|line| !line.is_empty())
}

/// The fields in front of a path, and the path.
fn split(line: &[u8]) -> Option<(Vec<&str>, &[u8])> {
    let tab = line.iter().position(|&byte| byte == b'\t')?;
    let fields = str::from_utf8(&line[..tab]).ok()?;
    Some((fields.split(' ').collect(), &line[tab + 1..]))
}

fn entry(mode: &str, object: &str, path: &[u8]) -> Option<Listed> {
    let mode = match mode {
        "120000" => Mode::Link,
        "160000" => Mode::Submodule,
        "100644" | "100755" | "100664" => Mode::File,
        _ => return None,
    };
    Some(Listed { mode, object: object.to_owned(), path: path.to_vec() })
}

fn conflict(path: &[u8]) -> Failure {
    let path = String::from_utf8_lossy(path);
    Failure::new(
        format!("the index has a merge conflict in `{path}`, so it holds no state that could be checked"),
        "resolve the conflict and `git add` the file",
    )
}

/// The paths whose content is still to be added. Each path is followed by lines about it, the last of which
/// ends with its flags.
fn intended(printed: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut path: Option<&[u8]> = None;
    for part in printed.split(|&byte| byte == 0) {
        let about = part.rsplit(|&byte| byte == b'\n');
        let flags = about.clone().find_map(flags);
        if let (Some(path), Some(flags)) = (path, flags)
            && flags & INTENT_TO_ADD != 0
        {
            found.push(path.to_vec());
        }
        // The next path begins where the lines about the last one end.
        path = match flags {
            Some(_) => after_flags(part),
            None => Some(part),
        };
    }
    found
}

/// The flags that a line such as `  size: 0\tflags: 20004000` says.
fn flags(line: &[u8]) -> Option<u32> {
    let line = str::from_utf8(line).ok()?;
    let (before, flags) = line.split_once("\tflags: ")?;
    if !before.trim_start().starts_with("size:") {
        return None;
    }
    u32::from_str_radix(flags.trim(), 16).ok()
}

fn after_flags(part: &[u8]) -> Option<&[u8]> {
    let marker = b"\tflags: ";
    let at = part.windows(marker.len()).position(|window| window == marker)?;
    let line_end = part[at..].iter().position(|&byte| byte == b'\n')?;
    part.get(at + line_end + 1..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_with_the_flag_are_still_to_be_added() {
        let about = |flags: &str| {
            format!("  ctime: 1:2\n  mtime: 1:2\n  dev: 1\tino: 2\n  uid: 0\tgid: 0\n  size: 0\tflags: {flags}\n")
        };
        let printed = format!("a b.rs\0{}new\nline.rs\0{}c.rs\0{}", about("0"), about("20004000"), about("200000"));
        assert_eq!(intended(printed.as_bytes()), [b"new\nline.rs".to_vec()]);
        assert_eq!(intended(b"a.rs\0b.rs\0"), Vec::<Vec<u8>>::new(), "a git that says less");
        assert_eq!(intended(b""), Vec::<Vec<u8>>::new());
    }
}
