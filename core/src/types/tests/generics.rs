//! Type parameters, associated types and bounds.

use super::variables;
use expect_test::expect;

#[test]
fn parameters_are_filled_in_from_arguments_receivers_and_results() {
    variables(
        "
pub struct Page<T> { items: Vec<T>, next: Option<u32> }
impl<T> Page<T> {
    fn new(items: Vec<T>) -> Self { todo!() }
    fn empty() -> Self { todo!() }
    fn first(&self) -> Option<&T> { None }
    fn map<U>(self, f: impl Fn(T) -> U) -> Page<U> { todo!() }
}
pub struct User { name: String }
fn same<T>(value: T) -> T { value }
fn pair<A, B>(a: A, b: &B) -> (A, Vec<B>) where B: Clone { todo!() }
fn make<T: Default>() -> T { T::default() }
fn load(page: Page<User>) {}
fn show(users: Vec<User>, user: User) -> Page<String> {
    let a = Page::new(users);
    let b = a.first();
    let c = a.map(|user| user.name);
    let d = same(&c);
    let e = pair(1u8, &user);
    let f: Page<u8> = Page::empty();
    let g = make::<User>();
    let h: User = make();
    let i = Page::<bool>::empty();
    let j = Page { items: vec![user], next: None };
    let k = j.items;
    let l = Page::empty();
    load(l);
    c
}
",
        &expect![[r#"
            fn show(users: Vec<User>, user: User) -> Page<String> {
                let a = Page::new(users); // a: Page<User>
                let b = a.first(); // b: Option<&User>
                let c = a.map(|user| user.name); // c: Page<String>, user: User
                let d = same(&c); // d: &Page<String>
                let e = pair(1u8, &user); // e: (u8, Vec<User>)
                let f: Page<u8> = Page::empty(); // f: Page<u8>
                let g = make::<User>(); // g: User
                let h: User = make(); // h: User
                let i = Page::<bool>::empty(); // i: Page<bool>
                let j = Page { items: vec![user], next: None }; // j: Page<User>
                let k = j.items; // k: Vec<User>
                let l = Page::empty(); // l: Page<?>
                load(l);
                c
            }
        "#]],
    );
}

#[test]
fn associated_types_come_from_bindings_bounds_and_blocks() {
    variables(
        "
pub trait Repo { type Item; type Error: Reason; fn get(&self) -> Result<Self::Item, Self::Error>; fn all(&self) -> Vec<Self::Item>; }
pub trait Reason { fn code(&self) -> u16; }
pub trait Named: Repo { fn name(&self) -> String; }
pub struct User;
pub struct Failed;
pub struct Users;
impl Reason for Failed { fn code(&self) -> u16 { 1 } }
impl Repo for Users { type Item = User; type Error = Failed; fn get(&self) -> Result<User, Self::Error> { todo!() } fn all(&self) -> Vec<Self::Item> { todo!() } }
fn show<R, S: Named>(users: Users, fixed: &dyn Repo<Item = User, Error = Failed>, bound: impl Repo<Item = u8>, free: R, named: S) where R: Repo, R::Item: Reason {
    let a = users.get();
    let b = users.all();
    let c = fixed.get();
    let d = bound.all();
    let e = free.get();
    let f = free.all().first().unwrap().code();
    let g = free.get().err().unwrap().code();
    let h = named.get();
    let i = named.name();
}
",
        &expect![[r#"
            fn show<R, S: Named>(users: Users, fixed: &dyn Repo<Item = User, Error = Failed>, bound: impl Repo<Item = u8>, free: R, named: S) where R: Repo, R::Item: Reason {
                let a = users.get(); // a: Result<User, Failed>
                let b = users.all(); // b: Vec<User>
                let c = fixed.get(); // c: Result<User, Failed>
                let d = bound.all(); // d: Vec<u8>
                let e = free.get(); // e: Result<R::Item, R::Error>
                let f = free.all().first().unwrap().code(); // f: u16
                let g = free.get().err().unwrap().code(); // g: u16
                let h = named.get(); // h: Result<S::Item, S::Error>
                let i = named.name(); // i: String
            }
        "#]],
    );
}

#[test]
fn extension_traits_deref_and_supertraits_lend_their_methods() {
    variables(
        "
use std::ops::Deref;
pub struct User { name: Name }
pub struct Name(String);
impl Deref for Name { type Target = str; fn deref(&self) -> &str { &self.0 } }
pub trait Shout { fn shout(&self) -> Loud; fn quiet(&self) -> u8 { 1 } }
pub struct Loud;
impl Shout for String { fn shout(&self) -> Loud { Loud } }
impl<T> Shout for Vec<T> { fn shout(&self) -> Loud { Loud } }
pub trait Port: Base { fn go(&self) -> u8; }
pub trait Base { fn id(&self) -> u64; }
pub trait Ext { fn twice(&self) -> (u64, u64); }
impl<T: Base> Ext for T { fn twice(&self) -> (u64, u64) { (1, 1) } }
fn show(user: &User, port: &dyn Port, list: Vec<u8>) {
    let a = user.name.len();
    let b = String::new().shout();
    let c = list.quiet();
    let d = port.id();
    let e = port.twice();
    let f = Shout::shout(&list);
    let g = <dyn Port as Base>::id(port);
    let h = Base::id(port);
    let i = user.name.to_uppercase();
    let j = list.twice();
}
",
        &expect![[r#"
            fn show(user: &User, port: &dyn Port, list: Vec<u8>) {
                let a = user.name.len(); // a: usize
                let b = String::new().shout(); // b: Loud
                let c = list.quiet(); // c: u8
                let d = port.id(); // d: u64
                let e = port.twice(); // e: (u64, u64)
                let f = Shout::shout(&list); // f: Loud
                let g = <dyn Port as Base>::id(port); // g: u64
                let h = Base::id(port); // h: u64
                let i = user.name.to_uppercase(); // i: String
                let j = list.twice(); // j: ?
            }
        "#]],
    );
}
