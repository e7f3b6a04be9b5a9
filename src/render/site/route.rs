//! Where the pages of the site lie, and how one leads to another.

use std::fmt::Write;

/// The page over all of the project.
pub(super) const OVERVIEW: &str = "index.html";

/// The page of a folder.
pub(super) fn folder(path: &str) -> String {
    if path == "." { "code/index.html".to_owned() } else { format!("code/{path}/index.html") }
}

/// The page of a file.
pub(super) fn file(path: &str) -> String {
    format!("code/{path}.html")
}

/// The page of a rule.
pub(super) fn rule(name: &str) -> String {
    format!("rules/{name}.html")
}

/// What leads from a page back to the root of the site; empty for pages that lie there.
pub(super) fn root(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

/// The address of one page as seen from another.
pub(super) fn address(from: &str, to: &str) -> String {
    format!("{}{}", root(from), to.split('/').map(encoded).collect::<Vec<_>>().join("/"))
}

/// A segment of a path as an address has it: what would end or change a link is spelt as a number. The scripts
/// of the site do the same.
fn encoded(segment: &str) -> String {
    let mut out = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_mirror_the_project() {
        assert_eq!(folder("."), "code/index.html");
        assert_eq!(folder("src/app"), "code/src/app/index.html");
        assert_eq!(file("src/app/pay.rs"), "code/src/app/pay.rs.html");
        assert_eq!(rule("contract"), "rules/contract.html");
    }

    #[test]
    fn addresses_lead_from_page_to_page() {
        assert_eq!(address(OVERVIEW, &file("src/pay.rs")), "code/src/pay.rs.html");
        assert_eq!(address(&file("src/pay.rs"), OVERVIEW), "../../index.html");
        assert_eq!(address(&folder("a"), &file("a b/ß#?%.rs")), "../../code/a%20b/%C3%9F%23%3F%25.rs.html");
    }
}
