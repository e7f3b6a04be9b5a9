//! The hash by which GitHub recognises a line of a file after others around it have changed.
//!
//! Code scanning matches the alerts of two runs by `primaryLocationLineHash`. GitHub's action computes it for
//! reports that lack it, and only where it finds the sources; reports that come by another way have to bring
//! it. The algorithm is GitHub's, published in `src/fingerprints.ts` of <https://github.com/github/codeql-action>
//! (MIT licence); this is a version of its own, which hashes each line by itself instead of rolling over all.

use std::collections::BTreeMap;

/// How many units of text go into the hash of a line, which thereby knows a few of the lines behind it.
const BLOCK: usize = 100;

/// The base of the polynomial.
const BASE: u64 = 37;

/// What stands for the end of the file.
const END: u16 = u16::MAX;

const LINE_FEED: u16 = 0x0a;

/// The hash of every line, `hash:count`, the first line's first. The count tells lines with the same hash apart.
pub(super) fn line_hashes(text: &str) -> Vec<String> {
    let units = units(text);
    let after_breaks = units.iter().enumerate().filter(|&(_, &unit)| unit == LINE_FEED).map(|(at, _)| at + 1);
    let mut counts: BTreeMap<u64, u32> = BTreeMap::new();
    let hashes = std::iter::once(0).chain(after_breaks).map(|start| {
        let hash = hash(&units[start..]);
        let count = counts.entry(hash).and_modify(|count| *count += 1).or_insert(1);
        format!("{hash:x}:{count}")
    });
    hashes.collect()
}

/// The text as it is hashed: in UTF-16, as JavaScript sees it, without spaces and tabs, each line ending in
/// a line feed, and with a mark at the end.
fn units(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut after_return = false;
    for unit in text.encode_utf16() {
        let is_return = unit == u16::from(b'\r');
        let is_blank = unit == u16::from(b' ') || unit == u16::from(b'\t');
        // The second half of `\r\n` ends no other line.
        let is_second_half = after_return && unit == LINE_FEED;
        if !(is_blank || is_second_half) {
            units.push(if is_return { LINE_FEED } else { unit });
        }
        after_return = is_return;
    }
    units.push(END);
    units
}

/// The first units as the digits of a number; where the text is shorter, zeros follow.
fn hash(units: &[u16]) -> u64 {
    let padded = units.iter().copied().chain(std::iter::repeat(0)).take(BLOCK);
    padded.fold(0, |hash: u64, unit| hash.wrapping_mul(BASE).wrapping_add(unit.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected hashes are those of GitHub's program.
    #[test]
    fn hashes_are_those_of_github() {
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        let lines = ["5f14dcb7a6b682d:1", "c097a997ce49c8b2:1", "32dce9ccfdbc9d3e:1", "c129715d7a2bc9a3:1"];
        assert_eq!(line_hashes("fn a() {\n    b();\n}\n"), lines);
        assert_eq!(line_hashes("fn a() {\r\n\tb();\r\n}\r\n"), lines, "neither indentation nor CRLF counts");
        let odd = ["5fd766c14c178262:1", "6141ba0c28270ece:1", "165fbdbbce84915c:1", "43b6461eda086fe2:1"];
        assert_eq!(line_hashes("let é = \"𝒳\";\r\r\n \nend"), odd, "in UTF-16, and a lone return ends a line");
        let long = format!("{}\ny", "x".repeat(150));
        assert_eq!(line_hashes(&long), ["52b56201ffb58620:1", "ed3261245082261c:1"]);
    }

    #[test]
    fn lines_that_say_the_same_are_counted() {
        let hashes = line_hashes(&"a();\n".repeat(30));
        assert_eq!(hashes.len(), 31);
        assert_eq!(hashes[..2], ["b3a5f9dc9d5a81a4:1", "b3a5f9dc9d5a81a4:2"]);
        assert_eq!(
            hashes[10..13],
            ["b3a5f9dc9d5a81a4:11", "b3a5f9f92b392708:1", "29ab4a2ec0b8842d:1"],
            "the end nears"
        );
    }
}
