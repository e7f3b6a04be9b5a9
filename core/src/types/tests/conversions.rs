//! `impl` blocks that conversions use.

use super::used;
use expect_test::expect;

#[test]
fn a_reference_is_converted_as_it_is() {
    used(
        "
//- src/lib.rs
pub mod model {
    pub struct Email(pub String);
    pub struct Raw(pub String);
    pub struct User { pub email: Email }
}
mod shell {
    use crate::model::*;
    impl From<&str> for Email { fn from(raw: &str) -> Self { todo!() } }
    impl From<&Raw> for Email { fn from(raw: &Raw) -> Self { todo!() } }
    impl TryFrom<&[u8]> for Email { type Error = (); fn try_from(raw: &[u8]) -> Result<Self, ()> { todo!() } }
}
mod core {
    use crate::model::*;
    impl From<Raw> for Email { fn from(raw: Raw) -> Self { todo!() } }
    fn take(email: Email) {}
    fn show(raw: &str, own: Raw, bytes: &[u8], list: &mut Vec<Email>, given: Option<Email>) -> Result<Email, ()> {
        let a: Email = raw.into();
        let b = User { email: \"x\".into() };
        take((&own).into());
        list.push(raw.into());
        let c: Option<Email> = Some(raw.trim().into());
        let d = given.unwrap_or_else(|| \"x\".into());
        let e: Email = bytes.try_into()?;
        let near: Email = own.into();
        Ok(raw.into())
    }
}
",
        &expect![[r#"
            fn show(raw: &str, own: Raw, bytes: &[u8], list: &mut Vec<Email>, given: Option<Email>) -> Result<Email, ()> {
                let a: Email = raw.into(); // From for Email in shell
                let b = User { email: "x".into() }; // From for Email in shell
                take((&own).into()); // From for Email in shell
                list.push(raw.into()); // From for Email in shell
                let c: Option<Email> = Some(raw.trim().into()); // From for Email in shell
                let d = given.unwrap_or_else(|| "x".into()); // From for Email in shell
                let e: Email = bytes.try_into()?; // TryFrom for Email in shell
                let near: Email = own.into(); // From for Email in core
                Ok(raw.into()) // From for Email in shell
            }
        "#]],
    );
}

#[test]
fn a_method_of_the_type_itself_converts_nothing() {
    used(
        "
//- src/lib.rs
pub mod model { pub struct A; pub struct B; pub struct Text; }
mod shell {
    use crate::model::*;
    impl From<A> for B { fn from(a: A) -> Self { B } }
    impl std::fmt::Display for A { fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { Ok(()) } }
}
mod core {
    use crate::model::*;
    impl A { fn into(self) -> B { B } fn to_string(&self) -> Text { Text } }
    fn show(a: A, b: &A) -> B {
        let near = a.to_string();
        let near: Vec<Text> = [A].iter().map(|a| a.to_string()).collect();
        b.to_string();
        a.into()
    }
}
",
        &expect![[r#"
            fn show(a: A, b: &A) -> B {
                let near = a.to_string();
                let near: Vec<Text> = [A].iter().map(|a| a.to_string()).collect();
                b.to_string();
                a.into()
            }
        "#]],
    );
}

#[test]
fn what_a_conversion_is_for_is_told_from_behind() {
    used(
        "
//- src/lib.rs
pub mod model { pub struct Row; pub struct Ver(pub u32); pub struct Level; }
mod shell {
    use crate::model::*;
    impl std::str::FromStr for Ver { type Err = String; fn from_str(s: &str) -> Result<Self, String> { todo!() } }
    impl TryFrom<u8> for Level { type Error = (); fn try_from(v: u8) -> Result<Self, ()> { todo!() } }
    impl From<Row> for Level { fn from(row: Row) -> Self { Level } }
}
mod core {
    use crate::model::*;
    fn show(s: &str, raw: u8, rows: Vec<Row>) -> Result<Ver, u8> {
        let a: Ver = s.parse().unwrap();
        let b: Ver = s.parse().ok().expect(\"a version\");
        let c: Option<Ver> = s.parse().ok();
        let d: Level = raw.try_into().map_err(|_| 1)?;
        if let Ok(Ver(n)) = s.parse() {}
        match s.parse() { Ok(Ver(1)) => {} _ => {} }
        let e = s.split(' ').map(str::parse::<Ver>);
        let f: Result<Vec<Ver>, String> = s.split(' ').map(|part| part.parse()).collect();
        let g: Vec<Level> = rows.into_iter().map(Into::into).collect();
        let near: u32 = s.parse().unwrap();
        let near = s.split(' ').map(str::parse::<u8>);
        if let Ok(1u8) = s.parse() {}
        s.parse().map_err(|_| 2)
    }
}
",
        &expect![[r#"
            fn show(s: &str, raw: u8, rows: Vec<Row>) -> Result<Ver, u8> {
                let a: Ver = s.parse().unwrap(); // FromStr for Ver in shell
                let b: Ver = s.parse().ok().expect("a version"); // FromStr for Ver in shell
                let c: Option<Ver> = s.parse().ok(); // FromStr for Ver in shell
                let d: Level = raw.try_into().map_err(|_| 1)?; // TryFrom for Level in shell
                if let Ok(Ver(n)) = s.parse() {} // FromStr for Ver in shell
                match s.parse() { Ok(Ver(1)) => {} _ => {} } // FromStr for Ver in shell
                let e = s.split(' ').map(str::parse::<Ver>); // FromStr for Ver in shell
                let f: Result<Vec<Ver>, String> = s.split(' ').map(|part| part.parse()).collect(); // FromStr for Ver in shell
                let g: Vec<Level> = rows.into_iter().map(Into::into).collect(); // From for Level in shell
                let near: u32 = s.parse().unwrap();
                let near = s.split(' ').map(str::parse::<u8>);
                if let Ok(1u8) = s.parse() {}
                s.parse().map_err(|_| 2) // FromStr for Ver in shell
            }
        "#]],
    );
}
