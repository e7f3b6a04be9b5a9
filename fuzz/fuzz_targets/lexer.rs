//! The scan of any text never panics, and what it says about comments is true.
#![no_main]

use baton_core::lexer::{Comment, blank_prefix, scan};
use libfuzzer_sys::fuzz_target;
use proc_macro2::{TokenStream, TokenTree};
use std::str::FromStr;

fuzz_target!(|text: &str| {
    comments_are_in_order(text, &scan(text).comments);
    blanking_keeps_offsets(text);
    comments_are_no_tokens(text);
});

fn comments_are_in_order(text: &str, comments: &[Comment]) {
    let mut end = 0;
    for comment in comments {
        let (from, to) = (comment.span.start as usize, comment.span.end as usize);
        assert!(end <= from && from < to, "out of order: {comments:?}");
        let held = text.get(from..to).expect("on character boundaries and in bounds");
        assert!(held.starts_with("//") || held.starts_with("/*"), "{held:?}");
        assert!(held.contains("baton:"));
        end = to;
    }
}

fn blanking_keeps_offsets(text: &str) {
    let blanked = blank_prefix(text.to_owned());
    assert_eq!(blanked.len(), text.len());
    let lines = |text: &str| text.bytes().filter(|&byte| byte == b'\n').count();
    assert_eq!(lines(&blanked), lines(text));
    let rest = blanked.trim_start();
    assert!(text.ends_with(rest), "only the prefix may change");
}

/// Where the compiler's lexer understands a text, taking the comments out must not change its tokens.
/// Every comment is made one that the scan keeps, so that each is tried.
fn comments_are_no_tokens(text: &str) {
    let Ok(before) = lex(text) else { return };
    let mut blanked = text.to_owned();
    for comment in scan(text).comments {
        let range = comment.span.start as usize..comment.span.end as usize;
        let blanks: String = text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        blanked.replace_range(range, &blanks);
    }
    let after = lex(&blanked).expect("a text without its comments has the same tokens");
    assert_eq!(before, after, "{text:?}");
    // The other way round: what is left has no comment that mentions the linter.
    assert_eq!(scan(&blanked).comments, []);
}

/// The tokens of a text with their places, as the parser sees them.
fn lex(text: &str) -> Result<Vec<(String, usize)>, ()> {
    let stream = TokenStream::from_str(text).map_err(drop);
    let mut tokens = Vec::new();
    let mut open = vec![stream?.into_iter()];
    while let Some(last) = open.last_mut() {
        match last.next() {
            None => drop(open.pop()),
            Some(TokenTree::Group(group)) => {
                tokens.push((format!("{:?}", group.delimiter()), group.span_open().byte_range().start));
                open.push(group.stream().into_iter());
            }
            Some(token) => tokens.push((token.to_string(), token.span().byte_range().start)),
        }
    }
    // Spans are kept per thread, for ever, if nobody says that they are not needed.
    proc_macro2::extra::invalidate_current_thread_spans();
    Ok(tokens)
}
