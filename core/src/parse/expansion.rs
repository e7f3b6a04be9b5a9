//! What a call of a macro by example makes of its arguments: the first arm that they match, with them put in.
//!
//! As in The Rust Reference, "Macros By Example". Where an arm uses more than is known here, nothing is said of the
//! call, and no later arm is tried: a wrong expansion would be worse than none.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};

/// How many tokens a call may make: more are nothing that somebody reads.
const MOST_TOKENS: usize = 4096;

/// How many steps and tokens the matching of one call may take.
const MOST_STEPS: usize = 4096;

/// How many tokens the arguments of a call, or the pattern of an arm, may have.
const MOST_MATCHED: usize = 512;

/// How many arms a macro may have.
const MOST_ARMS: usize = 16;

/// The marks that are one token together.
const MARKS: &[&str] = &[
    "...", "..=", "<<=", ">>=", "!=", "%=", "&&", "&=", "*=", "+=", "-=", "->", "..", "/=", "::", "<-", "<<", "<=",
    "==", "=>", ">=", ">>", "^=", "|=", "||",
];

/// An arm of a macro: what it matches, and what it makes of that.
pub(super) type Arm = (Vec<TokenTree>, TokenStream);

/// What stands for the variables of an arm.
type Bindings = BTreeMap<String, Bound>;

#[derive(Clone)]
enum Bound {
    /// Some tokens, and how many they are.
    One(TokenStream, usize),
    /// One for each turn of a repetition.
    Many(Vec<Bound>),
}

/// The arms of a macro, from the tokens of its definition; none of a macro that is too large.
pub(super) fn arms(definition: &TokenStream) -> Vec<Arm> {
    let groups = definition.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    let groups: Vec<TokenStream> = groups.collect();
    let is_large = |arm: &[TokenStream]| size(&arm[0], MOST_MATCHED).is_none() || size(&arm[1], MOST_TOKENS).is_none();
    if groups.len() > 2 * MOST_ARMS || groups.chunks_exact(2).any(is_large) {
        return Vec::new();
    }
    groups.chunks_exact(2).map(|arm| (arm[0].clone().into_iter().collect(), arm[1].clone())).collect()
}

/// What a call with those arguments makes, by the first arm that they match. `None` where none does, and where that is
/// not certain. What it costs is taken off `left`.
pub(super) fn expanded(arms: &[Arm], arguments: &TokenStream, left: &mut usize) -> Option<TokenStream> {
    size(arguments, MOST_MATCHED)?;
    let most = MOST_STEPS.min(*left);
    let mut matcher = Matcher { left: most, is_unclear: false };
    let found = arms.iter().find_map(|(pattern, body)| {
        if matcher.is_unclear {
            return None;
        }
        let matching = |input: ParseStream<'_>| matcher.matched(pattern, input);
        Some((body, matching.parse2(arguments.clone()).ok()?))
    });
    *left -= most - matcher.left;
    let (body, bindings) = found?;
    let most = MOST_TOKENS.min(*left);
    let mut unused = most;
    let made = transcribed(body, &bindings, &mut unused);
    *left -= most - unused;
    made
}

/// How many tokens these are with those in groups. `None` where there are more than `most`.
fn size(tokens: &TokenStream, most: usize) -> Option<usize> {
    let mut count = 0;
    for token in tokens.clone() {
        count += 1;
        if let TokenTree::Group(group) = &token {
            count += size(&group.stream(), most)?;
        }
        if count > most {
            return None;
        }
    }
    Some(count)
}

/// How many of the first tokens are one token to the language.
fn whole(tokens: &[TokenTree]) -> usize {
    let is_mark = |length: usize| {
        let text = tokens.get(..length).into_iter().flatten().enumerate().map(|(at, token)| match token {
            TokenTree::Punct(mark) if at + 1 == length || mark.spacing() == Spacing::Joint => mark.as_char(),
            _ => ' ',
        });
        MARKS.contains(&&*text.collect::<String>())
    };
    match tokens.first() {
        Some(TokenTree::Punct(mark)) if mark.as_char() == '\'' => 2,
        _ if is_mark(3) => 3,
        _ if is_mark(2) => 2,
        _ => 1,
    }
}

