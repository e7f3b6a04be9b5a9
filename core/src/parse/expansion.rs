//! What a call of a macro by example makes of its arguments: the first arm that they match, with them put in.
//!
//! As in The Rust Reference, "Macros By Example". An arm that uses more than is known here matches nothing, and then
//! nothing is said of the call: a wrong expansion would be worse than none.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeMap;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};

/// How many tokens a call may make: more are nothing that somebody reads.
const MOST_TOKENS: usize = 4096;

/// An arm of a macro: what it matches, and what it makes of that.
pub(super) type Arm = (Vec<TokenTree>, TokenStream);

/// What stands for the variables of an arm.
type Bindings = BTreeMap<String, Bound>;

#[derive(Clone)]
enum Bound {
    /// Some tokens.
    One(TokenStream),
    /// One for each turn of a repetition.
    Many(Vec<Bound>),
}

/// The arms of a macro, from the tokens of its definition.
pub(super) fn arms(definition: &TokenStream) -> Vec<Arm> {
    let groups = definition.clone().into_iter().filter_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    });
    let groups: Vec<TokenStream> = groups.collect();
    groups.chunks_exact(2).map(|arm| (arm[0].clone().into_iter().collect(), arm[1].clone())).collect()
}

/// What a call with those arguments makes, by the first arm that they match. `None` where none does.
pub(super) fn expanded(arms: &[Arm], arguments: &TokenStream) -> Option<TokenStream> {
    arms.iter().find_map(|(pattern, body)| {
        let matching = |input: ParseStream<'_>| matched(pattern, input);
        let bindings = matching.parse2(arguments.clone()).ok()?;
        let mut left = MOST_TOKENS;
        Some(transcribed(body.clone(), &bindings, &mut left))
    })?
}

