//! What cargo says of a target, by the manifest and by what it assumes of each kind.
//!
//! <https://doc.rust-lang.org/cargo/reference/cargo-targets.html#configuring-a-target>

use super::document::Node;
use super::model::{Described, TargetKind};

/// The kinds of libraries whose documentation cargo tests.
const TESTED: [&str; 3] = ["lib", "rlib", "proc-macro"];

/// What cargo says of a target of that kind and name, whose section in the manifest is `section`, if it has one.
pub(super) fn described(kind: TargetKind, name: String, section: Option<Node<'_>>) -> Described {
    let flag = |key| section.and_then(|section| section.flag_of(key));
    let given = texts(section, &["crate-type", "crate_type"]);
    let crate_types = match kind {
        TargetKind::ProcMacro => vec!["proc-macro".to_owned()],
        TargetKind::Lib if given.is_empty() => vec!["lib".to_owned()],
        TargetKind::Example if given.is_empty() => vec!["bin".to_owned()],
        TargetKind::Lib | TargetKind::Example => given,
        TargetKind::Bin | TargetKind::Test | TargetKind::Bench | TargetKind::BuildScript => vec!["bin".to_owned()],
    };
    let is_library = matches!(kind, TargetKind::Lib | TargetKind::ProcMacro);
    let is_tested = is_library || matches!(kind, TargetKind::Bin | TargetKind::Test);
    let can_doctest = is_library && crate_types.iter().any(|one| TESTED.contains(&one.as_str()));
    Described {
        name,
        required_features: texts(section, &["required-features"]),
        doc: flag("doc").unwrap_or(is_library || kind == TargetKind::Bin),
        doctest: can_doctest && flag("doctest").unwrap_or(true),
        test: flag("test").unwrap_or(is_tested),
        crate_types,
    }
}

fn texts(section: Option<Node<'_>>, keys: &[&str]) -> Vec<String> {
    let list = section.and_then(|section| section.get_any(keys));
    list.into_iter().flat_map(Node::items).filter_map(Node::text).map(str::to_owned).collect()
}
