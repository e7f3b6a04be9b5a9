//! What the bodies of tests make: the names that they call, off their tokens.
//!
//! Nobody parses what tests do. To know which types they make, and how often, their calls are enough.

use super::outline::Code;
use crate::facts::TestBody;
use crate::lexer::Token;
use smol_str::SmolStr;
use std::ops::Range;

/// Types of the standard library that tests make all the time.
const ORDINARY: &[&str] = &[
    "Arc", "Box", "Cell", "Duration", "HashMap", "Mutex", "Path", "PathBuf", "Rc", "RefCell", "RwLock", "String", "Vec",
];
/// The variants that every module sees.
const VARIANTS: &[&str] = &["Err", "None", "Ok", "Some"];

/// What the tokens between the braces of a test make; `None` if that is nothing.
pub(super) fn body(code: &Code<'_>, tokens: Range<usize>) -> Option<TestBody> {
    let mut names: Vec<(SmolStr, u32)> = Vec::new();
    let mut closures: Vec<&str> = Vec::new();
    let mut repeats = false;
    let span = code.inside(tokens.start.checked_sub(1)?, tokens.end);
    let mut at = tokens.start;
    while at < tokens.end {
        let Some(word) = code.word(at) else {
            at += 1;
            continue;
        };
        match word {
            "for" | "loop" | "while" => repeats = true,
            "let" => closures.extend(closure(code, at)),
            _ => {}
        }
        let (path, next) = path(code, at);
        // Behind a dot it is a method, which makes nothing by itself.
        if !code.is_mark(at.wrapping_sub(1), b'.')
            && let Some(called) = mention(code, &path, next)
        {
            match names.iter_mut().find(|(known, _)| *known == path) {
                Some((_, count)) => *count += called,
                None => names.push((path, called)),
            }
        }
        at = next;
    }
    repeats |= names.iter().any(|(name, count)| *count > 1 && closures.contains(&name.as_str()));
    names.shrink_to_fit();
    (!names.is_empty()).then_some(TestBody { span, names, repeats })
}

/// The path that begins at a word, without generic arguments, and the position behind it.
fn path(code: &Code<'_>, start: usize) -> (SmolStr, usize) {
    let mut text = String::from(code.word(start).unwrap_or_default());
    let mut at = start + 1;
    while code.is_mark(at, b':') && code.is_mark(at + 1, b':') {
        if code.is_mark(at + 2, b'<') {
            at = behind_angles(code, at + 2);
            continue;
        }
        let Some(word) = code.word(at + 2) else { break };
        text.push_str("::");
        text.push_str(word);
        at += 3;
    }
    (text.into(), at)
}

fn behind_angles(code: &Code<'_>, start: usize) -> usize {
    let mut open = 0;
    let mut at = start;
    while let Some((token, _)) = code.tokens.get(at) {
        match token {
            Token::Punct(b'<') => open += 1,
            Token::Punct(b'>') => open -= 1,
            Token::Punct(b';') | Token::Close(_) => return at,
            Token::Open(_) => at = code.close(at),
            _ => {}
        }
        at += 1;
        if open == 0 {
            return at;
        }
    }
    at
}

/// How often a path is called where it stands, if it may make something: none where it is only named.
fn mention(code: &Code<'_>, path: &str, next: usize) -> Option<u32> {
    let mut parts = path.rsplit("::");
    let (last, owner) = (parts.next()?, parts.next());
    if owner.is_some_and(|owner| ORDINARY.contains(&owner)) || VARIANTS.contains(&last) {
        return None;
    }
    let is_type = last.starts_with(char::is_uppercase) && last.contains(char::is_lowercase);
    match code.tokens.get(next) {
        Some((Token::Open(b'('), _)) => Some(1),
        Some((Token::Open(b'{'), _)) if is_type => Some(1),
        _ => owner.filter(|owner| owner.starts_with(char::is_uppercase)).map(|_| 0),
    }
}

/// The variable that a `let` fills with a closure.
fn closure<'a>(code: &Code<'a>, at: usize) -> Option<&'a str> {
    let name = code.word(at + 1)?;
    let value = if code.word(at + 3) == Some("move") { at + 4 } else { at + 3 };
    (code.is_mark(at + 2, b'=') && code.is_mark(value, b'|')).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::parse::{Need, Parsed, parse_file};
    use crate::source::LineIndex;

    /// What the body of a test makes, and whether it repeats that.
    fn made(body: &str) -> (String, bool) {
        let text = format!("#[test]\nfn a() {{ {body} }}");
        let Parsed::Facts(facts) = parse_file(&text, &LineIndex::new(&text), Need::Outline) else { panic!("{text}") };
        let shown = |(name, count): &(smol_str::SmolStr, u32)| format!("{name} {count}");
        let body = facts.tests.first();
        let names = body.map(|body| body.names.iter().map(shown).collect::<Vec<_>>().join(", "));
        (names.unwrap_or_default(), body.is_some_and(|body| body.repeats))
    }

    #[test]
    fn calls_and_literals_are_counted() {
        let (names, repeats) = made("A::new(b()); let c = A::<u8>::new(); assert!(d::Ed { f: 1 }.g(h::i)); A::new;");
        assert_eq!(names, "A::new 2, b 1, d::Ed 1");
        assert!(!repeats);
        assert_eq!(made("let a = Some(Arc::new(1)); a.b(); if A == B { c }").0, "");
        assert_eq!(made("check(A::new)").0, "check 1, A::new 0");
    }

    #[test]
    fn loops_and_closures_repeat() {
        assert!(made("for a in 0..2 { A::new(); }").1);
        assert!(made("let make = move || A::new(); make(); make();").1);
        assert!(!made("let make = |a| A::new(a); make(1);").1);
    }

    #[test]
    fn code_outside_of_tests_is_not_looked_at() {
        let text = "fn a() { A::new(); }";
        let Parsed::Facts(facts) = parse_file(text, &LineIndex::new(text), Need::Outline) else { panic!("{text}") };
        assert_eq!(facts.tests, []);
    }
}
