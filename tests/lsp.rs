//! The language server as editors meet it: the real program, spoken with over its standard streams.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the program is run on files; a step that fails is a test that fails"
)]

#[path = "lsp/client.rs"]
mod client;
#[expect(dead_code, reason = "the program is not run to its end here")]
#[path = "hard/project.rs"]
mod project;

use client::{Client, able, uri};
use project::Project;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const CONFIG: &str = "\
version = 1
[[role]]
name = \"core\"
paths = [\"src/core/**\"]
[[role]]
name = \"shell\"
paths = [\"src/shell.rs\"]
";

/// A project in which nothing is found.
const FILES: [(&str, &str); 6] = [
    ("baton.toml", CONFIG),
    ("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("src/lib.rs", "pub mod core;\npub mod shell;\npub mod shared;\n"),
    ("src/core.rs", "pub mod price;\n"),
    ("src/core/price.rs", "// ß𝒳\r\npub fn price() {}\r\n"),
    ("src/shell.rs", "pub struct Table;\n"),
];

const PRICE: &str = "src/core/price.rs";
/// What makes the core import the shell.
const LEAK: &str = "use crate::shell::Table;\r\n";

struct Shop {
    project: Project,
    root: PathBuf,
}

impl Shop {
    fn new() -> Self {
        let project = Project::new(FILES);
        project.write("src/shared.rs", "");
        let root = fs::canonicalize(project.root()).unwrap();
        Self { project, root }
    }

    fn uri(&self, path: &str) -> String {
        uri(&self.root.join(path))
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn session(&self, capabilities: &Value) -> Client {
        Client::open(&[&self.root], capabilities).0
    }
}

impl Client {
    fn open_text(&mut self, uri: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": "rust", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&mut self, uri: &str, version: i32, changes: &Value) {
        let document = json!({"uri": uri, "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    fn changed_on_disk(&mut self, uri: &str) {
        self.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]}));
    }

    fn actions(&mut self, uri: &str, line: u32, character: u32) -> Vec<Value> {
        let at = position(line, character);
        let range = json!({"start": at, "end": at});
        let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
        self.ask("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
    }
}

fn position(line: u32, character: u32) -> Value {
    json!({"line": line, "character": character})
}

fn insert(line: u32, character: u32, text: &str) -> Value {
    let at = position(line, character);
    json!({"range": {"start": at, "end": at}, "text": text})
}

fn rules(shown: &Value) -> Vec<&str> {
    shown["diagnostics"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap_or("-")).collect()
}

fn is_empty(shown: &Value) -> bool {
    rules(shown).is_empty()
}

#[test]
fn findings_follow_what_is_typed_before_it_is_saved() {
    let shop = Shop::new();
    let mut client = shop.session(&able());
    let price = shop.uri(PRICE);
    client.open_text(&price, &shop.text(PRICE));
    client.until(&price, is_empty);
    client.change(&price, 2, &json!([insert(1, 0, LEAK)]));
    let shown = client.until(&price, |shown| shown["version"] == 2);
    assert_eq!(rules(&shown), ["core-imports-shell"]);
    let found = &shown["diagnostics"][0];
    assert_eq!(found["range"], json!({"start": position(1, 18), "end": position(1, 23)}));
    assert_eq!((&found["severity"], &found["source"]), (&json!(1), &json!("baton")));
    let related = &found["relatedInformation"];
    assert!(related[0]["location"]["uri"] == price.as_str() && !related[0]["message"].is_null(), "{found}");
    client.change(&price, 3, &json!([{"range": {"start": position(1, 0), "end": position(2, 0)}, "text": ""}]));
    let shown = client.until(&price, |shown| shown["version"] == 3);
    assert!(is_empty(&shown), "{shown}");
    // On the disk nothing has happened: what is in a buffer counts until it is closed.
    client.change(&price, 4, &json!([{"text": LEAK}]));
    client.until(&price, |shown| rules(shown) == ["core-imports-shell"]);
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": price}}));
    client.until(&price, is_empty);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn findings_of_files_that_are_not_open_come_and_go_too() {
    let shop = Shop::new();
    shop.project.write(PRICE, LEAK.to_owned() + "pub fn price(_: Table) {}\n");
    let mut client = shop.session(&able());
    let (price, shell) = (shop.uri(PRICE), shop.uri("src/shell.rs"));
    let shown = client.until(&price, |shown| !is_empty(shown));
    assert_eq!(shown.get("version"), None, "nobody has a version of it");
    client.open_text(&shell, "pub struct Other;\n");
    // The struct that the core imports is gone from the buffer, so the core reaches no item of the shell by that name.
    client.until(&shell, |_| true);
    client.change(&shell, 2, &json!([{"text": "pub struct Table;\n"}]));
    client.until(&shell, |shown| shown["version"] == 2);
    fs::write(shop.root.join(PRICE), "").unwrap();
    client.changed_on_disk(&price);
    client.until(&price, is_empty);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn positions_are_counted_as_it_was_agreed_on() {
    // In front of the import stands a comment whose last letter has four bytes, two units, or one character.
    for (offered, agreed, units) in
        [(json!(["utf-16"]), "utf-16", 4), (json!(["utf-8", "utf-16"]), "utf-8", 6), (json!(["utf-32"]), "utf-32", 3)]
    {
        let shop = Shop::new();
        let mut capabilities = able();
        capabilities["general"] = json!({"positionEncodings": offered});
        let (mut client, answer) = Client::open(&[&shop.root], &capabilities);
        assert_eq!(answer["capabilities"]["positionEncoding"], agreed);
        let price = shop.uri(PRICE);
        client.open_text(&price, "/*𝒳*/\r\npub fn price() {}\r\n");
        let end = units + 2;
        client.change(&price, 2, &json!([insert(0, end, "use crate::shell::Table;")]));
        let shown = client.until(&price, |shown| shown["version"] == 2);
        let range = &shown["diagnostics"][0]["range"];
        assert_eq!(range, &json!({"start": position(0, end + 18), "end": position(0, end + 23)}), "{agreed}");
        assert_eq!(client.leave(), Some(0));
    }
}

#[test]
fn an_editor_that_can_little_gets_what_it_can_show() {
    let shop = Shop::new();
    let mut client = shop.session(&json!({}));
    let price = shop.uri(PRICE);
    client.open_text(&price, LEAK);
    let shown = client.until(&price, |shown| !is_empty(shown));
    let found = &shown["diagnostics"][0];
    assert_eq!(found.get("relatedInformation"), None);
    assert!(found["message"].as_str().unwrap().contains("src/core/price.rs:1: "), "{found}");
    let actions = client.actions(&price, 0, 18);
    assert_eq!(actions.len(), 1, "a command and no edit: {actions:?}");
    assert_eq!(actions[0]["command"], "baton.explain");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_hover_shows_what_explain_prints() {
    let shop = Shop::new();
    let mut client = shop.session(&able());
    let price = shop.uri(PRICE);
    client.open_text(&price, LEAK);
    client.until(&price, |shown| !is_empty(shown));
    let mut hover = |line, character| {
        let params = json!({"textDocument": {"uri": price}, "position": position(line, character)});
        client.ask("textDocument/hover", params).unwrap()
    };
    let shown = hover(0, 20);
    let text = shown["contents"]["value"].as_str().unwrap();
    let explained = project::baton(&shop.root).args(["explain", "core-imports-shell"]).output().unwrap();
    let explained = String::from_utf8(explained.stdout).unwrap();
    let page = explained.split_once("## What it does").unwrap().1;
    assert!(text.contains(page.trim_end()), "{text}");
    assert_eq!(hover(0, 2), Value::Null);
    assert_eq!(client.leave(), Some(0));
}

/// Makes the edit of an action in a text, as an editor that counts in UTF-16 would.
fn edited(text: &str, action: &Value, uri: &str) -> String {
    let change = &action["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"]["uri"], uri);
    let edit = &change["edits"][0];
    let start = &edit["range"]["start"];
    assert_eq!(start, &edit["range"]["end"], "it puts something in and takes nothing out");
    assert_eq!(start["character"], 0);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (before, after) = lines.split_at(start["line"].as_u64().unwrap() as usize);
    format!("{}{}{}", before.concat(), edit["newText"].as_str().unwrap(), after.concat())
}

#[test]
fn the_edit_that_suppresses_a_finding_makes_it_go() {
    let shop = Shop::new();
    let mut client = shop.session(&able());
    let price = shop.uri(PRICE);
    let text = "// ß𝒳\r\npub fn price() {\r\n    let a = \"𝒳\";\r\n    drop((\"𝒳\", a, crate::shell::Table));\r\n}\r\n";
    client.open_text(&price, text);
    let shown = client.until(&price, |shown| !is_empty(shown));
    let at = &shown["diagnostics"][0]["range"]["start"];
    let (line, character) = (at["line"].as_u64().unwrap() as u32, at["character"].as_u64().unwrap() as u32);
    let actions = client.actions(&price, line, character);
    let allow = actions.iter().find(|action| action["title"].as_str().unwrap().contains("allow")).unwrap();
    let version = &allow["edit"]["documentChanges"][0]["textDocument"]["version"];
    assert_eq!(version, 1, "an editor that has changed the text meanwhile leaves the edit");
    let new = edited(text, allow, &price);
    assert!(new.contains("    // baton: allow(core-imports-shell, reason = \"TODO: say why"), "{new}");
    assert_eq!(new.matches('\n').count(), new.matches("\r\n").count(), "line ends stay what they are");
    client.change(&price, 2, &json!([{"text": new}]));
    let shown = client.until(&price, |shown| shown["version"] == 2);
    assert!(is_empty(&shown), "{shown}");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn edits_are_offered_only_for_the_text_that_was_judged() {
    let shop = Shop::new();
    let mut client = shop.session(&able());
    let price = shop.uri(PRICE);
    client.open_text(&price, LEAK);
    client.until(&price, |shown| !is_empty(shown));
    // Both are sent at once, so the answer comes before the editor has been quiet for long enough.
    client.hold();
    client.change(&price, 2, &json!([insert(0, 0, "\n\n")]));
    assert_eq!(client.actions(&price, 0, 18), Vec::<Value>::new());
    client.until(&price, |shown| shown["version"] == 2);
    assert_ne!(client.actions(&price, 2, 18), Vec::<Value>::new());
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_chain_can_be_opened_hop_by_hop_and_a_rule_explained() {
    let shop = Shop::new();
    shop.project.write("src/shared.rs", "pub use crate::shell::Table;\n");
    shop.project.write(PRICE, "use crate::shared::Table;\npub fn price(_: Table) {}\n");
    let mut client = shop.session(&able());
    let price = shop.uri(PRICE);
    client.open_text(&price, &shop.text(PRICE));
    let shown = client.until(&price, |shown| !is_empty(shown));
    let related = shown["diagnostics"][0]["relatedInformation"].to_string();
    assert!(related.contains(&shop.uri("src/shared.rs")), "{related}");
    let actions = client.actions(&price, 0, 20);
    let hops: Vec<&Value> = actions.iter().filter(|one| one["command"]["command"] == "baton.show").collect();
    let last = &hops.last().unwrap()["command"];
    assert!(last["title"].as_str().unwrap().contains("src/shared.rs:1"), "{last}");
    client.ask("workspace/executeCommand", last.clone()).unwrap();
    let asked = client.hear("window/showDocument");
    assert_eq!(asked["uri"], shop.uri("src/shared.rs"));
    assert_eq!(asked["selection"]["start"]["line"], 0);
    let explain = actions.iter().find(|one| one["command"]["command"] == "baton.explain").unwrap();
    client.ask("workspace/executeCommand", explain["command"].clone()).unwrap();
    let told = client.hear("window/showMessage");
    assert!(told["message"].as_str().unwrap().starts_with("core-imports-shell: "), "{told}");
    assert_eq!(client.ask("workspace/executeCommand", json!({"command": "baton.show", "arguments": [1]})), Err(-32602));
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_faulty_configuration_is_shown_in_it_and_the_session_goes_on() {
    let shop = Shop::new();
    shop.project.write(PRICE, LEAK.to_owned() + "pub fn price(_: Table) {}\n");
    let mut client = shop.session(&able());
    let watched = client.hear("client/registerCapability").to_string();
    assert!(watched.contains("**/baton.toml") && watched.contains("**/Cargo.toml"), "{watched}");
    let (price, config) = (shop.uri(PRICE), shop.uri("baton.toml"));
    client.until(&price, |shown| !is_empty(shown));
    fs::write(shop.root.join("baton.toml"), CONFIG.replace("src/core/**", "src/kore/**")).unwrap();
    client.changed_on_disk(&config);
    let shown = client.until(&config, |shown| !is_empty(shown));
    let fault = &shown["diagnostics"][0];
    assert!(fault["message"].as_str().unwrap().contains("matches no file"), "{fault}");
    assert_eq!(fault["range"]["start"], position(3, 9));
    client.until(&price, is_empty);
    // The buffer goes before the disk here too.
    client.open_text(&config, CONFIG);
    client.until(&config, is_empty);
    client.until(&price, |shown| !is_empty(shown));
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": config}}));
    client.until(&price, is_empty);
    // A manifest is no different.
    fs::write(shop.root.join("baton.toml"), CONFIG).unwrap();
    fs::write(shop.root.join("Cargo.toml"), "[package\n").unwrap();
    client.changed_on_disk(&shop.uri("Cargo.toml"));
    client.until(&shop.uri("Cargo.toml"), |shown| !is_empty(shown));
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn what_cannot_be_checked_is_told_once_and_a_later_change_mends_it() {
    let shop = Shop::new();
    let manifest = "[workspace.metadata.baton]\nversion = 1\n";
    shop.project.write("Cargo.toml", FILES[1].1.to_owned() + manifest);
    let mut client = shop.session(&able());
    let told = client.hear("window/showMessage");
    assert!(told["message"].as_str().unwrap().contains("two configurations"), "{told}");
    fs::write(shop.root.join("Cargo.toml"), FILES[1].1).unwrap();
    fs::write(shop.root.join(PRICE), LEAK).unwrap();
    client.changed_on_disk(&shop.uri("Cargo.toml"));
    client.until(&shop.uri(PRICE), |shown| !is_empty(shown));
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn several_folders_one_file_alone_and_no_project_at_all() {
    let (one, other, apart) = (Shop::new(), Shop::new(), tempfile::tempdir().unwrap());
    let third = Shop::new();
    for shop in [&one, &other, &third] {
        shop.project.write(PRICE, LEAK);
    }
    let (mut client, _) = Client::open(&[&one.root, &other.root, apart.path()], &able());
    client.until(&one.uri(PRICE), |shown| !is_empty(shown));
    client.until(&other.uri(PRICE), |shown| !is_empty(shown));
    let logged = client.hear("window/logMessage");
    assert!(logged["message"].as_str().unwrap().contains("is in no Rust project"), "{logged}");
    let removed = json!([{"uri": uri(&other.root), "name": "a"}]);
    client.tell("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": removed}}));
    client.until(&other.uri(PRICE), is_empty);
    // A file from elsewhere brings its project.
    client.open_text(&third.uri(PRICE), LEAK);
    client.until(&third.uri(PRICE), |shown| !is_empty(shown));
    assert_eq!(client.leave(), Some(0));

    // No folder is open, only a file.
    let (mut client, _) = Client::open(&[], &able());
    client.open_text(&one.uri(PRICE), LEAK);
    client.until(&one.uri(PRICE), |shown| !is_empty(shown));
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn without_a_configuration_roles_are_inferred_and_the_log_says_so() {
    let shop = Shop::new();
    fs::remove_file(shop.root.join("baton.toml")).unwrap();
    fs::rename(shop.root.join("src/shell.rs"), shop.root.join("src/infra.rs")).unwrap();
    shop.project.write("src/lib.rs", "pub mod core;\npub mod infra;\npub mod shared;\n");
    let mut client = shop.session(&able());
    let logged = client.hear("window/logMessage");
    assert!(logged["message"].as_str().unwrap().contains("role"), "{logged}");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_new_buffer_is_a_file_of_the_project() {
    let shop = Shop::new();
    let mut client = shop.session(&able());
    let new = shop.uri("src/core/new.rs");
    client.open_text(&new, LEAK);
    client.open_text(&shop.uri("src/core.rs"), "pub mod price;\npub mod new;\n");
    client.until(&new, |shown| rules(shown) == ["core-imports-shell"]);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn the_session_ends_as_the_protocol_says() {
    let shop = Shop::new();
    assert_eq!(shop.session(&able()).leave(), Some(0));
    let mut client = shop.session(&able());
    client.tell("exit", Value::Null);
    assert_eq!(client.end().0, Some(1), "without a request to shut down before");
    assert_eq!(shop.session(&able()).end().0, Some(1), "the stream ends");
    let mut client = Client::start(&["--stdio"]);
    assert_eq!(client.ask("textDocument/hover", json!({})), Err(-32002), "before the session begins");
    client.initialize(&[&shop.root], &able());
    assert_eq!(client.ask("initialize", json!({"capabilities": {}})), Err(-32600));
    client.ask("shutdown", Value::Null).unwrap();
    assert_eq!(client.ask("textDocument/hover", json!({})), Err(-32600), "after it was shut down");
    client.tell("exit", Value::Null);
    assert_eq!(client.end().0, Some(0));
}

#[test]
fn bad_messages_are_refused_and_the_session_goes_on() {
    let shop = Shop::new();
    let mut client = shop.session(&able());
    client.send_raw("Content-Length: 5\r\n\r\n{\"a\":");
    let refused = client.hear("to nobody");
    assert!(refused.as_str().unwrap().contains("-32700"), "{refused}");
    assert_eq!(client.ask("textDocument/hover", json!({"position": "nowhere"})), Err(-32602));
    assert_eq!(client.ask("textDocument/definition", json!({})), Err(-32601));
    client.tell("textDocument/didChange", json!({"contentChanges": 3}));
    let told = client.hear("window/showMessage");
    assert!(told["message"].as_str().unwrap().contains("`textDocument/didChange` was not understood"), "{told}");
    client.tell("$/cancelRequest", json!({"id": 1}));
    client.tell("$/setTrace", json!({"value": "off"}));
    client.change("file:///nowhere.rs", 2, &json!([{"text": ""}]));
    client.open_text("untitled:Untitled-1", "fn main() {");
    let price = shop.uri(PRICE);
    client.open_text(&price, LEAK);
    client.until(&price, |shown| !is_empty(shown));
    assert_eq!(client.leave(), Some(0));

    let mut client = Client::start(&[]);
    client.send_raw("hello there\r\n");
    let (code, said) = client.end();
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("`hello there` is no header of a message") && said.contains("`baton lsp` is for editors"),
        "{said}"
    );
}

#[test]
fn a_project_inside_of_another_speaks_for_itself() {
    let shop = Shop::new();
    for (path, text) in FILES {
        shop.project.write(&format!("tools/{path}"), text);
    }
    shop.project.write("tools/src/shared.rs", "");
    shop.project.write("tools/src/core/price.rs", LEAK);
    let (mut client, _) = Client::open(&[&shop.root, &shop.root.join("tools")], &able());
    let inner = shop.uri("tools/src/core/price.rs");
    let shown = client.until(&inner, |shown| !is_empty(shown));
    assert_eq!(rules(&shown), ["core-imports-shell"], "the outer project has no role for it");
    assert_eq!(client.leave(), Some(0));

    // The outer one says what is wrong there as long as it is alone, and takes nothing away once it is not.
    shop.project.write("tools/src/core/price.rs", "use crate::shell::Table;\nfn {\n");
    let mut client = shop.session(&able());
    client.until(&inner, |shown| rules(shown) == ["does-not-parse"]);
    let added = json!([{"uri": shop.uri("tools"), "name": "tools"}]);
    client.tell("workspace/didChangeWorkspaceFolders", json!({"event": {"added": added, "removed": []}}));
    shop.project.write("tools/src/core/price.rs", LEAK);
    client.changed_on_disk(&inner);
    client.until(&inner, |shown| rules(shown) == ["core-imports-shell"]);
    let price = shop.uri(PRICE);
    client.open_text(&price, LEAK);
    client.until(&price, |shown| !is_empty(shown));
    assert_eq!(rules(&client.shown[&inner]), ["core-imports-shell"]);
    client.tell("workspace/didChangeWorkspaceFolders", json!({"event": {"added": [], "removed": added}}));
    client.until(&inner, is_empty);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_folder_that_is_reached_by_a_link_is_known_by_it() {
    let shop = Shop::new();
    let folder = tempfile::tempdir().unwrap();
    let link = fs::canonicalize(folder.path()).unwrap().join("alias");
    if link_to(&shop.root, &link).is_err() {
        eprintln!("this system makes no links: not tested");
        return;
    }
    let (mut client, _) = Client::open(&[&link], &able());
    let price = uri(&link.join(PRICE));
    client.open_text(&price, LEAK);
    client.until(&price, |shown| !is_empty(shown));
    // So are its files that are not open, and what changes there.
    let shell = uri(&link.join("src/shell.rs"));
    shop.project.write("src/shell.rs", "fn {\n");
    client.changed_on_disk(&shell);
    client.until(&shell, |shown| rules(shown) == ["does-not-parse"]);
    assert_eq!(client.leave(), Some(0));
}

#[cfg(unix)]
fn link_to(target: &Path, link: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn link_to(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}
