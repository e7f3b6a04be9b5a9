//! Which function a call means.

use super::calls;
use expect_test::expect;

const FORMS: &str = "
//- src/lib.rs
pub mod core;
pub mod shell;
//- src/core.rs
use std::sync::Arc;
use std::path::Path;
pub struct Handle { pub name: String }
pub enum Event { Sent(u8), Gone }
pub trait Port { fn send(&self, event: Event) -> Result<(), String>; fn twice(&self) { self.send(Event::Gone); } }
pub struct Loud;
impl Port for Loud { fn send(&self, event: Event) -> Result<(), String> { Ok(()) } }
impl Default for Loud { fn default() -> Self { Loud } }
fn free(handle: &Handle) -> Arc<Handle> { todo!() }
struct Wrap(Handle);
struct Deps { port: Arc<dyn Port>, callback: Box<dyn Fn(u8) -> Handle> }
fn show<P: Port>(h: Handle, deps: &Deps, generic: P, path: &Path) {
    h.save();
    free(&h).save();
    deps.port.send(Event::Sent(1));
    generic.send(Event::Gone);
    generic.twice();
    Loud.send(Event::Gone);
    Loud.twice();
    Loud::default();
    Port::send(&Loud, Event::Gone);
    <Loud as Port>::send(&Loud, Event::Gone);
    P::send(&generic, Event::Gone);
    Handle::open(\"x\").save();
    crate::core::free(&h);
    Wrap(h).0.save();
    (deps.callback)(1).save();
    let local = |n: u8| n;
    local(1);
    path.exists();
    std::time::Instant::now().elapsed();
    sqlx::query(\"x\").execute(1);
    Some(1).map(|n| n + 1);
    h.clone();
    undeclared();
    Self::nothing();
}
//- src/shell.rs
use crate::core::Handle;
impl Handle { pub fn save(&self) {} pub fn open(name: &str) -> Handle { todo!() } }
";

#[test]
fn calls_of_every_form() {
    calls(
        FORMS,
        &expect![[r#"
            fn show<P: Port>(h: Handle, deps: &Deps, generic: P, path: &Path) {
                h.save(); // Handle::save
                free(&h).save(); // core::free, Handle::save
                deps.port.send(Event::Sent(1)); // port Port::send on dyn Port, new Event::Sent
                generic.send(Event::Gone); // port Port::send on P
                generic.twice(); // port Port::twice on P
                Loud.send(Event::Gone); // Port for Loud::send
                Loud.twice(); // Port::twice
                Loud::default(); // Default for Loud::default
                Port::send(&Loud, Event::Gone); // Port for Loud::send
                <Loud as Port>::send(&Loud, Event::Gone); // Port for Loud::send
                P::send(&generic, Event::Gone); // port Port::send on P
                Handle::open("x").save(); // Handle::open, Handle::save
                crate::core::free(&h); // core::free
                Wrap(h).0.save(); // new Wrap, Handle::save
                (deps.callback)(1).save(); // a value, Handle::save
                let local = |n: u8| n;
                local(1); // a value
                path.exists(); // std path::Path::exists
                std::time::Instant::now().elapsed(); // std time::Instant::now, std time::Instant::elapsed
                sqlx::query("x").execute(1); // sqlx query, unknown
                Some(1).map(|n| n + 1); // std option::Option::Some, std option::Option::map
                h.clone(); // std clone::Clone::clone
                undeclared(); // unknown
                Self::nothing(); // unknown
            }
        "#]],
    );
}

#[test]
fn a_method_of_a_port_is_found_behind_retries_and_wrappers() {
    calls(
        "
use std::sync::Arc;
pub struct User { id: u64 }
pub enum Error { No }
pub trait Users { fn find(&self, id: u64) -> Result<Option<User>, Error>; }
impl<T: Users + ?Sized> Users for Arc<T> { fn find(&self, id: u64) -> Result<Option<User>, Error> { (**self).find(id) } }
fn retry<T, E>(times: u32, mut f: impl FnMut(u32) -> Result<T, E>) -> Result<T, E> { f(1) }
impl User { fn greet(&self) {} }
fn show(users: Arc<dyn Users>, all: Vec<Arc<dyn Users>>) -> Result<(), Error> {
    let user = retry(3, |_| users.find(1))?.ok_or(Error::No)?;
    user.greet();
    for one in &all { one.find(user.id)?; }
    all.iter().filter_map(|one| one.find(1).ok().flatten()).for_each(|user| user.greet());
    Ok(())
}
",
        &expect![[r#"
            fn show(users: Arc<dyn Users>, all: Vec<Arc<dyn Users>>) -> Result<(), Error> {
                let user = retry(3, |_| users.find(1))?.ok_or(Error::No)?; // retry, std option::Option::ok_or, Users for Arc::find
                user.greet(); // User::greet
                for one in &all { one.find(user.id)?; } // Users for Arc::find
                all.iter().filter_map(|one| one.find(1).ok().flatten()).for_each(|user| user.greet()); // std slice::iter, std iter::Iterator::filter_map, std iter::Iterator::for_each, Users for Arc::find, std result::Result::ok, std option::Option::flatten, User::greet
                Ok(()) // std result::Result::Ok
            }
        "#]],
    );
}

#[test]
fn what_is_passed_says_which_of_several_conversions_is_meant() {
    calls(
        "
pub struct Id;
pub struct A;
pub struct B;
impl From<A> for Id { fn from(a: A) -> Id { Id } }
impl From<&B> for Id { fn from(b: &B) -> Id { Id } }
pub trait Handle<M> { type Reply; fn handle(&self, message: M) -> Self::Reply; }
pub struct Actor;
impl Handle<A> for Actor { type Reply = u8; fn handle(&self, message: A) -> u8 { 1 } }
impl Handle<B> for Actor { type Reply = Id; fn handle(&self, message: B) -> Id { Id } }
impl Id { fn show_it(&self) {} }
fn show(actor: Actor, a: A, b: B) {
    Id::from(a).show_it();
    Id::from(&b).show_it();
    Id::from(undeclared()).show_it();
    actor.handle(b).show_it();
    actor.handle(undeclared());
}
",
        &expect![[r#"
            impl Id { fn show_it(&self) {} }
            fn show(actor: Actor, a: A, b: B) {
                Id::from(a).show_it(); // From for Id::from, Id::show_it
                Id::from(&b).show_it(); // From for Id::from, Id::show_it
                Id::from(undeclared()).show_it(); // unknown, Id::show_it, unknown
                actor.handle(b).show_it(); // Handle for Actor::handle, Id::show_it
                actor.handle(undeclared()); // unknown, unknown
            }
        "#]],
    );
}
