use super::*;
use std::fs;

/// A tree of files for one test; a path that ends with `/` is an empty folder.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            tree.add(path, text);
        }
        tree
    }

    fn add(&self, path: &str, text: &str) {
        let full = self.path(path);
        if path.ends_with('/') {
            fs::create_dir_all(full).unwrap();
        } else {
            fs::create_dir_all(full.parent().unwrap()).unwrap();
            fs::write(full, text).unwrap();
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    #[cfg(unix)]
    fn link(&self, target: &str, link: &str) {
        std::os::unix::fs::symlink(target, self.path(link)).unwrap();
    }

    fn scan(&self, root: &str) -> Scan {
        Walker::new(&self.path(root)).unwrap().scan()
    }

    fn found(&self) -> Vec<String> {
        self.scan("").rust_files
    }
}

fn reasons(scan: &Scan) -> Vec<(&str, SkipReason)> {
    scan.skipped.iter().map(|skipped| (skipped.path.as_str(), skipped.reason)).collect()
}

#[test]
fn sources_and_manifests_are_listed_in_order() {
    let tree = Tree::new(&[
        ("Cargo.toml", ""),
        ("src/b.rs", ""),
        ("src/a/mod.rs", ""),
        ("src/a.rs", ""),
        ("src/notes.md", ""),
        ("a-b/Cargo.toml", ""),
        ("empty/", ""),
    ]);
    let scan = tree.scan("");
    assert_eq!(scan.rust_files, ["src/a.rs", "src/a/mod.rs", "src/b.rs"]);
    assert_eq!(scan.manifests, ["Cargo.toml", "a-b/Cargo.toml"]);
    assert_eq!(scan.skipped, []);
    assert_eq!(scan.notices(), Vec::<String>::new());
}

#[test]
fn git_and_ignore_files_hold_from_their_folder_down() {
    let tree = Tree::new(&[
        (".gitignore", "*.gen.rs\n/out/\nkept.rs\n"),
        ("a.rs", ""),
        ("a.gen.rs", ""),
        ("out/b.rs", ""),
        ("deep/out/b.rs", ""),
        ("deep/.gitignore", "!kept.rs\nlocal.rs"),
        ("deep/kept.rs", ""),
        ("deep/er/kept.rs", ""),
        ("deep/er/local.rs", ""),
        ("kept.rs", ""),
        ("local.rs", ""),
        ("own/.ignore", "!x.gen.rs\nc.rs"),
        ("own/x.gen.rs", ""),
        ("own/c.rs", ""),
    ]);
    let scan = tree.scan("");
    let expected = ["a.rs", "deep/er/kept.rs", "deep/kept.rs", "deep/out/b.rs", "local.rs", "own/x.gen.rs"];
    assert_eq!(scan.rust_files, expected);
    assert_eq!(scan.count(SkipReason::Ignored), 5);
    assert_eq!(scan.notices(), ["skipped 5 paths that ignore files name, the first being `a.gen.rs`"]);
}

#[test]
fn rules_above_the_root_hold_up_to_the_top_of_the_repository() {
    let tree = Tree::new(&[
        (".gitignore", "b.rs"),
        ("repo/.git/info/exclude", "c.rs\n/project/d.rs"),
        ("repo/.gitignore", "e.rs\n/project/f.rs"),
        ("repo/project/.gitignore", "!e.rs"),
    ]);
    for name in ["a", "b", "c", "d", "e", "f"] {
        tree.add(&format!("repo/project/{name}.rs"), "");
    }
    assert_eq!(tree.scan("repo/project").rust_files, ["a.rs", "b.rs", "e.rs"]);
}

#[test]
fn a_second_worktree_shares_the_exclusions_of_the_first() {
    let tree = Tree::new(&[
        ("main/.git/info/exclude", "a.rs"),
        ("main/.git/worktrees/two/commondir", "../..\n"),
        ("two/.git", "gitdir: ../main/.git/worktrees/two\n"),
        ("two/a.rs", ""),
        ("two/b.rs", ""),
    ]);
    assert_eq!(tree.scan("two").rust_files, ["b.rs"]);
}

#[test]
fn a_root_that_its_repository_ignores_is_looked_at_all_the_same() {
    let tree = Tree::new(&[(".git/", ""), (".gitignore", "out/**\n"), ("out/project/src/a.rs", "")]);
    assert_eq!(tree.scan("out/project").rust_files, ["src/a.rs"]);
    assert_eq!(tree.found(), Vec::<String>::new());
}

#[test]
fn only_what_lies_below_the_root_is_skipped() {
    for above in ["target", "vendor", ".hidden", "node_modules"] {
        let tree = Tree::new(&[("Cargo.toml", "")]);
        let at = |path: &str| format!("{above}/project/{path}");
        tree.add(&at("Cargo.toml"), "");
        tree.add(&at("src/a.rs"), "");
        tree.add(&at("target/b.rs"), "");
        let scan = tree.scan(&format!("{above}/project"));
        assert_eq!(scan.rust_files, ["src/a.rs"], "{above}");
        assert_eq!(tree.scan(above).rust_files, ["project/src/a.rs"], "{above}");
    }
}

#[test]
fn build_output_is_skipped_where_cargo_made_it() {
    let tree = Tree::new(&[
        ("Cargo.toml", ""),
        ("target/debug/build/a.rs", ""),
        ("src/target/mod.rs", ""),
        ("elsewhere/CACHEDIR.TAG", ""),
        ("elsewhere/a.rs", ""),
    ]);
    let scan = tree.scan("");
    assert_eq!(scan.rust_files, ["src/target/mod.rs"], "a module may be called `target`");
    assert_eq!(reasons(&scan), [("elsewhere", SkipReason::BuildOutput), ("target", SkipReason::BuildOutput)]);
}

#[test]
fn vendored_and_hidden_code_is_skipped_and_code_about_vendors_is_not() {
    let tree = Tree::new(&[
        ("vendor/serde/src/lib.rs", ""),
        ("third_party/x/src/lib.rs", ""),
        ("web/node_modules/a/build.rs", ""),
        ("copies/serde/.cargo-checksum.json", ""),
        ("copies/serde/src/lib.rs", ""),
        ("copies/syn/.cargo_vcs_info.json", ""),
        ("copies/syn/src/lib.rs", ""),
        (".config/a.rs", ""),
        (".git/hooks/a.rs", ""),
        ("src/.#lib.rs", ""),
        ("src/domain/vendor/mod.rs", ""),
        ("src/vendor/invoice/mod.rs", ""),
        ("crates/vendor/Cargo.toml", ""),
        ("crates/vendor/src/lib.rs", ""),
    ]);
    let scan = tree.scan("");
    let expected = ["crates/vendor/src/lib.rs", "src/domain/vendor/mod.rs", "src/vendor/invoice/mod.rs"];
    assert_eq!(scan.rust_files, expected);
    assert_eq!(
        reasons(&scan),
        [
            (".config", SkipReason::Hidden),
            ("copies/serde", SkipReason::Vendored),
            ("copies/syn", SkipReason::Vendored),
            ("src/.#lib.rs", SkipReason::Hidden),
            ("third_party", SkipReason::Vendored),
            ("vendor", SkipReason::Vendored),
            ("web/node_modules", SkipReason::NodeModules),
        ]
    );
    assert_eq!(scan.notices(), ["skipped 4 folders of vendored code, the first being `copies/serde`"]);
}

#[test]
fn what_a_folder_is_shows_whatever_its_entries_are_called() {
    let tree = Tree::new(&[
        ("+a.rs", ""),
        ("#b/c.rs", ""),
        (".gitignore", "+a.rs"),
        ("d/+a/e.rs", ""),
        ("d/.ignore", "+a/"),
        ("d/CACHEDIR.TAG/", ""),
        ("vendor/#a/src/lib.rs", ""),
        ("vendor/.git/config", ""),
        ("vendor/b/src/lib.rs", ""),
        ("x/third_party/README.md", ""),
        ("x/third_party/a/src/lib.rs", ""),
        ("z.rs", ""),
    ]);
    let scan = tree.scan("");
    assert_eq!(scan.rust_files, ["#b/c.rs", "z.rs"]);
    let expected = [
        ("+a.rs", SkipReason::Ignored),
        ("d", SkipReason::BuildOutput),
        ("vendor", SkipReason::Vendored),
        ("x/third_party", SkipReason::Vendored),
    ];
    assert_eq!(reasons(&scan), expected, "each folder is told once");
}

#[test]
fn a_package_that_was_unpacked_from_a_registry_can_be_the_project() {
    let tree = Tree::new(&[(".cargo_vcs_info.json", ""), ("CACHEDIR.TAG", ""), ("src/lib.rs", "")]);
    assert_eq!(tree.found(), ["src/lib.rs"]);
}

#[test]
fn a_line_that_is_no_pattern_is_told_and_the_others_count() {
    let tree = Tree::new(&[(".gitignore", "a.rs\n{b\n"), ("a.rs", ""), ("b.rs", "")]);
    let scan = tree.scan("");
    assert_eq!(scan.rust_files, ["b.rs"]);
    assert_eq!(scan.faulty_ignore_files, [".gitignore"]);
    assert!(scan.notices()[1].contains("a line of `.gitignore`"));
}

#[test]
fn a_root_that_is_no_folder_is_a_failure() {
    let tree = Tree::new(&[("a.rs", "")]);
    assert!(Walker::new(&tree.path("missing")).is_err());
    assert!(Walker::new(&tree.path("a.rs")).is_err());
}

#[cfg(unix)]
#[test]
fn links_are_followed_until_they_lead_back() {
    let tree = Tree::new(&[("shared/x.rs", ""), ("one/src/", ""), ("two/src/", "")]);
    tree.link("../../shared", "one/src/shared");
    tree.link("../../shared", "two/src/shared");
    tree.link("x.rs", "shared/y.rs");
    tree.link("..", "two/up");
    tree.link("nowhere.rs", "two/gone.rs");
    tree.link("nowhere", "two/README");
    let scan = tree.scan("");
    let expected = [
        "one/src/shared/x.rs",
        "one/src/shared/y.rs",
        "shared/x.rs",
        "shared/y.rs",
        "two/src/shared/x.rs",
        "two/src/shared/y.rs",
    ];
    assert_eq!(scan.rust_files, expected, "both places may be modules");
    assert_eq!(reasons(&scan), [("two/gone.rs", SkipReason::DeadLink), ("two/up", SkipReason::LinkLoop)]);
}

#[cfg(unix)]
#[test]
fn a_loop_over_several_links_ends() {
    let tree = Tree::new(&[("a/x.rs", ""), ("b/y.rs", "")]);
    tree.link("../b", "a/to-b");
    tree.link("../a", "b/to-a");
    tree.link("itself", "itself");
    let scan = tree.scan("");
    assert_eq!(scan.rust_files, ["a/to-b/y.rs", "a/x.rs", "b/to-a/x.rs", "b/y.rs"]);
    let loops = [("a/to-b/to-a", SkipReason::LinkLoop), ("b/to-a/to-b", SkipReason::LinkLoop)];
    assert_eq!(reasons(&scan), loops);
}

#[cfg(unix)]
#[test]
fn a_link_to_what_lies_around_it_is_a_loop_even_where_no_loop_closes() {
    let tree = Tree::new(&[("a.rs", ""), ("project/b.rs", ""), ("else/where/c.rs", ""), ("project/.gitignore", "y")]);
    tree.link("../..", "else/where/top");
    tree.link("..", "else/where/up");
    tree.link("..", "project/up");
    tree.link("../else/where", "project/where");
    tree.link(".", "project/.hidden");
    tree.link(".", "project/y");
    let scan = tree.scan("project");
    assert_eq!(scan.rust_files, ["b.rs", "where/c.rs"]);
    let expected = [
        (".hidden", SkipReason::Hidden),
        ("up", SkipReason::LinkLoop),
        ("where/top", SkipReason::LinkLoop),
        ("where/up", SkipReason::LinkLoop),
        ("y", SkipReason::Ignored),
    ];
    assert_eq!(reasons(&scan), expected);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_listed_is_told_by_its_path() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new(&[("a.rs", ""), ("b/shut/c.rs", "")]);
    let allow = |mode| fs::set_permissions(tree.path("b/shut"), fs::Permissions::from_mode(mode)).unwrap();
    allow(0o000);
    // The superuser may list everything.
    let may_list = fs::read_dir(tree.path("b/shut")).is_ok();
    let scan = tree.scan("");
    allow(0o755);
    if !may_list {
        let told = Unreadable { path: "b/shut".to_owned(), why: "permission denied".to_owned() };
        assert_eq!((scan.rust_files, scan.unreadable), (vec!["a.rs".to_owned()], vec![told]));
    }
}

#[cfg(unix)]
#[test]
fn a_tangle_of_links_ends_at_the_limit_and_at_the_same_links_every_time() {
    let tree = Tree::new(&[]);
    let names: Vec<_> = (0..8).map(|n| format!("d{n}")).collect();
    for name in &names {
        tree.add(&format!("{name}/a.rs"), "");
        for other in names.iter().filter(|other| *other != name) {
            tree.link(&format!("../{other}"), &format!("{name}/{other}"));
        }
    }
    let scan = tree.scan("");
    assert_eq!(scan.rust_files.len(), 8 + LINK_LIMIT);
    assert!(scan.count(SkipReason::TooManyLinks) > 0);
    assert_eq!(scan, tree.scan(""));
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_and_files_that_are_no_files_are_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new(&[("a.rs", "")]);
    let name = |bytes| tree.0.path().join(OsStr::from_bytes(bytes));
    fs::write(name(b"b\xff.rs"), "").unwrap();
    fs::write(name(b"c\xff.txt"), "").unwrap();
    fs::create_dir(name(b"d\xff")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(name(b"e.rs")).unwrap();
    let scan = tree.scan("");
    assert_eq!(scan.rust_files, ["a.rs"]);
    let told: Vec<_> = scan.unreadable.iter().map(|it| (it.path.as_str(), it.why.as_str())).collect();
    let no_text = "the name is not UTF-8";
    assert_eq!(told, [("b\u{fffd}.rs", no_text), ("d\u{fffd}", no_text), ("e.rs", "not a regular file")]);
}
