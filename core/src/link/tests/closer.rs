//! Which files are read a second time, and which are not.

use super::{files, is_rust};
use crate::config::{self, Config};
use crate::link::{Content, Draft, SourceFile};
use crate::manifest;
use crate::parse::{Need, Parsed, parse_file};
use crate::source::{FileId, LineIndex};
use std::sync::Arc;

/// The files that are to be read closer once outlines have been read, where roles are inferred.
fn read_closer(fixture: &str) -> Vec<String> {
    read_closer_with(fixture, &Config::default())
}

fn read_closer_with(fixture: &str, config: &Config) -> Vec<String> {
    let files = files(fixture);
    let paths: Vec<String> = files.keys().filter(|path| is_rust(path)).cloned().collect();
    let workspace = manifest::read(&files.clone(), &paths).unwrap();
    let outline = |path: &String| {
        let text = &files[path];
        let need = if path.contains("/core/") { Need::Bodies } else { Need::Outline };
        let Parsed::Facts(facts) = parse_file(text, &LineIndex::new(text), need) else { panic!("{path} parses") };
        SourceFile { path: path.clone(), content: Content::Facts(Arc::new(facts)) }
    };
    let mut draft = Draft::new(paths.iter().map(outline).collect(), &workspace, config).unwrap();
    let closer = draft.to_be_read_closer(&|file: FileId| files[&paths[file.0 as usize]].as_str());
    closer.into_iter().map(|file| paths[file.0 as usize].clone()).collect()
}

#[test]
fn only_files_between_the_core_and_the_shell_are_read_closer() {
    let project = |used: &str| {
        format!(
            "
//- src/lib.rs
pub mod core; pub mod shell; pub mod util; pub mod text;
//- src/core/mod.rs
pub mod price;
//- src/core/price.rs
use crate::util::{{load, round}};
use crate::text::trim;
pub fn price() {{ {used}(); trim() }}
//- src/shell/mod.rs
pub fn read() {{}}
//- src/util.rs
use crate::shell::read;
pub fn load() {{ read() }}
pub fn round() {{ let load = 1; }}
//- src/text.rs
pub fn trim() {{ crate::text::inner() }}
pub fn inner() {{}}
"
        )
    };
    assert_eq!(read_closer(&project("load")), ["src/util.rs"]);
    let harmless = project("round").replace("{load, round}", "round").replace("let load = 1;", "");
    assert_eq!(read_closer(&harmless), Vec::<String>::new(), "another function of the file reaches the shell");
}

#[test]
fn files_through_which_the_core_may_touch_the_world_are_read_closer() {
    let project = |used: &str, does: &str| {
        format!(
            "
//- src/lib.rs
pub mod core; pub mod util; pub mod deep; pub mod other;
//- src/core/mod.rs
pub fn price() {{ {used}() }}
//- src/util.rs
pub fn load() {{ helper() }}
fn helper() {{ crate::deep::read() }}
pub fn round() {{}}
//- src/deep.rs
pub fn read() {{ {does} }}
//- src/other.rs
pub fn unused() {{ println!(); }}
"
        )
    };
    let declared = "version = 1\n[[role]]\nname = \"core\"\npaths = [\"src/core/**\"]\n";
    let declared = config::parse("baton.toml", declared, &[]).unwrap();
    let closer = |used: &str, does: &str| read_closer_with(&project(used, does), &declared);
    let both = ["src/deep.rs", "src/util.rs"];
    assert_eq!(closer("crate::util::load", "std::fs::read(1);"), both);
    assert_eq!(closer("crate::util::load", "println!();"), both);
    assert_eq!(closer("crate::util::load", "path.exists();"), both);
    assert_eq!(closer("crate::util::load", "1 + 1;"), Vec::<String>::new());
    assert_eq!(closer("crate::util::round", "println!();"), Vec::<String>::new());
    let inferred = read_closer(&project("crate::util::load", "println!();"));
    assert_eq!(inferred, Vec::<String>::new(), "an inferred core is asked for the shell only");
}
