//! Ports, wrappers, references, `async`: what signatures alone say.

use super::variables;
use expect_test::expect;

#[test]
fn what_a_port_returns_is_known_through_every_way_to_hold_it() {
    variables(
        "
use std::sync::Arc;
pub struct Id(u64);
pub struct User { pub name: String, pub age: u32 }
pub enum Error { Missing }
pub trait Users { fn find(&self, id: &Id) -> Result<Option<User>, Error>; }
pub struct Service<'a, U: Users> { shared: Arc<dyn Users>, boxed: Box<dyn Users + Send>, by: &'a dyn Users, generic: U, maybe: Option<Arc<dyn Users>> }
impl<U: Users> Service<'_, U> {
    fn show(&self, id: Id) -> Result<(), Error> {
        let a = self.shared.find(&id)?;
        let b = self.boxed.find(&id);
        let c = self.by.find(&id);
        let d = self.generic.find(&id)?;
        let e = self.maybe.as_ref().unwrap().find(&id);
        let name = d.unwrap().name;
        Ok(())
    }
}
fn show_parameters<P>(a: impl Users, b: &dyn Users, c: P, d: &mut P, id: Id) where P: Users {
    let a = a.find(&id);
    let b = b.find(&id);
    let c = c.find(&id);
    let d = d.find(&id);
}
",
        &expect![[r#"
            fn show(&self, id: Id) -> Result<(), Error> {
                let a = self.shared.find(&id)?; // a: Option<User>
                let b = self.boxed.find(&id); // b: Result<Option<User>, Error>
                let c = self.by.find(&id); // c: Result<Option<User>, Error>
                let d = self.generic.find(&id)?; // d: Option<User>
                let e = self.maybe.as_ref().unwrap().find(&id); // e: Result<Option<User>, Error>
                let name = d.unwrap().name; // name: String
                Ok(())
            }
            fn show_parameters<P>(a: impl Users, b: &dyn Users, c: P, d: &mut P, id: Id) where P: Users {
                let a = a.find(&id); // a: Result<Option<User>, Error>
                let b = b.find(&id); // b: Result<Option<User>, Error>
                let c = c.find(&id); // c: Result<Option<User>, Error>
                let d = d.find(&id); // d: Result<Option<User>, Error>
            }
        "#]],
    );
}

#[test]
fn async_functions_and_boxed_futures_are_awaited() {
    variables(
        "
use std::future::Future;
use std::pin::Pin;
use futures::future::BoxFuture;
pub struct User;
pub enum Error {}
#[async_trait]
pub trait Port {
    async fn plain(&self) -> Result<User, Error>;
    fn boxed(&self) -> Pin<Box<dyn Future<Output = Option<User>> + Send + '_>>;
    fn opaque(&self) -> impl Future<Output = User> + Send;
    fn alias(&self) -> BoxFuture<'_, Vec<User>>;
}
async fn free() -> u8 { 1 }
async fn show<P: Port>(port: P, other: Box<dyn Port>) -> Result<(), Error> {
    let future = port.plain();
    let a = port.plain().await?;
    let b = port.boxed().await;
    let c = port.opaque().await;
    let d = other.alias().await;
    let e = free().await;
    let block = async { free().await };
    let f = block.await;
    let (g, h) = tokio::join!(port.opaque(), free());
    let (i, j) = tokio::try_join!(port.plain(), other.plain())?;
    let k = async move { other.plain().await }.await?;
    Ok(())
}
",
        &expect![[r#"
            async fn show<P: Port>(port: P, other: Box<dyn Port>) -> Result<(), Error> {
                let future = port.plain(); // future: impl Future<Output = Result<User, Error>>
                let a = port.plain().await?; // a: User
                let b = port.boxed().await; // b: Option<User>
                let c = port.opaque().await; // c: User
                let d = other.alias().await; // d: Vec<User>
                let e = free().await; // e: u8
                let block = async { free().await }; // block: impl Future<Output = u8>
                let f = block.await; // f: u8
                let (g, h) = tokio::join!(port.opaque(), free()); // g: User, h: u8
                let (i, j) = tokio::try_join!(port.plain(), other.plain())?; // i: User, j: User
                let k = async move { other.plain().await }.await?; // k: User
                Ok(())
            }
        "#]],
    );
}

#[test]
fn fields_aliases_and_self_are_followed() {
    variables(
        "
mod domain {
    pub type Outcome<T> = Result<T, Error>;
    pub type Prices = std::collections::HashMap<String, Price>;
    pub struct Error;
    pub struct Price { pub cents: u64, pub vat: Option<Vat> }
    pub struct Vat(pub u8, pub bool);
    impl Price {
        pub const ZERO: Self = Self { cents: 0, vat: None };
        pub const STEP: u64 = 5;
        pub fn new(cents: u64) -> Outcome<Self> { todo!() }
        pub fn double(&self) -> Self { todo!() }
    }
}
use domain::{Outcome, Price, Prices, Vat};
const LIMIT: u32 = 3;
static NAMES: &[&str] = &[];
impl Price {
    fn show_self(self: &Self, prices: &Prices) -> Outcome<Price> {
        let own = self.cents;
        let made = Self::new(1)?;
        let twice = made.double().double();
        let zero = Self::ZERO;
        let step = Price::STEP;
        let listed = prices.get(\"a\");
        let rate = made.vat.as_ref().map(|vat| vat.0);
        let built = Price { cents: 1, vat: Some(Vat(1, true)) };
        let literal = Self { cents: 2, ..built };
        let limit = LIMIT;
        let names = NAMES;
        Ok(made)
    }
}
",
        &expect![[r#"
                fn show_self(self: &Self, prices: &Prices) -> Outcome<Price> {
                    let own = self.cents; // own: u64
                    let made = Self::new(1)?; // made: Price
                    let twice = made.double().double(); // twice: Price
                    let zero = Self::ZERO; // zero: Price
                    let step = Price::STEP; // step: u64
                    let listed = prices.get("a"); // listed: Option<&Price>
                    let rate = made.vat.as_ref().map(|vat| vat.0); // rate: Option<u8>, vat: &Vat
                    let built = Price { cents: 1, vat: Some(Vat(1, true)) }; // built: Price
                    let literal = Self { cents: 2, ..built }; // literal: Price
                    let limit = LIMIT; // limit: u32
                    let names = NAMES; // names: &[&str]
                    Ok(made)
                }
        "#]],
    );
}
