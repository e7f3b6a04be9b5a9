//! Branches, patterns, loops, operators and literals.

use super::variables;
use expect_test::expect;

#[test]
fn patterns_bind_the_parts_of_what_they_match() {
    variables(
        "
pub struct User { name: String, tags: Vec<Tag>, at: (u8, f64) }
pub struct Tag(u16);
pub enum Event { Created { user: User, by: Option<u32> }, Renamed(String, User), Gone }
use Event::Renamed;
fn find() -> Result<Option<User>, String> { todo!() }
fn show(event: Event, list: &[User]) {
    match find() {
        Ok(Some(User { name, tags: labels, .. })) => {}
        Ok(None) => {}
        Err(message) => {}
    }
    match &event {
        Event::Created { user, by: Some(by) } => {}
        Event::Created { user: User { at: (x, y), .. }, .. } => {}
        Renamed(name, ..) | Renamed(name, _) => {}
        whole @ Event::Gone => {}
        other => {}
    }
    if let Ok(Some(user)) = find() && let [Tag(first), .., last] = user.tags.as_slice() {
        let inner = first;
    }
    while let Some(user) = find().ok().flatten() {}
    let Ok(found) = find() else { return };
    let (a, [b, rest @ ..]) = (1u8, list) else { return };
    let &User { ref name, .. } = &list[0];
    let Event::Renamed(_, user) = event else { panic!() };
}
",
        &expect![[r#"
            fn show(event: Event, list: &[User]) {
                match find() {
                    Ok(Some(User { name, tags: labels, .. })) => {} // name: String, labels: Vec<Tag>
                    Ok(None) => {}
                    Err(message) => {} // message: String
                }
                match &event {
                    Event::Created { user, by: Some(by) } => {} // user: &User, by: &u32
                    Event::Created { user: User { at: (x, y), .. }, .. } => {} // x: &u8, y: &f64
                    Renamed(name, ..) | Renamed(name, _) => {} // name: &String, name: &String
                    whole @ Event::Gone => {} // whole: &Event
                    other => {} // other: &Event
                }
                if let Ok(Some(user)) = find() && let [Tag(first), .., last] = user.tags.as_slice() { // user: User, first: &u16, last: &Tag
                    let inner = first; // inner: &u16
                }
                while let Some(user) = find().ok().flatten() {} // user: User
                let Ok(found) = find() else { return }; // found: Option<User>
                let (a, [b, rest @ ..]) = (1u8, list) else { return }; // a: u8, b: &User, rest: &[User]
                let &User { ref name, .. } = &list[0]; // name: &String
                let Event::Renamed(_, user) = event else { panic!() }; // user: User
            }
        "#]],
    );
}

#[test]
fn branches_have_the_type_of_the_first_that_is_known() {
    variables(
        "
pub struct User;
pub enum Error { No }
fn user() -> User { User }
fn show(flag: bool, list: Vec<User>) -> Result<u8, Error> {
    let a = if flag { None } else { Some(user()) };
    let b = match flag { true => return Err(Error::No), false => user() };
    let c = if flag { Err(Error::No) } else { Ok(1u8) };
    let d = { let inner = user(); inner };
    let e = loop { if flag { break user(); } };
    let f = unsafe { user() };
    let g = match list.first() { Some(_) if flag => Vec::new(), Some(_) => vec![user()], None => panic!() };
    let h = 'out: { user() };
    let i;
    i = user();
    let j = if flag { return Ok(1) } else { unknown() };
    Ok(1)
}
",
        &expect![[r#"
            fn show(flag: bool, list: Vec<User>) -> Result<u8, Error> {
                let a = if flag { None } else { Some(user()) }; // a: Option<User>
                let b = match flag { true => return Err(Error::No), false => user() }; // b: User
                let c = if flag { Err(Error::No) } else { Ok(1u8) }; // c: Result<u8, Error>
                let d = { let inner = user(); inner }; // d: User, inner: User
                let e = loop { if flag { break user(); } }; // e: User
                let f = unsafe { user() }; // f: User
                let g = match list.first() { Some(_) if flag => Vec::new(), Some(_) => vec![user()], None => panic!() }; // g: Vec<User>
                let h = 'out: { user() }; // h: User
                let i; // i: User
                i = user();
                let j = if flag { return Ok(1) } else { unknown() }; // j: ?
                Ok(1)
            }
        "#]],
    );
}

#[test]
fn loops_yield_the_items_of_what_they_go_through() {
    variables(
        "
use std::collections::{BTreeMap, HashMap, HashSet};
pub struct User;
pub struct Pages { next: u32 }
impl Iterator for Pages { type Item = Vec<User>; fn next(&mut self) -> Option<Self::Item> { None } }
pub struct Crowd(Vec<User>);
impl IntoIterator for Crowd { type Item = User; type IntoIter = std::vec::IntoIter<User>; fn into_iter(self) -> Self::IntoIter { self.0.into_iter() } }
fn all() -> impl Iterator<Item = User> { std::iter::empty() }
fn show<T>(list: Vec<User>, by_name: &HashMap<String, User>, ids: BTreeMap<u8, bool>, set: HashSet<char>, slice: &[u16], array: [f32; 3], generic: impl IntoIterator<Item = T>, crowd: Crowd) {
    for a in &list {}
    for b in list.iter().rev() {}
    for c in list {}
    for (d, e) in by_name {}
    for (f, g) in ids {}
    for h in &set {}
    for i in slice {}
    for j in array {}
    for k in 0..10u64 {}
    for (l, m) in slice.iter().enumerate() {}
    for n in generic {}
    for o in all() {}
    for p in (Pages { next: 0 }) {}
    for q in crowd {}
    for r in Some(1u8) {}
    for s in \"a b\".split(' ') {}
    for t in (Pages { next: 0 }).flatten().take(3) {}
}
",
        &expect![[r#"
            fn show<T>(list: Vec<User>, by_name: &HashMap<String, User>, ids: BTreeMap<u8, bool>, set: HashSet<char>, slice: &[u16], array: [f32; 3], generic: impl IntoIterator<Item = T>, crowd: Crowd) {
                for a in &list {} // a: &User
                for b in list.iter().rev() {} // b: &User
                for c in list {} // c: User
                for (d, e) in by_name {} // d: &String, e: &User
                for (f, g) in ids {} // f: u8, g: bool
                for h in &set {} // h: &char
                for i in slice {} // i: &u16
                for j in array {} // j: f32
                for k in 0..10u64 {} // k: u64
                for (l, m) in slice.iter().enumerate() {} // l: usize, m: &u16
                for n in generic {} // n: T
                for o in all() {} // o: User
                for p in (Pages { next: 0 }) {} // p: Vec<User>
                for q in crowd {} // q: User
                for r in Some(1u8) {} // r: u8
                for s in "a b".split(' ') {} // s: &str
                for t in (Pages { next: 0 }).flatten().take(3) {} // t: User
            }
        "#]],
    );
}

#[test]
fn operators_literals_and_conversions() {
    variables(
        "
use std::ops::{Add, Index, Mul, Neg};
use std::time::{Duration, Instant};
#[derive(Clone, Copy)]
pub struct Money(i64);
pub struct Total;
impl Add for Money { type Output = Money; fn add(self, other: Money) -> Money { self } }
impl Mul<u32> for Money { type Output = Total; fn mul(self, by: u32) -> Total { Total } }
impl<'a> Add<&'a Money> for &'a Money { type Output = Total; fn add(self, other: &Money) -> Total { Total } }
impl Neg for Money { type Output = Self; fn neg(self) -> Self { self } }
pub struct Ledger;
impl Index<&str> for Ledger { type Output = Money; fn index(&self, name: &str) -> &Money { todo!() } }
fn show(a: Money, b: Money, ledger: &Ledger, list: Vec<Money>, n: u16, text: String, start: Instant) {
    let c = a + b;
    let d = &a + &b;
    let e = a * 3;
    let f = -a;
    let g = ledger[\"x\"];
    let h = list[0];
    let i = &list[1..];
    let j = n + 1;
    let k = 1 + n;
    let l = n as f64 / 2.0;
    let m = n > 3 && !text.is_empty();
    let o = &text[..2];
    let p = text + \"x\";
    let q = start.elapsed() * 2 + Duration::from_secs(1);
    let r = (1, 2.5, 'c', b'c', \"s\", b\"s\", true, 7u8, 0xffu32);
    let s = [1u8, 2];
    let t: u64 = 5;
    let u = 1 << n;
    let v = *&a;
    let w = *list.first().unwrap();
    let x: (Money, _) = (a, \"x\");
    let y = format!(\"{}\", n);
    let z = vec![Money(1), a];
}
",
        &expect![[r#"
            fn show(a: Money, b: Money, ledger: &Ledger, list: Vec<Money>, n: u16, text: String, start: Instant) {
                let c = a + b; // c: Money
                let d = &a + &b; // d: Total
                let e = a * 3; // e: Total
                let f = -a; // f: Money
                let g = ledger["x"]; // g: Money
                let h = list[0]; // h: Money
                let i = &list[1..]; // i: &[Money]
                let j = n + 1; // j: u16
                let k = 1 + n; // k: u16
                let l = n as f64 / 2.0; // l: f64
                let m = n > 3 && !text.is_empty(); // m: bool
                let o = &text[..2]; // o: &str
                let p = text + "x"; // p: String
                let q = start.elapsed() * 2 + Duration::from_secs(1); // q: Duration
                let r = (1, 2.5, 'c', b'c', "s", b"s", true, 7u8, 0xffu32); // r: ({integer}, {float}, char, u8, &str, &[u8], bool, u8, u32)
                let s = [1u8, 2]; // s: [u8]
                let t: u64 = 5; // t: u64
                let u = 1 << n; // u: {integer}
                let v = *&a; // v: Money
                let w = *list.first().unwrap(); // w: Money
                let x: (Money, _) = (a, "x"); // x: (Money, &str)
                let y = format!("{}", n); // y: String
                let z = vec![Money(1), a]; // z: Vec<Money>
            }
        "#]],
    );
}

#[test]
fn closures_take_what_their_callers_give() {
    variables(
        "
pub struct User { age: u32, boss: Option<Box<User>> }
pub enum Error { No }
fn with<T, R>(value: T, f: impl FnOnce(&T) -> R) -> R { f(&value) }
fn later<T, F, Fut>(value: T, f: F) -> Fut::Output where F: Fn(T) -> Fut, Fut: Future<Output = u8> { todo!() }
struct Hooks { on: Box<dyn Fn(&User) -> Result<u8, Error>> }
fn show(user: User, users: Vec<User>, hooks: Hooks) -> Option<()> {
    let a = with(user, |it| it.age);
    let b = users.iter().map(|one| one.age);
    let c = users.iter().filter(|one| one.age > 1).map(|one| &one.boss);
    let d = users.iter().fold(0u64, |sum, one| sum + u64::from(one.age));
    let e = users.iter().max_by(|x, y| x.age.cmp(&y.age))?;
    let f = (hooks.on)(e);
    let g = |n: u8, m| -> u16 { 1 };
    let h = g(1, 2);
    let i = e.boss.as_ref().map(|boss| boss.age).unwrap_or(0);
    let j = e.boss.as_deref().ok_or_else(|| Error::No).map_err(|error| format!(\"\"));
    let k: Box<dyn Fn(User) -> u8> = Box::new(|it| 1);
    let l = later(e, |it| async move { 1u8 });
    let m = users.iter().map(User::age).map(Some).map(Wrapped);
    None
}
impl User { fn age(&self) -> u32 { 1 } }
struct Wrapped(Option<u32>);
",
        &expect![[r#"
            fn show(user: User, users: Vec<User>, hooks: Hooks) -> Option<()> {
                let a = with(user, |it| it.age); // a: u32, it: &User
                let b = users.iter().map(|one| one.age); // b: impl Iterator<Item = u32>, one: &User
                let c = users.iter().filter(|one| one.age > 1).map(|one| &one.boss); // c: impl Iterator<Item = &Option<Box<User>>>, one: &&User, one: &User
                let d = users.iter().fold(0u64, |sum, one| sum + u64::from(one.age)); // d: u64, sum: u64, one: &User
                let e = users.iter().max_by(|x, y| x.age.cmp(&y.age))?; // e: &User, x: &&User, y: &&User
                let f = (hooks.on)(e); // f: Result<u8, Error>
                let g = |n: u8, m| -> u16 { 1 }; // g: fn(u8, ?) -> u16, n: u8, m: ?
                let h = g(1, 2); // h: u16
                let i = e.boss.as_ref().map(|boss| boss.age).unwrap_or(0); // i: u32, boss: &Box<User>
                let j = e.boss.as_deref().ok_or_else(|| Error::No).map_err(|error| format!("")); // j: Result<&User, String>, error: Error
                let k: Box<dyn Fn(User) -> u8> = Box::new(|it| 1); // k: Box<dyn Fn(User) -> u8>, it: User
                let l = later(e, |it| async move { 1u8 }); // l: u8, it: &User
                let m = users.iter().map(User::age).map(Some).map(Wrapped); // m: impl Iterator<Item = Wrapped>
                None
            }
        "#]],
    );
}
