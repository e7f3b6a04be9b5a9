//! What may stand before the code of a file and is none of the parser's business.

use super::token::{Token, Tokens, find};

/// Replaces a shebang line and a front matter by spaces, byte for byte, so that every offset in the
/// result is one in the file. Line ends stay. A byte-order mark becomes a separator that is as
/// long in bytes and in characters: code may follow on its line, and columns count characters.
///
/// The rules are those of the compiler: `#!` begins a shebang unless the next token is `[`, which
/// makes it an attribute; a front matter is fenced by lines of three or more hyphens.
pub fn blank_prefix(mut text: String) -> String {
    let mark = mark(&text);
    let mut end = after_shebang(text.as_bytes(), mark);
    end = after_front_matter(text.as_bytes(), end);
    let blank = |byte: u8| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' };
    let blanks: String = text.as_bytes()[mark..end].iter().map(|&byte| blank(byte)).collect();
    text.replace_range(mark..end, &blanks);
    text.replace_range(..mark, if mark > 0 { "\u{2028}" } else { "" });
    text
}

/// How many bytes of a byte-order mark a text begins with.
pub(super) fn mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

/// The end of the shebang line that begins at `start`, or `start`.
fn after_shebang(bytes: &[u8], start: usize) -> usize {
    if !bytes[start..].starts_with(b"#!") {
        return start;
    }
    let mut tokens = Tokens::new(&bytes[start + 2..]);
    let first = std::iter::from_fn(|| tokens.next())
        .map(|(token, ..)| token)
        .find(|token| !matches!(token, Token::LineComment | Token::BlockComment));
    if first == Some(Token::Open(b'[')) { start } else { line_end(bytes, start) }
}

/// The end of the front matter that begins, perhaps after empty lines, at `start`, or `start`.
fn after_front_matter(bytes: &[u8], start: usize) -> usize {
    let inside = &bytes[start..];
    let fence = start + inside.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let dashes = bytes[fence..].iter().take_while(|&&byte| byte == b'-').count();
    let at_line_start = fence == start || bytes[fence - 1] == b'\n';
    if dashes < 3 || !at_line_start {
        return start;
    }
    let mut line = line_end(bytes, fence);
    while line < bytes.len() {
        let next = line + 1;
        line = line_end(bytes, next);
        if bytes[next..line].iter().take_while(|&&byte| byte == b'-').count() >= dashes {
            return line;
        }
    }
    // Without its end it is an error, which the parser reports at its place.
    start
}

/// Where the line of `at` ends, before its line feed.
fn line_end(bytes: &[u8], at: usize) -> usize {
    find(bytes, at, b'\n').unwrap_or(bytes.len())
}
