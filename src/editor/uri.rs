//! Addresses of files, as RFC 8089 has them, and the paths that they mean.

use crate::render::clean;
use gen_lsp_types::Uri;
use std::path::{Path, PathBuf};

const FILE: &str = "file://";

/// The path of the file at an address. `None` for what is no file of this machine, such as a buffer without a name.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix(FILE)?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    if !rest.starts_with('/') {
        return None;
    }
    let path = decoded(rest)?;
    // `/c:/a` is a drive of Windows; nowhere else does a path begin so.
    let is_drive = matches!(path.as_bytes(), [b'/', letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    Some(PathBuf::from(if is_drive && cfg!(windows) { &path[1..] } else { &path }))
}

/// The address of a file at an absolute path.
pub(super) fn uri_of(path: &Path) -> Uri {
    let path = path.to_string_lossy();
    // What resolves links on Windows begins paths with this.
    let path = path.strip_prefix(r"\\?\").unwrap_or(&path);
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let root = if path.starts_with('/') { "" } else { "/" };
    Uri(format!("{FILE}{root}{}", clean::address(&path)))
}

/// The text with what is spelled as bytes put in its place. `None` where that is no text.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(uri: &str) -> Option<String> {
        path_of(&Uri(uri.to_owned())).map(|path| path.to_string_lossy().into_owned())
    }

    #[test]
    fn an_address_means_a_path_and_back() {
        for path in ["/a/src/lib.rs", "/a b/ß%20#?/x.rs", "/漢字.rs"] {
            assert_eq!(path_of(&uri_of(Path::new(path))).as_deref(), Some(Path::new(path)));
        }
        assert_eq!(uri_of(Path::new("/a b/ß.rs")).0, "file:///a%20b/%C3%9F.rs");
    }

    #[test]
    fn editors_spell_addresses_in_their_own_ways() {
        assert_eq!(path("file://localhost/a/b.rs").as_deref(), Some("/a/b.rs"));
        assert_eq!(path("file:///a/%e6%bc%a2.rs").as_deref(), Some("/a/漢.rs"));
        assert_eq!(path("file:///a/b.rs#L3").as_deref(), Some("/a/b.rs"));
    }

    #[test]
    fn what_is_no_file_here_has_no_path() {
        for uri in ["untitled:Untitled-1", "file://server/a.rs", "file:///a%2", "file:///a%ff", "http://a/b"] {
            assert_eq!(path(uri), None, "{uri}");
        }
    }
}
