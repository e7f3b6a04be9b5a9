//! Files that a repository cannot hold: odd names, loops of links, missing rights.
//!
//! A plain module: tests include it with `#[path = "hard/files.rs"] mod files;`.

use std::io;
use std::path::Path;

/// A source file whose name is not UTF-8, below `root`.
///
/// # Errors
/// What the file system says; several refuse such names.
#[cfg(unix)]
pub(crate) fn non_utf8_path(root: &Path) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"odd_\xff.rs");
    std::fs::write(root.join(name), "pub fn odd() {}\n")
}

/// Two links, `root/loop_a` and `root/loop_a/b/back`, that lead to each other.
///
/// # Errors
/// What the file system says.
#[cfg(unix)]
pub(crate) fn symlink_loop(root: &Path) -> io::Result<()> {
    std::fs::create_dir_all(root.join("loop_a/b"))?;
    std::os::unix::fs::symlink(root.join("loop_a"), root.join("loop_a/b/back"))?;
    std::os::unix::fs::symlink("self.rs", root.join("self.rs"))
}

/// A source file that nobody may read. The super user can, so ask [`is_readable`] before judging.
///
/// # Errors
/// What the file system says.
#[cfg(unix)]
pub(crate) fn unreadable_file(root: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let path = root.join("secret.rs");
    std::fs::write(&path, "pub fn secret() {}\n")?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000))
}

/// A socket that is named like a source: it can be found, but not opened.
///
/// # Errors
/// What the file system says.
#[cfg(unix)]
pub(crate) fn socket(root: &Path) -> io::Result<()> {
    std::os::unix::net::UnixListener::bind(root.join("socket.rs")).map(drop)
}

/// Whether this user can read the file of [`unreadable_file`] all the same.
pub(crate) fn is_readable(root: &Path) -> bool {
    std::fs::read(root.join("secret.rs")).is_ok()
}
