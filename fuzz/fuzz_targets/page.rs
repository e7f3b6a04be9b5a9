//! Whatever stands on a page, renewing its parts loses nothing of what people wrote, and a second time
//! changes nothing.
#![no_main]

use baton_core::inventory::Part;
use baton_core::inventory::page::{is_page, merge, theirs};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, u8)| {
    let (page, body, which) = input;
    let all = ["title", "purpose", "files"];
    let chosen = all.iter().enumerate().filter(|(number, _)| which >> number & 1 == 1);
    let parts: Vec<Part> = chosen.map(|(_, name)| Part::new(name, body)).collect();
    let Ok(merged) = merge(page, &parts) else { return };
    let before = theirs(page).expect("a page that can be renewed can be read");
    let after = theirs(&merged.text).expect("what was written can be read");
    assert!(after == before || after.trim_end_matches(['\r', '\n']) == before.trim_end_matches(['\r', '\n']));
    assert_eq!(is_page(&merged.text), !parts.is_empty());
    let again = merge(&merged.text, &parts).expect("what was written can be renewed");
    assert_eq!((again.text, again.edited), (merged.text, Vec::new()));
});