/// The next token of the language, which may be several marks.
fn next(input: ParseStream<'_>) -> syn::Result<Vec<TokenTree>> {
    let mut ahead = Vec::new();
    let mut cursor = input.cursor();
    while let (true, Some((token, rest))) = (ahead.len() < 3, cursor.token_tree()) {
        ahead.push(token);
        cursor = rest;
    }
    (0..whole(&ahead)).map(|_| input.parse()).collect()
}

fn are_same(one: &[TokenTree], other: &[TokenTree]) -> bool {
    one.iter().map(ToString::to_string).eq(other.iter().map(ToString::to_string))
}

/// What follows the group of a repetition.
struct Repetition<'a> {
    separator: &'a [TokenTree],
    operator: char,
    /// Where the rest begins.
    end: usize,
}

/// Reads what follows the group of a repetition, at `at`.
fn repetition(tokens: &[TokenTree], at: usize) -> Option<Repetition<'_>> {
    let operator = |at: usize| match tokens.get(at..).filter(|rest| whole(rest) == 1)?.first()? {
        TokenTree::Punct(mark) => Some(mark.as_char()).filter(|mark| matches!(mark, '*' | '+' | '?')),
        _ => None,
    };
    let begin = if operator(at).is_some() { at } else { at + whole(tokens.get(at..)?) };
    Some(Repetition { separator: tokens.get(at..begin)?, operator: operator(begin)?, end: begin + 1 })
}

/// Matches the arms of one macro against one call.
struct Matcher {
    /// How many steps are left.
    left: usize,
    /// Whether something was met that is not known here: that an arm does not match says nothing then.
    is_unclear: bool,
}

impl Matcher {
    fn unclear(&mut self, input: ParseStream<'_>) -> syn::Error {
        self.is_unclear = true;
        input.error("not understood")
    }

    fn charge(&mut self, steps: usize, input: ParseStream<'_>) -> syn::Result<()> {
        self.left = self.left.checked_sub(steps).ok_or_else(|| self.unclear(input))?;
        Ok(())
    }

    /// What the variables of a pattern stand for.
    fn matched(&mut self, pattern: &[TokenTree], input: ParseStream<'_>) -> syn::Result<Bindings> {
        let mut bindings = Bindings::new();
        let mut at = 0;
        while let Some(token) = pattern.get(at) {
            self.charge(1, input)?;
            match (token, pattern.get(at + 1)) {
                (TokenTree::Punct(mark), Some(TokenTree::Ident(name))) if mark.as_char() == '$' => {
                    let (Some(TokenTree::Punct(_)), Some(TokenTree::Ident(kind))) =
                        (pattern.get(at + 2), pattern.get(at + 3))
                    else {
                        return Err(self.unclear(input));
                    };
                    let tokens = self.fragment(&kind.to_string(), input)?;
                    let size = size(&tokens, MOST_MATCHED).ok_or_else(|| self.unclear(input))?;
                    self.charge(size, input)?;
                    bindings.insert(name.to_string(), Bound::One(tokens, size));
                    at += 4;
                }
                (TokenTree::Punct(mark), Some(TokenTree::Group(inner)))
                    if mark.as_char() == '$' && inner.delimiter() == Delimiter::Parenthesis =>
                {
                    let Some(repetition) = repetition(pattern, at + 2) else { return Err(self.unclear(input)) };
                    at = repetition.end;
                    let inner: Vec<TokenTree> = inner.stream().into_iter().collect();
                    // Whether such a token is one more turn or what follows, only all that comes later tells.
                    let (first, follows) = (inner.first(), pattern.get(at));
                    if follows.is_some_and(|token| token.to_string() != "$")
                        && first.map(ToString::to_string) == follows.map(ToString::to_string)
                    {
                        return Err(self.unclear(input));
                    }
                    self.repeated(&inner, &repetition, input, &mut bindings)?;
                }
                (TokenTree::Punct(mark), _) if mark.as_char() == '$' => return Err(self.unclear(input)),
                (TokenTree::Group(group), _) => {
                    let TokenTree::Group(given) = input.parse()? else { return Err(input.error("no group")) };
                    if given.delimiter() != group.delimiter() {
                        return Err(input.error("another group"));
                    }
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    let matching = |input: ParseStream<'_>| self.matched(&inner, input);
                    bindings.extend(matching.parse2(given.stream())?);
                    at += 1;
                }
                _ => {
                    let end = at + whole(&pattern[at..]);
                    if !are_same(&next(input)?, pattern.get(at..end).unwrap_or_default()) {
                        return Err(input.error("another token"));
                    }
                    at = end;
                }
            }
        }
        Ok(bindings)
    }

