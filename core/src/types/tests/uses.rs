//! `impl` blocks that are used without being named.

use super::used;
use expect_test::expect;

const SHELL: &str = "
//- src/lib.rs
pub mod model {
    #[derive(Clone)]
    pub struct Money(pub i64);
    pub struct Rate;
    pub struct List;
    pub struct Guard(pub Money);
    pub enum Error { Io }
    pub struct Io;
    impl Money { pub fn cents(&self) -> i64 { 1 } }
    pub fn read() -> Result<Money, Io> { Err(Io) }
}
mod shell {
    use crate::model::*;
    use std::fmt;
    use std::ops::*;
    impl std::ops::Add for Money { type Output = Money; fn add(self, other: Money) -> Money { self } }
    impl std::ops::Sub for Money { type Output = Money; fn sub(self, other: Money) -> Money { self } }
    impl std::ops::AddAssign for Money { fn add_assign(&mut self, other: Money) {} }
    impl std::ops::Neg for Money { type Output = Money; fn neg(self) -> Money { self } }
    impl PartialEq for Money { fn eq(&self, other: &Money) -> bool { true } }
    impl PartialOrd for Money { fn partial_cmp(&self, other: &Money) -> Option<std::cmp::Ordering> { None } }
    impl fmt::Display for Money { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) } }
    impl fmt::Debug for Rate { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) } }
    impl From<Io> for Error { fn from(io: Io) -> Self { Error::Io } }
    impl From<Money> for Rate { fn from(money: Money) -> Self { Rate } }
    impl std::str::FromStr for Rate { type Err = Io; fn from_str(text: &str) -> Result<Self, Io> { Err(Io) } }
    impl IntoIterator for List { type Item = Money; type IntoIter = std::vec::IntoIter<Money>; fn into_iter(self) -> Self::IntoIter { todo!() } }
    impl std::ops::Deref for Guard { type Target = Money; fn deref(&self) -> &Money { &self.0 } }
    impl std::ops::Index<usize> for List { type Output = Money; fn index(&self, at: usize) -> &Money { todo!() } }
}
mod core {
    use crate::model::{Error, Guard, List, Money, Rate, read};
    fn show(a: Money, mut b: Money, rate: Rate, list: List, guard: &Guard) -> Result<(), Error> {
        let c = a - b;
        b += c;
        let d = -b;
        let same = &a == &b;
        let less = a < b;
        let read = read()?;
        let e = list[0].clone();
        for one in list {}
        let f = guard.cents();
        let g = *guard;
        println!(\"{} {rate:?} {d}\", b);
        let h: Rate = a.into();
        let i = \"x\".parse::<Rate>();
        let j = a.to_string();
        let near = a.0 + b.0;
        println!(\"{}\", near);
        Ok(())
    }
}
";

#[test]
fn operators_conversions_loops_and_formats_use_blocks() {
    used(
        SHELL,
        &expect![[r#"
                fn show(a: Money, mut b: Money, rate: Rate, list: List, guard: &Guard) -> Result<(), Error> {
                    let c = a - b; // Sub for Money in shell
                    b += c; // AddAssign for Money in shell
                    let d = -b; // Neg for Money in shell
                    let same = &a == &b; // PartialEq for Money in shell
                    let less = a < b; // PartialOrd for Money in shell
                    let read = read()?; // From for Error in shell
                    let e = list[0].clone(); // Index for List in shell
                    for one in list {} // IntoIterator for List in shell
                    let f = guard.cents(); // Deref for Guard in shell
                    let g = *guard;
                    println!("{} {rate:?} {d}", b); // Debug for Rate in shell, Display for Money in shell, Display for Money in shell
                    let h: Rate = a.into(); // From for Rate in shell
                    let i = "x".parse::<Rate>(); // FromStr for Rate in shell
                    let j = a.to_string(); // Display for Money in shell
                    let near = a.0 + b.0;
                    println!("{}", near);
                    Ok(())
                }
        "#]],
    );
}

#[test]
fn what_a_value_holds_is_compared_shown_and_gathered() {
    used(
        "
//- src/lib.rs
pub mod model { pub struct Money(pub i64); pub struct Total(pub i64); pub struct List; }
mod shell {
    use crate::model::*;
    impl PartialEq for Money { fn eq(&self, other: &Money) -> bool { true } }
    impl std::fmt::Debug for Money { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }
    impl std::iter::Product<i64> for Total { fn product<I: Iterator<Item = i64>>(i: I) -> Self { Total(1) } }
    impl FromIterator<i64> for List { fn from_iter<I: IntoIterator<Item = i64>>(i: I) -> Self { List } }
}
mod core {
    use crate::model::*;
    fn show(a: Option<Money>, b: Option<Money>, c: &[(u32, Money)], d: Vec<i64>, e: Vec<Option<i64>>) {
        let same = a == b;
        println!(\"{c:?}\");
        assert_eq!(c[0].1, c[1].1);
        let f: Total = d.into_iter().product();
        let g: Option<List> = e.into_iter().collect();
        let h = 1 == 2;
    }
}
",
        &expect![[r#"
            fn show(a: Option<Money>, b: Option<Money>, c: &[(u32, Money)], d: Vec<i64>, e: Vec<Option<i64>>) {
                let same = a == b; // PartialEq for Money in shell
                println!("{c:?}"); // Debug for Money in shell
                assert_eq!(c[0].1, c[1].1); // Debug for Money in shell, PartialEq for Money in shell
                let f: Total = d.into_iter().product(); // Product for Total in shell
                let g: Option<List> = e.into_iter().collect(); // FromIterator for List in shell
                let h = 1 == 2;
            }
        "#]],
    );
}
