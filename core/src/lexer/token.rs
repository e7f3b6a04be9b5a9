//! Bytes to tokens: just enough of Rust's lexical grammar to know what is code.
//!
//! Every step consumes at least one byte and looks at no byte twice but for a
//! bounded look ahead, so the time is linear in the text, whatever it holds.

/// What a stretch of text is. White space has no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// An identifier, raw or not, or a keyword.
    Word,
    /// A number, a character or a string, of any kind.
    Literal,
    /// `'a`, which is also a label.
    Lifetime,
    /// One of `(`, `[` and `{`.
    Open(u8),
    /// One of `)`, `]` and `}`.
    Close(u8),
    /// One byte of anything else.
    Punct(u8),
    /// `// …` that is not documentation.
    LineComment,
    /// `/* … */` that is not documentation.
    BlockComment,
    /// A documentation comment of any kind.
    Doc,
}

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    /// A letter, an underscore.
    Word,
    /// A letter that can begin the prefix of a literal: `b`, `c`, `r`.
    Prefix,
    /// The last of those that a word goes on with.
    Digit,
    Space,
    /// A byte beyond ASCII.
    High,
    Quote,
    Tick,
    Slash,
    Open,
    Close,
    Punct,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Punct; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b' ' | 0x09..=0x0d => Class::Space,
            b'b' | b'c' | b'r' => Class::Prefix,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Word,
            b'0'..=b'9' => Class::Digit,
            0x80.. => Class::High,
            b'"' => Class::Quote,
            b'\'' => Class::Tick,
            b'/' => Class::Slash,
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            _ => Class::Punct,
        };
        byte += 1;
    }
    table
}

/// Walks over the tokens of a text. The bytes must be those of a `str`.
pub(crate) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next token, with its first byte and the one behind its last.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<(Token, usize, usize)> {
        let bytes = self.bytes;
        let mut start = self.at;
        loop {
            let byte = *bytes.get(start)?;
            let (token, end) = match CLASSES[byte as usize] {
                Class::Space => {
                    start = spaces_end(bytes, start + 1);
                    continue;
                }
                Class::Word => (Token::Word, word_end(bytes, start + 1)),
                Class::Digit => (Token::Literal, word_end(bytes, start + 1)),
                Class::Open => (Token::Open(byte), start + 1),
                Class::Close => (Token::Close(byte), start + 1),
                Class::Punct => (Token::Punct(byte), start + 1),
                Class::Prefix => prefixed(bytes, start),
                Class::Quote => (Token::Literal, string_end(bytes, start + 1)),
                Class::Tick => tick(bytes, start),
                Class::Slash => slash(bytes, start),
                Class::High => match space_beyond_ascii(bytes, start) {
                    0 => (Token::Word, word_end(bytes, start)),
                    length => {
                        start += length;
                        continue;
                    }
                },
            };
            self.at = end;
            return Some((token, start, end));
        }
    }
}

/// The end of the spaces that go on at `at`. Most are those of an indentation, so eight are compared at once.
#[inline]
fn spaces_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at..at + 8) == Some(b"        ") {
        at += 8;
    }
    while bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

/// The first `needle` at or behind `from`.
#[inline]
pub(super) fn find(bytes: &[u8], mut from: usize, needle: u8) -> Option<usize> {
    // Whole blocks are compared at once; the compiler makes vector code of it.
    while let Some(block) = bytes.get(from..from + 16) {
        if block.iter().map(|&byte| u8::from(byte == needle)).sum::<u8>() > 0 {
            break;
        }
        from += 16;
    }
    let rest = bytes.get(from..)?;
    rest.iter().position(|&byte| byte == needle).map(|at| from + at)
}

/// The end of the word that goes on at `at`.
#[inline]
fn word_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        while bytes.get(at).is_some_and(|&byte| CLASSES[byte as usize] as u8 <= Class::Digit as u8) {
            at += 1;
        }
        match bytes.get(at) {
            Some(&byte) if byte >= 0x80 && space_beyond_ascii(bytes, at) == 0 => at += char_length(byte),
            _ => return at.min(bytes.len()),
        }
    }
}

/// How many bytes the character has that begins with `byte`.
const fn char_length(byte: u8) -> usize {
    match byte {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

/// The length of the white space beyond ASCII at `at`, or nought: next line, no-break space, the
/// spaces of U+1680 and U+2000, the marks of direction, the separators and the ideographic space.
fn space_beyond_ascii(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).unwrap_or_default() {
        [0xc2, 0x85 | 0xa0, ..] => 2,
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0x8e | 0x8f | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..] => 3,
        _ => 0,
    }
}