    /// Matches a pattern as often as it does.
    fn repeated(
        &mut self,
        pattern: &[TokenTree],
        repetition: &Repetition<'_>,
        input: ParseStream<'_>,
        bindings: &mut Bindings,
    ) -> syn::Result<()> {
        let mut turns: Vec<Bindings> = Vec::new();
        let most = if repetition.operator == '?' { 1 } else { MOST_MATCHED };
        while turns.len() < most {
            let ahead = input.fork();
            let is_separated = !repetition.separator.is_empty() && !turns.is_empty();
            if is_separated && !next(&ahead).is_ok_and(|token| are_same(&token, repetition.separator)) {
                break;
            }
            let before = ahead.cursor();
            if ahead.is_empty() {
                break;
            }
            match self.matched(pattern, &ahead) {
                Ok(turn) if ahead.cursor() != before => turns.push(turn),
                Err(error) if self.is_unclear => return Err(error),
                _ => break,
            }
            input.advance_to(&ahead);
        }
        if repetition.operator == '+' && turns.is_empty() {
            return Err(input.error("not once"));
        }
        for name in variables(pattern) {
            let all = turns.iter().filter_map(|turn| turn.get(&name).cloned()).collect();
            bindings.insert(name, Bound::Many(all));
        }
        Ok(())
    }

    /// The tokens of a fragment of that kind.
    fn fragment(&mut self, kind: &str, input: ParseStream<'_>) -> syn::Result<TokenStream> {
        let parsed = match kind {
            "ident" => return named(input.call(Ident::parse_any)?, input),
            "literal" => return Ok(input.parse::<syn::Lit>()?.into_token_stream()),
            "lifetime" => return Ok(input.parse::<syn::Lifetime>()?.into_token_stream()),
            "vis" => return Ok(input.parse::<syn::Visibility>()?.into_token_stream()),
            "tt" => return Ok(next(input)?.into_iter().collect()),
            _ if begins_nothing(input) => return Err(input.error("no fragment")),
            // Whether these are expressions depends on the edition.
            "expr" | "expr_2021" if input.peek(syn::Token![_]) || input.peek(syn::Token![const]) => None,
            "ty" => input.parse::<syn::Type>().ok().map(ToTokens::into_token_stream),
            "path" => input.parse::<syn::Path>().ok().map(ToTokens::into_token_stream),
            "expr" | "expr_2021" => input.parse::<syn::Expr>().ok().map(ToTokens::into_token_stream),
            "block" => input.parse::<syn::Block>().ok().map(ToTokens::into_token_stream),
            "meta" => input.parse::<syn::Meta>().ok().map(ToTokens::into_token_stream),
            "item" => input.parse::<syn::Item>().ok().map(ToTokens::into_token_stream),
            _ => None,
        };
        parsed.ok_or_else(|| self.unclear(input))
    }
}

fn named(name: Ident, input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if name == "_" { Err(input.error("no name")) } else { Ok(name.into_token_stream()) }
}

/// Whether no expression, type, path, block or item begins here.
fn begins_nothing(input: ParseStream<'_>) -> bool {
    let is_between = |mark: char| matches!(mark, ',' | ';' | '=' | '>' | '@' | '%' | '^' | '/' | '+');
    input.is_empty() || input.cursor().punct().is_some_and(|(mark, _)| is_between(mark.as_char()))
}