/// What the variables of a pattern stand for.
fn matched(pattern: &[TokenTree], input: ParseStream<'_>) -> syn::Result<Bindings> {
    let mut bindings = Bindings::new();
    let mut at = 0;
    while let Some(token) = pattern.get(at) {
        match (token, pattern.get(at + 1)) {
            (TokenTree::Punct(mark), Some(TokenTree::Ident(name))) if mark.as_char() == '$' => {
                let Some(TokenTree::Ident(kind)) = pattern.get(at + 3) else { return Err(input.error("no kind")) };
                bindings.insert(name.to_string(), Bound::One(fragment(&kind.to_string(), input)?));
                at += 4;
            }
            (TokenTree::Punct(mark), Some(TokenTree::Group(inner))) if mark.as_char() == '$' => {
                let inner: Vec<TokenTree> = inner.stream().into_iter().collect();
                at += 2;
                let separator = pattern.get(at).filter(|token| !is_operator(token));
                at += 1 + usize::from(separator.is_some());
                repeated(&inner, separator, input, &mut bindings)?;
            }
            (TokenTree::Group(group), _) => {
                let TokenTree::Group(given) = input.parse()? else { return Err(input.error("no group")) };
                if given.delimiter() != group.delimiter() {
                    return Err(input.error("another group"));
                }
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                bindings.extend((|input: ParseStream<'_>| matched(&inner, input)).parse2(given.stream())?);
                at += 1;
            }
            (token, _) => {
                let given: TokenTree = input.parse()?;
                if given.to_string() != token.to_string() {
                    return Err(input.error("another token"));
                }
                at += 1;
            }
        }
    }
    Ok(bindings)
}

/// Whether a token says how often something is repeated.
fn is_operator(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(mark) if matches!(mark.as_char(), '*' | '+' | '?'))
}

/// Matches a pattern as often as it does.
fn repeated(
    pattern: &[TokenTree],
    separator: Option<&TokenTree>,
    input: ParseStream<'_>,
    bindings: &mut Bindings,
) -> syn::Result<()> {
    let mut turns: Vec<Bindings> = Vec::new();
    loop {
        let ahead = input.fork();
        if let Some(separator) = separator.filter(|_| !turns.is_empty()) {
            let is_next = ahead.parse::<TokenTree>().is_ok_and(|token| token.to_string() == separator.to_string());
            if !is_next {
                break;
            }
        }
        let before = ahead.cursor();
        if ahead.is_empty() || matched(pattern, &ahead).is_err() || ahead.cursor() == before {
            break;
        }
        if separator.is_some() && !turns.is_empty() {
            input.parse::<TokenTree>()?;
        }
        turns.push(matched(pattern, input)?);
    }
    for name in variables(pattern) {
        let all = turns.iter().filter_map(|turn| turn.get(&name).cloned()).collect();
        bindings.insert(name, Bound::Many(all));
    }
    Ok(())
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

/// The tokens of a fragment of that kind.
fn fragment(kind: &str, input: ParseStream<'_>) -> syn::Result<TokenStream> {
    Ok(match kind {
        "ident" => Ident::parse_any(input)?.into_token_stream(),
        "ty" => input.parse::<syn::Type>()?.into_token_stream(),
        "path" => input.call(syn::Path::parse_mod_style).or_else(|_| input.parse::<syn::Path>())?.into_token_stream(),
        "expr" | "expr_2021" => input.parse::<syn::Expr>()?.into_token_stream(),
        "literal" => input.parse::<syn::Lit>()?.into_token_stream(),
        "lifetime" => input.parse::<syn::Lifetime>()?.into_token_stream(),
        "vis" => input.parse::<syn::Visibility>()?.into_token_stream(),
        "block" => input.parse::<syn::Block>()?.into_token_stream(),
        "meta" => input.parse::<syn::Meta>()?.into_token_stream(),
        "item" => input.parse::<syn::Item>()?.into_token_stream(),
        "tt" => input.parse::<TokenTree>()?.into_token_stream(),
        _ => return Err(input.error("an unknown kind")),
    })
}

/// A body with what stands for its variables. `None` where one has no tokens of its own at its place, or too many come
/// of it.
fn transcribed(body: TokenStream, bindings: &Bindings, left: &mut usize) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    *left = left.checked_sub(tokens.len())?;
    let mut made = TokenStream::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match (token, tokens.get(at)) {
            (TokenTree::Punct(mark), Some(TokenTree::Ident(name))) if mark.as_char() == '$' => {
                at += 1;
                match bindings.get(&name.to_string()) {
                    Some(Bound::One(tokens)) => made.extend(tokens.clone()),
                    Some(Bound::Many(_)) => return None,
                    // `$crate`: the macro is of this crate.
                    None => made.extend([TokenTree::from(name.clone())]),
                }
            }
            (TokenTree::Punct(mark), Some(TokenTree::Group(inner))) if mark.as_char() == '$' => {
                at += 1;
                let separator = tokens.get(at).filter(|token| !is_operator(token)).cloned();
                at += 1 + usize::from(separator.is_some());
                made.extend(turns(&inner.stream(), separator.as_ref(), bindings, left)?);
            }
            (TokenTree::Group(group), _) => {
                let mut copy = Group::new(group.delimiter(), transcribed(group.stream(), bindings, left)?);
                copy.set_span(group.span());
                made.extend([TokenTree::from(copy)]);
            }
            (token, _) => made.extend([token.clone()]),
        }
    }
    Some(made)
}

/// A repeated part of a body, once for each turn.
fn turns(
    body: &TokenStream,
    separator: Option<&TokenTree>,
    bindings: &Bindings,
    left: &mut usize,
) -> Option<TokenStream> {
    let used = variables(&body.clone().into_iter().collect::<Vec<_>>());
    let lists = used.iter().filter_map(|name| match bindings.get(name) {
        Some(Bound::Many(list)) => Some((name, list)),
        _ => None,
    });
    let lists: Vec<_> = lists.collect();
    let count = lists.iter().map(|(_, list)| list.len()).max()?;
    let mut made = TokenStream::new();
    for turn in 0..count {
        let mut inner = bindings.clone();
        for (name, list) in &lists {
            inner.insert((*name).clone(), list.get(turn)?.clone());
        }
        if turn > 0 {
            made.extend(separator.cloned());
        }
        made.extend(transcribed(body.clone(), &inner, left)?);
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
        let made = expanded(&arms(&tokens(definition)), &tokens(call));
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
}
