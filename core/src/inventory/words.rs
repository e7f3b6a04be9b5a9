//! What documentation says, in few words.

/// The first sentence of a paragraph, without the marks of a heading.
pub(super) fn first_sentence(paragraph: &str) -> &str {
    let text = paragraph.trim_start_matches('#').trim();
    let mut ends = text.match_indices(". ").map(|(at, _)| at);
    let is_outside = |at: usize| text[..at].matches('`').count().is_multiple_of(2);
    let end = ends.find(|&at| !is_abbreviation(&text[..at]) && is_outside(at));
    end.map_or(text, |at| &text[..=at])
}

/// Whether a text ends in a shortened word rather than in a sentence.
fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit([' ', '(']).next().unwrap_or_default();
    matches!(word, "e.g" | "i.e" | "etc" | "vs" | "cf" | "approx" | "incl" | "resp") || word.chars().count() == 1
}

/// What a path's last name that says something is: `src` says nothing of a package, nor `mod.rs` of a folder.
pub(super) fn telling_name(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let mut names = stem.rsplit('/');
    let last = names.next().unwrap_or(stem);
    let around = names.next().filter(|name| *name != "." && !name.is_empty());
    around.filter(|_| matches!(last, "src" | "mod")).unwrap_or(last)
}

/// A folder's or file's name as a title: `use_cases` is `Use cases`.
pub(super) fn title(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// All that a file says about its module.
pub(super) fn module_docs(text: &str) -> String {
    let lines = text.lines().map(str::trim_start).filter_map(|line| line.strip_prefix("//!"));
    lines.collect::<Vec<_>>().join("\n")
}

/// The issues and decisions that a text names, sorted: `PIN-504`, `GAP-172`, `#12`.
pub(super) fn references(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '#'));
    let mut found: Vec<String> = words.filter(|word| is_reference(word)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

fn is_reference(word: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if let Some(number) = word.strip_prefix('#') {
        return is_number(number);
    }
    let Some((project, number)) = word.split_once('-') else { return false };
    // Standards have names of this form too, and nobody files an issue there.
    let is_standard = matches!(
        project,
        "UTF"
            | "ISO"
            | "RFC"
            | "SHA"
            | "MD"
            | "AES"
            | "CRC"
            | "ECMA"
            | "FNV"
            | "IEEE"
            | "GPL"
            | "LGPL"
            | "AGPL"
            | "MPL"
            | "GPT"
            | "POSIX"
            | "CP"
            | "KOI"
            | "TLS"
            | "HTTP"
    );
    let is_project = project.len() >= 2
        && project.starts_with(|c: char| c.is_ascii_uppercase())
        && project.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    is_project && !is_standard && is_number(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_where_it_ends() {
        assert_eq!(first_sentence("Takes orders. And more."), "Takes orders.");
        assert_eq!(first_sentence("# orders"), "orders");
        assert_eq!(first_sentence("Ports, e.g. `Clock`, i.e. traits. More."), "Ports, e.g. `Clock`, i.e. traits.");
        assert_eq!(first_sentence("Calls `a. b` once. More"), "Calls `a. b` once.");
        assert_eq!(first_sentence("Version 1.2 of it"), "Version 1.2 of it");
    }

    #[test]
    fn the_documentation_of_a_module_is_found_in_its_text() {
        assert_eq!(module_docs("//! One.\n//!\n//! PIN-504\n\n/// Not this.\nfn a() {}\n"), " One.\n\n PIN-504");
    }

    #[test]
    fn a_name_that_says_nothing_gives_way_to_the_one_around() {
        assert_eq!(telling_name("crates/application/src"), "application");
        assert_eq!(telling_name("src"), "src");
        assert_eq!(telling_name("src/app/mod.rs"), "app");
        assert_eq!(telling_name("src/app/pay.rs"), "pay");
        assert_eq!(telling_name("mod.rs"), "mod");
    }

    #[test]
    fn names_become_titles() {
        assert_eq!(title("use_cases"), "Use cases");
        assert_eq!(title("orchestrator"), "Orchestrator");
        assert_eq!(title(""), "");
    }

    #[test]
    fn issues_and_decisions_are_found_and_standards_are_not() {
        assert_eq!(references("Made by PIN-504 (see #12, GAP-172); PIN-504."), ["#12", "GAP-172", "PIN-504"]);
        assert_eq!(references("UTF-8, SHA-256, FNV-1a, x-1, A-1, 2026-01-01, PIN-, -5, L4"), Vec::<String>::new());
    }
}