/// The names behind the `$` among tokens.
fn variables(tokens: &[TokenTree]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match (token, tokens.get(at + 1)) {
            (TokenTree::Punct(mark), Some(TokenTree::Ident(name))) if mark.as_char() == '$' => {
                found.push(name.to_string());
            }
            (TokenTree::Group(group), _) => {
                found.extend(variables(&group.stream().into_iter().collect::<Vec<_>>()));
            }
            _ => {}
        }
    }
    found
}

/// A body with what stands for its variables. `None` where one has no tokens of its own at its place, or too many come
/// of it.
fn transcribed(body: &TokenStream, bindings: &Bindings, left: &mut usize) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = body.clone().into_iter().collect();
    *left = left.checked_sub(tokens.len())?;
    let mut made = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match (token, tokens.get(at)) {
            (TokenTree::Punct(mark), Some(TokenTree::Ident(name))) if mark.as_char() == '$' => {
                at += 1;
                match bindings.get(&name.to_string()) {
                    Some(Bound::One(tokens, size)) => {
                        *left = left.checked_sub(*size)?;
                        made.extend(tokens.clone());
                    }
                    // The macro is of this crate.
                    None if name == "crate" => made.extend([TokenTree::from(name.clone())]),
                    _ => return None,
                }
            }
            (TokenTree::Punct(mark), Some(TokenTree::Group(inner)))
                if mark.as_char() == '$' && inner.delimiter() == Delimiter::Parenthesis =>
            {
                let Repetition { separator, end, .. } = repetition(&tokens, at + 1)?;
                at = end;
                made.extend(turns(&inner.stream(), separator, bindings, left)?);
            }
            (TokenTree::Punct(mark), _) if mark.as_char() == '$' => return None,
            (TokenTree::Group(group), _) => {
                let mut copy = Group::new(group.delimiter(), transcribed(&group.stream(), bindings, left)?);
                copy.set_span(group.span());
                made.extend([TokenTree::from(copy)]);
            }
            (token, _) => made.extend([token.clone()]),
        }
    }
    Some(made)
}