/// A word that begins with `b`, `c` or `r`, or the literal that the letters announce.
#[inline]
fn prefixed(bytes: &[u8], start: usize) -> (Token, usize) {
    let rest = &bytes[start..];
    // Most are plain words, which the second byte tells.
    if !matches!(rest, [_, b'"' | b'\'' | b'#' | b'r', ..]) {
        return (Token::Word, word_end(bytes, start + 1));
    }
    let literal = match rest {
        [b'b' | b'c', b'"', ..] => Some(string_end(bytes, start + 2)),
        [b'b', b'\'', ..] => char_end(bytes, start + 1),
        [b'r', b'"' | b'#', ..] => raw_end(bytes, start + 1),
        [b'b' | b'c', b'r', b'"' | b'#', ..] => raw_end(bytes, start + 2),
        _ => None,
    };
    match (literal, rest) {
        (Some(end), _) => (Token::Literal, end),
        (None, [b'r', b'#', ..]) => (Token::Word, word_end(bytes, start + 2)),
        (None, _) => (Token::Word, word_end(bytes, start + 1)),
    }
}

/// The end of a string whose first byte behind the quote is at `at`, its suffix included.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return suffix_end(bytes, at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The end of a raw string whose hashes begin at `at`; nothing if no quote follows them.
fn raw_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at..].iter().take_while(|&&byte| byte == b'#').count();
    if bytes.get(at + hashes) != Some(&b'"') {
        // A raw identifier, or an error. Many hashes in a row are looked at once more as tokens, no oftener.
        return None;
    }
    let mut from = at + hashes + 1;
    while let Some(quote) = find(bytes, from, b'"') {
        let behind = bytes[quote + 1..].iter().take(hashes).take_while(|&&byte| byte == b'#').count();
        from = quote + 1 + behind;
        if behind == hashes {
            return Some(suffix_end(bytes, from));
        }
    }
    Some(bytes.len())
}

/// The end of the character whose quote is at `at`; nothing if it is none.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    let close = match bytes.get(at + 1)? {
        b'\\' => {
            // The longest escape is `\u{10_FF_FF}` with some underscores; a bound keeps the search short.
            let from = at + 3;
            let window = bytes.get(from..bytes.len().min(from + 32))?;
            from + window.iter().position(|&byte| byte == b'\'' || byte == b'\n')?
        }
        &first => at + 1 + char_length(first),
    };
    (bytes.get(close) == Some(&b'\'')).then(|| suffix_end(bytes, close + 1))
}

/// Literals may have a suffix, which must not be taken for the prefix of the next one.
fn suffix_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at).map(|&byte| CLASSES[byte as usize]) {
        Some(Class::Word | Class::Prefix | Class::High) => word_end(bytes, at),
        _ => at,
    }
}

/// A character, a lifetime, or a quote alone.
fn tick(bytes: &[u8], start: usize) -> (Token, usize) {
    if let Some(end) = char_end(bytes, start) {
        return (Token::Literal, end);
    }
    let name = if bytes[start + 1..].starts_with(b"r#") { start + 3 } else { start + 1 };
    match word_end(bytes, name) {
        end if end > start + 1 => (Token::Lifetime, end),
        _ => (Token::Punct(b'\''), start + 1),
    }
}

/// A comment of some kind, or a slash.
fn slash(bytes: &[u8], start: usize) -> (Token, usize) {
    match &bytes[start + 1..] {
        [b'/', rest @ ..] => {
            let end = find(bytes, start + 2, b'\n').unwrap_or(bytes.len());
            let end = if bytes[..end].ends_with(b"\r") && end > start + 2 { end - 1 } else { end };
            let doc = matches!(rest, [b'!', ..]) || matches!(rest, [b'/', rest @ ..] if !rest.starts_with(b"/"));
            (if doc { Token::Doc } else { Token::LineComment }, end)
        }
        [b'*', rest @ ..] => {
            let doc = match rest {
                [b'!', ..] => true,
                // `/**/` is empty, and `/***` is decoration.
                [b'*', next, ..] => !matches!(next, b'*' | b'/'),
                _ => false,
            };
            (if doc { Token::Doc } else { Token::BlockComment }, block_end(bytes, start + 2))
        }
        _ => (Token::Punct(b'/'), start + 1),
    }
}

/// The end of a block comment whose inside begins at `at`. Block comments nest.
fn block_end(bytes: &[u8], mut at: usize) -> usize {
    let mut open = 1_usize;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match (byte, next) {
            (b'*', Some(b'/')) => {
                open -= 1;
                at += 2;
                if open == 0 {
                    return at;
                }
            }
            (b'/', Some(b'*')) => {
                open += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    bytes.len()
}
