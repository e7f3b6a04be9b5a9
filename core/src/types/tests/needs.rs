//! `impl` blocks that calls of other functions ask for.

use super::used;
use expect_test::expect;

const SHELL: &str = "
//- src/lib.rs
pub mod model {
    pub struct Money(pub i64);
    pub struct Level;
    pub struct Error;
    pub struct Html(pub String);
    pub struct Page<'a> { pub text: &'a str }
    pub struct Delay;
    pub struct Buffer;
    pub struct Flat;
    pub struct Wheel;
    pub trait Rule { fn rate(&self) -> u8; }
    pub trait Table { fn name() -> u8; }
    pub struct Rules { pub first: Box<dyn Rule> }
}
mod shell {
    use crate::model::*;
    use std::fmt;
    impl Default for Level { fn default() -> Self { Level } }
    impl Clone for Money { fn clone(&self) -> Self { Money(1) } }
    impl PartialEq for Money { fn eq(&self, other: &Money) -> bool { true } }
    impl Eq for Money {}
    impl PartialOrd for Money { fn partial_cmp(&self, other: &Money) -> Option<std::cmp::Ordering> { None } }
    impl Ord for Money { fn cmp(&self, other: &Money) -> std::cmp::Ordering { todo!() } }
    impl fmt::Debug for Error { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) } }
    impl fmt::Display for Money { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) } }
    impl fmt::Write for Buffer { fn write_str(&mut self, text: &str) -> fmt::Result { Ok(()) } }
    impl From<&str> for Level { fn from(text: &str) -> Self { Level } }
    impl AsRef<str> for Html { fn as_ref(&self) -> &str { &self.0 } }
    impl std::ops::Deref for Html { type Target = str; fn deref(&self) -> &str { &self.0 } }
    impl std::ops::Mul<Money> for f32 { type Output = Money; fn mul(self, other: Money) -> Money { other } }
    impl std::ops::Mul<Money> for u8 { type Output = Money; fn mul(self, other: Money) -> Money { other } }
    impl std::future::Future for Delay { type Output = (); fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> { todo!() } }
    impl Rule for Flat { fn rate(&self) -> u8 { 1 } }
    impl Table for Flat { fn name() -> u8 { 1 } }
}
";

