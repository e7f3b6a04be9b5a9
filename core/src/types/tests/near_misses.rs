//! What must not be known, or must be something else.

use super::{calls, variables};
use expect_test::expect;

#[test]
fn a_variable_hides_those_outside_until_its_block_ends() {
    variables(
        "
pub struct User;
pub struct Order;
fn show(value: User, flag: bool) {
    let value = if flag { let value = Order; 1u8 } else { 2 };
    let a = value;
    { let value = Order; let b = value; }
    let c = value;
    if let Some(value) = Some(Order) { let d = value; }
    let e = value;
    let f = |value: Order| value;
    let g = value;
    match Some(User) { Some(value) => { let h = value; } None => {} }
    let i = value;
    for value in [Order] {}
    let j = value;
}
",
        &expect![[r#"
            fn show(value: User, flag: bool) {
                let value = if flag { let value = Order; 1u8 } else { 2 }; // value: u8, value: Order
                let a = value; // a: u8
                { let value = Order; let b = value; } // value: Order, b: Order
                let c = value; // c: u8
                if let Some(value) = Some(Order) { let d = value; } // value: Order, d: Order
                let e = value; // e: u8
                let f = |value: Order| value; // f: fn(Order) -> Order, value: Order
                let g = value; // g: u8
                match Some(User) { Some(value) => { let h = value; } None => {} } // value: User, h: User
                let i = value; // i: u8
                for value in [Order] {} // value: Order
                let j = value; // j: u8
            }
        "#]],
    );
}

#[test]
fn the_same_name_on_another_type_is_another_method() {
    calls(
        "
pub struct A;
pub struct B;
impl A { fn save(&self) -> u8 { 1 } }
impl B { fn save(&self) -> u16 { 1 } }
pub trait Save { fn save(&self, to: &str) -> u32; }
impl Save for A { fn save(&self, to: &str) -> u32 { 1 } }
fn save() {}
fn show(a: A, b: &B, c: impl Save, d: Foreign) {
    a.save();
    b.save();
    c.save(\"x\");
    d.save();
    save();
}
",
        &expect![[r#"
            fn show(a: A, b: &B, c: impl Save, d: Foreign) {
                a.save(); // A::save
                b.save(); // B::save
                c.save("x"); // port Save::save on impl Save
                d.save(); // unknown
                save(); // save
            }
        "#]],
    );
}

#[test]
fn what_nobody_says_stays_unknown() {
    variables(
        "
use sqlx::PgPool;
pub struct Holder<T> { value: T }
macro_rules! make { () => { 1 } }
macro_rules! vec { () => { 1 } }
fn show<T, U: Clone>(pool: PgPool, bare: T, cloned: &U, held: Holder<T>) {
    let a = pool.acquire();
    let b = bare.method();
    let c = cloned.method();
    let d = held.value;
    let e = d.name;
    let f = make!();
    let g = vec!();
    let h = undeclared();
    let i = Missing::new();
    let j = \"1\".parse().unwrap();
    let k = [1].iter().collect();
    let l = std::unheard::of();
    let m = pool.name;
    let n = cloned.clone();
    let o = Vec::new();
    let p = None;
    let q = Default::default();
    let r = unknown.into();
    let Some(s) = h else { return };
}
",
        &expect![[r#"
            fn show<T, U: Clone>(pool: PgPool, bare: T, cloned: &U, held: Holder<T>) {
                let a = pool.acquire(); // a: ?
                let b = bare.method(); // b: ?
                let c = cloned.method(); // c: ?
                let d = held.value; // d: T
                let e = d.name; // e: ?
                let f = make!(); // f: ?
                let g = vec!(); // g: ?
                let h = undeclared(); // h: ?
                let i = Missing::new(); // i: ?
                let j = "1".parse().unwrap(); // j: ?
                let k = [1].iter().collect(); // k: ?
                let l = std::unheard::of(); // l: ?
                let m = pool.name; // m: ?
                let n = cloned.clone(); // n: U
                let o = Vec::new(); // o: Vec<?>
                let p = None; // p: Option<?>
                let q = Default::default(); // q: ?
                let r = unknown.into(); // r: ?
                let Some(s) = h else { return }; // s: ?
            }
        "#]],
    );
}

#[test]
fn two_traits_of_one_name_are_told_apart_by_what_is_in_scope() {
    calls(
        "
//- src/lib.rs
mod a { pub trait Run { fn run(&self); } impl Run for crate::Job { fn run(&self) {} } }
mod b { pub trait Go { fn run(&self); } impl Go for crate::Job { fn run(&self) {} } }
pub struct Job;
mod first { use crate::a::Run; fn show_first(job: crate::Job) { job.run(); } }
mod second { use crate::b::Go; fn show_second(job: &crate::Job) { job.run(); } }
mod neither { fn show_neither(job: &crate::Job) { job.run(); } }
",
        &expect![[r#"
            mod first { use crate::a::Run; fn show_first(job: crate::Job) { job.run(); } } // Run for Job::run
            mod second { use crate::b::Go; fn show_second(job: &crate::Job) { job.run(); } } // Go for Job::run
            mod neither { fn show_neither(job: &crate::Job) { job.run(); } } // unknown
        "#]],
    );
}

#[test]
fn a_guard_is_not_cloned_and_a_reference_stays_one() {
    variables(
        "
use std::sync::{Arc, Mutex};
#[derive(Clone)]
pub struct Job { name: String }
fn show(lock: Arc<Mutex<Job>>, job: Option<Job>, list: &[Job]) {
    let a = lock.lock().unwrap().clone();
    let b = lock.clone();
    if let Some(ref c) = job {}
    if let Some(d) = &job {}
    let Some(ref e) = list.first() else { return };
    let f: Arc<dyn Fn(Job) -> u8> = Arc::new(|g| 1);
    let h = |call: &dyn Fn(&Job) -> u8| call(&list[0]);
}
fn take(call: Arc<dyn Fn(Job) -> u8>, by: &dyn Fn(&Job) -> u8) {}
fn show_arguments() {
    take(Arc::new(|i| 1), &|j| 2);
}
",
        &expect![[r#"
            fn show(lock: Arc<Mutex<Job>>, job: Option<Job>, list: &[Job]) {
                let a = lock.lock().unwrap().clone(); // a: Job
                let b = lock.clone(); // b: Arc<Mutex<Job>>
                if let Some(ref c) = job {} // c: &Job
                if let Some(d) = &job {} // d: &Job
                let Some(ref e) = list.first() else { return }; // e: &&Job
                let f: Arc<dyn Fn(Job) -> u8> = Arc::new(|g| 1); // f: Arc<dyn Fn(Job) -> u8>, g: Job
                let h = |call: &dyn Fn(&Job) -> u8| call(&list[0]); // h: fn(&dyn Fn(&Job) -> u8) -> u8, call: &dyn Fn(&Job) -> u8
            }
            fn show_arguments() {
                take(Arc::new(|i| 1), &|j| 2); // i: Job, j: &Job
            }
        "#]],
    );
}

#[test]
fn traits_that_lead_to_each_other_come_to_an_end() {
    variables(
        "
pub trait A: B<Self::One> + C<Self::One> { type One: A<One = Self::One>; fn a(&self) -> Self::One; }
pub trait B<X>: C<X> { type Two: B<X, Two = Self::Two>; fn b(&self) -> Self::Two; }
pub trait C<X> { type Three: C<Self::Three> + B<X>; fn c(&self) -> (X, Self::Three); }
impl<T: B<u8, Two = T>> C<u8> for Box<T> { type Three = T::Two; fn c(&self) -> (u8, T::Two) { todo!() } }
impl<T: C<u8, Three = T>> B<u8> for Box<T> { type Two = T::Three; fn b(&self) -> T::Three { todo!() } }
pub trait P { fn p(&self) -> u8; }
pub trait Q { fn q(&self) -> u16; }
impl<T: Q> P for T { fn p(&self) -> u8 { 1 } }
impl<T: P> Q for T { fn q(&self) -> u16 { 1 } }
fn show<T: A>(t: T, plain: u8) {
    let a = t.a();
    let b = t.b();
    let c = t.c();
    let d = t.a().a().a();
    let e = plain.p();
}
",
        &expect![[r#"
            fn show<T: A>(t: T, plain: u8) {
                let a = t.a(); // a: T::One
                let b = t.b(); // b: T::Two
                let c = t.c(); // c: (T::One, T::Three)
                let d = t.a().a().a(); // d: T::One
                let e = plain.p(); // e: ?
            }
        "#]],
    );
}
