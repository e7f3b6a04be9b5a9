//! The result depends on the texts, not on when and in which order they were read.

use super::{files, is_rust, project, source, try_project};
use crate::config::{self, Config};
use crate::link::{Draft, link};
use crate::manifest;

const FIXTURE: &str = "
//- src/lib.rs
pub mod domain;
pub mod shell;
pub mod application;
//- src/domain.rs
pub struct Price;
//- src/shell.rs
use crate::domain::*;
use crate::application::Checkout as C;
pub struct Db;
//- src/application.rs
use crate::{domain::Price, shell::Db};
pub trait Store { fn load(&self) -> Price; }
pub struct Checkout { store: Box<dyn Store>, db: Db }
impl Checkout {
    pub fn new(store: Box<dyn Store>) -> Self { Self { store, db: Db } }
    pub fn run(&self) -> Price { self.store.load() }
}
//- src/main.rs
mod missing;
fn main() { app::application::Checkout::new(todo!()); crate::nowhere::x(); }
";

#[test]
fn the_same_texts_give_the_same_project() {
    assert_eq!(format!("{:?}", project(FIXTURE)), format!("{:?}", project(FIXTURE)));
    assert!(try_project(FIXTURE).is_ok_and(|project| !project.edges.is_empty() && project.orchestrators.len() == 1));
}

#[test]
fn the_order_of_reading_does_not_matter() {
    let files = files(FIXTURE);
    let paths: Vec<String> = files.keys().filter(|path| is_rust(path)).cloned().collect();
    let workspace = manifest::read(&files.clone(), &paths).unwrap();
    let linked = |backwards: bool| {
        let mut read: Vec<_> = paths.iter().map(|path| source(path, &files[path])).collect();
        if backwards {
            read = paths.iter().rev().map(|path| source(path, &files[path])).collect();
            read.sort_by(|a, b| a.path.cmp(&b.path));
        }
        format!("{:?}", link(read, &workspace, &Config::default()).unwrap())
    };
    assert_eq!(linked(false), linked(true));
}

#[test]
fn the_order_in_which_modules_and_contracts_are_asked_does_not_matter() {
    let files = files(FIXTURE);
    let paths: Vec<String> = files.keys().filter(|path| is_rust(path)).cloned().collect();
    let workspace = manifest::read(&files.clone(), &paths).unwrap();
    let read = || paths.iter().map(|path| source(path, &files[path])).collect();
    let backwards = |contracts: &str| {
        let config = config::parse("baton.toml", &format!("version = 1\n{contracts}"), &[]).unwrap();
        let draft = Draft::new(read(), &workspace, &config).unwrap();
        let mut edges: Vec<_> =
            draft.modules().collect::<Vec<_>>().into_iter().rev().map(|module| draft.links_of(module)).collect();
        edges.reverse();
        let joined = draft.join(edges);
        let calls = joined.modules().iter().rev().map(|module| joined.calls_of(&[*module])).collect();
        let code = vec![joined.code_of(0..joined.orchestrator_count())];
        let unjudged = joined.finish(calls, code).unwrap();
        let judging = unjudged.judging();
        let mut judged: Vec<_> = unjudged.contracts().iter().rev().map(|rule| judging.judge(rule)).collect();
        judged.reverse();
        drop(judging);
        let forwards = format!("{:?}", link(read(), &workspace, &config));
        assert_eq!(format!("{:?}", unjudged.settle(judged)), forwards);
        forwards
    };
    assert!(backwards("").starts_with("Ok"));
    let rule = |name: &str, rest: &str| format!("[[contract]]\nname = \"{name}\"\n{rest}\n");
    let below = "kind = \"layers\"\nlayers = [\"crate::application\", \"crate::shell\", \"crate::domain\"]";
    let apart = "kind = \"independent\"\nmembers = [\"crate::domain\", \"crate::shell\"]";
    let off = format!("level = \"allow\"\n{apart}");
    let told = backwards(&[rule("below", below), rule("off", &off), rule("apart", apart)].concat());
    assert!(told.starts_with("Ok") && told.contains("Upwards"));
    assert_eq!(told.matches("why: Independent").count(), 2, "of the one that is not off");
    let nobody = "kind = \"independent\"\nmembers = [\"crate::nobody\", \"crate::noone\"]";
    let faults = backwards(&[rule("apart", apart), rule("nobody", nobody), rule("again", nobody)].concat());
    assert!(faults.starts_with("Err") && faults.matches("noone").count() >= 2);
}