#[test]
fn what_a_function_asks_of_its_arguments_is_used() {
    let fixture = "
mod core {
    use crate::model::*;
    use std::fmt::Display;
    fn level(text: impl Into<Level>) {}
    fn leveled<T>(given: T) where T: Into<Level> {}
    fn print<T: Display>(given: T) {}
    fn apply(rule: &impl Rule) {}
    fn create<T: Table>() -> u8 { T::name() }
    fn width<T: AsRef<str>>(of: T) {}
    fn keep<T>(given: T) -> T { given }
    fn make() -> Box<dyn Rule> { Box::new(Flat) }
    impl Rule for Wheel { fn rate(&self) -> u8 { 1 } }
    fn show(money: Money, html: &Html) -> Box<dyn Rule> {
        level(\"x\");
        leveled(\"x\");
        apply(&Flat);
        create::<Flat>();
        width(html);
        let near = keep(Flat);
        let rules = Rules { first: Box::new(Flat) };
        let near: Box<dyn Rule> = Box::new(Wheel);
        apply(&Wheel);
        level(Level);
        print(money);
        print(1);
        Box::new(Flat)
    }
}
";
    used(
        &format!("{SHELL}{fixture}"),
        &expect![[r#"
        fn show(money: Money, html: &Html) -> Box<dyn Rule> {
            level("x"); // From for Level in shell
            leveled("x"); // From for Level in shell
            apply(&Flat); // Rule for Flat in shell
            create::<Flat>(); // Table for Flat in shell
            width(html); // AsRef for Html in shell
            let near = keep(Flat);
            let rules = Rules { first: Box::new(Flat) }; // Rule for Flat in shell
            let near: Box<dyn Rule> = Box::new(Wheel); // Rule for Wheel in core
            apply(&Wheel); // Rule for Wheel in core
            level(Level);
            print(money); // Display for Money in shell
            print(1);
            Box::new(Flat) // Rule for Flat in shell
        }
    "#]],
    );
}

#[test]
fn what_the_standard_library_asks_of_values_is_used() {
    let fixture = "
mod core {
    use crate::model::*;
    use std::collections::HashMap;
    use std::fmt::Write;
    use std::sync::Arc;
    async fn show(list: &[Money], level: Option<Level>, mut map: HashMap<u8, Level>, read: Result<u8, Error>, mut some: Vec<Money>, own: &mut Buffer) {
        let a = level.unwrap_or_default();
        map.entry(1).or_default();
        let b = some.clone();
        let c: Vec<Money> = list.iter().filter(|one| one.0 > 1).cloned().collect();
        let d = list.first().cloned();
        let e = list.to_vec();
        let f = read.unwrap();
        let g = list.contains(&some[0]);
        some.sort();
        let h = some.iter().max();
        write!(own, \"x\");
        Delay.await;
        let i = 2.0 * Money(1);
        let j = 2 * Money(1);
        let k: std::sync::Mutex<Level> = Default::default();
        let near = Some(1).unwrap_or_default() + 2 * 3;
        let near = Arc::new(some).clone();
        let near: Option<&Money> = list.first().clone();
        let near: Option<u8> = Ok::<u8, u8>(1).ok();
        let near: Vec<Level> = Default::default();
        let mut text = String::new();
        write!(text, \"x\");
    }
}
";
    used(
        &format!("{SHELL}{fixture}"),
        &expect![[r#"
        async fn show(list: &[Money], level: Option<Level>, mut map: HashMap<u8, Level>, read: Result<u8, Error>, mut some: Vec<Money>, own: &mut Buffer) {
            let a = level.unwrap_or_default(); // Default for Level in shell
            map.entry(1).or_default(); // Default for Level in shell
            let b = some.clone(); // Clone for Money in shell
            let c: Vec<Money> = list.iter().filter(|one| one.0 > 1).cloned().collect(); // Clone for Money in shell
            let d = list.first().cloned(); // Clone for Money in shell
            let e = list.to_vec(); // Clone for Money in shell
            let f = read.unwrap(); // Debug for Error in shell
            let g = list.contains(&some[0]); // PartialEq for Money in shell
            some.sort(); // Ord for Money in shell
            let h = some.iter().max(); // Ord for Money in shell
            write!(own, "x"); // Write for Buffer in shell
            Delay.await; // Future for Delay in shell
            let i = 2.0 * Money(1); // Mul for f32 in shell
            let j = 2 * Money(1); // Mul for u8 in shell
            let k: std::sync::Mutex<Level> = Default::default(); // Default for Level in shell
            let near = Some(1).unwrap_or_default() + 2 * 3;
            let near = Arc::new(some).clone();
            let near: Option<&Money> = list.first().clone();
            let near: Option<u8> = Ok::<u8, u8>(1).ok();
            let near: Vec<Level> = Default::default();
            let mut text = String::new();
            write!(text, "x");
        }
    "#]],
    );
}

#[test]
fn a_reference_becomes_another_by_a_block() {
    let fixture = "
mod core {
    use crate::model::*;
    fn width(text: &str) -> usize { text.len() }
    fn html(html: &Html) {}
    fn show<'a>(of: &'a Html, own: &'a String, boxed: &'a Box<Html>) -> &'a str {
        width(of);
        let text: &str = of;
        let page = Page { text: of };
        width(boxed);
        html(of);
        html(boxed);
        width(own);
        width(&of.0);
        of
    }
}
";
    used(
        &format!("{SHELL}{fixture}"),
        &expect![[r#"
        fn show<'a>(of: &'a Html, own: &'a String, boxed: &'a Box<Html>) -> &'a str {
            width(of); // Deref for Html in shell
            let text: &str = of; // Deref for Html in shell
            let page = Page { text: of }; // Deref for Html in shell
            width(boxed); // Deref for Html in shell
            html(of);
            html(boxed);
            width(own);
            width(&of.0);
            of // Deref for Html in shell
        }
    "#]],
    );
}

#[test]
fn a_block_asks_for_others_with_other_arguments() {
    let fixture = "
//- src/lib.rs
pub mod core {
    pub struct Row;
    pub struct Other;
    pub struct Loop<T>(T);
    pub trait Port {}
    impl<T: Port> Port for Vec<T> {}
    impl<T> Port for Loop<T> where Loop<Loop<T>>: Port, Loop<Vec<T>>: Port {}
    fn needs<P: Port>(_: P) {}
    fn two<P: Port, Q: Port>(_: P, _: Q) {}
    fn show_a(row: Row) { needs(vec![vec![row]]); }
    fn show_b(row: Row, other: Other) { two(vec![row], vec![other]); }
    fn show_c(row: u8, other: Other) { two(vec![row], vec![other]); }
    fn show_d(row: Loop<Row>) { needs(row); }
}
mod shell {
    use crate::core::*;
    impl Port for Row {}
    impl Port for Other {}
}
";
    used(
        fixture,
        &expect![[r#"
        fn show_a(row: Row) { needs(vec![vec![row]]); } // Port for Row in shell, Port for Vec in core
        fn show_b(row: Row, other: Other) { two(vec![row], vec![other]); } // Port for Other in shell, Port for Row in shell, Port for Vec in core
        fn show_c(row: u8, other: Other) { two(vec![row], vec![other]); } // Port for Other in shell, Port for Vec in core
        fn show_d(row: Loop<Row>) { needs(row); } // Port for Loop in core
    "#]],
    );
}

#[test]
fn what_a_head_asks_for_needs_no_block() {
    let fixture = "
//- src/lib.rs
pub mod core {
    pub struct Wrapper<T>(pub T);
    pub trait Port {}
    pub trait Sub: Port {}
    fn needs<P: Port>(_: P) {}
    fn show_asked<T>(of: Wrapper<T>) where Wrapper<T>: Port { needs(of) }
    fn show_supertrait<T>(of: Wrapper<T>) where Wrapper<T>: Sub { needs(of) }
    fn show_lent<T>(of: T) where for<'a> &'a T: Port { needs(&of) }
    impl<T> Wrapper<T> where Vec<T>: Port { fn show_in_block(of: Vec<T>) { needs(of) } }
    fn show_another<T>(of: Vec<T>) where Wrapper<T>: Port { needs(of) }
    fn show_known(of: Wrapper<u8>) where Wrapper<u8>: Port { needs(of) }
    fn show_nothing_asked<T>(of: Wrapper<T>) { needs(of) }
}
mod shell {
    use crate::core::*;
    impl<T> Port for Vec<T> {}
    impl<T> Port for &T {}
    impl<T> Port for Wrapper<T> {}
}
";
    used(
        fixture,
        &expect![[r#"
        fn show_asked<T>(of: Wrapper<T>) where Wrapper<T>: Port { needs(of) }
        fn show_supertrait<T>(of: Wrapper<T>) where Wrapper<T>: Sub { needs(of) }
        fn show_lent<T>(of: T) where for<'a> &'a T: Port { needs(&of) }
        impl<T> Wrapper<T> where Vec<T>: Port { fn show_in_block(of: Vec<T>) { needs(of) } }
        fn show_another<T>(of: Vec<T>) where Wrapper<T>: Port { needs(of) } // Port for Vec in shell
        fn show_known(of: Wrapper<u8>) where Wrapper<u8>: Port { needs(of) } // Port for Wrapper in shell
        fn show_nothing_asked<T>(of: Wrapper<T>) { needs(of) } // Port for Wrapper in shell
    "#]],
    );
}
