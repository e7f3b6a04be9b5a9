//! No text makes the parse step panic or overflow the stack it asks for, and its spans are in bounds.
#![no_main]

use baton_core::lexer::blank_prefix;
use baton_core::parse::{Need, Parsed, STACK_BYTES, parse_file};
use baton_core::source::LineIndex;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let text = blank_prefix(text.to_owned());
    // The thread is the one the linter would parse on; the fuzzer's own has a stack of another size.
    let run = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || both_needs(&text));
    run.expect("a thread").join().expect("no panic");
});

fn both_needs(text: &str) {
    let lines = LineIndex::new(text);
    for need in [Need::Names, Need::Bodies] {
        let first = parse_file(text, &lines, need);
        if let Parsed::Failed(failure) = &first {
            assert!(failure.span.start <= failure.span.end && failure.span.end as usize <= text.len(), "{failure:?}");
            assert!(!failure.message.is_empty());
        }
        assert_eq!(first, parse_file(text, &lines, need), "the same text gives the same facts");
    }
}
