//! What words and punctuation do to the depth.

/// The words that the depth depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// An identifier, or a keyword that is an operand.
    Other,
    /// A keyword that weighs nothing and is no operand.
    Silent,
    /// A keyword with an expression or a pattern to its right.
    Keyword,
    If,
    Else,
    As,
    /// A keyword with a type to its right.
    Type,
    /// A keyword that begins the head of an item.
    Head,
    /// A keyword that begins an item with fields.
    Declares,
}

#[inline]
pub(super) fn word(word: &[u8]) -> Word {
    // Most words are told by their length or their first letter.
    if !(2..=8).contains(&word.len()) || !word[0].is_ascii_lowercase() {
        return Word::Other;
    }
    match word {
        b"as" => Word::As,
        b"if" => Word::If,
        b"else" => Word::Else,
        b"dyn" => Word::Type,
        b"fn" | b"impl" | b"trait" | b"type" | b"where" => Word::Head,
        b"struct" | b"enum" | b"union" => Word::Declares,
        b"return" | b"break" | b"yield" | b"become" | b"match" | b"while" | b"for" | b"in" | b"let" | b"box"
        | b"unsafe" | b"extern" | b"async" | b"move" | b"static" | b"const" | b"loop" | b"do" | b"try" => Word::Keyword,
        b"mut" | b"ref" | b"pub" | b"use" | b"mod" | b"continue" => Word::Silent,
        _ => Word::Other,
    }
}

/// What punctuation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// `;`
    End,
    Comma,
    Colon,
    /// `::`
    Path,
    /// `<`, or `<<`, which may open two lists.
    Less(u32),
    /// `>` or `>>`, and whether `=` is joined to it.
    Greater(u32, bool),
    /// `->`
    Arrow,
    /// `=>`
    FatArrow,
    /// `=`, `+=` and the like, `..` and `..=`.
    Assign,
    /// `@`
    At,
    /// `.`
    Dot,
    Question,
    Not,
    /// `|`
    Bar,
    /// `||`
    Bars,
    /// So many of the operators that also stand before an operand.
    Prefix(u32),
    Plus,
    /// An operator that only stands between two operands.
    Infix,
    Hash,
    Nothing,
}

/// The effect of the longest operator that `bytes` begin with, and its length.
#[inline]
pub(super) fn punctuation(bytes: &[u8]) -> (Effect, usize) {
    // Most punctuation is one byte, which the next byte tells.
    if !matches!(bytes, [_, b'=' | b'<' | b'>' | b'.' | b'&' | b'|' | b':', ..]) {
        return (bytes.first().map_or(Effect::Nothing, |&byte| one(byte)), 1);
    }
    let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
    match (byte(0), byte(1), byte(2)) {
        (b'.', b'.', b'.' | b'=') | (b'<', b'<', b'=') => (Effect::Assign, 3),
        (b'>', b'>', b'=') => (Effect::Greater(2, true), 3),
        (b'.', b'.', _) | (b'+' | b'-' | b'*' | b'/' | b'%' | b'^' | b'&' | b'|', b'=', _) => (Effect::Assign, 2),
        (b'>', b'>', _) => (Effect::Greater(2, false), 2),
        (b'>', b'=', _) => (Effect::Greater(1, true), 2),
        (b'<', b'<', _) => (Effect::Less(2), 2),
        (b'=' | b'!' | b'<', b'=', _) => (Effect::Infix, 2),
        (b'-', b'>', _) => (Effect::Arrow, 2),
        (b'=', b'>', _) => (Effect::FatArrow, 2),
        (b':', b':', _) => (Effect::Path, 2),
        (b'&', b'&', _) => (Effect::Prefix(2), 2),
        (b'|', b'|', _) => (Effect::Bars, 2),
        (single, ..) => (one(single), 1),
    }
}

const fn one(byte: u8) -> Effect {
    match byte {
        b';' => Effect::End,
        b',' => Effect::Comma,
        b':' => Effect::Colon,
        b'<' => Effect::Less(1),
        b'>' => Effect::Greater(1, false),
        b'=' => Effect::Assign,
        b'@' => Effect::At,
        b'.' => Effect::Dot,
        b'?' => Effect::Question,
        b'!' => Effect::Not,
        b'|' => Effect::Bar,
        b'&' | b'*' | b'-' => Effect::Prefix(1),
        b'+' => Effect::Plus,
        b'/' | b'%' | b'^' => Effect::Infix,
        b'#' => Effect::Hash,
        _ => Effect::Nothing,
    }
}