/// A repeated part of a body, once for each turn.
fn turns(body: &TokenStream, separator: &[TokenTree], bindings: &Bindings, left: &mut usize) -> Option<TokenStream> {
    let used = variables(&body.clone().into_iter().collect::<Vec<_>>());
    let used: BTreeMap<String, &Bound> =
        used.into_iter().filter_map(|name| bindings.get(&name).map(|bound| (name, bound))).collect();
    let lengths = used.values().filter_map(|bound| match bound {
        Bound::Many(list) => Some(list.len()),
        Bound::One(..) => None,
    });
    let count = lengths.max()?;
    let mut made = TokenStream::new();
    for turn in 0..count {
        let inner = used.iter().map(|(name, bound)| match bound {
            Bound::Many(list) => Some((name.clone(), list.get(turn)?.clone())),
            Bound::One(..) => Some((name.clone(), (*bound).clone())),
        });
        let inner = inner.collect::<Option<Bindings>>()?;
        if turn > 0 {
            made.extend(separator.iter().cloned());
        }
        made.extend(transcribed(body, &inner, left)?);
    }
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    /// Checks what a call makes; `None` where it is not known.
    #[track_caller]
    fn check(definition: &str, call: &str, expected: Option<&str>) {
        let tokens = |text: &str| TokenStream::from_str(text).unwrap();
        let made = expanded(&arms(&tokens(definition)), &tokens(call), &mut (1 << 20));
        // How close marks stand to each other is no matter.
        let shown = |tokens: TokenStream| tokens.to_string().replace(' ', "");
        assert_eq!(made.map(shown), expected.map(tokens).map(shown), "{call}");
    }

    #[test]
    fn arguments_are_put_in() {
        let each = "($($t:ty),* $(,)?) => { $(impl $crate::Named for $t {})* }";
        check(each, "A, b::B<C>,", Some("impl crate::Named for A {} impl crate::Named for b::B<C> {}"));
        check(each, "", Some(""));
        check("($s:ty => $d:path) => { impl From<$s> for $d {} };", "u8 => a::A", Some("impl From<u8> for a::A {}"));
        let nested = "($($v:vis $n:ident { $($f:ident: $t:ty),* })+) => { $($v struct $n { $($f: $t),* })+ }";
        check(nested, "pub A { b: u8, c: D } E {}", Some("pub struct A { b: u8, c: D } struct E {}"));
    }

    #[test]
    fn the_first_arm_that_matches_is_taken() {
        let arms = "(@one $n:ident) => { struct $n; }; ($n:ident = $e:expr) => { enum $n {} }";
        check(arms, "@one A", Some("struct A;"));
        check(arms, "A = 1 + 2", Some("enum A {}"));
        check(arms, "A", None);
        check("($p:pat) => { struct A; }", "A", None);
        check("($($n:ident),*) => { $n }", "A", None);
    }

    #[test]
    fn after_an_arm_that_is_not_understood_none_is_taken() {
        for pattern in ["$p:pat => $n:ident", "$s:stmt", "$$n:ident", "$e:expr"] {
            check(&format!("({pattern}) => {{ struct A; }}; ($($t:tt)*) => {{ struct B; }}"), "_ => A", None);
        }
        // What certainly does not match is no reason to stop.
        for pattern in ["$n:ident", "$t:ty", "$l:literal", "@ $($t:tt)*", "{ $p:pat }"] {
            check(
                &format!("({pattern}) => {{ struct A; }}; ($($t:tt)*) => {{ struct B; }}"),
                "=> A",
                Some("struct B;"),
            );
        }
    }

    #[test]
    fn repetitions_have_as_many_turns_as_they_may() {
        let once = "($($n:ident)+) => { $(struct $n;)+ }; () => { struct None; }";
        check(once, "", Some("struct None;"));
        check(once, "A B", Some("struct A; struct B;"));
        let maybe = "($($n:ident)?) => { $(struct $n;)? }; ($($t:tt)*) => { enum Many {} }";
        check(maybe, "A", Some("struct A;"));
        check(maybe, "A B", Some("enum Many {}"));
        let arrows = "($($n:ident)=>*) => { $(struct $n;)* }; ($($t:tt)*) => { enum Other {} }";
        check(arrows, "A => B", Some("struct A; struct B;"));
        check(arrows, "A = B", Some("enum Other {}"));
        check("($a:tt $b:tt) => { $b $a }; ($($t:tt)*) => { enum Three {} }", ":: A", Some("A ::"));
        check("($($t:tt)* ) => { $($t)=>* }", "a b", Some("a => b"));
        check("($(a)* a b) => { A }; ($($t:tt)*) => { B }", "a a b", None);
    }

    #[test]
    fn a_call_costs_no_more_than_it_may() {
        // Each level is matched once.
        let deep = (0..30).fold("$t:ident".to_owned(), |pattern, _| format!("$({pattern});*"));
        check(&format!("({deep}) => {{ A }}"), "a", Some("A"));
        let call = vec!["a"; MOST_MATCHED].join(" ");
        check("($($t:tt)*) => { $($t)* }", &call, Some(&call));
        check("($($t:tt)*) => { $($t)* }", &format!("{call} a"), None);
        // A group is as much as what is in it.
        check("($t:tt) => { A }", &format!("({call})"), None);
        let (few, many) = ("$t ".repeat(8), "$t ".repeat(9));
        let group = format!("({})", vec!["a"; 500].join(" "));
        check(&format!("($t:tt) => {{ {few} }}"), &group, Some(&group.repeat(8)));
        check(&format!("($t:tt) => {{ {many} }}"), &group, None);
        let arms = |count: usize| "(a) => { A }; ".repeat(count);
        check(&arms(MOST_ARMS), "a", Some("A"));
        check(&arms(MOST_ARMS + 1), "a", None);
        let tokens = |text: &str| TokenStream::from_str(text).unwrap();
        let mut left = 20;
        let each = arms_of_each();
        assert!(expanded(&each, &tokens("a b"), &mut left).is_some());
        assert!(left < 20 && expanded(&each, &tokens("a b"), &mut left).is_none());
    }

    fn arms_of_each() -> Vec<Arm> {
        arms(&TokenStream::from_str("($($t:tt)*) => { $($t)* }").unwrap())
    }
}
