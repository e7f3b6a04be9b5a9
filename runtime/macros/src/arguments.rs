//! What the arguments of the attribute have to be, which is what the linter reads out of them.

use proc_macro2::TokenStream;
use std::fmt::Display;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprLit, Ident, Lit, LitStr, Result, Token};

const KEYS: &str = "`layer`, `cross_domain` and `transaction`";
const LAYERS: [&str; 3] = ["domain", "application", "infrastructure"];
const OWNER: &str = "owner";

/// One `key = value`.
struct Argument {
    key: Ident,
    value: Expr,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let key: Ident =
            input.parse().map_err(|error| Error::new(error.span(), format!("an argument is one of {KEYS}")))?;
        if !input.peek(Token![=]) {
            return Err(Error::new(key.span(), format!("`{key}` needs a value: `{key} = …`")));
        }
        input.parse::<Token![=]>()?;
        Ok(Self { key, value: input.parse()? })
    }
}

/// Whether the linter understands the arguments.
///
/// # Errors
/// Everything that is wrong with them, each at its place.
pub(crate) fn check(arguments: TokenStream) -> Result<()> {
    let arguments = Punctuated::<Argument, Token![,]>::parse_terminated.parse2(arguments)?;
    let mut faults = Faults(None);
    let mut seen: Vec<&Ident> = Vec::new();
    for Argument { key, value } in &arguments {
        if seen.contains(&key) {
            faults.add(key, format!("`{key}` is said twice"));
        }
        seen.push(key);
        match key.to_string().as_str() {
            "layer" => layer(value, &mut faults),
            "cross_domain" => cross_domain(value, &mut faults),
            "transaction" => transaction(value, &mut faults),
            other => faults.add(key, format!("there is no argument `{other}`, only {KEYS}")),
        }
    }
    faults.0.map_or(Ok(()), Err)
}

/// The faults so far, as one error.
struct Faults(Option<Error>);

impl Faults {
    fn add(&mut self, place: impl quote::ToTokens, what: impl Display) {
        let error = Error::new_spanned(place, what);
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }
}

/// A string as it stands in the source. The linter takes the letters between the quotes and knows no escapes.
fn text(value: &Expr) -> Option<&LitStr> {
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value else { return None };
    let token = text.token().to_string();
    (token.starts_with('"') && !token.contains('\\')).then_some(text)
}

fn layer(value: &Expr, faults: &mut Faults) {
    if !text(value).is_some_and(|text| LAYERS.contains(&text.value().as_str())) {
        faults.add(value, "a layer is \"domain\", \"application\" or \"infrastructure\"");
    }
}

fn transaction(value: &Expr, faults: &mut Faults) {
    if text(value).is_none_or(|text| text.value() != OWNER) {
        faults.add(value, "the only thing to say is \"owner\"; code that owns no transaction says nothing");
    }
}

fn cross_domain(value: &Expr, faults: &mut Faults) {
    let Expr::Array(list) = value else {
        return faults.add(value, "domains are a list of names, such as [\"billing\"]");
    };
    let mut seen = Vec::new();
    for element in &list.elems {
        match text(element).map(LitStr::value) {
            None => faults.add(element, "a domain is a name in quotes, such as \"billing\", without escapes"),
            Some(name) if name.trim().is_empty() => faults.add(element, "a domain has a name"),
            Some(name) if seen.contains(&name) => faults.add(element, format!("`{name}` is there twice")),
            Some(name) => seen.push(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use std::fmt::Write;

    /// Compares the arguments with the complaints under them.
    #[track_caller]
    fn complaints(arguments: &str, expected: &Expect) {
        let tokens: TokenStream = arguments.parse().unwrap();
        let mut said = format!("{arguments}\n");
        for error in check(tokens).err().into_iter().flatten() {
            let (start, end) = (error.span().start().column, error.span().end().column);
            let _ = writeln!(said, "{}{} {error}", " ".repeat(start), "^".repeat(end.saturating_sub(start).max(1)));
        }
        expected.assert_eq(&said);
    }

    #[test]
    fn what_the_linter_understands_is_fine() {
        for arguments in [
            "",
            "layer = \"domain\"",
            "layer = \"application\", cross_domain = [\"billing\", \"a,b\",], transaction = \"owner\",",
            "cross_domain = []",
        ] {
            assert!(check(arguments.parse().unwrap()).is_ok(), "{arguments}");
        }
    }

    #[test]
    fn everything_that_it_does_not_understand_is_said_at_its_place() {
        complaints(
            r#"layer = "business", cross_domains = ["a"], transaction = "borrower", layer = 3"#,
            &expect![[r#"
                layer = "business", cross_domains = ["a"], transaction = "borrower", layer = 3
                        ^^^^^^^^^^ a layer is "domain", "application" or "infrastructure"
                                    ^^^^^^^^^^^^^ there is no argument `cross_domains`, only `layer`, `cross_domain` and `transaction`
                                                                         ^^^^^^^^^^ the only thing to say is "owner"; code that owns no transaction says nothing
                                                                                     ^^^^^ `layer` is said twice
                                                                                             ^ a layer is "domain", "application" or "infrastructure"
            "#]],
        );
        complaints(
            r#"cross_domain = "billing""#,
            &expect![[r#"
            cross_domain = "billing"
                           ^^^^^^^^^ domains are a list of names, such as ["billing"]
        "#]],
        );
        complaints(
            r#"cross_domain = ["a", b, "", "a", "\n", r"c"]"#,
            &expect![[r#"
            cross_domain = ["a", b, "", "a", "\n", r"c"]
                                 ^ a domain is a name in quotes, such as "billing", without escapes
                                    ^^ a domain has a name
                                        ^^^ `a` is there twice
                                             ^^^^ a domain is a name in quotes, such as "billing", without escapes
                                                   ^^^^ a domain is a name in quotes, such as "billing", without escapes
        "#]],
        );
    }

    #[test]
    fn what_is_no_argument_is_told_what_arguments_are() {
        complaints(
            "layer",
            &expect![[r#"
            layer
            ^^^^^ `layer` needs a value: `layer = …`
        "#]],
        );
        complaints(
            r#""application""#,
            &expect![[r#"
            "application"
            ^^^^^^^^^^^^^ an argument is one of `layer`, `cross_domain` and `transaction`
        "#]],
        );
        complaints(
            r#"layer = "domain" transaction = "owner""#,
            &expect![[r#"
            layer = "domain" transaction = "owner"
                             ^^^^^^^^^^^ expected `,`
        "#]],
        );
    }
}
